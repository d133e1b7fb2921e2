//! What a schedule tells of a run.

use calls::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// One run of a job. Serialises to the line that the `daemon` example prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobRun {
    /// Which job.
    pub job: &'static str,
    /// When it started, by the wall clock.
    pub started_at: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// How long after its end the job is due again.
    pub next_in_seconds: f64,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: RunOutcome,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunOutcome {
    /// All of it is done.
    Done {
        /// The job's own report.
        detail: Value,
    },
    /// It is done, and leaves something that a person should look at, such as dead letters.
    Open {
        /// The job's own report.
        detail: Value,
    },
    /// Another process is at work on the store.
    Busy {
        /// Who, readable.
        holder: String,
    },
    /// The schedule was stopped; the next run carries on.
    Stopped,
    /// It failed; the next run carries on.
    Failed {
        /// The kind of the error.
        kind: &'static str,
        /// What went wrong, without secrets and without call text.
        message: String,
        /// The setting or field at fault.
        field: Option<String>,
        /// When the other side wants to be asked again, in seconds.
        retry_after_seconds: Option<u64>,
    },
}

impl RunOutcome {
    /// A stable name: `done`, `open`, `busy`, `stopped` or `failed`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Open { .. } => "open",
            Self::Busy { .. } => "busy",
            Self::Stopped => "stopped",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether the job did what it is there for.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Open { .. })
    }
}
