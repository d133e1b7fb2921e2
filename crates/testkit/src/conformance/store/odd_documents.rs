//! Documents that differ from Gong's documentation, contain what no store can hold, or are
//! refused by a store: none of them loses its call or its page.

use calls::{CallId, RawDocument};
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{CallStore, KnownCallsQuery, LandedCounts};

use super::documents::{CallDocument, SIX_TO_FOUR, calls, page, raw, spoken, transcript_document};
use super::{detail, done, land, load, load_well, rows};

/// Bytes of a document that a store under test takes at most, by its settings: what stores
/// take by default fills a gigabyte of memory once all of them are tested.
pub const MAX_DOCUMENT_BYTES: usize = 1 << 20;

/// Left out where a store cannot be set to take no more than [`MAX_DOCUMENT_BYTES`].
pub const LIMITED: &[(&str, &str)] = &[(
    "a_document_that_is_too_large_lands_nothing_of_its_page",
    "its limit cannot be set, and 128 MB take seconds",
)];

/// A call with more bytes than these: nothing of it can be cleaned, so it is what a store
/// refuses, and what isolating a document at fault can be tried with.
pub fn too_large_document(id: &str, bytes: usize) -> RawDocument {
    let call = CallDocument::new(id).with_part("customData", json!("x".repeat(bytes)));
    call.document()
}

const ODD: &str = r#"{
    "metaData": {"id": "odd", "started": 7, "scheduled": "2026-03-02T10:00:00Z", "title": 7, "duration": "600",
        "primaryUserId": ["u-ana"], "isPrivate": "true", "language": {"code": "eng"}, "workspaceId": 12,
        "url": false, "system": 3.5, "direction": "Inbound"},
    "context": [{"system": "HubSpot", "objects": "none"}],
    "parties": [null, {"id": 1, "userId": "u-ana", "title": 7, "name": "Ana Reyes", "speakerId": "v-rep",
        "emailAddress": ["ana@seller.test"], "affiliation": "Internal"}, "somebody"],
    "content": {"topics": {"name": "x"}, "trackers": [{"name": "T", "count": "3"}], "brief": {"text": "x"}}
}"#;

/// A value of another type than documented is none, with a note that names its place.
pub async fn odd_values_are_left_out_and_noted(store: &dyn CallStore) {
    load_well(store, page([raw("odd", ODD)], [])).await;
    let odd = detail(store, "odd").await;
    assert_eq!(
        odd.decoding_notes,
        [
            "metaData.started: a number in place of an ISO 8601 instant with an offset",
            "metaData.title: a number in place of text",
            "metaData.url: true or false in place of text",
            "metaData.duration: text in place of a number",
            "metaData.primaryUserId: a list in place of an id",
            "metaData.system: a number in place of text",
            "metaData.language: an object in place of text",
            "metaData.isPrivate: text in place of true or false, read as one",
            "context[0].objects: text in place of a list",
            "parties[1].emailAddress: a list in place of text",
            "parties[1].title: a number in place of text",
            "parties[2]: text in place of an object",
            "content.topics: an object in place of a list",
            "content.trackers[0].count: text in place of a number",
            "content.brief: an object in place of text",
        ]
    );
    let call = odd.call;
    assert_eq!(Some(call.started), call.scheduled);
    assert_eq!(
        (call.title, call.url, call.system, call.brief),
        (None, None, None, None)
    );
    assert_eq!((call.duration_seconds, call.is_private), (0, true));
    assert_eq!(call.primary_user_id, None);
    assert_eq!(call.workspace_id.unwrap().as_str(), "12");
    assert_eq!((call.parties.len(), call.topics.len()), (1, 0));
    let party = &call.parties[0];
    assert_eq!((&party.email, &party.title), (&None, &None));
    assert_eq!(party.id.as_ref().unwrap().as_str(), "1");
    assert_eq!(
        (call.trackers[0].name.as_str(), call.trackers[0].count),
        ("T", 0)
    );

    // Once Gong serves it as documented, nothing is said of it.
    load_well(store, calls(&["odd"])).await;
    let usual = detail(store, "odd").await;
    assert_eq!(usual.decoding_notes, [""; 0]);
    assert_eq!(usual.call.title.as_deref(), Some("Call odd"));
}

