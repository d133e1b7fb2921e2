//! First names that are words: who decides, and who was brought.

use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::{DealAgent, DealOverview};
use calls::CallId;
use calls::reading::{Confidence, Fact, NextStep, Owner, Reading, StepStatus};
use cortex::LocalLanguage;
use serde_json::json;
use snowflake_store::SqliteStore;
use testkit::SimulatedCall;

use crate::deals::support;
use crate::deals::world::{call_about_haulage, keep_reading, state_of};

/// A call of Nora with these people of the customer, by first name.
fn call(id: &str, day: &str, customers: &[&str], said: &[(&str, &str)]) -> SimulatedCall {
    let mut parties = vec![json!({"id": format!("{id}-Nora"), "speakerId": "Nora",
        "name": "Nora Falk", "userId": "500", "emailAddress": "nora@seller.example",
        "affiliation": "Internal"})];
    parties.extend(customers.iter().map(|first| {
        json!({"id": format!("{id}-{first}"), "speakerId": first,
            "name": format!("{first} Okafor"),
            "emailAddress": format!("{first}@haulage.example"), "affiliation": "External"})
    }));
    call_about_haulage(id, day, parties, said)
}

/// The deal over calls with these readings, as of June.
async fn deal(calls: &[SimulatedCall], readings: Vec<Reading>) -> DealOverview {
    let store: Arc<SqliteStore> = support::store_of_calls(calls).await;
    let builder = InsightBuilder::new(Arc::new(LocalLanguage::new()));
    for (call, reading) in calls.iter().zip(readings) {
        let id = CallId::new(call.id().unwrap());
        keep_reading(&store, &builder, &id, reading).await;
    }
    let agent = DealAgent::new(store, builder);
    let today = "2026-06-01".parse().unwrap();
    agent.overview(&"9001".into(), today).await.unwrap()
}

#[tokio::test]
async fn a_name_that_is_a_word_decides_only_where_it_is_written_as_a_name() {
    for (name, sentence, decides) in [
        ("Will", "Then we will decide in March.", false),
        ("Will", "Will you decide in March, then?", false),
        ("Will", "That is for Will to sign, nobody else.", true),
        ("Mark", "We mark it as approved once it is signed.", false),
        ("Grant", "The grant has to be approved first.", false),
        ("Grant", "Grant has to approve it.", true),
        ("Ines", "Ines signs for things of this size.", true),
        ("Ines", "It is signed by Ines's office.", true),
    ] {
        let said = [
            ("Nora", "Who has to sign for it?"),
            (name, sentence),
            (name, "I will ask around."),
        ];
        let call = call("1", "2026-05-04", &[name], &said);
        let mut reading = Reading::default();
        let sure = Confidence::measured(0.9, "this test");
        reading.decision = vec![Fact::new(sentence, vec![1], sure)];
        let deal = deal(&[call], vec![reading]).await;
        assert_eq!(deal.stakeholders.len(), 1);
        assert_eq!(deal.stakeholders[0].decides, decides, "{name}: {sentence}");
    }
}

#[tokio::test]
async fn a_promise_is_not_kept_by_somebody_whose_name_is_a_word_of_it() {
    for (promise, state) in [
        (
            "I will bring the price list along on the twelfth.",
            "overdue",
        ),
        (
            "I'll bring Will from purchasing along on the twelfth.",
            "kept",
        ),
    ] {
        let first = call(
            "1",
            "2026-05-04",
            &["Tom"],
            &[("Nora", "What comes next?"), ("Tom", promise)],
        );
        let second = call(
            "2",
            "2026-05-12",
            &["Tom", "Will"],
            &[
                ("Nora", "Hello both."),
                ("Will", "I look after purchasing for all of the depots."),
            ],
        );
        let sure = Confidence::measured(0.9, "this test");
        let mut step = NextStep::new(promise, vec![1], sure);
        step.owner = Some(Owner::Party("1-Tom".into()));
        step.due = Some("2026-05-12".parse().unwrap());
        step.status = StepStatus::Promised;
        let mut reading = Reading::default();
        reading.next_steps = vec![step];
        let deal = deal(&[first, second], vec![reading, Reading::default()]).await;
        assert_eq!(state_of(&deal, promise).0, state, "{promise}");
    }
}
