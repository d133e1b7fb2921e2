//! Frees the space of deleted rows, and leaves no trace of them.
//!
//! Deleted content is overwritten where it stood (`secure_delete`), in the database as the
//! log is copied into it; the log itself keeps older forms of pages until it is truncated.
//! One place is not overwritten: a page that is put in order anew keeps, in the gap between
//! its pointers and its content, copies of rows that moved away, and they outlive the rows.
//! One in some hundred sentences is found there. Only a rewrite of the whole database
//! ([`rewrite`]) gets at them.

use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::failure::JobResult;
use super::statements;

/// Free pages given back in one transaction: others may write in between.
const PAGES_AT_ONCE: u32 = 1_000;

/// How long the log's truncation waits for readers.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long writers wait for it at a time.
const LONGEST_TRY: Duration = Duration::from_millis(50);

/// Databases up to this size are rewritten whenever rows of calls go for good, which takes
/// seconds; writers wait meanwhile.
const REWRITTEN_BYTES: u64 = 256 << 20;

/// What [`give_back`] does, and leaves nothing behind where that takes no more than seconds.
pub(crate) fn erase(connection: &Connection) {
    let bytes = |connection: &Connection| -> JobResult<u64> {
        let of = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
        Ok(u64::from(of("page_count")?) * u64::from(of("page_size")?))
    };
    let rewritten = match bytes(connection) {
        Ok(bytes) if bytes > REWRITTEN_BYTES => {
            tracing::info!(bytes, "database is too large to be rewritten here");
            forget_words(connection)
        }
        Ok(_) => rewrite(connection),
        Err(error) => Err(error),
    };
    if let Err(error) = rewritten {
        tracing::warn!(%error, "database was not rewritten; it may hold traces of deleted rows");
    }
    give_back(connection);
}

/// Rewrites the database, with nothing in it but what is there. A database of a build that
/// could not give back free pages can afterwards.
pub(crate) fn rewrite(connection: &Connection) -> JobResult<()> {
    forget_words(connection)?;
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    // The copy would be made in memory otherwise.
    connection.pragma_update(None, "temp_store", "file")?;
    let result = connection.execute_batch("VACUUM");
    connection.pragma_update(None, "temp_store", "memory")?;
    result?;
    truncate_log(connection)
}

/// The index of words of what Gong found keeps no text, and so cannot overwrite on its own what
/// is deleted.
fn forget_words(connection: &Connection) -> JobResult<()> {
    connection.execute(statements::OPTIMIZE_FINDINGS, [])?;
    Ok(())
}

/// Gives free pages back to the file system and truncates the log. What stands in the way
/// only keeps the files larger until next time, so it is not a failure.
pub(crate) fn give_back(connection: &Connection) {
    if let Err(error) = free_pages(connection) {
        tracing::debug!(%error, "free pages stay in the database");
    }
    if let Err(error) = truncate_log(connection) {
        tracing::debug!(%error, "write-ahead log stays as it is");
    }
}

fn free_pages(connection: &Connection) -> JobResult<()> {
    let free = || -> JobResult<u32> {
        Ok(connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?)
    };
    let mut left = free()?;
    while left > 0 {
        // It gives a page a row, and stops where nobody asks for more.
        let sql = format!("PRAGMA incremental_vacuum({PAGES_AT_ONCE})");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        drop(rows);
        let before = std::mem::replace(&mut left, free()?);
        if left >= before {
            // A database that was made without being able to.
            break;
        }
    }
    Ok(())
}

fn truncate_log(connection: &Connection) -> JobResult<()> {
    let usual: u32 = connection.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
    // One try holds up writers; between two they have their turn.
    connection.busy_timeout(LONGEST_TRY)?;
    let deadline = Instant::now() + PATIENCE;
    let truncated = loop {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy = connection.query_row(sql, [], |row| row.get::<_, bool>(0));
        match is_busy {
            Ok(true) if Instant::now() < deadline => std::thread::sleep(LONGEST_TRY),
            Ok(true) => {
                break Err(rusqlite::Error::SqliteFailure(
                    rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
                    None,
                ));
            }
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    connection.busy_timeout(Duration::from_millis(usual.into()))?;
    Ok(truncated?)
}
