//! Schedules on a clock that a test moves: when jobs run, alone and in order, what they do
//! after failures, and that neither a stop nor a clock that jumps upsets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use calls::Timestamp;
use ingest::schedule::{Clock, Job, JobReport, JobRun, RunOutcome, Schedule};
use ingest::{CancellationToken, Error, ErrorKind, Result};
use snowflake_store::{CallStore, LeaseKeeper, SqliteStore};

const MINUTE: Duration = Duration::from_secs(60);
const QUARTER: Duration = Duration::from_secs(15 * 60);

/// A clock that moves when somebody sleeps, and ends the schedule after a while.
#[derive(Debug, Default)]
struct TestClock {
    elapsed: AtomicU64,
    /// What the wall clock is ahead, in seconds.
    ahead: AtomicI64,
    ends_at: Duration,
    stop: CancellationToken,
}

impl TestClock {
    fn until(ends_at: Duration) -> Arc<Self> {
        Arc::new(Self {
            ends_at,
            ..Self::default()
        })
    }

    fn pass(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap();
        self.elapsed.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let seconds = i64::try_from(self.elapsed().as_secs()).unwrap();
        let start = 1_782_820_800 + self.ahead.load(Ordering::SeqCst);
        Timestamp::from_second(start + seconds).unwrap()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.elapsed.load(Ordering::SeqCst))
    }

    async fn sleep(&self, wait: Duration) {
        self.pass(wait);
        if self.elapsed() >= self.ends_at {
            self.stop.cancel();
        }
    }
}

/// A job that ends as it is told, and takes a second.
#[derive(Debug)]
struct Scripted {
    name: &'static str,
    clock: Arc<TestClock>,
    /// What its runs fail with, the first one last; then they succeed.
    failures: Mutex<Vec<Error>>,
}

#[async_trait]
impl Job for Scripted {
    fn name(&self) -> &'static str {
        self.name
    }

    fn stream(&self) -> &'static str {
        "calls"
    }

    async fn run(&self, now: Timestamp, _: CancellationToken) -> Result<JobReport> {
        self.clock.pass(Duration::from_secs(1));
        match self.failures.lock().unwrap().pop() {
            Some(error) => Err(error),
            None => JobReport::new(&now, true),
        }
    }
}

struct World {
    clock: Arc<TestClock>,
    store: Arc<dyn CallStore>,
    runs: Arc<Mutex<Vec<(u64, JobRun)>>>,
}

impl World {
    async fn until(ends_at: Duration) -> Self {
        Self {
            clock: TestClock::until(ends_at),
            store: Arc::new(SqliteStore::in_memory().await.unwrap()),
            runs: Arc::default(),
        }
    }

    fn job(&self, name: &'static str, failures: Vec<Error>) -> Scripted {
        Scripted {
            name,
            clock: Arc::clone(&self.clock),
            failures: Mutex::new(failures),
        }
    }

    fn schedule(&self, jitter: f64) -> Schedule {
        let (clock, runs) = (Arc::clone(&self.clock), Arc::clone(&self.runs));
        Schedule::new(Arc::clone(&self.store))
            .with_clock(Arc::clone(&self.clock) as Arc<dyn Clock>)
            .with_jitter(move || jitter)
            .with_listener(move |run| {
                let ended = clock.elapsed().as_secs();
                runs.lock().unwrap().push((ended, run.clone()));
            })
    }

    /// The seconds at which runs of a job ended.
    fn ends(&self, job: &str) -> Vec<u64> {
        let runs = self.runs.lock().unwrap();
        let of_job = runs.iter().filter(|(_, run)| run.job == job);
        of_job.map(|(ended, _)| *ended).collect()
    }
}

fn transient() -> Error {
    Error::new(ErrorKind::Transient, "no answer")
}

#[tokio::test]
async fn jobs_keep_their_intervals_and_their_order() {
    let world = World::until(4 * QUARTER).await;
    let schedule = world
        .schedule(0.0)
        .with_job(QUARTER, world.job("sync", Vec::new()))
        .with_job(QUARTER, world.job("read", Vec::new()))
        .with_job(3 * QUARTER, world.job("retain", Vec::new()));
    schedule.run(&world.clock.stop).await;
    assert_eq!(world.ends("sync"), [1, 901, 1_801, 2_701]);
    // A second behind the sync that was due with it.
    assert_eq!(world.ends("read")[..2], [2, 902]);
    assert_eq!(world.ends("retain").len(), 2);
    let health = schedule.health().jobs();
    assert!(
        health
            .iter()
            .all(|job| !job.is_overdue && job.failures == 0)
    );
}

#[tokio::test]
async fn jitter_lengthens_an_interval_by_its_share() {
    let world = World::until(2 * QUARTER).await;
    let schedule = world
        .schedule(0.1)
        .with_job(QUARTER, world.job("sync", Vec::new()));
    schedule.run(&world.clock.stop).await;
    assert_eq!(world.ends("sync"), [1, 991]);
}

