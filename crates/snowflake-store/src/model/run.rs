//! A sync run and the progress it commits.

use calls::{CallId, Timestamp};
use serde::{Deserialize, Serialize};

/// A span of time: `from` inclusive, `to` exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    /// Inclusive start.
    pub from: Timestamp,
    /// Exclusive end.
    pub to: Timestamp,
}

/// What a run covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncMode {
    /// Everything that Gong serves.
    Full,
    /// What may have changed since the last finished run, with a look-back.
    Incremental,
    /// A span the caller names; the watermark stays where it is.
    Backfill,
}

impl SyncMode {
    /// `full`, `incremental` or `backfill`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Incremental => "incremental",
            Self::Backfill => "backfill",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "full" => Some(Self::Full),
            "incremental" => Some(Self::Incremental),
            "backfill" => Some(Self::Backfill),
            _ => None,
        }
    }
}

/// What a checkpoint or a dead letter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stream {
    /// The run itself.
    Run,
    /// Extensive calls.
    Calls,
    /// Transcripts.
    Transcripts,
    /// The rolling sweep that re-checks calls outside the run's window.
    Sweep,
    /// The rolling re-listing of older spans.
    Relist,
    /// The rolling check of stored documents.
    Check,
}

impl Stream {
    /// `run`, `calls`, `transcripts`, `sweep`, `relist` or `check`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Calls => "calls",
            Self::Transcripts => "transcripts",
            Self::Sweep => "sweep",
            Self::Relist => "relist",
            Self::Check => "check",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "run" => Some(Self::Run),
            "calls" => Some(Self::Calls),
            "transcripts" => Some(Self::Transcripts),
            "sweep" => Some(Self::Sweep),
            "relist" => Some(Self::Relist),
            "check" => Some(Self::Check),
            _ => None,
        }
    }

    /// Whether it goes around beside the run, so that its checkpoints say nothing of how
    /// far the run's own span is read.
    pub(crate) fn is_rolling(self) -> bool {
        matches!(self, Self::Sweep | Self::Relist | Self::Check)
    }
}

/// Progress that is committed in the transaction of the data it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Correlation id of the run.
    pub run_id: String,
    /// Its mode.
    pub mode: SyncMode,
    /// What progressed.
    pub stream: Stream,
    /// The span being read.
    pub window: Window,
    /// How far.
    pub step: CheckpointStep,
    /// Where the stream goes on, for streams that have a position of their own
    /// ([`Stream::Sweep`]: the last call id that was checked). Never a cursor of Gong's.
    pub position: Option<String>,
}

/// How far a checkpoint says a window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckpointStep {
    /// One page of it landed.
    Page,
    /// All of it landed, transcripts included: a resumed run skips it. Of a
    /// [rolling](Stream::Sweep) stream: all that it had to read of it this time.
    WindowDone,
}

/// A run begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStart {
    /// Correlation id of the run.
    pub run_id: String,
    /// Its mode.
    pub mode: SyncMode,
    /// What it covers.
    pub window: Window,
    /// What the run was asked for, for the caller to compare when it goes on with the run.
    pub settings: String,
}

/// A run ends with everything that it covers stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFinish {
    /// Correlation id of the run.
    pub run_id: String,
    /// Its mode.
    pub mode: SyncMode,
    /// What it covered.
    pub window: Window,
    /// Where the next incremental run starts, less its look-back. `None` leaves
    /// the watermark where it is.
    pub watermark: Option<Timestamp>,
    /// What it did.
    pub counts: RunCounts,
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    /// Calls that Gong delivered.
    pub calls_seen: u64,
    /// Calls new to the store.
    pub calls_inserted: u64,
    /// Calls whose payload changed.
    pub calls_updated: u64,
    /// Calls marked deleted.
    pub calls_deleted: u64,
    /// Transcripts new to the store or changed.
    pub transcripts_inserted: u64,
    /// Calls seen without a transcript so far.
    pub transcripts_missing: u64,
    /// Dead letters written.
    pub dead_letters: u64,
}

/// A run that was started and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// Correlation id of the run.
    pub run_id: String,
    /// Its mode.
    pub mode: SyncMode,
    /// What it covers.
    pub window: Window,
    /// The parts of it that are done.
    pub done: Vec<Window>,
    /// What it was asked for, as its start said; `None` for one that started before
    /// settings were kept.
    pub settings: Option<String>,
}

/// How far the store is said to be complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watermark {
    /// Where the next incremental run starts, less its look-back.
    pub at: Timestamp,
    /// When the run that set it began, by the clock of its machine; when it ended, where its
    /// beginning is not known.
    pub set_at: Timestamp,
}

/// Which stored calls to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownCallsQuery {
    /// Calls whose start *or* scheduled time lies in it; `None` for all.
    pub window: Option<Window>,
    /// Calls with an id greater than this (byte order), to page through.
    pub after: Option<CallId>,
    /// At most this many; 0 gives none.
    pub limit: usize,
}

/// A stored call that is not marked deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCall {
    /// The call.
    pub id: CallId,
    /// Whether a transcript of it is stored.
    pub has_transcript: bool,
}
