//! Jobs that run again and again: sync, streams, enrich, read, retain.
//!
//! A [`Schedule`] runs the jobs that are due one after the other, each under the store's lease
//! `schedule`, so that several processes on one store never work at the same time. What it
//! waits for is its [`Clock`]'s monotonic time: a wall clock that jumps moves no run.

mod clock;
mod health;
mod job;
mod jobs;
mod report;
mod timing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use resilience::ErrorKind;
use resilience::meter::table;
use snowflake_store::{CallStore, LeaseKeeper};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::Error;
pub use clock::{Clock, SystemClock};
use health::Board;
pub use health::{JobHealth, ScheduleHealth};
pub use job::{Job, JobReport};
pub use jobs::{EnrichJob, RetainJob, StreamsJob, SyncJob};
pub use report::{JobRun, RunOutcome};
use timing::Timing;

/// What only one schedule does at a time.
const LEASE: &str = "schedule";

/// Runs jobs on intervals, one at a time across all processes of a store.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use ingest::schedule::{RetainJob, RunOutcome, Schedule};
/// use snowflake_store::{CallStore, CancellationToken, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// let store: Arc<dyn CallStore> = Arc::new(SqliteStore::in_memory().await?);
/// let day = Duration::from_secs(24 * 60 * 60);
/// let schedule = Schedule::new(store.clone()).with_job(day, RetainJob::new(store));
///
/// let runs = schedule.run_once(&CancellationToken::new()).await;
/// assert!(matches!(runs[0].outcome, RunOutcome::Done { .. }));
/// // schedule.run(stop).await goes on until it is stopped.
/// # Ok(())
/// # }
/// ```
///
/// # Stops and crashes
/// A cancelled token reaches the job that runs; the schedule ends when that has ended, and
/// has given its lease back. A process that is killed leaves the lease to the next one.
///
/// # Failures
/// A job that fails, or panics, holds up no other. It is tried again after 30 seconds, then
/// after twice as long up to its interval, and not before the other side wants to be asked
/// again.
pub struct Schedule {
    store: Arc<dyn CallStore>,
    clock: Arc<dyn Clock>,
    jitter: Arc<dyn Fn() -> f64 + Send + Sync>,
    listener: Arc<dyn Fn(&JobRun) + Send + Sync>,
    jobs: Vec<Arc<dyn Job>>,
    board: Board,
}

impl Schedule {
    /// A schedule without jobs, whose lease is this store's.
    pub fn new(store: Arc<dyn CallStore>) -> Self {
        Self {
            store,
            clock: Arc::new(SystemClock::default()),
            jitter: Arc::new(|| 0.1 * fastrand::f64()),
            listener: Arc::new(|_| {}),
            jobs: Vec::new(),
            board: Board::default(),
        }
    }

    /// Adds a job, to be run at once and then on an interval. Jobs that are due together run
    /// in the order in which they were added.
    #[must_use]
    pub fn with_job(mut self, every: Duration, job: impl Job) -> Self {
        self.board.add(job.name(), Timing::new(every));
        self.jobs.push(Arc::new(job));
        self
    }

    /// Waits and reads the time by another clock. For callers that try months in seconds.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Draws from a function by what share a wait is longer, 0 to 1. By default up to a tenth
    /// at random, so that many schedules do not ask Gong at the same time.
    #[must_use]
    pub fn with_jitter(mut self, jitter: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.jitter = Arc::new(jitter);
        self
    }

    /// Tells a function of every run, right behind it. It must be quick.
    #[must_use]
    pub fn with_listener(mut self, listener: impl Fn(&JobRun) + Send + Sync + 'static) -> Self {
        self.listener = Arc::new(listener);
        self
    }

    /// How the jobs are, as of any later moment.
    pub fn health(&self) -> ScheduleHealth {
        ScheduleHealth::new(self.board.clone(), Arc::clone(&self.clock))
    }

