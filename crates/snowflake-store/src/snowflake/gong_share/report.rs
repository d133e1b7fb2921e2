//! What a reading of the share found.

use calls::{CallId, Timestamp};

/// What [`land_from_gong_share`](crate::SnowflakeStore::land_from_gong_share) did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct GongShareReport {
    /// When the share was last brought up to date, by the latest stamp of its calls; `None`
    /// for an empty one. What Gong has later is the API's to bring.
    pub as_of: Option<Timestamp>,
    /// How late that is, in seconds. Gong promises a day at most.
    pub seconds_behind: Option<i64>,
    /// Calls that are new or changed.
    pub calls_landed: u64,
    /// Transcripts that are new or changed.
    pub transcripts_landed: u64,
    /// Calls marked deleted.
    pub calls_deleted: u64,
    /// Transcripts removed while their call stays.
    pub transcripts_withdrawn: u64,
    /// Calls and transcripts that have no row in the share any more, and were not removed because they
    /// are too many to be believed.
    pub removals_withheld: u64,
    /// Calls of the last two weeks that have no transcript yet, newest first, a thousand at
    /// most: the API may have it.
    pub without_transcript: Vec<CallId>,
}

impl GongShareReport {
    pub(super) fn new(as_of: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            as_of,
            seconds_behind: as_of.map(|at| now.duration_since(at).as_secs().max(0)),
            ..Self::default()
        }
    }
}
