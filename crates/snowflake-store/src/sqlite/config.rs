//! How an embedded store is opened.
//!
//! For callers that know their machine; the defaults suit most.

use std::path::PathBuf;
use std::time::Duration;

use crate::document;

/// How an embedded store is opened.
///
/// ```
/// use snowflake_store::SqliteConfig;
/// use std::time::Duration;
///
/// let config = SqliteConfig::new("calls.db")
///     .with_readers(2)
///     .with_busy_timeout(Duration::from_secs(30));
/// assert_eq!(config.readers, 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteConfig {
    /// The database file. It is created when it is absent; its folder is not.
    pub path: PathBuf,
    /// Whether the store may write. Default: [`Access::ReadWrite`].
    pub access: Access,
    /// Connections that read at the same time, at least 1. Default: 4.
    pub readers: usize,
    /// How long to wait for other processes that hold the file, also while it is opened,
    /// before a [`Transient`](resilience::ErrorKind::Transient) error. Default: 3 minutes.
    pub busy_timeout: Duration,
    /// Page cache of the writing connection, in bytes. Default: 32 MiB.
    pub writer_cache_bytes: usize,
    /// Page cache of each reading connection, in bytes. Default: 4 MiB.
    pub reader_cache_bytes: usize,
    /// How far the write-ahead log grows before it is copied into the database,
    /// in bytes. A larger one makes bulk loads faster and the log file larger.
    /// Default: 32 MiB.
    pub wal_bytes: usize,
    /// Bytes of one document at most. A page with a larger one is refused as a whole, with
    /// [`InvalidInput`](resilience::ErrorKind::InvalidInput). Default: 128 MiB, which other
    /// stores hold too.
    pub max_document_bytes: usize,
}

impl SqliteConfig {
    /// The defaults for a file.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            access: Access::ReadWrite,
            readers: 4,
            busy_timeout: Duration::from_secs(180),
            writer_cache_bytes: 32 << 20,
            reader_cache_bytes: 4 << 20,
            wal_bytes: 32 << 20,
            max_document_bytes: document::MAX_BYTES,
        }
    }
}

resilience::setters! {
    SqliteConfig {
        /// Sets [`access`](SqliteConfig::access).
        with_access(access: Access);
        /// Sets [`readers`](SqliteConfig::readers).
        with_readers(readers: usize) = readers.max(1);
        /// Sets [`busy_timeout`](SqliteConfig::busy_timeout).
        with_busy_timeout(busy_timeout: Duration);
        /// Sets [`max_document_bytes`](SqliteConfig::max_document_bytes).
        with_max_document_bytes(max_document_bytes: usize);
    }
}

/// Whether a store may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Reads and writes; creates and migrates the database.
    ReadWrite,
    /// Reads only: the database must exist with the current schema, and writes
    /// are refused. For analysing while another process syncs.
    ///
    /// Rights to read are enough. SQLite leaves a log and its index beside the database
    /// where the folder may be written; where it may not, and no writer has them there, the
    /// file is read as it is, and a change of it meanwhile is a
    /// [`Transient`](resilience::ErrorKind::Transient) error.
    ReadOnly,
}
