//! Waiting for other processes where SQLite does not wait by itself.
//!
//! The busy timeout of a connection covers a transaction that begins. It does not cover
//! what two processes can only end by one of them letting go: both changing the journal of a
//! new database, or both opening what a third one left behind. Nor does it cover a table for
//! full text that is opened while another process migrates it.

use std::time::{Duration, Instant};

use rusqlite::ErrorCode;

use super::failure::{JobError, JobResult};

const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(250);

/// Repeats what meets a lock until `patience` is over, with growing pauses.
pub(crate) fn patiently<T>(
    patience: Duration,
    mut attempt: impl FnMut() -> JobResult<T>,
) -> JobResult<T> {
    let deadline = Instant::now() + patience;
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                // Of many who wait, the number of the process keeps two from meeting again.
                let jitter = Duration::from_micros(u64::from(std::process::id() % 1_000));
                std::thread::sleep(pause + jitter);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            result => return result,
        }
    }
}

/// Whether another process is in the way, and only for now.
fn is_busy(error: &JobError) -> bool {
    match error {
        JobError::Sqlite(error) => matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::FileLockingProtocolFailed
                    | ErrorCode::SchemaChanged
            )
        ),
        JobError::Store(_) | JobError::Database(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn failure(code: i32) -> JobError {
        JobError::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn repeats_what_passes_and_nothing_else() {
        for (code, expected) in [
            (ffi::SQLITE_BUSY, 3),
            (ffi::SQLITE_BUSY_SNAPSHOT, 3),
            (ffi::SQLITE_BUSY_RECOVERY, 3),
            (ffi::SQLITE_LOCKED, 3),
            (ffi::SQLITE_PROTOCOL, 3),
            (ffi::SQLITE_SCHEMA, 3),
            (ffi::SQLITE_READONLY, 1),
            (ffi::SQLITE_CORRUPT, 1),
        ] {
            let mut attempts = 0;
            let result = patiently(Duration::from_secs(60), || {
                attempts += 1;
                if attempts < 3 {
                    return Err(failure(code));
                }
                Ok(())
            });
            assert_eq!(
                (attempts, result.is_ok()),
                (expected, expected == 3),
                "{code}"
            );
        }
    }

    #[test]
    fn gives_up_when_patience_is_over() {
        let result = patiently(Duration::ZERO, || Err::<(), _>(failure(ffi::SQLITE_BUSY)));
        assert!(result.is_err());
    }
}
