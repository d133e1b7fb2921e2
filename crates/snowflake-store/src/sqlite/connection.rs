//! Opening connections, and refusing files that are not ours before touching them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use resilience::ErrorKind;
use rusqlite::{Connection, OpenFlags};

use super::config::{Access, SqliteConfig};
use super::failure::{JobError, JobResult};
use super::migrations;
use crate::{Error, Result};

/// A new database gets pages of this size: sentences and documents are long, and
/// larger pages mean fewer of them to log.
const PAGE_BYTES: u32 = 8_192;

/// Databases up to this size are checked as a whole when they are opened. In
/// larger ones damage shows when it is met.
const QUICK_CHECK_BYTES: u64 = 32 << 20;

/// Prepared statements kept by each connection; there are fewer in all.
const CACHED_STATEMENTS: usize = 96;

/// Refuses what is visibly no database of ours: folders, other files, files cut short.
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
    let mut header = [0_u8; 100];
    let complete = File::open(path)
        .and_then(|mut file| file.read_exact(&mut header))
        .map_or_else(
            |error| match error.kind() {
                std::io::ErrorKind::UnexpectedEof => Ok(false),
                _ => Err(refused(path, "database file cannot be read").with_source(error)),
            },
            |()| Ok(true),
        )?;
    if !complete || !header.starts_with(b"SQLite format 3\0") {
        return Err(damaged(path, "file is not an SQLite database"));
    }
    if !has_log(path) && metadata.len() < promised_bytes(&header) {
        return Err(damaged(path, "database is cut short"));
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

/// Whether there is a write-ahead log, which may hold what the file lacks.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// The size that a database header says its file has; 0 where it does not say.
/// Source: sections 1.3.2, 1.3.7 and 1.3.8 of SQLite's file format.
fn promised_bytes(header: &[u8; 100]) -> u64 {
    let big_endian = |at: usize| {
        u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
    };
    if big_endian(24) != big_endian(92) {
        return 0;
    }
    let page_bytes = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        bytes => u64::from(bytes),
    };
    page_bytes * u64::from(big_endian(28))
}

/// Opens the connection that writes, with the schema as this build needs it.
pub(crate) fn open_writer(config: &SqliteConfig, durable: bool) -> JobResult<Connection> {
    let mut connection = connect(config, config.writer_cache_bytes, Access::ReadWrite)?;
    // Reads only, so that a database that is refused stays as it is.
    migrations::check(&connection)?;
    check_pages(&connection, &config.path)?;
    // Has an effect on an empty database only.
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
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

/// Opens a connection that only reads.
pub(crate) fn open_reader(config: &SqliteConfig) -> JobResult<Connection> {
    let connection = connect(config, config.reader_cache_bytes, Access::ReadOnly)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Checks a database that nobody here will write.
pub(crate) fn check_read_only(config: &SqliteConfig) -> JobResult<Connection> {
    let connection = open_reader(config)?;
    migrations::check(&connection)?;
    let version = migrations::version(&connection)?;
    if version < migrations::LATEST {
        return Err(JobError::Database(Error::new(
            ErrorKind::Config,
            format!(
                "database has schema version {version} and this build needs {}: open it for writing once",
                migrations::LATEST
            ),
        )));
    }
    check_pages(&connection, &config.path)?;
    Ok(connection)
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

fn damaged(path: &Path, message: &str) -> Error {
    Error::new(ErrorKind::Corrupt, message).context(path.display())
}
