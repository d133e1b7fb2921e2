//! Dead letters: writing them to the store, and retrying them.

use std::collections::{BTreeSet, HashSet};

use calls::{CallId, Timestamp};
use gong_client::Rejected;
use jiff::SignedDuration;
use snowflake_store::{
    CallStore, DeadLetter, DeadLetterRecord, DeadLettersQuery, Fault, Stream, Window,
};

use crate::Result;

/// The longest pause before something is asked for again.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Letters read from the store at once.
const LETTERS_PER_READ: usize = 1_000;

/// Makes the letters of a run.
#[derive(Debug, Clone)]
pub(crate) struct LetterWriter {
    pub(crate) run_id: String,
    pub(crate) now: Timestamp,
}

impl LetterWriter {
    pub(crate) fn letter(
        &self,
        stream: Stream,
        fault: Fault,
        reason: String,
        payload: Option<String>,
    ) -> DeadLetter {
        DeadLetter {
            stream,
            fault,
            reason,
            payload,
            run_id: self.run_id.clone(),
            failed_at: self.now,
            decoder_version: calls::gong::DECODER_VERSION,
        }
    }

    /// For a record that could not be read; `window` is the span it was met in.
    pub(crate) fn of_rejected(
        &self,
        stream: Stream,
        window: Window,
        rejected: Rejected,
    ) -> DeadLetter {
        let fault = match rejected.call_id {
            Some(id) => Fault::Call(id),
            None => Fault::record(&rejected.payload, window),
        };
        self.letter(stream, fault, rejected.reason, Some(rejected.payload))
    }

    /// For a call or a transcript that could not be fetched.
    pub(crate) fn of_call(&self, stream: Stream, id: CallId, reason: String) -> DeadLetter {
        self.letter(stream, Fault::Call(id), reason, None)
    }

    /// For a span that could not be read, however short.
    pub(crate) fn of_window(&self, window: Window, reason: String) -> DeadLetter {
        self.letter(Stream::Calls, Fault::Window(window), reason, None)
    }
}

/// What the letters of earlier runs mean for this one.
#[derive(Debug, Default)]
pub(crate) struct Letters {
    /// Spans to read again.
    pub(crate) due_windows: Vec<Window>,
    /// Spans around records without an id, to read again.
    pub(crate) due_records: Vec<Window>,
    /// Calls to ask for by id, with their transcripts.
    pub(crate) due_calls: Vec<CallId>,
    /// Spans that have a letter of their own, due or not: the run's windows leave them out.
    pub(crate) windows: Vec<Window>,
    /// Transcripts that are not asked for, because they failed not long ago.
    pub(crate) paused_transcripts: HashSet<CallId>,
}

impl Letters {
    /// Reads all letters of a store and sorts them by what is to be done.
    pub(crate) async fn read(store: &dyn CallStore, now: Timestamp) -> Result<Self> {
        let mut letters = Self::default();
        let mut calls = BTreeSet::new();
        let mut query = DeadLettersQuery {
            limit: LETTERS_PER_READ,
            retired: true,
            ..DeadLettersQuery::default()
        };
        loop {
            let page = store.dead_letters(&query).await?;
            let Some(last) = page.last() else { break };
            query.after = Some(last.position());
            for record in page {
                letters.sort(&record, now, &mut calls);
            }
        }
        letters.due_calls = calls.into_iter().collect();
        Ok(letters)
    }

    fn sort(&mut self, record: &DeadLetterRecord, now: Timestamp, calls: &mut BTreeSet<CallId>) {
        let is_due = is_due(record, now);
        match &record.letter.fault {
            Fault::Call(id) if is_due => {
                calls.insert(id.clone());
            }
            Fault::Call(id) if record.letter.stream == Stream::Transcripts => {
                self.paused_transcripts.insert(id.clone());
            }
            Fault::Call(_) => {}
            Fault::Record { window, .. } if is_due => push_new(&mut self.due_records, *window),
            Fault::Record { .. } => {}
            Fault::Window(window) => {
                push_new(&mut self.windows, *window);
                if is_due {
                    push_new(&mut self.due_windows, *window);
                }
            }
        }
    }
}

fn push_new(windows: &mut Vec<Window>, window: Window) {
    if !windows.contains(&window) {
        windows.push(window);
    }
}

/// Whether a letter's thing is asked for again.
///
/// The pause is half of the time for which it has failed so far, so that it grows
/// by the half with each attempt: what failed an hour ago is tried by the next run,
/// what has failed for a month once a week. A person's word ends it; a reader that has
/// changed may read what the one before could not.
fn is_due(record: &DeadLetterRecord, now: Timestamp) -> bool {
    if record.retired_at.is_some() {
        return false;
    }
    let failing = record.last_failed_at.duration_since(record.first_failed_at);
    let pause = (failing / 2).min(LONGEST_PAUSE);
    let waited = now.duration_since(record.last_failed_at);
    // A clock that went back makes nothing wait for ever.
    waited >= pause
        || waited.is_negative()
        || record.letter.decoder_version != calls::gong::DECODER_VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(failing_hours: i64, retired: bool) -> DeadLetterRecord {
        let first: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
        let writer = LetterWriter {
            run_id: "r".to_owned(),
            now: first,
        };
        DeadLetterRecord {
            letter: writer.of_call(Stream::Transcripts, CallId::new("1"), "no".to_owned()),
            attempts: 2,
            first_failed_at: first,
            last_failed_at: first + SignedDuration::from_hours(failing_hours),
            retired_at: retired.then_some(first),
        }
    }

    fn is_due_after(record: &DeadLetterRecord, hours: i64) -> bool {
        is_due(
            record,
            record.last_failed_at + SignedDuration::from_hours(hours),
        )
    }

    #[test]
    fn pauses_grow_with_the_time_for_which_it_failed() {
        assert!(is_due_after(&record(0, false), 0), "the next run tries");
        assert!(!is_due_after(&record(48, false), 23));
        assert!(is_due_after(&record(48, false), 24));
        assert!(!is_due_after(&record(24 * 90, false), 24 * 6));
        assert!(is_due_after(&record(24 * 90, false), 24 * 7));
        assert!(is_due_after(&record(48, false), -1), "a clock set back");
    }

    #[test]
    fn what_a_person_retired_is_not_asked_for() {
        assert!(!is_due_after(&record(0, true), 10_000));
    }

    #[test]
    fn another_reader_tries_at_once() {
        let mut record = record(24 * 90, false);
        record.letter.decoder_version = record.letter.decoder_version.wrapping_add(1);
        assert!(is_due_after(&record, 1));
    }
}
