//! A period in a page, from stored readings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::task::Dispatcher;
use calls::reading::{Competitor, Confidence, Handling, PushbackKind, Reading, Stance, StepStatus};
use calls::{Deal, DealOutcome, StageStay};
use cortex::LocalLanguage;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use snowflake_store::{CrmSnapshot, Insights, SqliteStore};
use support::{
    PhraseLanguage, Spoken, check_evidence, keep_reading, pushback, step, store_of_calls,
};

const SAID: &[(&str, &str)] = &[
    ("rep", "Hello, good to see you."),
    ("buyer", "That is too expensive for what it does."),
    ("rep", "I see, and what would it have to do?"),
    ("buyer", "We look at Orvanta, too."),
    ("rep", "I'll send you the comparison by then."),
];

fn call<'a>(id: &'a str, started: &'a str, deal: &'a str) -> Spoken<'a> {
    Spoken {
        id,
        started,
        deal,
        language: "eng",
        said: SAID,
    }
}

fn deal(id: &str, outcome: DealOutcome, amount: i64) -> Deal {
    let stay = |stage: &str, entered: &str, exited: Option<&str>| StageStay {
        stage_id: stage.into(),
        stage_label: Some(stage.to_owned()),
        entered: entered.parse().unwrap(),
        exited: exited.map(|at| at.parse().unwrap()),
    };
    let mut deal = Deal::new(id);
    deal.name = Some(format!("Deal {id}"));
    deal.amount = Some(Decimal::from(amount));
    deal.currency = Some("EUR".to_owned());
    deal.stage_label = Some("Proposal".to_owned());
    deal.close_date = Some("2026-01-28T00:00:00Z".parse().unwrap());
    deal.outcome = outcome;
    deal.stage_stays = vec![
        stay(
            "Discovery",
            "2026-01-01T00:00:00Z",
            Some("2026-01-27T00:00:00Z"),
        ),
        stay("Proposal", "2026-01-27T00:00:00Z", None),
    ];
    deal
}

/// Three deals with a call in the last week of January, one of them with one before.
async fn store() -> Arc<SqliteStore> {
    let calls = [
        call("0", "2026-01-12T10:00:00Z", "d-1"),
        call("1", "2026-01-27T10:00:00Z", "d-1"),
        call("2", "2026-01-28T10:00:00Z", "d-2"),
        call("3", "2026-01-29T10:00:00Z", "d-3"),
    ];
    let store = store_of_calls(&calls.map(|call| call.call())).await;
    let crm = CrmSnapshot {
        deals: vec![
            deal("d-1", DealOutcome::Open, 10_000),
            deal("d-2", DealOutcome::Open, 50_000),
            deal("d-3", DealOutcome::Won, 20_000),
        ],
        read_at: support::anchor(),
        ..CrmSnapshot::default()
    };
    store.save_crm(&crm).await.unwrap();
    let price = |handling| pushback(PushbackKind::Price, "too expensive", 3, handling, &[1]);
    let sends = |due| {
        step(
            "I send the comparison",
            Some("p1"),
            Some(due),
            StepStatus::Promised,
            &[4],
        )
    };

    let mut reading = Reading::default();
    // Spoken of again since: neither new nor overdue.
    reading.pushback = vec![price(Handling::Ignored)];
    reading.next_steps = vec![sends("2026-01-20")];
    keep_reading(&store, "0", reading.clone()).await;
    let mut rival = Competitor::new("Orvanta", vec![3], Confidence::claimed(0.9));
    rival.stance = Stance::Evaluating;
    reading.competitors = vec![rival];
    reading.next_steps = vec![sends("2026-01-30")];
    reading.deal_health = Some(40);
    keep_reading(&store, "1", reading).await;

    let mut reading = Reading::default();
    reading.pushback = vec![price(Handling::Ignored)];
    reading.next_steps = vec![sends("2026-02-03")];
    // More often wrong than right: nothing is made of it.
    let mut unsure = sends("2026-02-02");
    unsure.confidence = Confidence::claimed(0.3);
    reading.next_steps.push(unsure);
    keep_reading(&store, "2", reading).await;

    let mut reading = Reading::default();
    reading.pushback = vec![price(Handling::Resolved)];
    reading.next_steps = vec![sends("2026-02-04")];
    keep_reading(&store, "3", reading).await;
    store
}

async fn digest(store: &Arc<SqliteStore>, mut task: Value) -> Value {
    task["task_type"] = "digest".into();
    let dispatcher = Dispatcher::new(Arc::clone(store) as _, Arc::new(LocalLanguage::new()));
    let now = "2026-02-01T08:00:00Z".parse().unwrap();
    let task = task.to_string();
    let (reply, _) = dispatcher.run_json_at(task.as_bytes(), now).await;
    check_evidence(store, &reply).await;
    reply
}

