//! A reading as a store keeps it.

use std::fmt;

use calls::reading::Reading;
use calls::{CallId, Provenance, Timestamp};

/// What one reader understood of one call.
///
/// A store keeps one for each call, transcript and provenance, so readers never overwrite
/// or mix with each other.
#[derive(Clone, PartialEq)]
pub struct CallReading {
    /// The call.
    pub call_id: CallId,
    /// [`CallDetail::transcript_sha`](crate::CallDetail::transcript_sha) of what was read.
    pub transcript_sha: String,
    /// Who read it.
    pub provenance: Provenance,
    /// When it was read.
    pub read_at: Timestamp,
    /// Requests to another machine that it took.
    pub requests: u32,
    /// What it says.
    pub reading: Reading,
}

impl CallReading {
    /// Whether reading again may give more: a part could not be read, for a reason that
    /// may pass.
    pub fn is_retryable(&self) -> bool {
        self.reading.failed.iter().any(|part| part.is_retryable)
    }
}

/// Says whose it is, never what was said.
impl fmt::Debug for CallReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallReading")
            .field("call_id", &self.call_id)
            .field("transcript_sha", &self.transcript_sha)
            .field("provenance", &self.provenance)
            .field("read_at", &self.read_at)
            .finish_non_exhaustive()
    }
}
