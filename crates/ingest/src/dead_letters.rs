//! What could not be landed, on its way into the store and back out.

use std::collections::BTreeSet;

use calls::gong::READER_VERSION;
use calls::{CallId, Timestamp};
use gong_client::Rejected;
use snowflake_store::{DeadLetter, DeadLetterRecord, Fault, Stream, Window};

/// A letter for a record that could not be read.
pub(crate) fn of_rejected(
    run_id: &str,
    stream: Stream,
    window: Window,
    rejected: Rejected,
) -> DeadLetter {
    DeadLetter {
        stream,
        fault: match rejected.call_id {
            Some(call_id) => Fault::Call(call_id),
            None => Fault::record(&rejected.payload, window),
        },
        reason: rejected.reason,
        payload: Some(rejected.payload),
        run_id: run_id.to_owned(),
        failed_at: Timestamp::now(),
        reader_version: READER_VERSION,
    }
}

/// A letter for a transcript that could not be fetched.
pub(crate) fn of_transcript(run_id: &str, call_id: CallId, reason: String) -> DeadLetter {
    DeadLetter {
        stream: Stream::Transcripts,
        fault: Fault::Call(call_id),
        reason,
        payload: None,
        run_id: run_id.to_owned(),
        failed_at: Timestamp::now(),
        reader_version: READER_VERSION,
    }
}

/// A letter for a window that could not be read to its end.
pub(crate) fn of_window(run_id: &str, window: Window, reason: String) -> DeadLetter {
    DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Window(window),
        reason,
        payload: None,
        run_id: run_id.to_owned(),
        failed_at: Timestamp::now(),
        reader_version: READER_VERSION,
    }
}

/// What to ask for again.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// Calls, by id.
    pub(crate) calls: Vec<CallId>,
    /// Windows.
    pub(crate) windows: Vec<Window>,
}

/// Sorts letters by how they are asked for again, without duplicates.
pub(crate) fn replay(letters: Vec<DeadLetterRecord>) -> Replay {
    let mut calls = BTreeSet::new();
    let mut windows: Vec<Window> = Vec::new();
    for DeadLetterRecord { letter, .. } in letters {
        match letter.fault {
            Fault::Call(call_id) => {
                calls.insert(call_id);
            }
            Fault::Record { window, .. } | Fault::Window(window) if !windows.contains(&window) => {
                windows.push(window);
            }
            Fault::Record { .. } | Fault::Window(_) => {}
        }
    }
    Replay {
        calls: calls.into_iter().collect(),
        windows,
    }
}
