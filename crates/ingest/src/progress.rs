//! What a run reports while it is running.

use std::fmt;
use std::sync::Arc;

use snowflake_store::{Landed, SyncMode, Window};

/// Something that happened in a run. No event holds call text.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A run starts, or resumes where it was stopped.
    RunStarted {
        /// Correlation id.
        run_id: String,
        /// Mode.
        mode: SyncMode,
        /// What it covers.
        window: Window,
        /// Whether it was started earlier.
        resumed: bool,
    },
    /// The first page of a window has arrived.
    WindowStarted {
        /// The window.
        window: Window,
        /// How many calls Gong says it has; a hint.
        expected: u64,
    },
    /// A page and its transcripts are committed.
    PageLanded {
        /// Calls on it.
        calls: usize,
        /// Transcripts with it.
        transcripts: usize,
        /// What changed.
        landed: Landed,
    },
    /// A window is committed completely.
    WindowDone {
        /// The window.
        window: Window,
    },
    /// Staging rows were rebuilt.
    Transformed {
        /// Calls.
        calls: u64,
        /// Their sentences.
        sentences: u64,
        /// Calls that could not be.
        failed: usize,
    },
    /// Something could not be landed and became a dead letter.
    DeadLettered {
        /// Why.
        reason: String,
    },
    /// Calls that Gong no longer serves were marked deleted.
    Deleted {
        /// How many.
        calls: u64,
    },
    /// Calls outside the window are being checked again by id.
    Sweeping {
        /// How many.
        calls: usize,
    },
}

/// Where events go; does nothing by default. Called from the tasks of a run, so
/// it must be quick.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Listener>>);

type Listener = dyn Fn(&Event) + Send + Sync;

impl Progress {
    /// Sends every event to a function.
    pub fn new(listener: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn tell(&self, event: Event) {
        if let Some(listener) = &self.0 {
            listener(&event);
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Progress").field(&self.0.is_some()).finish()
    }
}
