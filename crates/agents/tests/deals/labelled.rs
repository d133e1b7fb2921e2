//! The deal of three labelled conversations, where they are at hand: what was promised, kept
//! and broken as their labels say.

use std::sync::Arc;

use agents::DealAgent;
use agents::insights::InsightBuilder;
use calls::CallId;
use cortex::LocalLanguage;
use serde_json::Value;
use snowflake_store::SqliteStore;

use crate::deals::support::{self, dialogue};
use crate::deals::world::{self, state_of};

async fn store(dialogues: &[Value]) -> Arc<SqliteStore> {
    let calls = dialogues.iter().enumerate();
    let calls = calls.map(|(at, one)| dialogue::as_call(one, &(at + 1).to_string(), "77"));
    support::store_of_calls(&calls.collect::<Vec<_>>()).await
}

fn dialogues() -> Option<Vec<Value>> {
    let folder = dialogue::folder()?;
    let ids = ["e01", "e02", "e03"].iter();
    Some(ids.map(|id| dialogue::dialogue(&folder, id)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_are_kept_and_broken_as_the_labels_say() {
    let Some(dialogues) = dialogues() else { return };
    let store = store(&dialogues).await;
    let builder = InsightBuilder::new(Arc::new(LocalLanguage::new()));
    for (at, one) in dialogues.iter().enumerate() {
        let id = CallId::new((at + 1).to_string());
        world::keep_reading(&store, &builder, &id, dialogue::labelled_steps(one)).await;
    }
    let agent = DealAgent::new(Arc::clone(&store) as _, builder);
    let deal = agent
        .overview(&"77".into(), "2026-04-10".parse().unwrap())
        .await
        .unwrap();
    for (what, state, is_late) in [
        ("real drug write-off figure", "kept", false),
        ("sets up a reference call with Fellgate", "broken", false),
        ("Ludlow stock sheet as it is", "kept", false),
        ("Demo on 17 March", "kept", false),
        ("brings Anneke Vos", "kept", false),
        ("brings Jonas", "kept", false),
        ("Fellgate reference on the phone", "broken", false),
        ("controlled drugs register", "broken", true),
        ("sandbox logins", "kept", false),
        ("two of her vets", "kept", false),
        ("quarter of an hour", "kept", false),
        ("gets Graham to the next call", "kept", false),
        ("Next call on 31 March", "kept", false),
        ("proposal in two versions", "kept", false),
        ("fills Dawid in", "open", false),
        ("lab van", "open", false),
        ("break clause at six months", "overdue", false),
        ("name of a reference in Devon", "overdue", false),
    ] {
        let step = deal.steps.iter().find(|step| step.what.contains(what));
        assert_eq!(
            state_of(&deal, what),
            (state.to_owned(), is_late),
            "{step:#?}"
        );
    }
    let json = serde_json::to_value(&deal).unwrap();
    assert!(support::check_evidence(&store, &json).await > 20);
}

/// The same, by what the local reader makes of the calls.
#[tokio::test(flavor = "multi_thread")]
async fn broken_promises_are_found_in_what_the_local_reader_reads() {
    let Some(dialogues) = dialogues() else { return };
    let store = store(&dialogues).await;
    let agent = DealAgent::new(Arc::clone(&store) as _, Arc::new(LocalLanguage::new()));
    let deal = agent
        .overview(&"77".into(), "2026-03-31".parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        state_of(&deal, "on the phone with their ops lady").0,
        "broken"
    );
    assert_eq!(
        state_of(&deal, "in writing on the register"),
        ("broken".to_owned(), true)
    );
    assert_eq!(state_of(&deal, "quarter of an hour").0, "kept");
    assert_eq!(state_of(&deal, "get a proposal across").0, "kept");
    let trust = deal
        .pushback
        .iter()
        .find(|one| one.kind.as_str() == "trust")
        .unwrap();
    assert!(trust.came_back && trust.is_open);
    assert!(deal.health.score < deal.health.read);
}