/// Times in quotes are times, others are those of the sentence before; words that are no
/// text are none. The transcript is there all the same.
pub async fn odd_times_of_sentences_are_read_or_follow_the_one_before(store: &dyn CallStore) {
    let transcript = raw(
        "1",
        r#"{"callId": 1, "transcript": [
            {"speakerId": "v-rep", "topic": 3, "sentences": [
                {"start": "0", "end": "1000", "text": "x"}, {"start": {}, "end": "soon", "text": 42},
                {"text": "also untimed"}, null, {"start": 1500.5, "end": " 1999.5 ", "text": "float"}]},
            {"speakerId": true, "sentences": "none"}, 7]}"#,
    );
    load_well(
        store,
        page([CallDocument::new("1").document()], [transcript]),
    )
    .await;
    let odd = detail(store, "1").await;
    let read = odd.transcript.unwrap();
    let sentences = read.sentences.iter();
    let seen: Vec<_> = sentences
        .map(|s| (s.index, s.start_ms, s.end_ms, s.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (0, 0, 1_000, "x"),
            (1, 1_000, 1_000, ""),
            (2, 1_000, 1_000, "also untimed"),
            (3, 1_501, 2_000, "float"),
        ]
    );
    let notes = odd.decoding_notes;
    for (note, expected) in notes.iter().zip([
        "transcript[0].topic: ",
        "transcript[0].sentences[0].start: ",
        "transcript[0].sentences[0].end: ",
        "transcript[0].sentences[1].start: ",
        "transcript[0].sentences[1].end: ",
        "transcript[0].sentences[1].text: ",
        "transcript[0].sentences[4].end: ",
        "transcript[1].speakerId: ",
        "transcript[1].sentences: ",
        "transcript[2]: ",
    ]) {
        assert!(note.starts_with(expected), "{notes:?}");
    }
    assert_eq!(notes.len(), 10, "{notes:?}");
    load_well(store, page([], [transcript_document("1", SIX_TO_FOUR)])).await;
    assert_eq!(detail(store, "1").await.decoding_notes, [""; 0]);
}

/// Lone surrogates, NUL, keys that stand twice and numbers out of range are cleaned before
/// anything lands, the same for every store.
pub async fn what_no_store_can_hold_is_cleaned(store: &dyn CallStore) {
    let digits = "7".repeat(40);
    let call = format!(
        r#"{{"metaData": {{"id": "2", "started": "2026-03-02T10:00:00Z", "title": "first",
            "title": "Cut emoji \ud83d", "duration": 1e400, "customData": {digits}}},
            "parties": [{{"name": "NUL \u0000 in it", "speakerId": "v-rep"}}],
            "media": {{"audioUrl": "https://media.test/\u0000"}}}}"#
    );
    let said = r#"{"callId": "2", "transcript": [{"speakerId": "v-rep", "sentences": [
        {"start": 0, "end": 10, "text": "a\udc00b", "text": "\ud83d\ude00 and \ud83d"}]}]}"#;
    let odd = || {
        page(
            [CallDocument::new("1").document(), raw("2", &*call)],
            [transcript_document("1", SIX_TO_FOUR), raw("2", said)],
        )
    };
    assert_eq!(load(store, odd()).await.transformed, 2);
    let cleaned = detail(store, "2").await;
    assert_eq!(cleaned.call.title.as_deref(), Some("Cut emoji \u{fffd}"));
    assert_eq!(
        cleaned.call.parties[0].name.as_deref(),
        Some("NUL \u{fffd} in it")
    );
    let text = &cleaned.transcript.unwrap().sentences[0].text;
    assert_eq!(text, "\u{1F600} and \u{fffd}");
    assert_eq!(
        cleaned.decoding_notes,
        [
            "metaData.title: a lone surrogate became U+FFFD",
            "metaData.duration: a number out of range became text",
            "metaData.customData: a number out of range became text",
            "metaData.title: the key stands twice, the last value stays",
            "parties[0].name: NUL became U+FFFD",
            "media.audioUrl: NUL became U+FFFD",
            "metaData.duration: text in place of a number",
            "transcript[0].sentences[0].text: a lone surrogate became U+FFFD",
            "transcript[0].sentences[0].text: a lone surrogate became U+FFFD",
            "transcript[0].sentences[0].text: the key stands twice, the last value stays",
        ]
    );
    let again = land(store, odd()).await;
    let unchanged = LandedCounts {
        unchanged: 2,
        ..LandedCounts::default()
    };
    assert_eq!((again.calls, again.transcripts), (unchanged, unchanged));
    assert!(again.changed.is_empty());
    // As a source sends it that cleans by itself.
    let clean = format!(
        "{{\"metaData\": {{\"id\": \"2\", \"started\": \"2026-03-02T10:00:00Z\", \"title\": \"Cut emoji \u{fffd}\",
            \"duration\": \"1e400\", \"customData\": \"{digits}\"}},
            \"parties\": [{{\"name\": \"NUL \u{fffd} in it\", \"speakerId\": \"v-rep\"}}]}}"
    );
    assert_eq!(
        land(store, page([raw("2", clean)], []))
            .await
            .calls
            .unchanged,
        1
    );
}

/// A document that a store refuses is the error of its page, not retryable, and nothing of
/// the page lands; without it the rest does. The store takes [`MAX_DOCUMENT_BYTES`].
pub async fn a_document_that_is_too_large_lands_nothing_of_its_page(store: &dyn CallStore) {
    let mut bad = spoken("1");
    bad.calls.push(too_large_document("2", MAX_DOCUMENT_BYTES));
    bad.deleted = vec![CallId::new("3")];
    load_well(store, spoken("3")).await;
    let error = store.land(bad).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    assert!(!error.is_retryable());
    let known = done(store.known_calls(&all()).await);
    assert_eq!(known.len(), 1, "the page is refused as a whole");
    assert_eq!(rows(store, "GONG_CALL_TRANSCRIPTS_RAW").await, 1);
    load_well(store, spoken("1")).await;
    assert_eq!(done(store.known_calls(&all()).await).len(), 2);
}

fn all() -> KnownCallsQuery {
    KnownCallsQuery {
        limit: 10,
        ..KnownCallsQuery::default()
    }
}
