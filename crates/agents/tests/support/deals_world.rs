//! A small team with won and lost deals, whose calls are read as a test says.

use std::sync::Arc;

use calls::reading::{Confidence, Handling, Moment, Pain, Pushback, PushbackKind, Reading};
use calls::{CallId, Deal, DealOutcome, Provenance, Timestamp};
use serde_json::{Value, json};
use snowflake_store::{CallReader, CallReading, CrmSnapshot, Insights, SqliteStore};
use testkit::SimulatedCall;

/// One call of the world.
#[derive(Debug, Clone)]
pub(crate) struct WorldCall {
    pub(crate) id: String,
    pub(crate) rep: &'static str,
    pub(crate) deal: String,
    pub(crate) day: u32,
    /// `(voice, text)`: `rep` or `buyer`; ten seconds each.
    pub(crate) lines: Vec<(&'static str, String)>,
}

impl WorldCall {
    pub(crate) fn new(id: impl Into<String>, rep: &'static str, deal: impl Into<String>) -> Self {
        let id = id.into();
        let lines = vec![
            ("rep", format!("Thanks for your time today, call {id}.")),
            (
                "buyer",
                format!("The price in offer {id} is more than we thought."),
            ),
            (
                "rep",
                format!("Let me show you the dashboards of {id} first."),
            ),
            ("buyer", format!("Well, we will see about {id}.")),
            (
                "rep",
                format!("What would make offer {id} worth it for you?"),
            ),
            ("buyer", format!("If {id} saved us two days a month.")),
        ];
        Self {
            id,
            rep,
            deal: deal.into(),
            day: 10,
            lines,
        }
    }

    pub(crate) fn on(mut self, day: u32) -> Self {
        self.day = day;
        self
    }

    fn simulated(&self) -> SimulatedCall {
        let monologues: Vec<Value> = self
            .lines
            .iter()
            .enumerate()
            .map(|(at, (voice, text))| {
                let start = at * 10_000;
                json!({"speakerId": voice, "topic": null,
                    "sentences": [{"start": start, "end": start + 9_000, "text": text}]})
            })
            .collect();
        SimulatedCall {
            extensive: json!({
                "metaData": {"id": self.id, "title": format!("Call {}", self.id),
                    "started": format!("2026-01-{:02}T10:00:00Z", self.day),
                    "duration": 1800, "primaryUserId": self.rep},
                "context": [{"system": "HubSpot", "objects":
                    [{"objectType": "Deal", "objectId": self.deal, "fields": []}]}],
                "parties": [
                    {"id": "p1", "speakerId": "rep", "userId": self.rep, "name": self.rep,
                     "emailAddress": format!("{}@seller.example", self.rep), "affiliation": "Internal"},
                    {"id": "p2", "speakerId": "buyer", "name": "Bo Buyer",
                     "emailAddress": "bo@buyer.example", "affiliation": "External"},
                ],
            }),
            transcript: Some(json!({"callId": self.id, "transcript": monologues})),
        }
    }
}

/// A store with these calls and deals.
pub(crate) async fn world(calls: &[WorldCall], deals: &[(&str, DealOutcome)]) -> Arc<SqliteStore> {
    let simulated: Vec<SimulatedCall> = calls.iter().map(WorldCall::simulated).collect();
    let store = super::store_of_calls(&simulated).await;
    let deals = deals.iter().map(|(id, outcome)| {
        let mut deal = Deal::new(*id);
        deal.outcome = *outcome;
        deal
    });
    let snapshot = CrmSnapshot {
        deals: deals.collect(),
        read_at: super::anchor(),
        ..CrmSnapshot::default()
    };
    store.save_crm(&snapshot).await.unwrap();
    store
}

pub(crate) fn ours() -> Provenance {
    Provenance::new("reader", "1")
}

/// Keeps a reading of a call.
pub(crate) async fn keep(store: &SqliteStore, id: &str, by: Provenance, reading: Reading) {
    let call_id = CallId::new(id);
    let detail = store.call_detail(&call_id).await.unwrap().unwrap();
    let kept = CallReading {
        call_id,
        transcript_sha: detail.transcript_sha.unwrap(),
        provenance: by,
        read_at: Timestamp::UNIX_EPOCH,
        requests: 0,
        reading,
    };
    assert_eq!(store.save_readings(&[kept]).await.unwrap(), 1, "{id}");
}

/// Pushback on the price in sentence 1, and how it was handled in sentence 2.
pub(crate) fn price(handling: Handling) -> Pushback {
    let sure = Confidence::claimed(0.9);
    let mut pushback = Pushback::new(PushbackKind::Price, "costs too much", vec![1], sure);
    pushback.handling = handling;
    pushback.handling_sentences = vec![2];
    pushback
}

pub(crate) fn pain(what: &str, sentence: usize) -> Pain {
    Pain::new(what, vec![sentence], Confidence::claimed(0.9))
}

/// A reading with pushback on the price and a moment about it.
pub(crate) fn with_moment(kind: &str, handling: Handling, better: Option<&str>) -> Reading {
    let mut reading = Reading::default();
    reading.pushback = vec![price(handling)];
    reading.moments = vec![Moment::new(
        kind,
        format!("Showed dashboards when the price came up ({kind})."),
        better.map(str::to_owned),
        vec![1, 2],
    )];
    reading
}
