//! How tasks have ended.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience::meter::table;
use snowflake_store::serving::Served;

use super::TaskResult;
use crate::Result;

/// How tasks have ended so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskStats {
    /// With a whole answer.
    pub answered: u64,
    /// With an answer that is less than what was asked for, or of a fallback.
    pub degraded: u64,
    /// With an error of the task's own: it is wrong, or asks for what does not exist.
    pub refused: u64,
    /// With any other error.
    pub failed: u64,
}

#[derive(Debug, Default)]
pub(super) struct TaskCounters {
    answered: AtomicU64,
    degraded: AtomicU64,
    refused: AtomicU64,
    failed: AtomicU64,
}

impl TaskCounters {
    /// Counts a task and tells the logs and the meters of it. `name` is `None` for what names no
    /// task, so that callers cannot make the number of series grow.
    pub(super) fn count(
        &self,
        name: Option<&'static str>,
        took: Duration,
        outcome: &Result<TaskResult>,
        served: &Served,
    ) {
        let name = name.unwrap_or("unknown");
        let mut is_degraded = false;
        let counter = match outcome {
            Ok(result) => {
                let degraded = served.degraded().len() + result.degraded().len();
                let sources = served.sources();
                tracing::debug!(?sources, degraded, "task answered");
                is_degraded = degraded > 0;
                match degraded {
                    0 => &self.answered,
                    _ => &self.degraded,
                }
            }
            Err(error) => {
                let code = error.code();
                tracing::debug!(code = code.as_str(), "task not answered");
                match code.exit_code() {
                    2 => &self.refused,
                    _ => &self.failed,
                }
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
        let code = outcome
            .as_ref()
            .err()
            .map_or("ok", |error| error.code().as_str());
        table::TASKS.add(&[name, code], 1);
        table::TASKS_DEGRADED.add(&[name], u64::from(is_degraded));
        table::TASK_SECONDS.record(&[name], took.as_secs_f64());
    }

    pub(super) fn snapshot(&self) -> TaskStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        TaskStats {
            answered: read(&self.answered),
            degraded: read(&self.degraded),
            refused: read(&self.refused),
            failed: read(&self.failed),
        }
    }
}
