//! Labelled sales conversations as calls of Gong, where they are at hand.
// Every program uses a part of it.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use calls::reading::{Confidence, NextStep, Owner, Reading, StepStatus};
use serde_json::{Value, json};
use testkit::SimulatedCall;

/// The folder of the dialogues; `None`, said on stderr, where it is absent.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dialogues");
    let is_there = folder.is_dir();
    if !is_there {
        eprintln!("skipped: {} is absent", folder.display());
    }
    is_there.then_some(folder)
}

pub(crate) fn dialogue(folder: &Path, id: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(format!("{id}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Milliseconds of a spoken word: 150 words a minute.
const WORD_MS: u64 = 400;

/// The dialogue as a call of a deal, as long as its words and the pauses that it tells.
pub(crate) fn as_call(dialogue: &Value, gong_id: &str, deal_id: &str) -> SimulatedCall {
    let parties: Vec<Value> = dialogue["parties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|party| {
            let is_rep = party["side"] == "rep";
            json!({
                "id": party["id"], "speakerId": party["id"], "name": party["name"],
                "userId": if is_rep { party["id"].clone() } else { Value::Null },
                "emailAddress": party["email"], "title": party["role"],
                "affiliation": if is_rep { "Internal" } else { "External" },
            })
        })
        .collect();
    let deal = json!({"objectType": "Deal", "objectId": deal_id, "fields": [
        {"name": "dealname", "value": dialogue["deal"]["name"]},
        {"name": "dealstage", "value": dialogue["deal"]["stage"]},
    ]});
    let mut at = 0_u64;
    let mut monologues = Vec::new();
    for turn in dialogue["turns"].as_array().unwrap() {
        at += (turn["pause_before_s"].as_f64().unwrap_or(0.3) * 1_000.0) as u64;
        let sentences: Vec<Value> = turn["sentences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| {
                let words = text.as_str().unwrap().split_whitespace().count() as u64;
                let start = at;
                at += words.max(1) * WORD_MS;
                json!({"start": start, "end": at, "text": text})
            })
            .collect();
        monologues.push(json!({"speakerId": turn["speaker"], "sentences": sentences}));
    }
    SimulatedCall {
        extensive: json!({
            "metaData": {
                "id": gong_id, "title": dialogue["title"], "started": dialogue["started"],
                "duration": at / 1000, "primaryUserId": dialogue["host"], "language": "eng",
                "scope": "External", "media": "Video", "direction": "Conference",
            },
            "parties": parties,
            "context": [{"system": "HubSpot", "objects": [deal]}],
        }),
        transcript: Some(json!({"callId": gong_id, "transcript": monologues})),
    }
}

/// The next steps of the labels as a reading.
pub(crate) fn labelled_steps(dialogue: &Value) -> Reading {
    let mut reading = Reading::default();
    for step in dialogue["gold"]["next_steps"].as_array().unwrap() {
        let sentences = step["sentences"].as_array().unwrap();
        let sentences = sentences.iter().map(|at| at.as_u64().unwrap() as usize);
        let mut read = NextStep::new(
            step["what"].as_str().unwrap(),
            sentences.collect(),
            Confidence::claimed(1.0),
        );
        read.owner = match step["owner"].as_str() {
            None => None,
            Some("both") => Some(Owner::Both),
            Some(party) => Some(Owner::Party(party.into())),
        };
        read.due = step["due"].as_str().map(|due| due.parse().unwrap());
        read.due_said = step["due_said"].as_str().map(str::to_owned);
        read.status = StepStatus::parse(step["status"].as_str().unwrap()).unwrap();
        reading.next_steps.push(read);
    }
    reading
}
