//! The one writing connection, on its own thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread::JoinHandle;

use resilience::ErrorKind;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::checkpoints::Checkpointer;
use super::failure::JobResult;
use crate::{Error, Result};

/// Jobs that may wait; more hold up their callers.
const WAITING_JOBS: usize = 8;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Runs write jobs one after the other.
///
/// A job that has been handed over runs to its end, also when its caller has
/// gone: a write is done or not done, never half done. Dropping the writer waits
/// for the jobs that are left and closes the connection.
#[derive(Debug)]
pub(crate) struct Writer {
    path: PathBuf,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(
        path: PathBuf,
        mut connection: Connection,
        mut checkpointer: Checkpointer,
    ) -> Result<Self> {
        let (jobs, mut waiting) = mpsc::channel::<Job>(WAITING_JOBS);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                while let Some(job) = waiting.blocking_recv() {
                    // A panic drops the job's reply, which tells its caller, and
                    // its transaction, which rolls it back.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
                    checkpointer.after_write(&connection);
                }
            })
            .map_err(|error| {
                Error::new(ErrorKind::Internal, "writer thread cannot start").with_source(error)
            })?;
        Ok(Self {
            path,
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Runs a job on the writing connection and waits for its result.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> JobResult<T> + Send + 'static,
    {
        let (reply, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // A caller that has gone does not need the result.
            let _ = reply.send(job(connection));
        });
        let stopped = || Error::new(ErrorKind::Internal, "writer has stopped");
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        jobs.send(job).await.map_err(|_| stopped())?;
        result
            .await
            .map_err(|_| Error::new(ErrorKind::Internal, "write job panicked"))?
            .map_err(|error| error.at(&self.path))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // Its panics are caught inside.
            let _ = thread.join();
        }
    }
}
