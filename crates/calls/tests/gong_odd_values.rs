//! Whatever stands in an optional place of a document: the call is read, its id is right,
//! and a note names the place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::canonical::Canonicalizer;
use calls::gong::{
    decode_call, decode_call_with_notes, decode_transcript, decode_transcript_with_notes,
};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

/// A call with every field that is read.
fn full_call() -> Value {
    json!({
        "metaData": {"id": "7", "url": "u", "title": "t", "started": "2026-05-19T03:30:46Z",
            "scheduled": "2026-05-19T03:30:00Z", "duration": 5, "primaryUserId": "1",
            "direction": "Inbound", "system": "s", "scope": "External", "media": "Video",
            "language": "eng", "workspaceId": "2", "isPrivate": true},
        "context": [{"system": "HubSpot", "objects": [{"objectType": "Deal", "objectId": "1",
            "timing": "Now", "fields": [{"name": "Amount", "value": 1}]}]}],
        "parties": [{"id": "1", "name": "n", "emailAddress": "e", "title": "t", "speakerId": "3",
            "userId": "1", "affiliation": "Internal", "context": [
                {"system": "HubSpot", "objects": [{"objectType": "Contact", "objectId": "4"}]}]},
            {"id": "2"}],
        "content": {"brief": "b", "topics": [{"name": "n", "duration": 1}],
            "trackers": [{"name": "n", "count": 2}]},
    })
}

fn full_transcript() -> Value {
    json!({"callId": "7", "transcript": [
        {"speakerId": "1", "topic": "t", "sentences": [
            {"start": 0, "end": 10, "text": "a"}, {"start": 10.5, "end": 20, "text": "b"}]},
        {"speakerId": "2", "sentences": [{"start": 20, "end": 30, "text": "c"}]}]})
}

/// Whether the place, by its last key, is documented to hold a value like this one.
fn is_documented(key: &str, value: &Value) -> bool {
    let is_instant = |text: &str| text.is_empty() || text.parse::<calls::Timestamp>().is_ok();
    match key {
        _ if value.is_null() => true,
        "started" | "scheduled" => value.as_str().is_some_and(is_instant),
        "start" | "end" => value.as_f64().is_some_and(|number| number.abs() <= 1e15),
        "duration" | "count" => value
            .as_f64()
            .is_some_and(|number| (0.0..=1e15).contains(&number)),
        "seconds" => value.is_number(),
        "isPrivate" => value.is_boolean(),
        "id" | "userId" | "speakerId" | "primaryUserId" | "workspaceId" | "objectId" => {
            value.is_string() || value.is_u64() || value.is_i64()
        }
        "context" | "parties" | "objects" | "fields" | "topics" | "trackers" | "transcript"
        | "sentences" => value.is_array(),
        "content" => value.is_object(),
        "value" => true,
        index if index.parse::<usize>().is_ok() => value.is_object(),
        _ => value.is_string(),
    }
}

/// Places that can be anything: all but the id and what holds it.
fn optional_places(document: &Value) -> Vec<String> {
    let mut places = Vec::new();
    collect(document, "", &mut places);
    places.retain(|place| !["/metaData", "/metaData/id", "/callId"].contains(&place.as_str()));
    places
}

fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(items) => (0..).map(|n: usize| n.to_string()).zip(items).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let place = format!("{at}/{key}");
        places.push(place.clone());
        collect(child, &place, places);
    }
}

/// A JSON pointer as notes spell it.
fn as_note(pointer: &str) -> String {
    let mut place = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(index) => place.push_str(&format!("[{index}]")),
            Err(_) if place.is_empty() => place.push_str(step),
            Err(_) => place.push_str(&format!(".{step}")),
        }
    }
    place
}

/// The id and the notes that reading gives.
fn read(document: &Value) -> (String, Vec<String>) {
    let text = document.to_string();
    if document.get("callId").is_some() {
        let read = decode_transcript_with_notes(&text).unwrap();
        assert_eq!(decode_transcript(&text).unwrap(), read.value);
        (read.value.call_id.into_string(), read.notes)
    } else {
        let read = decode_call_with_notes(&text).unwrap();
        assert_eq!(decode_call(&text).unwrap(), read.value);
        (read.value.id.into_string(), read.notes)
    }
}

/// One value of each kind, and some of the right kind that say nothing.
fn values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(7),
        json!(-1),
        json!(2.5),
        json!(1e300),
        json!("SECRET"),
        json!(""),
        json!([]),
        json!(["SECRET", null, 1]),
        json!({}),
        json!({"SECRET": {"deep": [1]}}),
    ]
}

#[test]
fn any_value_in_any_optional_place_is_noted_there() {
    for document in [full_call(), full_transcript()] {
        let places = optional_places(&document);
        assert_eq!(read(&document), ("7".to_owned(), Vec::new()));
        for place in &places {
            let mut key = place.rsplit('/').next().unwrap();
            if place.starts_with("/content/topics") && key == "duration" {
                key = "seconds";
            }
            for value in values() {
                // A call without any instant is none.
                let mut odd = document.clone();
                *odd.pointer_mut(place).unwrap() = value.clone();
                let (id, notes) = read(&odd);
                assert_eq!(id, "7", "{place} {value}");
                assert!(!notes.join("\n").contains("SECRET"), "{notes:?}");
                if is_documented(key, &value) {
                    let within = format!("{}[", as_note(place));
                    let outside = notes.iter().find(|note| !note.starts_with(&within));
                    assert_eq!(outside, None, "{place} {value}");
                } else {
                    let expected = format!("{}: ", as_note(place));
                    assert_eq!(notes.len(), 1, "{place} {value}: {notes:?}");
                    assert!(
                        notes[0].starts_with(&expected),
                        "{place} {value}: {notes:?}"
                    );
                }
            }
        }
    }
}

