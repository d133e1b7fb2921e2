//! What Gong sends beside what it specifies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::gong::{decode_call, decode_transcript};
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
    let json = r#"{"callId":"7","transcript":[{"sentences":[{"start":-1e300,"end":1e300}]}]}"#;
    let sentence = decode_transcript(json).unwrap().sentences.remove(0);
    assert_eq!(sentence.duration_ms(), 2_000_000_000_000_000);
}

#[test]
fn a_transcript_may_be_empty() {
    for json in [r#"{"callId":"7"}"#, r#"{"callId":"7","transcript":null}"#] {
        assert!(decode_transcript(json).unwrap().sentences.is_empty());
    }
}

#[test]
fn errors_name_the_place_and_never_show_the_content() {
    // The value imitates serde's own wording, to be cut at the wrong place.
    let sly = "SECRET words, expected SECRET at line SECRET";
    for json in [
        with(&json!({"metaData": {"id": "7", "started": sly}})),
        with(&json!({"metaData": {"id": "7", "duration": sly}})),
        with(&json!({"metaData": {"id": [sly]}})),
        with(&json!({"parties": sly})),
        with(&json!({"parties": [{"context": [{"objects": [{"fields": sly}]}]}]})),
        with(&json!({"content": {"topics": [{"name": "x", "duration": sly}]}})),
        json!({"callId": "7", "transcript": [{"sentences": [{"start": sly}]}]}),
    ] {
        let text = json.to_string();
        for error in [decode_call(&text).unwrap_err(), transcript_error(&text)] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("SECRET"), "{shown}");
        }
    }
    let error = transcript_error(r#"{"callId":"7","transcript":[{},{"sentences":[{"end":"x"}]}]}"#);
    assert_eq!(error.path, "transcript[1].sentences[0].end");
    let error = transcript_error(r#"{"callId":"7","transcript":[{"sentences":[{"text":"SECRET"#);
    assert!(error.reason.contains("ends too early"), "{error}");
    assert!(!error.to_string().contains("SECRET"));
    assert_eq!(transcript_error("{}").reason, "missing field `callId`");
}

fn transcript_error(json: &str) -> calls::gong::DecodeError {
    decode_transcript(json).unwrap_err()
}
