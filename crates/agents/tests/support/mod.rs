//! A store full of synthetic calls, and a language backend that can be told to fail.
// Every test program uses a part of it.
#![allow(dead_code, unused_imports)]

pub(crate) mod deals_world;
pub(crate) mod dialogue;
mod faulty_language;
mod phrase_language;
mod samples;
mod spoken;

use std::sync::Arc;

use agents::targets::CoachingSettings;
use calls::{CallId, RawDocument, Timestamp, Transcript};
use serde_json::{Value, json};
use snowflake_store::{
    CallOrder, CallQuery, CallReader, CrmSnapshot, Insights, Landing, LandingPage, SqliteStore,
    TransformScope,
};
use testkit::SimulatedCall;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

pub(crate) use faulty_language::{FaultyLanguage, LanguageFault};
pub(crate) use phrase_language::{Company, PhraseLanguage};
pub(crate) use samples::Subjects;
pub(crate) use spoken::{Spoken, dialogue, dialogues, keep_reading, pushback, step};

pub(crate) fn anchor() -> Timestamp {
    "2026-02-02T08:00:00Z".parse().unwrap()
}

/// A store with the calls of an org, transformed, and its CRM.
pub(crate) async fn store_of(org: &SyntheticOrg) -> Arc<SqliteStore> {
    let store = store_of_calls(&org.calls).await;
    store
        .save_crm(&CrmSnapshot {
            deals: org.deals.clone(),
            contacts: org.contacts.clone(),
            companies: org.companies.clone(),
            stages: org.stages.clone(),
            read_at: anchor(),
            ..CrmSnapshot::default()
        })
        .await
        .unwrap();
    store
}

/// A store with calls as Gong would serve them, transformed.
pub(crate) async fn store_of_calls(calls: &[SimulatedCall]) -> Arc<SqliteStore> {
    let store = SqliteStore::in_memory().await.unwrap();
    fill(&store, calls).await;
    Arc::new(store)
}

/// Lands calls as Gong would serve them, and transforms them.
pub(crate) async fn fill(store: &SqliteStore, calls: &[SimulatedCall]) {
    let id = |call: &SimulatedCall| CallId::new(call.id().unwrap());
    let extensive = calls
        .iter()
        .map(|call| RawDocument::new(id(call), call.extensive.to_string()).unwrap())
        .collect();
    let transcripts = calls
        .iter()
        .filter_map(|call| Some((id(call), call.transcript.as_ref()?)))
        .map(|(id, transcript)| RawDocument::new(id, transcript.to_string()).unwrap())
        .collect();
    land(store, extensive, transcripts).await;
}

async fn land(store: &SqliteStore, calls: Vec<RawDocument>, transcripts: Vec<RawDocument>) {
    let page = LandingPage::new("test")
        .with_calls(calls)
        .with_transcripts(transcripts);
    let landed = store.land(page).await.unwrap();
    let report = store
        .transform(TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    assert_eq!(report.failed, [], "calls that could not be transformed");
}

/// Settings by which objection handling counts, as it does not by default.
pub(crate) fn counting_objections() -> CoachingSettings {
    serde_json::from_value(json!({"part_weights": {"objection_handling": 0.25}})).unwrap()
}

/// A few months of a small company.
pub(crate) fn small_org() -> SyntheticOrg {
    SyntheticOrg::generate(&SyntheticConfig {
        anchor: anchor(),
        deals: 16,
        ..SyntheticConfig::default()
    })
}

/// A call of one rep and one customer, spoken as given: `(voice, start, end, text)`.
pub(crate) async fn store_of_one_call(
    title: &str,
    sentences: &[(&str, i64, i64, &str)],
) -> Arc<SqliteStore> {
    let store = SqliteStore::in_memory().await.unwrap();
    let monologues: Vec<Value> = sentences
        .iter()
        .map(|(voice, start, end, text)| {
            json!({
                "speakerId": voice,
                "topic": null,
                "sentences": [{"start": start, "end": end, "text": text}],
            })
        })
        .collect();
    let call = json!({
        "metaData": {
            "id": "77",
            "title": title,
            "url": "javascript:alert(1)",
            "started": "2026-01-20T10:00:00Z",
            "scheduled": "2026-01-20T10:00:00Z",
            "duration": 600,
            "primaryUserId": "500",
            "direction": "Conference",
            "media": "Video",
            "scope": "External",
        },
        "parties": [
            {"id": "p1", "speakerId": "rep", "userId": "500", "name": "Rosa <b>Rep</b>",
             "emailAddress": "rosa@seller.example", "affiliation": "Internal"},
            {"id": "p2", "speakerId": "buyer", "name": "Bo Buyer",
             "emailAddress": "bo@buyer.example", "affiliation": "External"},
        ],
    });
    let transcript = json!({"callId": "77", "transcript": monologues});
    let id = || CallId::new("77");
    land(
        &store,
        vec![RawDocument::new(id(), call.to_string()).unwrap()],
        vec![RawDocument::new(id(), transcript.to_string()).unwrap()],
    )
    .await;
    Arc::new(store)
}

/// Ids of all calls with a transcript, newest first.
pub(crate) async fn call_ids(store: &SqliteStore) -> Vec<CallId> {
    let query = CallQuery {
        with_transcript: true,
        order: CallOrder::NewestFirst,
        limit: 10_000,
        ..CallQuery::default()
    };
    let listed = store.find_calls(&query).await.unwrap();
    listed.into_iter().map(|header| header.id).collect()
}

pub(crate) async fn transcript_of(store: &SqliteStore, call_id: &str) -> Transcript {
    let detail = store.call_detail(&CallId::new(call_id)).await.unwrap();
    detail.unwrap().transcript.unwrap()
}

/// Checks every piece of evidence anywhere in a result against the stored
/// transcripts; returns how many there were.
pub(crate) async fn check_evidence(store: &SqliteStore, result: &Value) -> usize {
    let mut found = Vec::new();
    collect_evidence(result, &mut found);
    for evidence in &found {
        let call_id = evidence["call_id"].as_str().unwrap();
        let index = evidence["index"].as_u64().unwrap();
        let transcript = transcript_of(store, call_id).await;
        let sentence = &transcript.sentences[index as usize];
        assert_eq!(evidence["text"], sentence.text.as_str(), "{evidence}");
        assert_eq!(evidence["start_ms"], sentence.start_ms, "{evidence}");
        assert_eq!(
            evidence["sentence_id"],
            format!("{call_id}:{index}"),
            "{evidence}"
        );
    }
    found.len()
}

fn collect_evidence<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(object) if object.contains_key("sentence_id") => found.push(value),
        Value::Object(object) => {
            // Whatever claims something must say what it rests on.
            if object.contains_key("basis") {
                let cited = object["evidence"].as_array().unwrap();
                assert!(!cited.is_empty(), "a claim without evidence: {value}");
            }
            object
                .values()
                .for_each(|member| collect_evidence(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_evidence(item, found)),
        _ => {}
    }
}
