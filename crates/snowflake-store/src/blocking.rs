//! Work that must not block the threads on which futures run.

use resilience::ErrorKind;

use crate::{Error, Result};

/// Runs blocking work off the executor's threads.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        Error::new(ErrorKind::Internal, "blocking task panicked").with_source(error)
    })?
}
