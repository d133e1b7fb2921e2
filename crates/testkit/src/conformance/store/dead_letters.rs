//! Dead letters, and when they are removed.

use snowflake_store::{CallStore, CheckpointStep, DeadLetter, Fault, Stream, Window};

use super::documents::{CallDocument, SIX_TO_FOUR, deletion, page, transcript_document};
use super::letters::{faults, letters, of, of_call, of_record, of_window};
use super::runs::checkpoint;
use super::{at, done, land, window};

const ROLLING: [Stream; 3] = [Stream::Sweep, Stream::Relist, Stream::Check];

fn week() -> Window {
    window("2026-01-01", "2026-01-08")
}

fn day() -> Window {
    window("2026-01-03", "2026-01-04")
}

/// A checkpoint of a run that says a span is read to its end.
async fn finish_window(store: &dyn CallStore, run: &str, stream: Stream, window: Window) {
    let done = checkpoint(run, stream, window, CheckpointStep::WindowDone, None);
    land(store, done).await;
}

/// The same thing again, in whatever run, is one more attempt: the letter says what happened
/// last, and when it happened first.
pub async fn dead_letters_count_their_attempts(store: &dyn CallStore) {
    assert_eq!(letters(store).await, []);
    done(store.record_dead_letters(&[]).await);
    let all = [
        of_call(Stream::Calls, "1"),
        of_window(Stream::Calls, week()),
        of_call(Stream::Transcripts, "1"),
        of_window(Stream::Transcripts, week()),
    ];
    done(store.record_dead_letters(&all).await);
    let recorded = letters(store).await;
    let as_recorded: Vec<DeadLetter> = recorded.into_iter().map(|record| record.letter).collect();
    assert_eq!(as_recorded, all);
    let again = DeadLetter {
        reason: "timed out".to_owned(),
        run_id: "next".to_owned(),
        failed_at: at("2026-02-03T00:00:00.5Z"),
        decoder_version: 8,
        payload: None,
        ..all[0].clone()
    };
    done(
        store
            .record_dead_letters(&[again.clone(), again.clone()])
            .await,
    );
    let records = letters(store).await;
    let attempts: Vec<u64> = records.iter().map(|record| record.attempts).collect();
    assert_eq!(attempts, [3, 1, 1, 1]);
    let expected = DeadLetter {
        payload: all[0].payload.clone(),
        ..again.clone()
    };
    assert_eq!(records[0].letter, expected, "what came is kept");
    assert_eq!(records[0].first_failed_at, all[0].failed_at);
    assert_eq!(records[0].last_failed_at, again.failed_at);
    assert_eq!(records[0].retired_at, None);
}

/// The document of a letter lands, new or not: that letter is gone and no other.
pub async fn a_landed_document_clears_its_dead_letter(store: &dyn CallStore) {
    let all = [
        of_call(Stream::Calls, "1"),
        of_call(Stream::Calls, "2"),
        of_call(Stream::Transcripts, "1"),
    ];
    done(store.record_dead_letters(&all).await);
    let document = CallDocument::new("1").document();
    land(store, page([document.clone()], [])).await;
    assert_eq!(faults(store).await, of(&all[1..]));
    done(store.record_dead_letters(&all[..1]).await);
    land(store, page([document], [])).await;
    assert_eq!(
        faults(store).await,
        of(&all[1..]),
        "also when nothing of it is new"
    );
    land(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(faults(store).await, of(&all[1..2]));
}

/// There is nothing left to land of a call that is gone, stored or not.
pub async fn a_deleted_call_has_no_dead_letters(store: &dyn CallStore) {
    let all = [
        of_call(Stream::Calls, "1"),
        of_call(Stream::Calls, "2"),
        of_call(Stream::Transcripts, "1"),
    ];
    done(store.record_dead_letters(&all).await);
    land(store, deletion(&["1"])).await;
    assert_eq!(faults(store).await, of(&all[1..2]));
}

/// A span that another run has read to its end takes the letters of spans within it, and no
/// other letter; a single page of it takes none. The run that put a part of it aside keeps
/// the letter of that part.
pub async fn a_done_window_clears_the_dead_letters_of_its_spans(store: &dyn CallStore) {
    let all = [
        of_call(Stream::Calls, "1"),
        of_window(Stream::Calls, day()),
        of_window(Stream::Calls, window("2026-01-07", "2026-01-09")),
        of_window(Stream::Calls, week()),
        of_window(Stream::Relist, day()),
    ];
    done(store.record_dead_letters(&all).await);
    let before = faults(store).await;
    land(
        store,
        checkpoint("run", Stream::Calls, week(), CheckpointStep::Page, None),
    )
    .await;
    assert_eq!(faults(store).await, before, "a page of it is not all of it");
    finish_window(store, "run", Stream::Calls, week()).await;
    assert_eq!(faults(store).await, before, "the run put them aside itself");
    finish_window(store, "next", Stream::Calls, week()).await;
    assert_eq!(faults(store).await, of(&[all[0].clone(), all[2].clone()]));
}

/// What goes around beside a run has not read a span as a run does.
pub async fn rolling_checkpoints_clear_no_dead_letter(store: &dyn CallStore) {
    let all = [
        of_call(Stream::Calls, "1"),
        of_record("{}", day()),
        of_window(Stream::Calls, day()),
        of_window(Stream::Sweep, day()),
    ];
    done(store.record_dead_letters(&all).await);
    let before = faults(store).await;
    for stream in ROLLING {
        finish_window(store, "next", stream, week()).await;
        assert_eq!(faults(store).await, before, "{}", stream.as_str());
    }
}

/// A record without an id outlives the end of the window it was met in, until another run
/// reads its span and does not meet it.
pub async fn a_record_outlives_the_window_it_was_met_in(store: &dyn CallStore) {
    let record = of_record(r#"{"title":"no id"}"#, day());
    done(
        store
            .record_dead_letters(std::slice::from_ref(&record))
            .await,
    );
    finish_window(store, "run", Stream::Calls, day()).await;
    assert_eq!(faults(store).await, of(std::slice::from_ref(&record)));

    let again = DeadLetter {
        run_id: "next".to_owned(),
        ..record.clone()
    };
    done(
        store
            .record_dead_letters(std::slice::from_ref(&again))
            .await,
    );
    finish_window(store, "next", Stream::Calls, day()).await;
    assert_eq!(letters(store).await[0].attempts, 2, "it was met again");
    let part = window("2026-01-03", "2026-01-03T12:00:00Z");
    finish_window(store, "third", Stream::Calls, part).await;
    finish_window(store, "third", Stream::Transcripts, week()).await;
    assert_eq!(letters(store).await.len(), 1, "its span was not read again");
    finish_window(store, "third", Stream::Calls, week()).await;
    assert_eq!(letters(store).await, []);
}

/// A record met in several spans has one letter, with the shortest of them.
pub async fn a_record_has_one_dead_letter_with_its_shortest_span(store: &dyn CallStore) {
    let text = r#"{"title":"no id","parties":[]}"#;
    let other = r#"{"parties": [], "title": "no id", "media": {"url": "signed anew"}}"#;
    for span in [week(), day(), window("2025-12-01", "2026-02-01")] {
        done(store.record_dead_letters(&[of_record(other, span)]).await);
    }
    done(store.record_dead_letters(&[of_record(text, week())]).await);
    let records = letters(store).await;
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].attempts, 4);
    assert_eq!(records[0].letter.fault, Fault::record(text, day()));
    finish_window(store, "next", Stream::Calls, day()).await;
    assert_eq!(letters(store).await, []);
}