#[tokio::test]
async fn failures_are_retried_at_growing_pauses_and_hold_up_no_other_job() {
    let world = World::until(4 * QUARTER).await;
    let failures = (0..20).map(|_| transient()).collect();
    let schedule = world
        .schedule(0.0)
        .with_job(QUARTER, world.job("sync", failures))
        .with_job(QUARTER, world.job("read", Vec::new()));
    schedule.run(&world.clock.stop).await;
    // 30 s, 60 s, 120 s, 240 s, 480 s, then the interval.
    let ends = world.ends("sync");
    let pauses: Vec<u64> = ends.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses[0] / 10, 3, "{pauses:?}");
    assert!(pauses.is_sorted() && pauses[4] >= 480, "{pauses:?}");
    assert_eq!(world.ends("read").len(), 4);
    let health = schedule.health().jobs();
    assert!(health[0].is_overdue, "no sync for three intervals");
    assert_eq!(health[0].last_error.as_deref(), Some("no answer"));
    assert!(!health[1].is_overdue);
}

#[tokio::test]
async fn nobody_is_asked_before_they_want_to_be() {
    let world = World::until(8 * QUARTER).await;
    let wait = Duration::from_secs(5_000);
    let quota = Error::new(ErrorKind::QuotaExhausted, "tomorrow").with_retry_after(Some(wait));
    let schedule = world
        .schedule(0.0)
        .with_job(QUARTER, world.job("sync", vec![quota]));
    schedule.run(&world.clock.stop).await;
    assert_eq!(world.ends("sync")[..2], [1, 5_002]);
}

#[tokio::test]
async fn one_process_works_at_a_time() {
    let world = World::until(QUARTER).await;
    let other = LeaseKeeper::acquire(Arc::clone(&world.store), "schedule", "another one");
    let other = other.await.unwrap().unwrap();
    let schedule = world
        .schedule(0.0)
        .with_job(QUARTER, world.job("sync", Vec::new()));
    let runs = schedule.run_once(&CancellationToken::new()).await;
    assert!(
        matches!(&runs[0].outcome, RunOutcome::Busy { holder } if holder.contains("another one")),
        "{runs:?}"
    );
    other.release().await.unwrap();
    let runs = schedule.run_once(&CancellationToken::new()).await;
    assert!(runs[0].outcome.is_success(), "{runs:?}");
}

#[tokio::test]
async fn a_wall_clock_that_jumps_moves_no_run() {
    for ahead in [86_400, -86_400] {
        let world = World::until(4 * QUARTER).await;
        let schedule = world
            .schedule(0.0)
            .with_job(QUARTER, world.job("sync", Vec::new()));
        world.clock.ahead.store(ahead, Ordering::SeqCst);
        schedule.run(&world.clock.stop).await;
        assert_eq!(world.ends("sync").len(), 4);
        let job = &schedule.health().jobs()[0];
        assert!(!job.is_overdue);
        let now = world.clock.now();
        let last = job.last_success_at.unwrap();
        assert!(
            last <= now && last > now - 2 * QUARTER,
            "as the clock is now"
        );
    }
}

/// Ends when it is asked to, and not before.
#[derive(Debug)]
struct Endless;

#[async_trait]
impl Job for Endless {
    fn name(&self) -> &'static str {
        "sync"
    }

    fn stream(&self) -> &'static str {
        "calls"
    }

    async fn run(&self, _: Timestamp, stop: CancellationToken) -> Result<JobReport> {
        stop.cancelled().await;
        Err(Error::new(ErrorKind::Cancelled, "stopped"))
    }
}

/// Breaks off.
#[derive(Debug)]
struct Broken;

#[async_trait]
impl Job for Broken {
    fn name(&self) -> &'static str {
        "read"
    }

    fn stream(&self) -> &'static str {
        "readings"
    }

    async fn run(&self, _: Timestamp, _: CancellationToken) -> Result<JobReport> {
        panic!("with a call's words");
    }
}

#[tokio::test]
async fn a_stop_ends_the_job_that_runs_and_frees_the_lease() {
    let world = World::until(QUARTER).await;
    let stop = CancellationToken::new();
    let schedule = world.schedule(0.0).with_job(QUARTER, Endless);
    let stopping = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.cancel();
    };
    tokio::join!(schedule.run(&stop), stopping);
    let runs = world.runs.lock().unwrap().clone();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].1.outcome, RunOutcome::Stopped);
    let free = LeaseKeeper::acquire(Arc::clone(&world.store), "schedule", "the next").await;
    assert!(free.unwrap().is_ok());
}

#[tokio::test]
async fn a_bug_in_a_job_ends_that_run_alone() {
    let world = World::until(MINUTE).await;
    let schedule = world
        .schedule(0.0)
        .with_job(QUARTER, Broken)
        .with_job(QUARTER, world.job("retain", Vec::new()));
    let runs = schedule.run_once(&CancellationToken::new()).await;
    assert!(
        matches!(&runs[0].outcome, RunOutcome::Failed { kind: "internal", message, .. }
            if !message.contains("words")),
        "{runs:?}"
    );
    assert!(runs[1].outcome.is_success());
}
