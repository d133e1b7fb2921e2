//! Copies the write-ahead log into the database, beside the writer.
//!
//! SQLite would do it inside the writer's commits. Half of that is waiting for
//! the disk, which cost a bulk load a quarter of its speed. Here a thread with a
//! connection of its own copies while the writer goes on. Copying beside a writer
//! never quite catches up, and only a log that is copied whole starts over; so
//! when the log has grown to [`FORCED_AT`] times its usual length, the writer
//! pauses and copies the little that is left itself.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use resilience::ErrorKind;
use rusqlite::Connection;

use super::failure::JobResult;
use crate::{Error, Result};

/// Usual lengths after which the writer copies what is left.
const FORCED_AT: u64 = 4;

/// Copies the log in the background.
#[derive(Debug)]
pub(crate) struct Checkpointer {
    due: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Held while somebody copies.
    copying: Arc<Mutex<()>>,
    /// Length of the log at which it is copied, in pages.
    usual_pages: u64,
    /// Length at which the writer copies it.
    forced_pages: u64,
}

/// How long the log is, in pages, and how much of it is copied.
#[derive(Debug, PartialEq)]
struct LogState {
    pages: u64,
    copied: u64,
}

impl Checkpointer {
    pub(crate) fn start(connection: Connection, usual_pages: u64) -> Result<Self> {
        // One signal waits at most: a copy covers all that is there when it starts.
        let (due, signals) = sync_channel(1);
        let copying = Arc::new(Mutex::new(()));
        let shared = Arc::clone(&copying);
        let thread = std::thread::Builder::new()
            .name("sqlite-checkpoints".to_owned())
            .spawn(move || copy_when_due(&connection, &signals, &shared))
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "checkpoint thread cannot start").with_source(error)
            })?;
        Ok(Self {
            due: Some(due),
            thread: Some(thread),
            copying,
            usual_pages,
            forced_pages: usual_pages.saturating_mul(FORCED_AT),
        })
    }

    /// Looks at the log after a write, on the writer's connection.
    pub(crate) fn after_write(&mut self, connection: &Connection) {
        let Ok(log) = run(connection, "NOOP") else {
            // The write itself has told, or the next will.
            return;
        };
        if log.pages >= self.forced_pages {
            let copying = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
            copy(connection);
            drop(copying);
            self.forced_pages = match run(connection, "NOOP") {
                // A reader holds on to the log: it is copied and cannot start over yet.
                Ok(log) if log.copied < log.pages => log.pages + self.usual_pages,
                _ => self.usual_pages.saturating_mul(FORCED_AT),
            };
        } else if log.pages - log.copied.min(log.pages) >= self.usual_pages
            && let Some(due) = &self.due
        {
            // Full: a copy is due already.
            let _ = due.try_send(());
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.due.take();
        if let Some(thread) = self.thread.take() {
            // It does not panic.
            let _ = thread.join();
        }
    }
}

fn copy_when_due(connection: &Connection, signals: &Receiver<()>, copying: &Mutex<()>) {
    while signals.recv().is_ok() {
        let _copying = copying.lock().unwrap_or_else(PoisonError::into_inner);
        copy(connection);
    }
}

/// Copies what no reader holds up. A failure loses nothing: the log stays.
fn copy(connection: &Connection) {
    if let Err(error) = run(connection, "PASSIVE") {
        tracing::warn!(%error, "write-ahead log was not copied");
    }
}

fn run(connection: &Connection, mode: &str) -> JobResult<LogState> {
    // The mode is one of two words above; a pragma takes no parameter.
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let log = connection.prepare_cached(&sql)?.query_row([], |row| {
        let pages = |column| {
            row.get::<_, i64>(column)
                .map(|pages| pages.max(0).unsigned_abs())
        };
        Ok(LogState {
            pages: pages(1)?,
            copied: pages(2)?,
        })
    })?;
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect(path: &std::path::Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection
            .pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
            .unwrap();
        connection
            .pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))
            .unwrap();
        connection
    }

    #[test]
    fn the_log_stays_short_while_a_writer_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        let writer = connect(&path);
        let mut checkpointer = Checkpointer::start(connect(&path), 10).unwrap();
        writer.execute_batch("CREATE TABLE T (X BLOB)").unwrap();
        let mut longest = 0;
        for _ in 0..400 {
            writer
                .execute("INSERT INTO T VALUES (ZEROBLOB(3000))", [])
                .unwrap();
            checkpointer.after_write(&writer);
            longest = longest.max(run(&writer, "NOOP").unwrap().pages);
        }
        assert!((10..=60).contains(&longest), "{longest}");
        drop(checkpointer);
        let rows: u32 = writer
            .query_row("SELECT COUNT(*) FROM T", [], |row| row.get(0))
            .unwrap();
        assert_eq!(rows, 400);
    }

    #[test]
    fn a_reader_that_holds_the_log_stops_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        let writer = connect(&path);
        writer
            .execute_batch("CREATE TABLE T (X BLOB); INSERT INTO T VALUES (1)")
            .unwrap();
        let reader = connect(&path);
        reader.execute_batch("BEGIN; SELECT * FROM T").unwrap();
        let mut checkpointer = Checkpointer::start(connect(&path), 5).unwrap();
        for _ in 0..100 {
            writer
                .execute("INSERT INTO T VALUES (ZEROBLOB(3000))", [])
                .unwrap();
            checkpointer.after_write(&writer);
        }
        reader.execute_batch("COMMIT").unwrap();
        for _ in 0..100 {
            writer
                .execute("INSERT INTO T VALUES (ZEROBLOB(3000))", [])
                .unwrap();
            checkpointer.after_write(&writer);
        }
        let log = run(&writer, "NOOP").unwrap();
        assert!(log.pages < 100, "{log:?}");
    }
}
