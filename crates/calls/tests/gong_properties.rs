//! The readers survive whatever they are given.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::gong::{decode_call, decode_transcript};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Keys that the readers look at, so that odd values reach them.
const KEYS: &[&str] = &[
    "metaData",
    "id",
    "started",
    "scheduled",
    "duration",
    "context",
    "objects",
    "objectType",
    "objectId",
    "fields",
    "name",
    "value",
    "parties",
    "speakerId",
    "userId",
    "affiliation",
    "content",
    "topics",
    "trackers",
    "count",
    "callId",
    "transcript",
    "sentences",
    "start",
    "end",
    "text",
    "unknown",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(Value::from("2026-05-19T03:30:46.81-07:00")),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(KEYS), inner), 0..8).prop_map(|pairs| {
                Value::Object(
                    pairs
                        .into_iter()
                        .map(|(k, v)| (k.to_owned(), v))
                        .collect::<Map<_, _>>(),
                )
            }),
        ]
    })
}

fn any_id() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<u64>().prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from)
    ]
}

fn id_text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// Every place of a document, as paths of keys and indices.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(n, v)| (n.to_string(), v))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let path = format!("{at}/{key}");
        found.push(path.clone());
        places(child, &path, found);
    }
}

fn full_call() -> Value {
    json!({
        "metaData": {"id": "7", "title": "t", "started": "2026-05-19T03:30:46Z", "duration": 5,
            "scheduled": "2026-05-19T03:30:00Z", "primaryUserId": "1", "direction": "Inbound",
            "isPrivate": true, "language": "eng", "workspaceId": "2", "media": "Video"},
        "context": [{"system": "HubSpot", "objects": [{"objectType": "Deal", "objectId": "1",
            "timing": "Now", "fields": [{"name": "Amount", "value": 1}]}]}],
        "parties": [{"id": "1", "name": "n", "emailAddress": "e", "speakerId": "3", "userId": "1",
            "affiliation": "Internal", "context": []}],
        "content": {"brief": "b", "topics": [{"name": "n", "duration": 1}],
            "trackers": [{"name": "n", "count": 2}]},
    })
}

#[test]
fn any_single_null_beside_the_id_is_accepted() {
    let mut paths = Vec::new();
    places(&full_call(), "", &mut paths);
    assert!(paths.len() > 40);
    for path in paths {
        let mut call = full_call();
        *call.pointer_mut(&path).unwrap() = Value::Null;
        let outcome = decode_call(&call.to_string());
        let required = ["/metaData", "/metaData/id"].contains(&path.as_str());
        assert_eq!(outcome.is_err(), required, "{path}: {outcome:?}");
    }
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        let text = value.to_string();
        let _ = decode_call(&text);
        let _ = decode_transcript(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _ = decode_call(&text);
        let _ = decode_transcript(&text);
    }

    #[test]
    fn a_document_cut_anywhere_is_refused(end in 0_usize..600) {
        let text = full_call().to_string();
        let end = end.min(text.len() - 1);
        prop_assert!(decode_call(&text[..end]).is_err());
    }

    #[test]
    fn ids_come_through_digit_by_digit(call in any_id(), user in any_id(), speaker in any_id()) {
        let read = decode_call(&json!({"metaData": {"id": call, "started": "2026-05-19T03:30:46Z",
            "primaryUserId": user}, "parties": [{"speakerId": speaker, "userId": user}]}).to_string()).unwrap();
        prop_assert_eq!(read.id.as_str(), id_text(&call));
        prop_assert_eq!(read.parties[0].speaker_id.as_ref().unwrap().as_str(), id_text(&speaker));
        prop_assert!(read.primary_party().is_some());
    }

    #[test]
    fn unknown_parts_change_nothing(part in any_json(), name in "new[a-z]{1,8}") {
        let mut call = full_call();
        call[&name] = part.clone();
        call["metaData"][&name] = part;
        let read = decode_call(&call.to_string()).unwrap();
        prop_assert_eq!(read, decode_call(&full_call().to_string()).unwrap());
    }

    #[test]
    fn every_sentence_is_kept_as_it_is(
        monologues in prop::collection::vec(
            prop::collection::vec((any::<i32>(), any::<i32>(), ".{0,40}"), 0..8), 0..8),
    ) {
        let wire: Vec<Value> = monologues.iter().map(|sentences| {
            let sentences: Vec<Value> = sentences.iter()
                .map(|(start, end, text)| json!({"start": start, "end": end, "text": text}))
                .collect();
            json!({"speakerId": "1", "sentences": sentences})
        }).collect();
        let read = decode_transcript(&json!({"callId": "7", "transcript": wire}).to_string()).unwrap();
        let sent: Vec<_> = monologues.iter().flatten()
            .map(|(start, end, text)| (i64::from(*start), i64::from(*end), text.clone()))
            .collect();
        let got: Vec<_> = read.sentences.into_iter().map(|s| (s.start_ms, s.end_ms, s.text)).collect();
        prop_assert_eq!(got, sent);
    }
}
