//! Gong's keyword trackers, followed where Gong did not run them.

use cortex::trackers::{KeywordTracker, TrackerFindings, track};
use snowflake_store::CallDetail;

/// What the trackers of the call's workspace find; nothing where Gong ran its own.
pub(super) fn followed(detail: &CallDetail, trackers: &[KeywordTracker]) -> Vec<TrackerFindings> {
    let (call, transcript) = (&detail.call, detail.transcript.as_ref());
    let Some(transcript) = transcript.filter(|_| call.findings.trackers.is_none()) else {
        return Vec::new();
    };
    let is_of_workspace = |tracker: &&KeywordTracker| {
        let of_call = call.workspace_id.as_ref().map(|id| id.as_str());
        match (&tracker.workspace_id, of_call) {
            (Some(workspace), Some(of_call)) => workspace == of_call,
            _ => true,
        }
    };
    let wanted: Vec<KeywordTracker> = trackers.iter().filter(is_of_workspace).cloned().collect();
    let found = track(&wanted, call, transcript).into_iter();
    found
        .filter_map(Result::ok)
        .filter(|found| found.count > 0)
        .collect()
}
