//! How the store behaves.
//!
//! For callers that know their account; the defaults suit most.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use resilience::ErrorKind;

use super::chunk_search::ChunkSearch;
use crate::{Error, Result, document};

/// How a [`SnowflakeStore`](crate::SnowflakeStore) behaves.
///
/// ```
/// use snowflake_store::{ReadCache, SnowflakeStoreConfig};
///
/// let config = SnowflakeStoreConfig::default().with_read_cache(ReadCache::Off);
/// assert_eq!(config.statement_bytes(), 1_000_000);
/// ```
#[derive(Debug, Clone)]
pub struct SnowflakeStoreConfig {
    statement_bytes: usize,
    max_document_bytes: usize,
    pages_at_once: usize,
    read_cache: ReadCache,
    server: SnowflakeServer,
    search_service: Option<Arc<dyn ChunkSearch>>,
}

/// What is kept of replies to reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadCache {
    /// Every read asks Snowflake.
    Off,
    /// Replies are kept by statement and values.
    On {
        /// Bytes of cells at most; the least used go first.
        bytes: u64,
        /// For how long: others may write. What this store writes counts at once.
        time_to_live: Duration,
    },
}

/// What answers the statements. It is a setting, never a guess: a store that found out
/// by failing would take an outage for a missing feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum SnowflakeServer {
    /// Snowflake.
    #[default]
    Snowflake,
    /// fakesnow, for tests: migrations that say `-- fakesnow: no` are left out, and
    /// search by vectors answers `Unsupported`.
    Fakesnow,
}

impl FromStr for SnowflakeServer {
    type Err = Error;

    /// Reads `snowflake` or `fakesnow`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "snowflake" => Ok(Self::Snowflake),
            "fakesnow" => Ok(Self::Fakesnow),
            _ => Err(
                Error::new(ErrorKind::InvalidInput, "must be snowflake or fakesnow")
                    .with_field("server"),
            ),
        }
    }
}

impl Default for SnowflakeStoreConfig {
    fn default() -> Self {
        Self {
            statement_bytes: 1_000_000,
            max_document_bytes: document::MAX_BYTES,
            pages_at_once: 4,
            read_cache: ReadCache::On {
                bytes: 64 << 20,
                time_to_live: Duration::from_secs(60),
            },
            server: SnowflakeServer::default(),
            search_service: None,
        }
    }
}

impl SnowflakeStoreConfig {
    /// Compressed bytes of one statement at most. Rows are compressed one by one with
    /// DEFLATE's fastest level and the sizes added up: Snowflake compresses the whole
    /// statement, which comes out smaller, so the estimate errs on the safe side.
    pub fn statement_bytes(&self) -> usize {
        self.statement_bytes
    }

    /// Bytes of one document at most.
    pub fn max_document_bytes(&self) -> usize {
        self.max_document_bytes
    }

    /// Pages that are landed at the same time.
    pub fn pages_at_once(&self) -> usize {
        self.pages_at_once
    }

    /// What is kept of replies to reads.
    pub fn read_cache(&self) -> ReadCache {
        self.read_cache
    }

    /// What searches chunks, where it is not the store itself.
    pub fn search_service(&self) -> Option<&Arc<dyn ChunkSearch>> {
        self.search_service.as_ref()
    }

    /// What answers the statements.
    pub fn server(&self) -> SnowflakeServer {
        self.server
    }
}

resilience::setters! {
    SnowflakeStoreConfig {
        /// Compressed bytes of one statement at most, by the estimate of
        /// [`statement_bytes`](SnowflakeStoreConfig::statement_bytes). Default 1 MB, beyond which Snowflake
        /// cannot run a statement again. A single row may be larger.
        with_statement_bytes(statement_bytes: usize) = statement_bytes.max(1);
        /// Bytes of one document at most. A page with a larger one is refused as a whole, with
        /// `InvalidInput`. Default 128 MB, which a VARIANT holds; accounts that still hold 16 MB
        /// refuse what is larger themselves, in the same way.
        with_max_document_bytes(max_document_bytes: usize);
        /// Pages that a sync lands at the same time, each on a session of its own. Default 4,
        /// as many as a pool has sessions by default; more wait for one. At least 1.
        ///
        /// What overlaps is reading, compressing and sending. Statements that change rows of
        /// one table wait in Snowflake for each other's transactions.
        with_pages_at_once(pages_at_once: usize) = pages_at_once.max(1);
        /// What is kept of replies to reads. Default: 64 MB for a minute.
        with_read_cache(read_cache: ReadCache);
        /// What answers the statements. Default Snowflake.
        with_server(server: SnowflakeServer);
        /// What [`search_chunks`](crate::CallReader::search_chunks) asks in place of comparing
        /// all chunks in a statement. Default none.
        ///
        /// A service finds by meaning too, so hits need not hold a word of the query; it
        /// knows chunks as they were when it last looked, at most
        /// [`most_results`](ChunkSearch::most_results) a search, and its hits cost one more
        /// round trip, which takes out what the store serves no longer.
        with_search_service(search_service: Arc<dyn ChunkSearch>) = Some(search_service);
    }
}
