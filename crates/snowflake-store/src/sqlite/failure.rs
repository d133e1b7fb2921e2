//! SQLite's errors, classified by what the caller does next.

use std::path::Path;

use resilience::ErrorKind;
use rusqlite::ErrorCode;

use crate::Error;

/// What goes wrong inside a job on a connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JobError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// Of the input or of a stored value.
    #[error(transparent)]
    Store(#[from] Error),
    /// Of the database as a whole: its path belongs to the message.
    #[error(transparent)]
    Database(Error),
}

pub(crate) type JobResult<T> = std::result::Result<T, JobError>;

impl JobError {
    /// The store's error, naming the database.
    pub(crate) fn at(self, path: &Path) -> Error {
        match self {
            Self::Sqlite(error) => sqlite_failure(error).context(path.display()),
            Self::Store(error) => error,
            Self::Database(error) => error.context(path.display()),
        }
    }
}

/// A stored value that cannot be what this crate wrote.
pub(crate) fn unreadable(column: &str) -> JobError {
    JobError::Store(
        Error::new(ErrorKind::Decode, "stored value cannot be read").with_field(column.to_owned()),
    )
}

const STATEMENT_FAILED: &str = "statement failed";

fn sqlite_failure(error: rusqlite::Error) -> Error {
    let (kind, message) = match &error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::FileLockingProtocolFailed => (
                ErrorKind::Transient,
                "database is locked by another process",
            ),
            ErrorCode::SchemaChanged => (
                ErrorKind::Transient,
                "database is being migrated by another process",
            ),
            ErrorCode::DatabaseCorrupt => (ErrorKind::Corrupt, "database is damaged"),
            ErrorCode::NotADatabase => (ErrorKind::Corrupt, "file is not an SQLite database"),
            ErrorCode::ReadOnly => (ErrorKind::Config, "database is read-only"),
            ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
                (ErrorKind::Permission, "access to the database is denied")
            }
            ErrorCode::CannotOpen => (ErrorKind::Config, "database file cannot be opened"),
            // A full disk does not pass by itself: stop, make room, resume.
            ErrorCode::DiskFull => (ErrorKind::QuotaExhausted, "disk is full"),
            ErrorCode::SystemIoFailure => (ErrorKind::Transient, "disk cannot be read or written"),
            ErrorCode::TooBig => (
                ErrorKind::InvalidInput,
                "value is larger than SQLite stores",
            ),
            ErrorCode::OperationInterrupted => (ErrorKind::Cancelled, "statement was interrupted"),
            _ => (ErrorKind::Internal, STATEMENT_FAILED),
        },
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..) => (ErrorKind::Decode, "stored value cannot be read"),
        _ => (ErrorKind::Internal, STATEMENT_FAILED),
    };
    let failed = Error::new(kind, message);
    match error {
        // All it says is the message.
        rusqlite::Error::SqliteFailure(failure, _) if failure.code == ErrorCode::NotADatabase => {
            failed
        }
        // Its text repeats the message; its code may say more.
        rusqlite::Error::SqliteFailure(failure, _) if message != STATEMENT_FAILED => {
            failed.with_source(failure)
        }
        error => failed.with_source(error),
    }
}
