//! Which records to request.

use calls::{CallId, Timestamp, UserId, WorkspaceId};

/// Which calls. An empty filter asks for all of them.
///
/// Gong compares `from` (inclusive) and `to` (exclusive) with the *scheduled*
/// time of web conferences and with the actual start of all others. There is no
/// filter by time of change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Earliest time, inclusive.
    pub from: Option<Timestamp>,
    /// Latest time, exclusive.
    pub to: Option<Timestamp>,
    /// One workspace only.
    pub workspace_id: Option<WorkspaceId>,
    /// These calls only. Empty means no such filter (Gong refuses an empty list).
    pub call_ids: Vec<CallId>,
    /// Calls of these hosts only; extensive listing only.
    pub primary_user_ids: Vec<UserId>,
}

impl CallFilter {
    /// Calls from an instant (inclusive) to another (exclusive).
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
            ..Self::default()
        }
    }

    /// These calls.
    pub fn of_calls(call_ids: impl IntoIterator<Item = CallId>) -> Self {
        Self {
            call_ids: call_ids.into_iter().collect(),
            ..Self::default()
        }
    }
}

/// Which transcripts: as [`CallFilter`], without hosts. At least 100 call ids in
/// one request are known to be accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TranscriptFilter {
    /// Earliest time, inclusive.
    pub from: Option<Timestamp>,
    /// Latest time, exclusive.
    pub to: Option<Timestamp>,
    /// One workspace only.
    pub workspace_id: Option<WorkspaceId>,
    /// These calls only. Empty means no such filter.
    pub call_ids: Vec<CallId>,
}

impl TranscriptFilter {
    /// The transcripts of these calls.
    pub fn of_calls(call_ids: impl IntoIterator<Item = CallId>) -> Self {
        Self {
            call_ids: call_ids.into_iter().collect(),
            ..Self::default()
        }
    }
}