    /// Runs what is due until the token is cancelled.
    pub async fn run(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            self.run_due(stop).await;
            let wait = self.board.until_next(self.clock.elapsed());
            stop.run_until_cancelled(self.clock.sleep(wait)).await;
        }
    }

    /// Runs each job once, due or not.
    pub async fn run_once(&self, stop: &CancellationToken) -> Vec<JobRun> {
        let jitter = (self.jitter)();
        let mut runs = Vec::new();
        for (index, job) in self.jobs.iter().enumerate() {
            runs.push(self.attempt(index, job, jitter, stop).await);
        }
        runs
    }

    /// One jitter for all that is due together keeps those of one interval together.
    async fn run_due(&self, stop: &CancellationToken) {
        let (now, jitter) = (self.clock.elapsed(), (self.jitter)());
        for (index, job) in self.jobs.iter().enumerate() {
            if !stop.is_cancelled() && self.board.is_due(index, now) {
                self.attempt(index, job, jitter, stop).await;
            }
        }
    }

    async fn attempt(
        &self,
        index: usize,
        job: &Arc<dyn Job>,
        jitter: f64,
        stop: &CancellationToken,
    ) -> JobRun {
        let (started_at, began) = (self.clock.now(), self.clock.elapsed());
        self.board.begin(index, began);
        let span = tracing::info_span!("job", job = job.name());
        let outcome = self.alone(job, stop).instrument(span).await;
        let ended = self.clock.elapsed();
        let next_in = self.board.end(index, began, ended, &outcome, jitter);
        let run = JobRun {
            job: job.name(),
            started_at,
            seconds: ended.saturating_sub(began).as_secs_f64(),
            next_in_seconds: next_in.as_secs_f64(),
            outcome,
        };
        measure(&**job, &run);
        (self.listener)(&run);
        run
    }

    /// Runs a job under the lease, so that nobody else runs one.
    async fn alone(&self, job: &Arc<dyn Job>, stop: &CancellationToken) -> RunOutcome {
        let store = Arc::clone(&self.store);
        let lease = match LeaseKeeper::acquire(store, LEASE, job.name()).await {
            Ok(Ok(lease)) => lease,
            Ok(Err(holder)) => {
                let holder = holder.to_string();
                return RunOutcome::Busy { holder };
            }
            Err(error) => return failed(&error.into()),
        };
        let (token, lost) = (stop.child_token(), lease.lost());
        // A task of its own: a bug in a job is not to end the schedule.
        let (running, at) = (Arc::clone(job), self.clock.now());
        let ended = token.clone();
        let running = async move { running.run(at, ended).await };
        let mut running = tokio::spawn(running.in_current_span());
        let done = tokio::select! {
            done = &mut running => done,
            () = lost.cancelled() => {
                token.cancel();
                running.await
            }
        };
        if let Err(error) = lease.release().await {
            tracing::warn!(%error, "the schedule's lease was not released and will expire");
        }
        match done {
            Ok(Ok(JobReport {
                detail,
                is_complete: true,
            })) => RunOutcome::Done { detail },
            Ok(Ok(JobReport { detail, .. })) => RunOutcome::Open { detail },
            Ok(Err(error)) => failed(&error),
            Err(error) => {
                tracing::error!(job = job.name(), %error, "a job was aborted");
                failed(&Error::new(
                    ErrorKind::Internal,
                    "the job was aborted by a bug",
                ))
            }
        }
    }
}

/// Tells the meters. What a run found is as of its beginning.
fn measure(job: &dyn Job, run: &JobRun) {
    table::JOB_RUNS.add(&[run.job, run.outcome.as_str()], 1);
    table::JOB_SECONDS.record(&[run.job], run.seconds);
    if run.outcome.is_success() {
        let since_1970 = run.started_at.as_duration().as_secs_f64();
        table::FRESH.set(&[job.stream()], since_1970);
    }
}

fn failed(error: &Error) -> RunOutcome {
    if error.kind() == ErrorKind::Cancelled {
        return RunOutcome::Stopped;
    }
    RunOutcome::Failed {
        kind: error.kind().as_str(),
        message: error.to_string(),
        field: error.field().map(str::to_owned),
        retry_after_seconds: error.retry_after().map(|wait| wait.as_secs()),
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("store", &self.store)
            .field("clock", &self.clock)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}
