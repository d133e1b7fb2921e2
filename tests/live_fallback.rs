//! Gong itself in place of a store that is down: what it can answer it answers rightly, and the
//! rest is an error that says so, however Gong fails in turn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::commands::gong_client;
use crate::samples::Subjects;
use futures_util::future::join_all;
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
const ANSWERED: [&str; 9] = [
    "analyze_call",
    "ask",
    "batch_analysis",
    "deal_overview",
    "digest",
    "follow_up",
    "list_calls",
    "score_call",
    "scorecard",
];

/// What the others may end with, and these when Gong fails.
const TYPED: [&str; 2] = ["store_failed", "timed_out"];

/// Longer than any task may take here.
const PATIENCE: Duration = Duration::from_secs(60);

type Down = FaultySource<Arc<SqliteStore>>;

struct World {
    simulator: GongSimulator,
    subjects: Subjects,
    /// The words of each sentence, by its id.
    said: HashMap<String, String>,
    /// What each task answers from the store.
    stored: BTreeMap<&'static str, Value>,
    agents: Dispatcher,
    /// The same, for whom nobody waits long.
    hurried: Dispatcher,
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
        let settings = Settings::builder().load().await.unwrap();
        let language: InsightBuilder = settings.language().unwrap();
        let down = FaultySource::new(store, 1).keeping_nothing();
        let down = Arc::new(down);
        let store = Dispatcher::new(Arc::<Down>::clone(&down), language.clone());
        let live = LiveCalls::new(gong).unwrap();
        let hybrid = Hybrid::new(Arc::<Down>::clone(&down), live).named("snowflake", "gong");
        let agents = Dispatcher::new(Arc::new(hybrid), language);
        let mut world = Self {
            simulator,
            subjects,
            said,
            stored: BTreeMap::new(),
            hurried: agents.clone().with_time_limit(Duration::from_secs(1)),
            agents,
            now,
        };
        let stored = world.answers(&store).await.into_iter();
        world.stored = stored
            .map(|(task, reply)| {
                assert_eq!(reply["success"], true, "{task}: {reply}");
                (task, reply["result"].clone())
            })
            .collect();
        down.set_fault(Some(SourceFault::Fails));
        world
    }

    /// What each task is answered, all at once.
    async fn answers(&self, agents: &Dispatcher) -> BTreeMap<&'static str, Value> {
        let answers = Task::specs().map(|spec| async move {
            let sample = self.subjects.sample(spec.name).to_string();
            let answer = agents.run_json_at(sample.as_bytes(), self.now);
            let answer = tokio::time::timeout(PATIENCE, answer).await;
            let (reply, _) = answer.unwrap_or_else(|_| panic!("{} hangs", spec.name));
            self.check(&reply);
            (spec.name, reply)
        });
        join_all(answers).await.into_iter().collect()
    }

    /// What comes of a task is what the store says, marked as another's, or a typed error.
    fn check_outcome(&self, what: &str, task: &str, reply: &Value) {
        if let Some(code) = reply["error"]["code"].as_str() {
            assert!(TYPED.contains(&code), "{what}: {reply}");
            return;
        }
        assert_eq!(reply["data_source"], "gong", "{what}: {reply}");
        assert_ne!(reply["degraded"], json!([]), "{what}: {reply}");
        let (result, stored) = (&reply["result"], &self.stored[task]);
        if task != "batch_analysis" {
            assert_eq!(result, stored, "{what}");
            return;
        }
        // Each call of a batch comes or fails by itself.
        let calls = result["calls"].as_array().unwrap().iter();
        for (call, stored) in calls.zip(stored["calls"].as_array().unwrap()) {
            match call["error"]["code"].as_str() {
                Some(code) => assert!(TYPED.contains(&code), "{what}: {call}"),
                None => assert_eq!(call, stored, "{what}"),
            }
        }
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
async fn what_gong_knows_is_answered_as_by_the_store_and_the_rest_is_refused() {
    let world = World::start().await;
    for (task, reply) in world.answers(&world.agents).await {
        if ANSWERED.contains(&task) {
            assert_eq!(reply["success"], true, "{task}: {reply}");
            assert_eq!(reply["result"], world.stored[task], "{task}");
            assert_eq!(reply["data_source"], "gong", "{task}");
            assert_eq!(
                reply["degraded"][0],
                "gong answered in place of snowflake, which failed: transient"
            );
            continue;
        }
        assert_eq!(reply["error"]["code"], "store_failed", "{task}: {reply}");
        let message = reply["error"]["message"].as_str().unwrap();
        assert!(message.contains("and gong cannot"), "{task}: {message}");
    }
}

#[tokio::test]
async fn however_gong_fails_an_answer_is_right_or_a_typed_error() {
    let world = World::start().await;
    let status = |status, retry_after| FaultEffect::Status {
        status,
        retry_after,
    };
    let faults = [
        // Slow, and slower than anybody waits.
        FaultEffect::Hang(Duration::from_millis(50)),
        FaultEffect::Hang(Duration::from_secs(3_600)),
        status(401, None),
        status(403, None),
        status(429, Some(7_200)),
        status(500, None),
        FaultEffect::Disconnect,
        FaultEffect::CutBody,
        FaultEffect::InvalidUtf8,
        FaultEffect::MalformedJson,
        FaultEffect::MissingId,
        FaultEffect::BadGatewayPage,
        FaultEffect::HtmlPage,
        FaultEffect::EmptyBody,
    ];
    let state = world.simulator.state();
    for effect in faults {
        let fault = || Fault::new(effect.clone()).always();
        let midway = fault().on_path("/v2/calls/transcript");
        for (when, fault) in [("from the start", fault()), ("midway", midway)] {
            state.inject(fault);
            for (task, reply) in world.answers(&world.hurried).await {
                world.check_outcome(&format!("{task}, {effect:?} {when}"), task, &reply);
            }
            state.clear_faults();
        }
    }
    // It is over with the faults.
    let reply = &world.answers(&world.agents).await["analyze_call"];
    assert_eq!(reply["result"], world.stored["analyze_call"]);
}
