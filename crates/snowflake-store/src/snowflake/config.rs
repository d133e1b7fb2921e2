//! How the store behaves.

use std::str::FromStr;
use std::time::Duration;

use resilience::ErrorKind;

use crate::{Error, Result};

/// How a [`SnowflakeStore`](crate::SnowflakeStore) behaves.
///
/// ```
/// use snowflake_store::{ReadCache, SnowflakeStoreConfig};
///
/// let config = SnowflakeStoreConfig::default().with_read_cache(ReadCache::Off);
/// assert_eq!(config.statement_bytes(), 1_000_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnowflakeStoreConfig {
    statement_bytes: usize,
    read_cache: ReadCache,
    server: SnowflakeServer,
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
            read_cache: ReadCache::On {
                bytes: 64 << 20,
                time_to_live: Duration::from_secs(60),
            },
            server: SnowflakeServer::default(),
        }
    }
}

impl SnowflakeStoreConfig {
    /// Compressed bytes of one statement at most, by the estimate of
    /// [`statement_bytes`](Self::statement_bytes). Default 1 MB, beyond which Snowflake
    /// cannot run a statement again. A single row may be larger.
    #[must_use]
    pub fn with_statement_bytes(mut self, bytes: usize) -> Self {
        self.statement_bytes = bytes.max(1);
        self
    }

    /// What is kept of replies to reads. Default: 64 MB for a minute.
    #[must_use]
    pub fn with_read_cache(mut self, cache: ReadCache) -> Self {
        self.read_cache = cache;
        self
    }

    /// What answers the statements. Default Snowflake.
    #[must_use]
    pub fn with_server(mut self, server: SnowflakeServer) -> Self {
        self.server = server;
        self
    }

    /// Compressed bytes of one statement at most. Rows are compressed one by one with
    /// DEFLATE's fastest level and the sizes added up: Snowflake compresses the whole
    /// statement, which comes out smaller, so the estimate errs on the safe side.
    pub fn statement_bytes(&self) -> usize {
        self.statement_bytes
    }

    /// What is kept of replies to reads.
    pub fn read_cache(&self) -> ReadCache {
        self.read_cache
    }

    /// What answers the statements.
    pub fn server(&self) -> SnowflakeServer {
        self.server
    }
}
