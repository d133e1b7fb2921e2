//! Who may read the files of a database: calls are private.
//!
//! SQLite gives the log and its index the rights that the database has, so that one file
//! decides for all.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Makes the file of a new database, for its owner alone. One that is there is left as it is:
/// somebody may have given rights on purpose, and is told of them.
pub(crate) fn prepare(path: &Path) -> io::Result<()> {
    // Closing a file gives up all locks that this process has on it, so nobody here may open
    // the new one before it is closed.
    static PREPARING: Mutex<()> = Mutex::new(());
    let _preparing = PREPARING.lock().unwrap_or_else(PoisonError::into_inner);
    if path.exists() {
        warn_of_readers(path);
        return Ok(());
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Somebody else made it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

#[cfg(unix)]
fn warn_of_readers(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    const OF_OTHERS: u32 = 0o077;
    let Ok(metadata) = std::fs::metadata(path) else {
        return;
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OF_OTHERS != 0 {
        tracing::warn!(
            database = %path.display(),
            mode = format_args!("{mode:04o}"),
            "users other than its owner have access to the database; chmod 600 takes it away"
        );
    }
}

#[cfg(not(unix))]
fn warn_of_readers(_: &Path) {}
