//! How the jobs of a schedule are, for those who watch the process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use calls::Timestamp;
use serde::Serialize;

use super::clock::Clock;
use super::report::RunOutcome;
use super::timing::Timing;

/// How the jobs of a schedule are. Clones show the same schedule.
#[derive(Debug, Clone)]
pub struct ScheduleHealth {
    board: Board,
    clock: Arc<dyn Clock>,
}

/// What is noted of each job.
#[derive(Debug, Clone, Default)]
pub(super) struct Board(Arc<Mutex<Vec<State>>>);

#[derive(Debug)]
struct State {
    job: &'static str,
    timing: Timing,
    /// When it last succeeded, by the clock that does not jump.
    succeeded: Option<Duration>,
    running_since: Option<Duration>,
    last_outcome: Option<&'static str>,
    last_error: Option<String>,
}

/// How a job is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobHealth {
    /// Which job.
    pub job: &'static str,
    /// Its interval in seconds.
    pub every_seconds: f64,
    /// When it last succeeded in this process, by the wall clock as it is now.
    pub last_success_at: Option<Timestamp>,
    /// How its last run ended.
    pub last_outcome: Option<&'static str>,
    /// What its last run failed with.
    pub last_error: Option<String>,
    /// Failures since a run that did not fail.
    pub failures: u32,
    /// For how long it has been running, in seconds.
    pub running_seconds: Option<f64>,
    /// Whether it has not succeeded for three intervals, and is not at it.
    pub is_overdue: bool,
}

impl ScheduleHealth {
    pub(super) fn new(board: Board, clock: Arc<dyn Clock>) -> Self {
        Self { board, clock }
    }

    /// How each job is now.
    pub fn jobs(&self) -> Vec<JobHealth> {
        let (now, elapsed) = (self.clock.now(), self.clock.elapsed());
        let at = |then: Duration| now.checked_sub(elapsed.saturating_sub(then)).ok();
        let health = |state: &State| JobHealth {
            job: state.job,
            every_seconds: state.timing.every.as_secs_f64(),
            last_success_at: state.succeeded.and_then(at),
            last_outcome: state.last_outcome,
            last_error: state.last_error.clone(),
            failures: state.timing.failures(),
            running_seconds: state
                .running_since
                .map(|since| elapsed.saturating_sub(since).as_secs_f64()),
            is_overdue: state.is_overdue(elapsed),
        };
        self.board.states().iter().map(health).collect()
    }
}

impl Board {
    pub(super) fn add(&self, job: &'static str, timing: Timing) {
        self.states().push(State {
            job,
            timing,
            succeeded: None,
            running_since: None,
            last_outcome: None,
            last_error: None,
        });
    }

    pub(super) fn is_due(&self, index: usize, now: Duration) -> bool {
        let states = self.states();
        states
            .get(index)
            .is_some_and(|state| state.timing.is_due(now))
    }

    /// How long until something is due; a day when there is nothing to do.
    pub(super) fn until_next(&self, now: Duration) -> Duration {
        let states = self.states();
        let waits = states.iter().map(|state| state.timing.until_due(now));
        waits.min().unwrap_or(Duration::from_secs(24 * 60 * 60))
    }

    pub(super) fn begin(&self, index: usize, now: Duration) {
        if let Some(state) = self.states().get_mut(index) {
            state.running_since = Some(now);
        }
    }

    /// Takes note of a run; returns how long until the next.
    pub(super) fn end(
        &self,
        index: usize,
        began: Duration,
        ended: Duration,
        outcome: &RunOutcome,
        jitter: f64,
    ) -> Duration {
        let mut states = self.states();
        let Some(state) = states.get_mut(index) else {
            return Duration::ZERO;
        };
        state.timing.ran(began, ended, outcome, jitter);
        state.running_since = None;
        state.last_outcome = Some(outcome.as_str());
        state.last_error = match outcome {
            RunOutcome::Failed { message, .. } => Some(message.clone()),
            _ => None,
        };
        if outcome.is_success() {
            state.succeeded = Some(ended);
        }
        state.timing.until_due(ended)
    }

    /// What is noted stays true whoever panicked.
    fn states(&self) -> MutexGuard<'_, Vec<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A first run may take days; one that runs is not overdue.
    fn is_overdue(&self, now: Duration) -> bool {
        let silence = now.saturating_sub(self.succeeded.unwrap_or_default());
        self.running_since.is_none() && silence > self.timing.longest_silence()
    }
}
