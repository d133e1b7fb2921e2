//! Dead letters: keyed by what is at fault, paged through, and retired by a person.

use resilience::ErrorKind;
use snowflake_store::{
    CallStore, DeadLetter, DeadLetterRecord, DeadLettersQuery, Fault, Stream, Window,
};

use super::documents::calls;
use super::{at, done, land, window};

/// A letter of a call.
pub(super) fn of_call(stream: Stream, id: &str) -> DeadLetter {
    DeadLetter {
        stream,
        fault: Fault::Call(id.into()),
        reason: "callId: missing".to_owned(),
        payload: Some("{not json".to_owned()),
        run_id: "run".to_owned(),
        failed_at: at("2026-02-01"),
        decoder_version: 7,
    }
}

/// A letter of a span.
pub(super) fn of_window(stream: Stream, window: Window) -> DeadLetter {
    DeadLetter {
        fault: Fault::Window(window),
        payload: None,
        ..of_call(stream, "")
    }
}

/// A letter of a record without an id.
pub(super) fn of_record(payload: &str, window: Window) -> DeadLetter {
    DeadLetter {
        fault: Fault::record(payload, window),
        payload: Some(payload.to_owned()),
        ..of_call(Stream::Calls, "")
    }
}

/// All open letters.
pub(super) async fn letters(store: &dyn CallStore) -> Vec<DeadLetterRecord> {
    done(store.dead_letters(&DeadLettersQuery::first(100)).await)
}

/// What open letters are of.
pub(super) async fn faults(store: &dyn CallStore) -> Vec<(Stream, Fault)> {
    let records = letters(store).await;
    let letters: Vec<DeadLetter> = records.into_iter().map(|record| record.letter).collect();
    of(&letters)
}

/// What letters are of.
pub(super) fn of(letters: &[DeadLetter]) -> Vec<(Stream, Fault)> {
    letters
        .iter()
        .map(|letter| (letter.stream, letter.fault.clone()))
        .collect()
}

/// Pages of letters follow on one another, by when a thing failed first, stream and key,
/// also when the last letter of a page has gone in between.
pub async fn dead_letters_come_in_pages(store: &dyn CallStore) {
    let sorted = [
        DeadLetter {
            failed_at: at("2026-01-31T23:59:59.5Z"),
            ..of_call(Stream::Transcripts, "9")
        },
        of_call(Stream::Calls, "1"),
        of_call(Stream::Calls, "2"),
        of_window(Stream::Calls, window("2026-01-01", "2026-01-02")),
        of_call(Stream::Transcripts, "1"),
        DeadLetter {
            failed_at: at("2026-02-01T00:00:00.25Z"),
            ..of_call(Stream::Calls, "0")
        },
    ];
    let mut shuffled = sorted.clone();
    shuffled.reverse();
    done(store.record_dead_letters(&shuffled).await);
    let mut query = DeadLettersQuery::first(2);
    let mut listed = Vec::new();
    loop {
        let page = done(store.dead_letters(&query).await);
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        query.after = Some(last.position());
        listed.extend(page.into_iter().map(|record| record.letter));
        // The last of the first page lands.
        land(store, calls(&["1"])).await;
    }
    assert_eq!(listed, sorted);

    for position in ["", "calls", "yesterday calls call:1"] {
        query.after = Some(position.to_owned());
        let error = store.dead_letters(&query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{position}");
        assert_eq!(error.field(), Some("after"));
    }
}

/// A letter that was given up is out of sight and not counted, also when its thing fails
/// again; it goes when the thing lands.
pub async fn a_retired_dead_letter_is_out_of_sight(store: &dyn CallStore) {
    let all = [of_call(Stream::Calls, "1"), of_call(Stream::Calls, "2")];
    done(store.record_dead_letters(&all).await);
    let retire =
        async |stream, key: &str, day| done(store.retire_dead_letter(stream, key, at(day)).await);
    assert!(!retire(Stream::Transcripts, "call:1", "2026-03-01").await);
    assert!(!retire(Stream::Calls, "call:3", "2026-03-01").await);
    let key = all[0].fault.key();
    assert!(retire(Stream::Calls, &key, "2026-03-01").await);
    assert!(retire(Stream::Calls, &key, "2026-03-02").await, "again");
    done(store.record_dead_letters(&all[..1]).await);

    assert_eq!(faults(store).await, of(&all[1..]));
    assert_eq!(done(store.freshness().await).dead_letters, 1);
    let with_retired = DeadLettersQuery {
        retired: true,
        ..DeadLettersQuery::first(10)
    };
    let listed = done(store.dead_letters(&with_retired).await);
    let told: Vec<_> = listed
        .iter()
        .map(|record| (record.attempts, record.retired_at))
        .collect();
    assert_eq!(told, [(2, Some(at("2026-03-01"))), (1, None)]);

    land(store, calls(&["1"])).await;
    assert_eq!(done(store.dead_letters(&with_retired).await).len(), 1);
}
