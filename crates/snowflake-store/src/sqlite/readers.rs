//! Reading connections, each lent to one job at a time.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use resilience::ErrorKind;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::busy::patiently;
use super::config::SqliteConfig;
use super::connection::Reader;
use super::failure::JobResult;
use crate::{Error, Result};

/// A pool of reading connections, opened when they are first needed.
pub(crate) struct Readers {
    pool: Arc<Pool>,
    permits: Arc<Semaphore>,
}

struct Pool {
    config: SqliteConfig,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    pub(crate) fn new(config: SqliteConfig) -> Self {
        let permits = Arc::new(Semaphore::new(config.readers.max(1)));
        let idle = Mutex::new(Vec::with_capacity(config.readers));
        Self {
            pool: Arc::new(Pool { config, idle }),
            permits,
        }
    }

    /// Runs a job on a reading connection, off the async executor, inside one
    /// read transaction: all its statements see the same state.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> JobResult<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::new(ErrorKind::Internal, "readers have stopped"))?;
        let pool = Arc::clone(&self.pool);
        let result = tokio::task::spawn_blocking(move || {
            let mut reader = pool.take()?;
            let result = in_transaction(&mut reader.connection, job);
            reader.check()?;
            pool.put_back(reader);
            drop(permit);
            result
        })
        .await;
        match result {
            Ok(result) => result.map_err(|error| error.at(&self.pool.config.path)),
            Err(error) => {
                Err(Error::new(ErrorKind::Internal, "read job panicked").with_source(error))
            }
        }
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    job: impl FnOnce(&Connection) -> JobResult<T>,
) -> JobResult<T> {
    let transaction = connection.transaction()?;
    let result = job(&transaction)?;
    transaction.commit()?;
    Ok(result)
}

impl Pool {
    fn take(&self) -> JobResult<Reader> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(reader) if reader.check().is_ok() => Ok(reader),
            _ => patiently(self.config.busy_timeout, || Reader::open(&self.config)),
        }
    }

    fn put_back(&self, reader: Reader) {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(reader);
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers")
            .field("free", &self.permits.available_permits())
            .finish_non_exhaustive()
    }
}