fn calls_of(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|one| one["call"]["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_week_says_what_happened_and_what_comes_next() {
    let store = store().await;
    let reply = digest(&store, json!({})).await;
    let result = &reply["result"];
    assert_eq!(result["calls"]["held"], 3, "{reply}");
    assert_eq!(result["calls"]["read"], 3);
    assert_eq!(result["won"][0]["id"], "d-3", "{reply}");
    assert_eq!(result["won"].as_array().unwrap().len(), 1);
    assert_eq!(result["lost"], json!([]));
    // Both moved; the larger one comes first.
    assert_eq!(result["deals"][0]["id"], "d-2");
    assert_eq!(result["deals"][0]["moves"][0]["from"], "Discovery");
    assert_eq!(result["deals"][1]["health"], 40);

    assert_eq!(calls_of(&result["overdue"]), ["1"], "{reply}");
    assert_eq!(result["overdue"][0]["days"], -2);
    // The step of the won deal is not shown, nor is the one that is unsure.
    assert_eq!(calls_of(&result["due_next"]), ["2"], "{reply}");
    assert_eq!(result["due_next"][0]["ours"], true);

    let recurring = &result["recurring"][0];
    assert_eq!(recurring["kind"], "price");
    assert_eq!(recurring["deals"], 3);
    assert_eq!(recurring["open"], 2);
    assert_eq!(recurring["examples"].as_array().unwrap().len(), 3);
    // Price was heard on the earlier call of the first deal, and settled in the third's.
    assert_eq!(calls_of(&result["new_risks"]), ["2", "1"], "{reply}");
    assert_eq!(result["new_risks"][1]["claim"]["kind"], "competitor");
    assert_eq!(calls_of(&result["worth_hearing"]), ["3"]);

    let text = result["text"].as_str().unwrap();
    for said in [
        "3 calls",
        "Won (1):\n- Deal d-3 (20,000 EUR)",
        "Overdue (1):",
        "Due next (1):",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let notes = result["notes"].to_string();
    assert!(notes.contains("1 step whose day has passed"), "{notes}");
}

/// What another reader has read stands in for what this one has not, and that is said.
#[tokio::test]
async fn readings_of_another_reader_are_named() {
    let store = store().await;
    let reply = digest(&store, json!({})).await;
    let notes = reply["result"]["notes"].to_string();
    assert!(!notes.contains("has not read"), "{notes}");
    let model = PhraseLanguage {
        generates: true,
        ..PhraseLanguage::default()
    };
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, Arc::new(model));
    let task = json!({"task_type": "digest"}).to_string();
    let now = "2026-02-01T08:00:00Z".parse().unwrap();
    let (reply, _) = dispatcher.run_json_at(task.as_bytes(), now).await;
    assert_eq!(reply["result"]["calls"]["read"], 3, "{reply}");
    let notes = reply["result"]["notes"].to_string();
    assert!(
        notes.contains("3 calls") && notes.contains("local"),
        "{notes}"
    );
}

#[tokio::test]
async fn today_period_and_rep_are_given() {
    let store = store().await;
    let task =
        json!({"from": "2026-01-26", "to": "2026-01-31", "today": "2026-01-29", "rep": "500"});
    let reply = digest(&store, task).await;
    let result = &reply["result"];
    assert_eq!(result["today"], "2026-01-29", "{reply}");
    assert_eq!(result["overdue"], json!([]));
    assert_eq!(calls_of(&result["due_next"]), ["1", "2"], "{reply}");
    assert_eq!(result["rep"]["name"], "Craig Benfold");

    let reply = digest(&store, json!({"rep": "nobody@seller.example"})).await;
    assert_eq!(reply["error"]["code"], "rep_not_found", "{reply}");
    let reply = digest(&store, json!({"today": "soon"})).await;
    assert_eq!(reply["error"]["field"], "today", "{reply}");
    // A rep with calls, but none now.
    let reply = digest(
        &store,
        json!({"rep": "500", "from": "2025-01-01", "to": "2025-01-07"}),
    )
    .await;
    assert_eq!(reply["result"]["calls"]["held"], 0, "{reply}");
    assert_eq!(reply["result"]["rep"]["name"], "Craig Benfold");
}

#[tokio::test]
async fn a_few_calls_without_a_reading_are_read_and_the_others_counted() {
    let ids: Vec<String> = (0..12).map(|number| format!("{number}")).collect();
    let calls = ids
        .iter()
        .map(|id| call(id, "2026-01-28T10:00:00Z", "d-1").call());
    let store = store_of_calls(&calls.collect::<Vec<_>>()).await;
    let reply = digest(&store, json!({"days": 7})).await;
    assert_eq!(reply["result"]["calls"]["held"], 12, "{reply}");
    assert_eq!(reply["result"]["calls"]["read"], 10);
    assert_eq!(reply["result"]["calls"]["not_read"], 2);
    // They were kept.
    let reply = digest(&store, json!({"days": 7})).await;
    assert_eq!(reply["result"]["calls"]["read"], 12, "{reply}");
}
