//! Reads a database in a folder that cannot be written.
//!
//! In WAL mode readers too need the log and its index. Where the folder may not be written
//! and no writer has them there, SQLite reads only a file that it is told never changes
//! (`immutable`), and takes that on trust: no lock, no look at the log. So what is read that
//! way counts only if afterwards there is still no log and the file is the one that it was:
//! nobody writes the file without a log.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use resilience::ErrorKind;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::failure::{JobError, JobResult};
use crate::Error;

/// What a file was like when it was opened.
#[derive(Debug)]
pub(crate) struct Frozen {
    path: PathBuf,
    state: State,
}

#[derive(Debug, PartialEq)]
struct State {
    bytes: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

/// Whether a reader was refused for want of what it may not make.
pub(crate) fn is_refused(error: &JobError) -> bool {
    let JobError::Sqlite(error) = error else {
        return false;
    };
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly)
    )
}

/// Opens a file that nobody is writing.
pub(crate) fn open(path: &Path) -> JobResult<(Connection, Frozen)> {
    let frozen = Frozen {
        path: path.to_owned(),
        state: state(path)?,
    };
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri(path), flags)?;
    Ok((connection, frozen))
}

impl Frozen {
    /// # Errors
    /// `Transient` when somebody writes, or has written, since it was opened.
    pub(crate) fn check(&self) -> JobResult<()> {
        if state(&self.path)? == self.state {
            return Ok(());
        }
        Err(changing().into())
    }
}

fn state(path: &Path) -> JobResult<State> {
    if log_of(path).exists() {
        return Err(changing().into());
    }
    let metadata = std::fs::metadata(path).map_err(|error| {
        JobError::Database(
            Error::new(ErrorKind::Config, "database file cannot be read").with_source(error),
        )
    })?;
    Ok(State {
        bytes: metadata.len(),
        modified: metadata.modified().ok(),
        inode: inode(&metadata),
    })
}

fn changing() -> Error {
    Error::new(
        ErrorKind::Transient,
        "database is being written, and without write access to its folder it can be read only \
         while its log and the log's index exist, or while nobody writes",
    )
}

/// The write-ahead log of a database.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// A path as an SQLite URI, with every byte escaped that could mean something else.
fn uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(path: &Path) {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch("CREATE TABLE IF NOT EXISTS T (X); INSERT INTO T VALUES (1)")
            .unwrap();
    }

    fn rows(connection: &Connection) -> u32 {
        let sql = "SELECT COUNT(*) FROM T";
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_path_is_a_path_whatever_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["calls.db", "a b?mode=memory#%41.db", "jäh.db", "file:x"] {
            let path = folder.path().join(name);
            database(&path);
            let (connection, frozen) = open(&path).unwrap();
            assert_eq!(rows(&connection), 1, "{name}");
            frozen.check().unwrap();
        }
    }

    #[test]
    fn a_file_that_is_written_is_not_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.db");
        database(&path);
        let (_connection, frozen) = open(&path).unwrap();
        let is_transient = |result: JobResult<()>| {
            let error = result.unwrap_err().at(&path);
            assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
        };
        std::fs::write(log_of(&path), b"").unwrap();
        is_transient(frozen.check());
        is_transient(open(&path).map(drop));
        std::fs::remove_file(log_of(&path)).unwrap();
        frozen.check().unwrap();
        database(&path);
        is_transient(frozen.check());
    }
}
