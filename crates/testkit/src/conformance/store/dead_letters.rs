//! What could not be landed.

use snowflake_store::{
    CallStore, CheckpointStep, DeadLetter, DeadLettersQuery, Fault, Stream, Window,
};

use super::documents::{CallDocument, SIX_TO_FOUR, deletion, page, transcript_document};
use super::runs::checkpoint;
use super::{at, done, land, window};

fn of_call(stream: Stream, id: &str) -> DeadLetter {
    DeadLetter {
        stream,
        fault: Fault::Call(id.into()),
        reason: "callId: missing".to_owned(),
        payload: Some("{not json".to_owned()),
        run_id: "run".to_owned(),
        failed_at: at("2026-02-01"),
        reader_version: 7,
    }
}

fn of_window(stream: Stream, window: Window) -> DeadLetter {
    DeadLetter {
        fault: Fault::Window(window),
        payload: None,
        ..of_call(stream, "")
    }
}

async fn letters(store: &dyn CallStore) -> Vec<DeadLetter> {
    let records = done(store.dead_letters(&DeadLettersQuery::first(100)).await);
    records.into_iter().map(|record| record.letter).collect()
}

/// A letter is kept as it is, oldest first; the same again is one more attempt.
pub async fn dead_letters_count_their_attempts(store: &dyn CallStore) {
    assert_eq!(
        done(store.dead_letters(&DeadLettersQuery::first(10)).await),
        []
    );
    done(store.record_dead_letters(&[]).await);
    let week = window("2026-01-01", "2026-01-08");
    let all = [
        of_call(Stream::Calls, "1"),
        of_window(Stream::Calls, week),
        of_call(Stream::Transcripts, "1"),
        of_window(Stream::Transcripts, week),
    ];
    done(store.record_dead_letters(&all).await);
    assert_eq!(letters(store).await, all);
    let again = DeadLetter {
        reason: "timed out".to_owned(),
        run_id: "next".to_owned(),
        ..all[1].clone()
    };
    done(
        store
            .record_dead_letters(&[again.clone(), again.clone()])
            .await,
    );
    let records = done(store.dead_letters(&DeadLettersQuery::first(2)).await);
    assert_eq!(records.len(), 2, "no more than asked for");
    assert_eq!((records[0].attempts, records[1].attempts), (1, 3));
    assert_eq!(records[1].letter, again);
    assert!(records[1].first_failed_at <= records[1].last_failed_at);
    assert_eq!(letters(store).await.len(), 4);
}

/// The document of a letter lands, new or not: that letter is gone and no other.
pub async fn a_landed_document_clears_its_dead_letter(store: &dyn CallStore) {
    let (calls, transcripts) = (Stream::Calls, Stream::Transcripts);
    let all = [
        of_call(calls, "1"),
        of_call(calls, "2"),
        of_call(transcripts, "1"),
    ];
    done(store.record_dead_letters(&all).await);
    let document = CallDocument::new("1").document();
    land(store, page([document.clone()], [])).await;
    assert_eq!(letters(store).await, all[1..]);
    done(store.record_dead_letters(&all[..1]).await);
    land(store, page([document], [])).await;
    assert_eq!(
        letters(store).await,
        all[1..],
        "also when nothing of it is new"
    );
    land(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(letters(store).await, all[1..2]);
}

/// A checkpoint that says a window is done clears the letters of that window.
pub async fn a_done_window_clears_its_dead_letters(store: &dyn CallStore) {
    let (week, next) = (
        window("2026-01-01", "2026-01-08"),
        window("2026-01-08", "2026-01-15"),
    );
    let all = [
        of_call(Stream::Calls, "1"),
        of_window(Stream::Calls, week),
        of_window(Stream::Calls, next),
    ];
    done(store.record_dead_letters(&all).await);
    let step = |window, step| checkpoint("run", Stream::Calls, window, step, None);
    land(store, step(week, CheckpointStep::Page)).await;
    assert_eq!(letters(store).await, all, "a page of it is not all of it");
    land(store, step(week, CheckpointStep::WindowDone)).await;
    assert_eq!(letters(store).await, [all[0].clone(), all[2].clone()]);
}

/// There is nothing left to land of a call that is gone, stored or not.
pub async fn a_deleted_call_has_no_dead_letters(store: &dyn CallStore) {
    let all = ["1", "2"].map(|id| of_call(Stream::Calls, id));
    done(store.record_dead_letters(&all).await);
    land(store, deletion(&["1"])).await;
    assert_eq!(letters(store).await, all[1..]);
}
