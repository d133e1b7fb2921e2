//! Calls of our own making, and the labelled dialogues where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use calls::reading::{
    Confidence, Handling, NextStep, Owner, Pushback, PushbackKind, Reading, StepStatus,
};
use cortex::{LanguageBackend, LocalLanguage, Method};
use serde_json::{Value, json};
use snowflake_store::{CallReader, CallReading, Insights, SqliteStore};
use testkit::SimulatedCall;

/// A call of Craig with Magda of Tolland about a deal, spoken as given:
/// `(voice, sentence)`.
pub(crate) struct Spoken<'a> {
    pub(crate) id: &'a str,
    pub(crate) started: &'a str,
    pub(crate) deal: &'a str,
    pub(crate) language: &'a str,
    pub(crate) said: &'a [(&'a str, &'a str)],
}

impl Spoken<'_> {
    pub(crate) fn call(&self) -> SimulatedCall {
        let mut at = 0;
        let monologues: Vec<Value> = self
            .said
            .iter()
            .map(|(voice, text)| {
                at += 5_000;
                json!({"speakerId": voice, "topic": null,
                    "sentences": [{"start": at, "end": at + 4_000, "text": text}]})
            })
            .collect();
        SimulatedCall {
            extensive: json!({
                "metaData": {"id": self.id, "title": format!("Call {}", self.id),
                    "duration": 600, "started": self.started, "primaryUserId": "500",
                    "language": self.language,
                    "direction": "Conference", "media": "Video", "scope": "External"},
                "context": [{"system": "HubSpot", "objects": [
                    {"objectType": "Deal", "objectId": self.deal, "fields": [
                        {"name": "dealname", "value": format!("Deal {}", self.deal)}]}]}],
                "parties": [
                    {"id": "p1", "speakerId": "rep", "userId": "500", "name": "Craig Benfold",
                     "emailAddress": "craig@seller.example", "affiliation": "Internal"},
                    {"id": "p2", "speakerId": "buyer", "name": "Magda Nowak",
                     "title": "Head of Operations",
                     "emailAddress": "magda@tolland.example", "affiliation": "External"},
                    {"id": "p3", "speakerId": "helper", "userId": "501", "name": "Priya Shah",
                     "emailAddress": "priya@seller.example", "affiliation": "Internal"},
                    {"id": "p4", "speakerId": "quiet", "name": "Dean Purvis",
                     "affiliation": "External"},
                ],
            }),
            transcript: Some(json!({"callId": self.id, "transcript": monologues})),
        }
    }
}

/// The folder of labelled dialogues; says so when it is absent.
pub(crate) fn dialogues() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dialogues");
    if folder.exists() {
        return Some(folder);
    }
    // A worktree may stand elsewhere.
    let given = std::env::var_os("GONG_SNOWFLAKE_DIALOGUES").map(PathBuf::from);
    let given = given.filter(|folder| folder.exists());
    if given.is_none() {
        eprintln!("skipped: {} is absent", folder.display());
    }
    given
}

/// A labelled dialogue as Gong would serve it, and its labels.
pub(crate) fn dialogue(folder: &Path, id: &str) -> (SimulatedCall, Value) {
    let text = fs::read(folder.join(format!("{id}.json"))).unwrap();
    let dialogue: Value = serde_json::from_slice(&text).unwrap();
    let mut at = 0;
    let turns = dialogue["turns"].as_array().unwrap().iter();
    let monologues: Vec<Value> = turns
        .map(|turn| {
            let sentences = turn["sentences"].as_array().unwrap().iter();
            let sentences: Vec<Value> = sentences
                .map(|text| {
                    at += 5_000;
                    json!({"start": at, "end": at + 4_000, "text": text})
                })
                .collect();
            json!({"speakerId": turn["speaker"], "topic": null, "sentences": sentences})
        })
        .collect();
    let parties = dialogue["parties"].as_array().unwrap().iter();
    let parties: Vec<Value> = parties
        .map(|party| {
            let is_rep = party["side"] == "rep";
            json!({"id": party["id"], "speakerId": party["id"], "name": party["name"],
                "title": party["role"], "emailAddress": party["email"],
                "userId": is_rep.then(|| format!("u-{}", party["id"].as_str().unwrap())),
                "affiliation": if is_rep { "Internal" } else { "External" }})
        })
        .collect();
    let host = dialogue["host"].as_str().unwrap();
    let call = SimulatedCall {
        extensive: json!({
            "metaData": {"id": id, "title": dialogue["title"], "started": dialogue["started"],
                "duration": at / 1_000, "primaryUserId": format!("u-{host}"),
                "direction": "Conference", "media": "Video", "scope": "External"},
            "parties": parties,
        }),
        transcript: Some(json!({"callId": id, "transcript": monologues})),
    };
    (call, dialogue["gold"].clone())
}

/// Keeps a reading of a call as the local backend's.
pub(crate) async fn keep_reading(store: &SqliteStore, call_id: &str, reading: Reading) {
    let detail = store.call_detail(&call_id.into()).await.unwrap().unwrap();
    let kept = CallReading {
        call_id: call_id.into(),
        transcript_sha: detail.transcript_sha.unwrap(),
        provenance: LocalLanguage::new().provenance_of(Method::Read),
        read_at: "2026-02-01T00:00:00Z".parse().unwrap(),
        requests: 0,
        reading,
    };
    store.save_readings(&[kept]).await.unwrap();
}

/// A step of Craig's call: who, until when, how firm, and where it was said.
pub(crate) fn step(
    what: &str,
    owner: Option<&str>,
    due: Option<&str>,
    status: StepStatus,
    sentences: &[usize],
) -> NextStep {
    let mut step = NextStep::new(what, sentences.to_vec(), Confidence::claimed(0.9));
    step.owner = owner.map(|owner| match owner {
        "both" => Owner::Both,
        party => Owner::Party(party.into()),
    });
    step.due = due.map(|due| due.parse().unwrap());
    step.status = status;
    step
}

/// Pushback that was said openly.
pub(crate) fn pushback(
    kind: PushbackKind,
    what: &str,
    severity: u8,
    handling: Handling,
    sentences: &[usize],
) -> Pushback {
    let mut pushback = Pushback::new(kind, what, sentences.to_vec(), Confidence::claimed(0.9));
    pushback.severity = severity;
    pushback.handling = handling;
    pushback
}
