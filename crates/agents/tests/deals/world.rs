//! Calls with readings of a test's own.

use agents::DealOverview;
use agents::insights::InsightBuilder;
use calls::CallId;
use calls::reading::Reading;
use serde_json::{Value, json};
use snowflake_store::{CallReader, CallReading, Insights, SqliteStore};
use testkit::SimulatedCall;

use crate::deals::support;

/// A call about deal 9001, hosted by user 500: who was there, and what each voice said.
pub(crate) fn call_about_haulage(
    id: &str,
    day: &str,
    parties: Vec<Value>,
    said: &[(&str, &str)],
) -> SimulatedCall {
    let spoken = said.iter().enumerate();
    let monologues: Vec<Value> = spoken
        .map(|(at, (voice, text))| {
            json!({"speakerId": voice, "sentences":
                [{"start": at * 5_000, "end": at * 5_000 + 4_000, "text": text}]})
        })
        .collect();
    SimulatedCall {
        extensive: json!({
            "metaData": {"id": id, "title": format!("Haulage {id}"), "duration": 600,
                "started": format!("{day}T10:00:00Z"), "primaryUserId": "500",
                "scope": "External", "media": "Video", "direction": "Conference"},
            "parties": parties,
            "context": [{"system": "HubSpot", "objects": [{"objectType": "Deal",
                "objectId": "9001", "fields": [{"name": "dealname", "value": "Haulage 2026"}]}]}],
        }),
        transcript: Some(json!({"callId": id, "transcript": monologues})),
    }
}

/// Keeps a reading as if the builder's reader had made it.
pub(crate) async fn keep_reading(
    store: &SqliteStore,
    builder: &InsightBuilder,
    call_id: &CallId,
    reading: Reading,
) {
    let detail = store.call_detail(call_id).await.unwrap().unwrap();
    let kept = CallReading {
        call_id: call_id.clone(),
        transcript_sha: detail.transcript_sha.unwrap(),
        provenance: builder.reader(),
        read_at: support::anchor(),
        requests: 0,
        reading,
    };
    store.save_readings(&[kept]).await.unwrap();
}

/// How the step that holds these words stands, and whether it came too late.
pub(crate) fn state_of(deal: &DealOverview, what: &str) -> (String, bool) {
    let step = deal.steps.iter().find(|step| step.what.contains(what));
    let step = step.unwrap_or_else(|| {
        panic!(
            "no step {what:?} among {:#?}",
            deal.steps.iter().map(|step| &step.what).collect::<Vec<_>>()
        )
    });
    let state = serde_json::to_value(step.state).unwrap();
    (state.as_str().unwrap().to_owned(), step.is_late)
}