/// Example replies that are not part of this repository; without them the test says so.
#[test]
fn examples_of_gong_keep_their_ids() {
    let folder = format!("{}/../../../shared/gong", env!("CARGO_MANIFEST_DIR"));
    let mut documents = 0;
    for (file, key) in [
        ("examples/extensive_200_hubspot.json", "calls"),
        ("examples/transcript_200.json", "callTranscripts"),
        ("recorded/extensive_response.json", "calls"),
        ("recorded/transcript_response.json", "callTranscripts"),
    ] {
        let Ok(text) = std::fs::read_to_string(format!("{folder}/{file}")) else {
            eprintln!("skipped: {file} is absent");
            continue;
        };
        let reply: Value = serde_json::from_str(&text).unwrap();
        for document in reply[key].as_array().unwrap().iter().take(3) {
            documents += 1;
            let (id, notes) = read(document);
            assert_eq!(notes, [""; 0], "{file}");
            let places = optional_places(document);
            // Enough of a long transcript, and all of a call.
            for place in places.iter().step_by(places.len() / 20 + 1) {
                for value in [
                    json!(true),
                    json!(2.5),
                    json!("SECRET"),
                    json!([7]),
                    json!({}),
                ] {
                    let mut odd = document.clone();
                    *odd.pointer_mut(place).unwrap() = value;
                    let read = read(&odd);
                    assert_eq!(read.0, id, "{file} {place}");
                    assert!(!read.1.join("\n").contains("SECRET"), "{file} {place}");
                }
            }
        }
    }
    eprintln!("{documents} documents");
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-z]{1,4}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// JSON as text, with what a parser takes and a database does not.
fn hostile_json() -> impl Strategy<Value = String> {
    let string = prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "\\ud83d",
            "\\uDE00",
            "\\ud83d\\ude00",
            "\\u0000",
            "\\\\",
            "\\\\ud83d",
            "\\\"",
            "\\n",
            "é",
            "🦀",
            "\\u00e9",
            " ",
            "\\u001f",
        ]),
        0..5,
    )
    .prop_map(|parts| format!("\"{}\"", parts.concat()));
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[1-9][0-9]{0,60}",
        "-?[0-9](\\.[0-9]{1,5})?[eE][+-]?[0-9]{1,4}",
        "-?0\\.[0-9]{1,50}",
    ];
    let leaf = prop_oneof![
        string,
        number,
        prop::sample::select(vec!["null", "true", "false"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = prop::sample::select(vec![
            "\"a\"",
            "\"b\"",
            "\"\\u0061\"",
            "\"\\ud83d\"",
            "\"media\"",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|items| format!("[ {} ]", items.join(" ,"))),
            prop::collection::vec((key, inner), 0..6).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("{key} : {value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_odd_values_together_keep_the_call(
        changes in prop::collection::vec((any::<Index>(), any_value()), 1..6), of_call in any::<bool>(),
    ) {
        let whole = if of_call { full_call() } else { full_transcript() };
        let places = optional_places(&whole);
        let mut odd = whole;
        for (index, value) in changes {
            // A change before may have taken the place away.
            if let Some(place) = odd.pointer_mut(index.get::<String>(&places)) {
                *place = value;
            }
        }
        if of_call && decode_call(&odd.to_string()).is_err() {
            // Neither of the two instants is left.
            let error = decode_call(&odd.to_string()).unwrap_err();
            prop_assert_eq!(error.path, "metaData.started");
            return Ok(());
        }
        prop_assert_eq!(read(&odd).0, "7");
    }

    #[test]
    fn cleaned_documents_are_clean(json in hostile_json()) {
        let cleaned = Canonicalizer::default().whole(&json).unwrap();
        let value: Value = serde_json::from_str(&cleaned.text).unwrap();
        prop_assert!(!has_nul(&value), "{}", cleaned.text);
        // Cleaning again changes nothing.
        let again = Canonicalizer::default().whole(&cleaned.text).unwrap();
        prop_assert_eq!(&again.text, &cleaned.text);
        prop_assert_eq!(again.notes, [""; 0]);
        // What a strict parser takes as it is needs no note.
        if !cleaned.notes.is_empty() {
            prop_assert_ne!(&cleaned.text, &json);
        }
        // The hash of a document is that of what is stored of it.
        let mut canonicalizer = Canonicalizer::default();
        let came = canonicalizer.without_media(&json, |bytes, cleaned| (bytes.to_vec(), cleaned)).unwrap();
        let stored = canonicalizer.without_media(&cleaned.text, |bytes, _| bytes.to_vec()).unwrap();
        prop_assert_eq!(came.0, stored);
        prop_assert_eq!(came.1, !cleaned.notes.is_empty());
    }

    #[test]
    fn clean_documents_stay_as_they_are(value in any_value()) {
        let text = value.to_string();
        let canonical = Canonicalizer::default().whole(&text).unwrap();
        prop_assume!(!has_nul(&value));
        prop_assert_eq!(canonical.notes, [""; 0]);
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        prop_assert_eq!(parsed(&canonical.text), parsed(&text));
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(k, v)| k.contains('\0') || has_nul(v)),
        _ => false,
    }
}
