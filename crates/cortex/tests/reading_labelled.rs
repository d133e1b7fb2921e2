//! What careful people labelled, put as a model's answer: nothing right is lost on the
//! way through decoding and grounding. Skipped, visibly, without the labelled dialogues.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use std::path::Path;

use calls::reading::CallToRead;
use cortex::LanguageBackendExt;
use endpoint::{always, compatible, openai};
use serde_json::{Value, json};

const DIALOGUES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/dialogues"
);

const FIELDS: [&str; 8] = [
    "next_steps",
    "pushback",
    "competitors",
    "pricing",
    "decision",
    "timeline",
    "praise",
    "pains",
];

/// Labels whose words are nowhere near what they label ("Recap of the commercial terms")
/// look like inventions, and so do a few figures that a person worked out.
const MOST_LOST: f64 = 0.03;

fn dialogues() -> Option<Vec<Value>> {
    let files = std::fs::read_dir(Path::new(DIALOGUES)).ok()?;
    let paths = files.map(|file| file.unwrap().path());
    let jsons = paths.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    let read = |path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    Some(jsons.map(read).collect())
}

/// The labels in the shape of an answer.
fn answer(gold: &Value) -> Value {
    let mut answer = json!({
        "call_type": "demo", "qualification": {}, "moments": [], "summary": [],
        "deal_health": null, "deal_health_why": [],
    });
    for field in FIELDS {
        answer[field] = gold.get(field).cloned().unwrap_or_else(|| json!([]));
    }
    answer
}

#[tokio::test]
async fn labels_of_people_survive_as_answers() {
    let Some(dialogues) = dialogues() else {
        eprintln!("skipped: no labelled dialogues at {DIALOGUES}");
        return;
    };
    let server = openai().await;
    let backend = compatible(&server);
    let (mut labelled, mut lost) = (0, 0);
    for dialogue in dialogues {
        let written = answer(&dialogue["gold"]);
        server.when_asked(always(written.clone()));
        let call: CallToRead = serde_json::from_value(dialogue.clone()).unwrap();
        let reading = serde_json::to_value(backend.reading_of(call).await.unwrap()).unwrap();
        for field in FIELDS {
            let (written, read) = (
                written[field].as_array().unwrap(),
                reading[field].as_array().unwrap(),
            );
            labelled += written.len();
            lost += written.len() - read.len();
            for label in written {
                let name = if field == "competitors" {
                    "name"
                } else {
                    "what"
                };
                let is_there = read
                    .iter()
                    .any(|item| item["sentences"] == label["sentences"]);
                if !is_there && std::env::var_os("SHOW_LOST").is_some() {
                    eprintln!(
                        "{} {field} {} {}",
                        dialogue["id"], label[name], label["sentences"]
                    );
                }
            }
        }
    }
    let share =
        f64::from(u32::try_from(lost).unwrap()) / f64::from(u32::try_from(labelled).unwrap());
    eprintln!("{lost} of {labelled} labels lost");
    assert!(share <= MOST_LOST, "{lost} of {labelled} labels are lost");
}
