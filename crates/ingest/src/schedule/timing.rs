//! When a job is due.

use std::time::Duration;

use super::report::RunOutcome;

/// The first pause after a failure.
const FIRST_PAUSE: Duration = Duration::from_secs(30);

/// After how many intervals without a success a job is overdue.
const OVERDUE_INTERVALS: u32 = 3;

/// When a job is due. Times are those of the clock that does not jump.
#[derive(Debug, Clone)]
pub(super) struct Timing {
    pub(super) every: Duration,
    due: Duration,
    failures: u32,
}

impl Timing {
    /// Due at once, and then on an interval of a second at least.
    pub(super) fn new(every: Duration) -> Self {
        Self {
            every: every.max(Duration::from_secs(1)),
            due: Duration::ZERO,
            failures: 0,
        }
    }

    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.due <= now
    }

    pub(super) fn until_due(&self, now: Duration) -> Duration {
        self.due.saturating_sub(now)
    }

    /// Failures since the last run that did not fail.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// Longer than this without a success is too long.
    pub(super) fn longest_silence(&self) -> Duration {
        self.every * OVERDUE_INTERVALS
    }

    /// Takes note of a run. Intervals count from its beginning, pauses from its end.
    pub(super) fn ran(
        &mut self,
        began: Duration,
        ended: Duration,
        outcome: &RunOutcome,
        jitter: f64,
    ) {
        let stretch = 1.0 + jitter.clamp(0.0, 1.0);
        let wait = |pause: Duration| ended + pause.mul_f64(stretch);
        self.failures = match outcome {
            RunOutcome::Failed { .. } => self.failures.saturating_add(1),
            _ => 0,
        };
        self.due = match outcome {
            RunOutcome::Done { .. } | RunOutcome::Open { .. } | RunOutcome::Stopped => {
                began + self.every.mul_f64(stretch)
            }
            RunOutcome::Busy { .. } => wait(FIRST_PAUSE.min(self.every)),
            RunOutcome::Failed {
                retry_after_seconds,
                ..
            } => {
                let doublings = (self.failures - 1).min(16);
                let pause = (FIRST_PAUSE * 2_u32.pow(doublings)).min(self.every);
                let asked = Duration::from_secs(retry_after_seconds.unwrap_or_default());
                wait(pause.max(asked))
            }
        };
    }
}
