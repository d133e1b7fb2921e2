//! Which store answers a task, while a share of them goes to the primary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use agents::task::{Dispatcher, Task};
use calls::Timestamp;
use jiff::SignedDuration;
use resilience::Route;
use serde_json::{Value, json};
use snowflake_store::{CallSource, Hybrid, SqliteStore};
use support::PhraseLanguage;
use testkit::faulty::FaultySource;

type Counted = Arc<FaultySource<Arc<SqliteStore>>>;

/// Two stores with the same calls, each of which answers half of the tasks.
struct Halves {
    primary: Counted,
    fallback: Counted,
    call_ids: Vec<String>,
    language: Arc<PhraseLanguage>,
    dispatcher: Dispatcher,
}

impl Halves {
    async fn new() -> Self {
        let org = support::small_org();
        let store = support::store_of(&org).await;
        let call_ids = support::call_ids(&store).await;
        let primary = Arc::new(FaultySource::new(store, 1));
        let fallback = Arc::new(FaultySource::new(support::store_of(&org).await, 1));
        let hybrid = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback));
        let route = Route::default().with_primary_share(0.5);
        let hybrid: Arc<dyn CallSource> =
            Arc::new(hybrid.named("primary", "fallback").with_route(route));
        let language = Arc::new(PhraseLanguage::default());
        Self {
            primary,
            fallback,
            call_ids: call_ids.iter().take(24).map(ToString::to_string).collect(),
            dispatcher: Dispatcher::new(hybrid, Arc::clone(&language)),
            language,
        }
    }

    async fn reply(&self, task: Value) -> Value {
        self.reply_at(task, support::anchor()).await
    }

    async fn reply_at(&self, task: Value, now: Timestamp) -> Value {
        let bytes = task.to_string();
        let (reply, _) = self.dispatcher.run_json_at(bytes.as_bytes(), now).await;
        assert_eq!(reply["success"], true, "{task}: {reply}");
        reply
    }

    async fn source(&self, task: Value) -> String {
        let reply = self.reply(task).await;
        reply["data_source"].as_str().unwrap().to_owned()
    }

    /// Who answers a task that is given as a value.
    async fn source_of(&self, task: Task) -> &'static str {
        let before = (self.primary.requests(), self.fallback.requests());
        self.dispatcher.run(task, support::anchor()).await.unwrap();
        let asked = (
            self.primary.requests() > before.0,
            self.fallback.requests() > before.1,
        );
        match asked {
            (true, false) => "primary",
            (false, true) => "fallback",
            other => panic!("{other:?} were asked"),
        }
    }
}

#[tokio::test]
async fn tasks_about_one_call_go_to_one_store_however_they_are_given() {
    let halves = Halves::new().await;
    let mut sources = BTreeSet::new();
    for id in &halves.call_ids {
        let similar = json!({"task_type": "find_similar_calls", "call_id": id});
        let source = halves.source(similar).await;
        for task_type in ["analyze_call", "score_call", "follow_up"] {
            let task = json!({"task_type": task_type, "call_id": id});
            assert_eq!(halves.source(task.clone()).await, source, "{task}");
            let task: Task = serde_json::from_value(task).unwrap();
            assert_eq!(halves.source_of(task.clone()).await, source, "{task:?}");
        }
        sources.insert(source);
    }
    assert_eq!(sources.len(), 2, "both halves are used");
}

#[tokio::test]
async fn a_batch_goes_where_each_of_its_calls_goes() {
    let halves = Halves::new().await;
    let mut sources = BTreeSet::new();
    for id in &halves.call_ids {
        let analyse = json!({"task_type": "analyze_call", "call_id": id});
        sources.insert(halves.source(analyse).await);
    }
    let read = halves.language.calls_read.load(Ordering::SeqCst);
    assert_eq!(read, halves.call_ids.len());
    let batch = json!({"task_type": "batch_analysis", "call_ids": halves.call_ids});
    let reply = halves.reply(batch.clone()).await;
    let answered: BTreeSet<String> = reply["data_source"]
        .as_str()
        .unwrap()
        .split(", ")
        .map(str::to_owned)
        .collect();
    assert_eq!(answered, sources);
    assert_eq!(reply["degraded"], json!([]), "nothing failed");
    let read_again = halves.language.calls_read.load(Ordering::SeqCst);
    assert_eq!(read_again, read, "what was read is found where it was read");

    // Where one store is down, its calls are answered by the other one, which is said once.
    halves
        .primary
        .set_fault(Some(testkit::faulty::SourceFault::Fails));
    let reply = halves.reply(batch).await;
    assert_eq!(reply["data_source"], "fallback");
    assert_eq!(reply["result"]["failed"], 0);
    let degraded = reply["degraded"].as_array().unwrap();
    let told: BTreeSet<&str> = degraded.iter().map(|why| why.as_str().unwrap()).collect();
    assert_eq!(told.len(), degraded.len(), "{degraded:?}");
    assert!(!told.is_empty());
}

#[tokio::test]
async fn what_is_about_nobody_is_divided_by_the_day_and_stays_all_day() {
    let halves = Halves::new().await;
    for task in [
        json!({"task_type": "team_overview", "days": 90}),
        json!({"task_type": "digest", "days": 7}),
        json!({"task_type": "list_calls"}),
        json!({"task_type": "find_patterns", "days": 90}),
    ] {
        let mut sources = BTreeSet::new();
        for day in 0..14 {
            let morning = support::anchor() + SignedDuration::from_hours(24 * day);
            let first = halves.reply_at(task.clone(), morning).await;
            let later = morning + SignedDuration::from_hours(9);
            let second = halves.reply_at(task.clone(), later).await;
            assert_eq!(first["data_source"], second["data_source"], "{task}");
            sources.insert(first["data_source"].to_string());
        }
        assert_eq!(sources.len(), 2, "{task}: both answer within two weeks");
    }
}
