//! Gong itself in place of a store that is down: what it can answer it answers rightly, and the
//! rest is an error that says so, however Gong fails in turn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::commands::gong_client;
use crate::samples::Subjects;
use gong_snowflake::Settings;
use gong_snowflake::agents::insights::InsightBuilder;
use gong_snowflake::agents::task::{Dispatcher, Task};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::GongClient;
use gong_snowflake::ingest::{GongSync, LiveCalls, SyncSettings};
use gong_snowflake::snowflake_store::{
    CallQuery, CallReader, CallStore, Hybrid, SqliteStore, SyncMode,
};
use serde_json::{Value, json};
use testkit::faulty::{FaultySource, SourceFault};
use testkit::gong::{Fault, FaultEffect, GongSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// What Gong answers for single calls and lists.
const ANSWERED: [&str; 7] = [
    "analyze_call",
    "ask",
    "batch_analysis",
    "follow_up",
    "list_calls",
    "score_call",
    "scorecard",
];

struct World {
    simulator: GongSimulator,
    subjects: Subjects,
    /// The words of each sentence, by its id.
    said: HashMap<String, String>,
    agents: Dispatcher,
    now: Timestamp,
}

impl World {
    async fn start() -> Self {
        let now: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: now,
            deals: 4,
            sentences: 40..=60,
            ..SyntheticConfig::default()
        });
        let simulator = GongSimulator::builder().org(&org).start().await.unwrap();
        let gong = Arc::new(gong_client(&simulator.url()));
        let store = Arc::new(SqliteStore::in_memory().await.unwrap());
        let whole: Arc<dyn CallStore> = Arc::<SqliteStore>::clone(&store);
        let settings = SyncSettings::new(SyncMode::Full).with_now(Some(now));
        let api = Arc::<GongClient>::clone(&gong);
        GongSync::new(api, whole, settings).run().await.unwrap();

        let subjects = Subjects::of(&*store).await;
        let said = sentences(&store).await;
        let down = FaultySource::new(store, 1);
        down.set_fault(Some(SourceFault::Fails));
        let live = LiveCalls::new(gong).unwrap();
        let hybrid = Hybrid::new(down, live).named("snowflake", "gong");
        let settings = Settings::builder().load().await.unwrap();
        let language: InsightBuilder = settings.language().unwrap();
        let agents =
            Dispatcher::new(Arc::new(hybrid), language).with_time_limit(Duration::from_secs(5));
        Self {
            simulator,
            subjects,
            said,
            agents,
            now,
        }
    }

    async fn answer(&self, task: &str) -> Value {
        let sample = self.subjects.sample(task).to_string();
        let reply = self.agents.run_json_at(sample.as_bytes(), self.now).await.0;
        self.check(&reply);
        reply
    }

    /// Whatever is cited was said.
    fn check(&self, value: &Value) {
        if let Some(id) = value.get("sentence_id").and_then(Value::as_str) {
            assert_eq!(value["text"], self.said[id].as_str(), "{value}");
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.check(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.check(field)),
            _ => {}
        }
    }
}

async fn sentences(store: &SqliteStore) -> HashMap<String, String> {
    let all = CallQuery {
        limit: 1_000,
        ..CallQuery::default()
    };
    let mut said = HashMap::new();
    for call in store.find_calls(&all).await.unwrap() {
        let detail = store.call_detail(&call.id).await.unwrap().unwrap();
        for sentence in detail.transcript.into_iter().flat_map(|one| one.sentences) {
            said.insert(format!("{}:{}", call.id, sentence.index), sentence.text);
        }
    }
    said
}

#[tokio::test]
async fn single_calls_and_lists_are_answered_and_the_rest_is_refused() {
    let world = World::start().await;
    for spec in Task::specs() {
        let reply = world.answer(spec.name).await;
        if ANSWERED.contains(&spec.name) {
            assert_eq!(reply["success"], true, "{}: {reply}", spec.name);
            assert_eq!(reply["data_source"], "gong", "{}", spec.name);
            assert_eq!(
                reply["degraded"][0],
                "gong answered in place of snowflake, which failed: transient"
            );
            continue;
        }
        if reply["success"] == false {
            assert_eq!(
                reply["error"]["code"], "store_failed",
                "{}: {reply}",
                spec.name
            );
            let message = reply["error"]["message"].as_str().unwrap();
            assert!(message.contains("and gong cannot"), "{message}");
        }
    }
}

#[tokio::test]
async fn however_gong_fails_there_is_a_typed_answer() {
    let world = World::start().await;
    let status = |status, retry_after| FaultEffect::Status {
        status,
        retry_after,
    };
    let faults = [
        FaultEffect::Hang(Duration::from_secs(3_600)),
        status(401, None),
        status(403, None),
        status(429, Some(7_200)),
        status(500, None),
        FaultEffect::Disconnect,
        FaultEffect::CutBody,
        FaultEffect::InvalidUtf8,
        FaultEffect::MissingId,
        FaultEffect::HtmlPage,
        FaultEffect::EmptyBody,
    ];
    let state = world.simulator.state();
    for effect in faults {
        state.inject(Fault::new(effect.clone()).always());
        for task in ["analyze_call", "list_calls"] {
            let reply = world.answer(task).await;
            let code = reply["error"]["code"].as_str().unwrap_or("answered");
            let typed = ["store_failed", "timed_out", "call_not_found", "answered"];
            assert!(typed.contains(&code), "{task}, {effect:?}: {reply}");
            // Whoever did not answer in time has given no answer.
            if code != "timed_out" {
                assert_eq!(reply["data_source"], "gong", "{task}, {effect:?}");
            }
        }
        state.clear_faults();
        // It is over with the fault.
        assert_eq!(world.answer("analyze_call").await["success"], json!(true));
    }
}
