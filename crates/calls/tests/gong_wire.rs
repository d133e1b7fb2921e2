//! What Gong sends beside what it specifies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::gong::{
    call_times, decode_call, decode_call_with_notes, decode_transcript,
    decode_transcript_with_notes,
};
use calls::{Affiliation, Call, CrmObjectKind, Direction};
use serde_json::{Value, json};

fn call(extra: &Value) -> Call {
    decode_call(&with(extra).to_string()).unwrap()
}

/// A minimal extensive call with other parts added.
fn with(extra: &Value) -> Value {
    let mut call = json!({"metaData": {"id": "7", "started": "2026-05-19T03:30:46.81-07:00"}});
    for (key, value) in extra.as_object().unwrap() {
        call[key] = value.clone();
    }
    call
}

#[test]
fn ids_are_strings_or_integers() {
    let call = call(&json!({
        "metaData": {
            "id": 7_782_342_274_025_937_895_u64,
            "started": "2026-05-19T10:00:00Z",
            "primaryUserId": 12,
            "workspaceId": "00042",
        },
        "parties": [{"id": 1, "userId": 12, "speakerId": 3}],
    }));
    assert_eq!(call.id.as_str(), "7782342274025937895");
    assert_eq!(call.workspace_id.as_ref().unwrap().as_str(), "00042");
    assert!(call.primary_party().is_some());
}

