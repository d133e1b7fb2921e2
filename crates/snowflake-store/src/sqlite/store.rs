//! The store itself: one writer, many readers.

use std::path::{Path, PathBuf};

use resilience::ErrorKind;
use rusqlite::Connection;
use tempfile::TempDir;

use super::busy::patiently;
use super::checkpoints::Checkpointer;
use super::config::{Access, SqliteConfig};
use super::connection;
use super::failure::JobResult;
use super::freeing;
use super::readers::Readers;
use super::writer::Writer;
use crate::blocking::blocking;
use crate::{Error, Result};

/// A call store in one SQLite file.
///
/// One thread writes, several connections read, and readers never wait for the
/// writer (write-ahead log). Other processes may read the file at the same time,
/// or write it in turn: a writer that finds the file locked waits for
/// [`SqliteConfig::busy_timeout`] and then gets a
/// [`Transient`](ErrorKind::Transient) error.
///
/// # Durability
/// A transaction survives the end of the process, however it ends, from the
/// moment its method returns. Against the loss of power, single transactions are
/// not synced (`synchronous = NORMAL`): the newest may be lost, never a part of
/// one, and never one that a lost one did not follow. What
/// [`finish_run`](crate::Landing::finish_run) reports as finished is synced with
/// all that came before it. An interrupted run is repeated from what is there.
///
/// # Privacy
/// On Unix a new database and the files beside it are for their owner alone (mode 0600); one
/// that is there keeps its mode, and a warning names it when others have rights on it. What is
/// deleted is overwritten, in the index of words too. At the end of a run and of retention
/// the log is truncated and free pages are given back, and when retention removed what
/// somebody said, a database of at most 256 MiB is rewritten, since SQLite leaves
/// copies of some rows in gaps of its pages; a larger one by [`rewrite`](Self::rewrite). A
/// reader that holds on to an old state for seconds puts off the truncation until the next
/// run, or until the last process closes the database. Databases of builds that did none of
/// this need one `rewrite`.
///
/// # Runtime
/// The methods need a Tokio runtime, and block none of its threads but those
/// meant for blocking. Dropping the last handle waits for the writes that were
/// handed over.
///
/// ```
/// use snowflake_store::{SqliteStore, Upkeep};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// let store = SqliteStore::in_memory().await?;
/// assert!(store.health().await?.writable);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    max_document_bytes: usize,
    // The order of the fields is the order of closing: readers first, so that
    // the writer is the last connection and folds the log into the database;
    // then the folder of a temporary database.
    readers: Readers,
    writer: Option<Writer>,
    _temporary: Option<TempDir>,
}

impl SqliteStore {
    /// Opens a database file, creates it when it is absent and brings its schema
    /// up to date.
    ///
    /// # Errors
    /// - `Config`: the path is a folder, its folder does not exist, the file may
    ///   not be written, or it belongs to another application or a newer build.
    /// - `Corrupt`: the file is not a SQLite database, is cut short or damaged.
    /// - `Transient`: another process holds it locked for too long.
    ///
    /// Each names the path, and none of them has changed the file.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(SqliteConfig::new(path.as_ref())).await
    }

    /// As [`open`](Self::open), with all settings.
    pub async fn open_with(config: SqliteConfig) -> Result<Self> {
        blocking(move || Self::open_blocking(config, None)).await
    }

    /// A store that ends with its last handle: a private temporary file that is
    /// never synced. Everything else is as in [`open`](Self::open).
    pub async fn in_memory() -> Result<Self> {
        blocking(|| {
            let folder = tempfile::Builder::new()
                .prefix("gong-snowflake-")
                .tempdir()
                .map_err(|error| {
                    Error::new(ErrorKind::Config, "temporary folder cannot be created")
                        .with_source(error)
                })?;
            let config = SqliteConfig::new(folder.path().join("calls.db"));
            Self::open_blocking(config, Some(folder))
        })
        .await
    }

    fn open_blocking(config: SqliteConfig, temporary: Option<TempDir>) -> Result<Self> {
        connection::inspect(&config)?;
        let at = |error: super::failure::JobError| error.at(&config.path);
        let writer = match config.access {
            Access::ReadWrite => {
                let durable = temporary.is_none();
                let open = || connection::open_writer(&config, durable);
                let writing = patiently(config.busy_timeout, open).map_err(at)?;
                let open = || connection::open_checkpointer(&config, durable);
                let copying = patiently(config.busy_timeout, open).map_err(at)?;
                let log_pages = connection::log_pages(&config, &writing).map_err(at)?;
                let checkpointer = Checkpointer::start(copying, log_pages)?;
                Some(Writer::start(config.path.clone(), writing, checkpointer)?)
            }
            Access::ReadOnly => {
                let check = || connection::check_read_only(&config);
                patiently(config.busy_timeout, check).map_err(at)?;
                None
            }
        };
        Ok(Self {
            path: config.path.clone(),
            max_document_bytes: config.max_document_bytes,
            readers: Readers::new(config),
            writer,
            _temporary: temporary,
        })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every page and finds damage; takes as long as reading the file does.
    ///
    /// # Errors
    /// `Corrupt` when the database is damaged.
    pub async fn verify(&self) -> Result<()> {
        self.read(connection::verify).await
    }

    /// Rewrites the whole database: no trace is left of what was deleted, and free space is
    /// given back, also by a database of an earlier build. It takes as long as copying the
    /// file, up to three times its room until it is done, and writers wait.
    ///
    /// [`apply_retention`](crate::Upkeep::apply_retention) does it by itself when rows went and
    /// the database has at most 256 MiB.
    ///
    /// # Errors
    /// `QuotaExhausted` when the disk is full, `Transient` while others read what was there
    /// before: the rest is done when the store is closed.
    pub async fn rewrite(&self) -> Result<()> {
        self.write(|connection| freeing::rewrite(connection)).await
    }

    pub(crate) fn max_document_bytes(&self) -> usize {
        self.max_document_bytes
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.writer.is_some()
    }

    pub(crate) async fn read<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> JobResult<T> + Send + 'static,
    {
        self.readers.run(job).await
    }

    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> JobResult<T> + Send + 'static,
    {
        match &self.writer {
            Some(writer) => writer.run(job).await,
            None => Err(
                Error::new(ErrorKind::Config, "store was opened for reading only")
                    .context(self.path.display()),
            ),
        }
    }
}
