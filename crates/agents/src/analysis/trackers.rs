//! Gong's keyword trackers, followed where Gong did not run them.

use cortex::trackers::{KeywordTracker, TrackerFindings, track};
use snowflake_store::CallDetail;

/// What the trackers of the call's workspace find; nothing where Gong ran its own. A note names
/// those that cannot be followed.
pub(super) fn followed(
    detail: &CallDetail,
    trackers: &[KeywordTracker],
    notes: &mut Vec<String>,
) -> Vec<TrackerFindings> {
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
    let (mut found, mut missed) = (Vec::new(), Vec::new());
    for (tracker, outcome) in wanted.iter().zip(track(&wanted, call, transcript)) {
        match outcome {
            Ok(findings) if findings.count > 0 => found.push(findings),
            Ok(_) => {}
            Err(_) => missed.push(tracker.tracker_name.as_str()),
        }
    }
    if !missed.is_empty() {
        let missed = missed.join(", ");
        notes.push(format!(
            "Of Gong's trackers these cannot be followed here: {missed}."
        ));
    }
    found
}