#[test]
fn an_id_that_has_lost_digits_is_refused() {
    for id in [
        "1860496513693944600.0",
        "1.8604965136939446e18",
        "true",
        "null",
        "{}",
    ] {
        let json = format!(r#"{{"metaData":{{"id":{id},"started":"2026-05-19T10:00:00Z"}}}}"#);
        let error = decode_call(&json).unwrap_err();
        assert_eq!(error.path, "metaData.id", "{error}");
    }
}

#[test]
fn nulls_are_accepted_wherever_something_is_optional() {
    let nothing = call(&json!({"context": null, "parties": null, "content": null}));
    assert!(nothing.parties.is_empty() && nothing.crm.is_empty() && nothing.brief.is_none());

    let call = call(&json!({
        "metaData": {
            "id": "7", "started": "2026-05-19T10:00:00Z", "title": null, "scheduled": null,
            "duration": null, "direction": null, "scope": null, "media": null, "isPrivate": null,
        },
        "context": [null, {"system": null, "objects": null}, {"objects": [null, {
            "objectType": null, "objectId": "1"}, {"objectType": "Deal", "objectId": 5,
            "timing": null, "fields": [null, {"name": null, "value": null}]}]}],
        "parties": [null, {"emailAddress": null, "affiliation": null, "context": null}],
        "content": {
            "brief": null,
            "topics": [null, {"name": null}, {"name": "Pricing", "duration": null}],
            "trackers": [{"name": "Competitors", "count": null}],
        },
    }));
    assert_eq!(call.direction, Direction::Unknown);
    assert_eq!(call.duration_seconds, 0);
    assert_eq!(call.crm.len(), 1);
    assert_eq!(
        (call.crm[0].kind.clone(), call.crm[0].id.as_str()),
        (CrmObjectKind::Deal, "5")
    );
    assert_eq!(call.parties.len(), 1);
    assert_eq!(call.parties[0].affiliation, Affiliation::Unknown);
    assert_eq!((call.topics.len(), call.trackers[0].count), (1, 0));
}

#[test]
fn unknown_fields_and_values_are_accepted() {
    let call = call(&json!({
        "metaData": {"id": "7", "started": "2026-05-19T10:00:00Z", "direction": "Telepathy",
            "new": {"deep": [1]}},
        "parties": [{"affiliation": "Partner"}],
        "somethingNew": {"id": 1},
    }));
    assert_eq!(call.direction, Direction::Unknown);
    assert_eq!(call.parties[0].affiliation, Affiliation::Unknown);
}

#[test]
fn times_carry_any_offset_and_fraction() {
    for (text, utc) in [
        ("2026-01-19T03:30:46.72-08:00", "2026-01-19T11:30:46.72Z"),
        (
            "2026-05-19T03:30:46.041977-07:00",
            "2026-05-19T10:30:46.041977Z",
        ),
        ("2026-05-19T12:30:46+02:00", "2026-05-19T10:30:46Z"),
        ("2026-05-19T10:30:46Z", "2026-05-19T10:30:46Z"),
        ("2026-05-19T12:30:46+0200", "2026-05-19T10:30:46Z"),
    ] {
        assert_eq!(
            call(&json!({"metaData": {"id": "7", "started": text}}))
                .started
                .to_string(),
            utc
        );
    }
}

#[test]
fn the_schedule_stands_in_for_a_missing_start() {
    let call = call(&json!({"metaData": {"id": "7", "scheduled": "2026-05-19T03:30:00-07:00"}}));
    assert_eq!(Some(call.started), call.scheduled);
    for metadata in [
        json!({"id": "7"}),
        json!({"id": "7", "started": "", "scheduled": null}),
    ] {
        let error = decode_call(&with(&json!({"metaData": metadata})).to_string()).unwrap_err();
        assert_eq!(error.path, "metaData.started");
    }
}

#[test]
fn a_basic_call_is_the_metadata_alone() {
    let call =
        decode_call(r#"{"id": 7, "started": "2026-05-19T10:00:00Z", "duration": 61.5}"#).unwrap();
    assert_eq!((call.id.as_str(), call.duration_seconds), ("7", 62));
    for seconds in ["-1", "1e300"] {
        let json = format!(r#"{{"id":7,"started":"2026-05-19T10:00:00Z","duration":{seconds}}}"#);
        let read = decode_call_with_notes(&json).unwrap();
        assert_eq!(read.value.duration_seconds, 0);
        assert_eq!(
            read.notes,
            ["duration: a number out of range in place of a number"]
        );
    }
}

#[test]
fn crm_values_are_text_or_numbers_under_gongs_names_or_hubspots() {
    let object = |fields: Value| {
        call(&json!({"context": [{"system": "HubSpot", "objects": [
            {"objectType": "OPPORTUNITY", "objectId": "1", "fields": fields}]}]}))
        .crm
        .remove(0)
    };
    let gong = object(json!([
        {"name": "StageName", "value": "Proposal"}, {"name": "Amount", "value": 25_166.67},
        {"name": "name", "value": "Acme"}, {"name": "Custom", "value": {"nested": [1]}}]));
    assert_eq!(gong.stage.as_deref(), Some("Proposal"));
    assert_eq!(gong.amount.unwrap().to_string(), "25166.67");
    assert_eq!(gong.name.as_deref(), Some("Acme"));
    let hubspot = object(json!([
        {"name": "dealname", "value": "Acme"}, {"name": "dealstage", "value": 991},
        {"name": "amount", "value": " 1.5e3 "}]));
    assert_eq!(hubspot.name.as_deref(), Some("Acme"));
    assert_eq!(hubspot.stage.as_deref(), Some("991"));
    assert_eq!(hubspot.amount.unwrap().to_string(), "1500");
    for no_amount in ["a lot", "1e27"] {
        let object = object(json!([{"name": "Amount", "value": no_amount}]));
        assert_eq!(object.amount, None, "{no_amount}");
    }
}

#[test]
fn sentences_keep_the_order_of_the_wire_and_lose_no_words() {
    let transcript = decode_transcript(
        &json!({"callId": 7, "transcript": [
            {"speakerId": null, "topic": null, "sentences": [
                {"start": 900, "end": 1_000, "text": "later"}, {"start": 10, "end": 20, "text": "earlier"},
                {"start": null, "end": null, "text": "untimed"}, {"text": "also untimed"},
                {"start": 50.4, "end": 60.5, "text": "float"}, null, {"start": 70, "end": 80}]},
            null, {"speakerId": 3, "sentences": null}, {"sentences": [{"start": 90, "end": 91, "text": "end"}]}]})
        .to_string(),
    )
    .unwrap();
    let seen: Vec<_> = transcript
        .sentences
        .iter()
        .map(|s| (s.index, s.start_ms, s.end_ms, s.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (0, 900, 1_000, "later"),
            (1, 10, 20, "earlier"),
            (2, 20, 20, "untimed"),
            (3, 20, 20, "also untimed"),
            (4, 50, 61, "float"),
            (5, 70, 80, ""),
            (6, 90, 91, "end"),
        ]
    );
}

#[test]
fn absurd_times_do_not_overflow() {
    let json = r#"{"callId":"7","transcript":[{"sentences":[{"start":-1e15,"end":1e15},{"start":1e300,"end":"1e16"}]}]}"#;
    let read = decode_transcript_with_notes(json).unwrap();
    let sentences = read.value.sentences;
    assert_eq!(sentences[0].duration_ms(), 2_000_000_000_000_000);
    assert_eq!(
        (sentences[1].start_ms, sentences[1].end_ms),
        (sentences[0].end_ms, sentences[0].end_ms)
    );
    assert_eq!(
        read.notes,
        [
            "transcript[0].sentences[1].start: a number out of range in place of a time in milliseconds",
            "transcript[0].sentences[1].end: other text in place of a time in milliseconds",
        ]
    );
}

#[test]
fn a_transcript_may_be_empty() {
    for json in [r#"{"callId":"7"}"#, r#"{"callId":"7","transcript":null}"#] {
        assert!(decode_transcript(json).unwrap().sentences.is_empty());
    }
}

#[test]
fn odd_values_of_a_call_are_left_out_with_a_note() {
    let sly = "SECRET";
    let read = decode_call_with_notes(
        &json!({
            "metaData": {
                "id": "7", "started": "2026-05-19T10:00:00Z", "scheduled": "tomorrow", "title": 7,
                "duration": "600", "primaryUserId": 1.5, "direction": [sly], "isPrivate": "true",
                "language": {"code": sly}, "workspaceId": true,
            },
            "context": {"system": sly},
            "parties": [sly, {"title": 7, "context": [{"system": 1, "objects": [
                {"objectType": "Contact", "objectId": 2.5, "fields": [{"name": 1}, {"name": "Name"}]}]}]}],
            "content": {"topics": {"name": sly}, "trackers": [{"name": "T", "count": "3"}], "brief": 1},
        })
        .to_string(),
    )
    .unwrap();
    assert_eq!(
        read.notes,
        [
            "metaData.scheduled: other text in place of an ISO 8601 instant with an offset",
            "metaData.title: a number in place of text",
            "metaData.duration: text in place of a number",
            "metaData.primaryUserId: a float in place of an id",
            "metaData.direction: a list in place of text",
            "metaData.language: an object in place of text",
            "metaData.workspaceId: true or false in place of an id",
            "metaData.isPrivate: text in place of true or false, read as one",
            "context: an object in place of a list",
            "parties[0]: text in place of an object",
            "parties[1].title: a number in place of text",
            "parties[1].context[0].system: a number in place of text",
            "parties[1].context[0].objects[0].objectId: a float in place of an id",
            "parties[1].context[0].objects[0].fields[0].name: a number in place of text",
            "content.topics: an object in place of a list",
            "content.trackers[0].count: text in place of a number",
            "content.brief: a number in place of text",
        ]
    );
    let call = read.value;
    assert!(
        call.is_private,
        "a private call is not made public by quotes"
    );
    assert_eq!(
        (call.title, call.scheduled, call.duration_seconds),
        (None, None, 0)
    );
    assert_eq!((call.parties.len(), call.topics.len()), (1, 0));
    assert_eq!(
        (call.trackers[0].name.as_str(), call.trackers[0].count),
        ("T", 0)
    );
}

#[test]
fn a_start_that_is_no_instant_is_the_schedule() {
    for started in [json!(1_779_184_800), json!("yesterday"), json!({})] {
        let metadata = json!({"id": "7", "started": started, "scheduled": "2026-05-19T10:00:00Z"});
        let json = json!({"metaData": metadata}).to_string();
        let read = decode_call_with_notes(&json).unwrap();
        assert_eq!(read.value.started.to_string(), "2026-05-19T10:00:00Z");
        assert!(
            read.notes[0].starts_with("metaData.started: "),
            "{:?}",
            read.notes
        );
        let times = (Some(read.value.started), read.value.scheduled);
        assert_eq!(call_times(&json), times);
        assert_eq!(call_times(&metadata.to_string()), times);
    }
    assert_eq!(call_times("[1]"), (None, None));
    let before_all =
        r#"{"id":7,"started":"0000-12-31T23:59:59Z","scheduled":"0001-01-01T00:00:00Z"}"#;
    let read = decode_call_with_notes(before_all).unwrap();
    assert_eq!(
        (Some(read.value.started), read.notes.len()),
        (read.value.scheduled, 1)
    );
    let basic =
        decode_call_with_notes(r#"{"id":7,"started":"2026-05-19T10:00:00Z","title":7}"#).unwrap();
    assert_eq!(basic.notes, ["title: a number in place of text"]);
}

#[test]
fn times_in_quotes_are_times_and_odd_words_are_none() {
    let read = decode_transcript_with_notes(
        &json!({"callId": 7, "transcript": [
            {"speakerId": 1.5, "topic": 3, "sentences": [
                {"start": "0", "end": " 1000 ", "text": "quoted"}, {"start": "1500.4", "end": "1999.5", "text": "float"},
                {"start": "soon", "end": "inf", "text": "late"}, {"start": true, "end": [], "text": 42},
                "SECRET", {"text": "on"}]},
            7, {"sentences": {"text": "SECRET"}}, {"sentences": [{"start": 3_000, "end": 4_000, "text": "end"}]}]})
        .to_string(),
    )
    .unwrap();
    let seen: Vec<_> = read
        .value
        .sentences
        .iter()
        .map(|s| (s.index, s.start_ms, s.end_ms, s.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (0, 0, 1_000, "quoted"),
            (1, 1_500, 2_000, "float"),
            (2, 2_000, 2_000, "late"),
            (3, 2_000, 2_000, ""),
            (4, 2_000, 2_000, "on"),
            (5, 3_000, 4_000, "end"),
        ]
    );
    let sentence = |index: usize, rest: &str| format!("transcript[0].sentences[{index}]{rest}");
    assert_eq!(
        read.notes,
        [
            "transcript[0].speakerId: a float in place of an id".to_owned(),
            "transcript[0].topic: a number in place of text".to_owned(),
            sentence(
                0,
                ".start: text in place of a time in milliseconds, read as one"
            ),
            sentence(
                0,
                ".end: text in place of a time in milliseconds, read as one"
            ),
            sentence(
                1,
                ".start: text in place of a time in milliseconds, read as one"
            ),
            sentence(
                1,
                ".end: text in place of a time in milliseconds, read as one"
            ),
            sentence(2, ".start: other text in place of a time in milliseconds"),
            sentence(2, ".end: other text in place of a time in milliseconds"),
            sentence(
                3,
                ".start: true or false in place of a time in milliseconds"
            ),
            sentence(3, ".end: a list in place of a time in milliseconds"),
            sentence(3, ".text: a number in place of text"),
            sentence(4, ": text in place of an object"),
            "transcript[1]: a number in place of an object".to_owned(),
            "transcript[2].sentences: an object in place of a list".to_owned(),
        ]
    );
}

#[test]
fn what_a_parser_refuses_is_cleaned_and_read() {
    let read = decode_call_with_notes(
        r#"{"metaData":{"id":"7","id":"8","started":"2026-05-19T10:00:00Z","title":"Cut \ud83d",
            "duration":1e400},"parties":[{"name":"a","name":"b"}]}"#,
    )
    .unwrap();
    assert_eq!(read.value.id.as_str(), "8");
    assert_eq!(read.value.title.as_deref(), Some("Cut \u{fffd}"));
    assert_eq!(read.value.parties[0].name.as_deref(), Some("b"));
    assert_eq!(
        read.notes,
        [
            "metaData.title: a lone surrogate became U+FFFD",
            "metaData.duration: a number out of range became text",
            "metaData.id: the key stands twice, the last value stays",
            "parties[0].name: the key stands twice, the last value stays",
            "metaData.duration: text in place of a number",
        ]
    );
    let read = decode_transcript_with_notes(
        r#"{"callId":"7","transcript":[{"sentences":[{"text":"\udc00"}]}]}"#,
    );
    assert_eq!(read.unwrap().value.sentences[0].text, "\u{fffd}");
}

#[test]
fn errors_name_the_place_and_never_show_the_content() {
    // The value imitates serde's own wording, to be cut at the wrong place.
    let sly = "SECRET words, expected SECRET at line SECRET";
    for json in [
        json!({"metaData": {"id": "7", "started": sly}}),
        with(&json!({"metaData": {"id": [sly]}})),
        with(&json!({"metaData": sly})),
        json!({"callId": {sly: 1}}),
    ] {
        let text = json.to_string();
        for error in [decode_call(&text).unwrap_err(), transcript_error(&text)] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("SECRET"), "{shown}");
        }
    }
    let error = transcript_error(r#"{"callId":"7","transcript":[{"sentences":[{"text":"SECRET"#);
    assert!(error.reason.contains("ends too early"), "{error}");
    assert!(!error.to_string().contains("SECRET"));
    assert_eq!(transcript_error("{}").reason, "missing field `callId`");
}

fn transcript_error(json: &str) -> calls::gong::DecodeError {
    decode_transcript(json).unwrap_err()
}
