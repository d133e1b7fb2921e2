//! Opens connections, and refuses foreign files before changing them.

use std::path::Path;

use resilience::ErrorKind;
use rusqlite::{Connection, OpenFlags};

use super::config::{Access, SqliteConfig};
use super::failure::{JobError, JobResult};
use super::frozen::{self, Frozen};
use super::{files, migrations};
use crate::{Error, Result};

/// A new database gets pages of this size: sentences and documents are long, and
/// larger pages mean fewer of them to log.
const PAGE_BYTES: u32 = 8_192;

/// Databases up to this size are checked as a whole when they are opened. In
/// larger ones damage shows when it is met.
const QUICK_CHECK_BYTES: u64 = 32 << 20;

/// Prepared statements kept by each connection; there are fewer in all.
const CACHED_STATEMENTS: usize = 96;

/// Refuses what is visibly no database of ours, without opening it: closing a file gives up
/// all locks that this process has on it, also those of another store.
pub(crate) fn inspect(config: &SqliteConfig) -> Result<()> {
    let path = config.path.as_path();
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return inspect_absent(config);
        }
        Err(error) => return Err(refused(path, "database file cannot be read").with_source(error)),
    };
    if metadata.is_dir() {
        return Err(refused(path, "is a folder, not a database file"));
    }
    if config.access == Access::ReadWrite && metadata.permissions().readonly() {
        return Err(refused(path, "database file is read-only"));
    }
    if metadata.len() == 0 {
        return match config.access {
            Access::ReadWrite => Ok(()),
            Access::ReadOnly => Err(refused(path, "database is empty")),
        };
    }
    Ok(())
}

fn inspect_absent(config: &SqliteConfig) -> Result<()> {
    let path = config.path.as_path();
    if config.access == Access::ReadOnly {
        return Err(refused(path, "database file does not exist"));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            Err(refused(path, "folder of the database file does not exist"))
        }
        _ => Ok(()),
    }
}

/// Opens the connection that writes, with the schema as this build needs it.
pub(crate) fn open_writer(config: &SqliteConfig, durable: bool) -> JobResult<Connection> {
    files::prepare(&config.path).map_err(|error| {
        let refused = Error::new(ErrorKind::Config, "database file cannot be created");
        JobError::Database(refused.with_source(error))
    })?;
    let mut connection = connect(config, config.writer_cache_bytes, Access::ReadWrite)?;
    // Reads only, so that a database that is refused stays as it is.
    migrations::check(&connection)?;
    check_pages(&connection, &config.path)?;
    let pages: u32 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages == 0 {
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        // So that what is deleted can be given back, see `freeing.rs`.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    // Always: pages that are split leave behind what they held, also while calls land.
    connection.pragma_update_and_check(None, "secure_delete", "ON", |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    configure_log(&connection, config, durable)?;
    migrations::apply(&mut connection)?;
    Ok(connection)
}

/// Opens the connection that copies the log into the database.
pub(crate) fn open_checkpointer(config: &SqliteConfig, durable: bool) -> JobResult<Connection> {
    let connection = connect(config, 0, Access::ReadWrite)?;
    configure_log(&connection, config, durable)?;
    Ok(connection)
}

/// How long the log grows before it is copied, in pages.
pub(crate) fn log_pages(config: &SqliteConfig, connection: &Connection) -> JobResult<u64> {
    let page_bytes: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok((config.wal_bytes as u64 / u64::from(page_bytes.max(512))).max(1))
}

fn configure_log(connection: &Connection, config: &SqliteConfig, durable: bool) -> JobResult<()> {
    let synchronous = if durable { "NORMAL" } else { "OFF" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // See `checkpoints.rs`.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    // A log that is shortened and grows again costs more than it saves.
    let log_limit = i64::try_from(config.wal_bytes)
        .unwrap_or(i64::MAX)
        .saturating_mul(8);
    connection.pragma_update_and_check(None, "journal_size_limit", log_limit, |_| Ok(()))?;
    Ok(())
}

/// A connection that only reads, and whether what it reads has to be checked.
pub(crate) struct Reader {
    pub(crate) connection: Connection,
    frozen: Option<Frozen>,
}

impl Reader {
    pub(crate) fn open(config: &SqliteConfig) -> JobResult<Self> {
        match Self::open_beside_log(config) {
            Err(refused) if config.access == Access::ReadOnly && frozen::is_refused(&refused) => {
                let (connection, frozen) = frozen::open(&config.path)?;
                let connection = configured(connection, config, config.reader_cache_bytes)?;
                Ok(Self {
                    connection,
                    frozen: Some(frozen),
                })
            }
            opened => opened,
        }
    }

    fn open_beside_log(config: &SqliteConfig) -> JobResult<Self> {
        let connection = connect(config, config.reader_cache_bytes, Access::ReadOnly)?;
        connection.pragma_update(None, "query_only", true)?;
        if config.access == Access::ReadOnly {
            // The first read shows whether the log can be had.
            connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()))?;
        }
        Ok(Self {
            connection,
            frozen: None,
        })
    }

    /// # Errors
    /// `Transient` when what was read cannot be trusted, nor what will be.
    pub(crate) fn check(&self) -> JobResult<()> {
        self.frozen.as_ref().map_or(Ok(()), Frozen::check)
    }
}

/// Checks a database that nobody here will write.
pub(crate) fn check_read_only(config: &SqliteConfig) -> JobResult<()> {
    let reader = Reader::open(config)?;
    let checked = check_schema(&reader.connection, &config.path);
    reader.check()?;
    checked
}

fn check_schema(connection: &Connection, path: &Path) -> JobResult<()> {
    migrations::check(connection)?;
    let version = migrations::version(connection)?;
    if version < migrations::LATEST {
        return Err(JobError::Database(Error::new(
            ErrorKind::Config,
            format!(
                "database has schema version {version} and this build needs {}: open it for writing once",
                migrations::LATEST
            ),
        )));
    }
    check_pages(connection, path)
}

fn connect(config: &SqliteConfig, cache_bytes: usize, access: Access) -> JobResult<Connection> {
    // NO_MUTEX: every connection is used by one thread at a time. No URI flag: a
    // path is a path, whatever it starts with.
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | match access {
            Access::ReadWrite => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
    let connection = Connection::open_with_flags(&config.path, flags)?;
    configured(connection, config, cache_bytes)
}

fn configured(
    connection: Connection,
    config: &SqliteConfig,
    cache_bytes: usize,
) -> JobResult<Connection> {
    connection.busy_timeout(config.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Negative: KiB instead of pages.
    let cache_kib = (cache_bytes / 1024).clamp(64, 1 << 30) as i64;
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

fn check_pages(connection: &Connection, path: &Path) -> JobResult<()> {
    let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    if bytes == 0 || bytes > QUICK_CHECK_BYTES {
        return Ok(());
    }
    verify(connection)
}

/// Reads every page and finds damage.
pub(crate) fn verify(connection: &Connection) -> JobResult<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(JobError::Database(Error::new(
        ErrorKind::Corrupt,
        "database is damaged: quick_check found inconsistent pages",
    )))
}

fn refused(path: &Path, message: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Config, message.to_string()).context(path.display())
}
