//! Readings of five labelled dialogues by the local backend, kept as numbers: which
//! sentences make which item, who does it and by when. Skipped, visibly, without the
//! dialogues, whose text is not in the repository. `WRITE_GOLDEN=1` writes them anew;
//! whoever does so reads what changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::reading::CallToRead;
use cortex::{LanguageBackendExt, LocalLanguage};
use serde_json::{Map, Value, json};

const DIALOGUES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/dialogues"
);

const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reading_golden.json");

const IDS: [&str; 5] = ["c01", "h04", "j05", "k07", "l03"];

/// Kinds of items, each with what is kept of it beside its sentences.
const KINDS: [(&str, &[&str]); 9] = [
    ("next_steps", &["owner", "due", "status"]),
    ("pushback", &["kind", "severity", "handling"]),
    ("competitors", &["stance"]),
    ("pricing", &[]),
    ("decision", &[]),
    ("timeline", &[]),
    ("praise", &[]),
    ("pains", &[]),
    ("moments", &["kind"]),
];

/// The structure and the numbers of a reading.
fn numbers(reading: &Value) -> Value {
    let mut numbers = Map::new();
    for (kind, fields) in KINDS {
        let items = reading[kind].as_array().unwrap().iter().map(|item| {
            let mut kept = Map::new();
            for field in fields.iter().chain(&["sentences"]) {
                kept.insert((*field).to_owned(), item[*field].clone());
            }
            Value::Object(kept)
        });
        numbers.insert(kind.to_owned(), items.collect());
    }
    for field in ["call_type", "deal_health"] {
        numbers.insert(field.to_owned(), reading[field].clone());
    }
    Value::Object(numbers)
}

#[tokio::test]
async fn five_dialogues_are_read_as_they_were_found_sensible() {
    if !std::path::Path::new(DIALOGUES).exists() {
        eprintln!("skipped: no labelled dialogues at {DIALOGUES}");
        return;
    }
    let mut read = json!({});
    for id in IDS {
        let dialogue = std::fs::read(format!("{DIALOGUES}/{id}.json")).unwrap();
        let call: CallToRead = serde_json::from_slice(&dialogue).unwrap();
        let reading = LocalLanguage::new().reading_of(call).await.unwrap();
        read[id] = numbers(&serde_json::to_value(reading).unwrap());
    }
    if std::env::var_os("WRITE_GOLDEN").is_some() {
        std::fs::write(GOLDEN, serde_json::to_string_pretty(&read).unwrap()).unwrap();
    }
    let golden: Value = serde_json::from_slice(&std::fs::read(GOLDEN).unwrap()).unwrap();
    for id in IDS {
        for (kind, _) in KINDS {
            assert_eq!(read[id][kind], golden[id][kind], "{kind} of {id}");
        }
        assert_eq!(read[id], golden[id], "{id}");
    }
}
