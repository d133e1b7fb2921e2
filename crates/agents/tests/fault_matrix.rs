//! Each dependency, failing in each way, under each task: a right answer that says who gave it
//! and why, or a typed error; never a hang, never a wrong claim.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use agents::insights::{InsightBuilder, analyse_backlog};
use agents::task::{Dispatcher, Task};
use resilience::Route;
use serde_json::{Value, json};
use snowflake_store::{CallSource, Hybrid, SqliteStore};
use support::{FaultyLanguage, LanguageFault, PhraseLanguage, Subjects};
use testkit::faulty::{FaultySource, SourceFault};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

type Faulty = Arc<FaultySource<Arc<SqliteStore>>>;

const FAULTS: [SourceFault; 7] = [
    SourceFault::Hangs,
    SourceFault::Refuses,
    SourceFault::Fails,
    SourceFault::Rubbish,
    SourceFault::Garbled,
    SourceFault::DiesAfter(2),
    SourceFault::Unable,
];

/// What an answer may fail with when a dependency does.
const TYPED: [&str; 9] = [
    "store_failed",
    "backend_failed",
    "unsupported",
    "timed_out",
    // A store whose replies point to calls that do not exist.
    "call_not_found",
    "rep_not_found",
    "deal_not_found",
    "account_not_found",
    "no_transcript",
];

struct World {
    store: Arc<SqliteStore>,
    subjects: Subjects,
}

impl World {
    /// A company whose calls were all analysed.
    async fn new() -> Self {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: support::anchor(),
            deals: 5,
            sentences: 40..=60,
            ..SyntheticConfig::default()
        });
        let store = support::store_of(&org).await;
        let workers = NonZeroUsize::MIN;
        let report = analyse_backlog(Arc::clone(&store) as _, phrases(), workers, |_| {}).await;
        assert_eq!(report.unwrap().failed, []);
        let subjects = Subjects::of(&*store).await;
        Self { store, subjects }
    }

    /// The store behind a fault. Nothing is kept, so that cases do not see each other.
    fn behind(&self, fault: Option<SourceFault>) -> Faulty {
        let source = FaultySource::new(Arc::clone(&self.store), 7).keeping_nothing();
        source.set_fault(fault);
        Arc::new(source)
    }

    fn samples(&self) -> impl Iterator<Item = (&'static str, Value)> {
        Task::specs().map(|spec| (spec.name, self.subjects.sample(spec.name)))
    }

    /// What each task answers when nothing fails.
    async fn healthy(&self) -> Vec<Value> {
        let dispatcher = Dispatcher::new(self.behind(None), phrases());
        let mut healthy = Vec::new();
        for (name, sample) in self.samples() {
            let reply = answer(&dispatcher, &sample).await;
            assert_eq!(reply["success"], true, "{name}: {reply}");
            assert_eq!(reply["degraded"], json!([]), "{name}");
            healthy.push(reply["result"].clone());
        }
        healthy
    }

    /// Whatever it says was said.
    async fn check(&self, what: &str, reply: &Value) {
        for field in ["request_id", "version", "data_source"] {
            assert!(reply[field].is_string(), "{what}: {field} of {reply}");
        }
        if reply["success"] == true {
            support::check_evidence(&self.store, &reply["result"]).await;
            return;
        }
        let code = reply["error"]["code"].as_str().unwrap();
        assert!(TYPED.contains(&code), "{what}: {}", reply["error"]);
    }
}

fn phrases() -> InsightBuilder {
    InsightBuilder::new(Arc::new(PhraseLanguage::default()))
}

/// A task's answer, which has to come.
async fn answer(dispatcher: &Dispatcher, task: &Value) -> Value {
    let bytes = task.to_string();
    let answered = dispatcher.run_json_at(bytes.as_bytes(), support::anchor());
    let answered = tokio::time::timeout(Duration::from_secs(3_600), answered).await;
    answered.unwrap_or_else(|_| panic!("{task} hangs")).0
}

fn hybrid(primary: &Faulty, fallback: &Faulty) -> Arc<dyn CallSource> {
    let route = Route::default().with_primary_timeout(Duration::from_secs(10));
    let hybrid = Hybrid::new(Arc::clone(primary), Arc::clone(fallback));
    Arc::new(hybrid.named("snowflake", "sqlite").with_route(route))
}

/// Faults that a fallback does not stand in for: no waiting mends them, or nobody notices.
fn is_final(fault: SourceFault) -> bool {
    matches!(
        fault,
        SourceFault::Refuses | SourceFault::Rubbish | SourceFault::Garbled
    )
}

#[tokio::test]
async fn a_store_that_fails_costs_no_more_than_its_answer() {
    let world = World::new().await;
    let healthy = world.healthy().await;
    tokio::time::pause();
    for fault in FAULTS {
        let dispatcher = Dispatcher::new(world.behind(Some(fault)), phrases());
        for ((name, sample), healthy) in world.samples().zip(&healthy) {
            let what = format!("{name}, {fault:?}");
            let reply = answer(&dispatcher, &sample).await;
            world.check(&what, &reply).await;
            match fault {
                // Of a batch each call fails by itself.
                SourceFault::Rubbish if name == "batch_analysis" => {
                    assert_eq!(reply["result"]["analysed"], 0, "{what}: {reply}");
                }
                SourceFault::Rubbish => assert_eq!(reply["success"], false, "{what}: {reply}"),
                SourceFault::Garbled => claims_nothing_new(&what, &reply["result"], healthy),
                _ => {}
            }
        }
    }
}

/// What was garbled may be missing. It must not turn into "there was none", into a count of
/// something else, or into a figure that is no number.
fn claims_nothing_new(what: &str, result: &Value, healthy: &Value) {
    let (mut claims, mut right) = (Vec::new(), Vec::new());
    claims_of(result, &mut claims);
    claims_of(healthy, &mut right);
    for claim in claims {
        let is_known = |one: &&Value| one["kind"] == claim["kind"];
        assert!(right.iter().any(is_known), "{what}: {claim}");
        if claim["basis"] == "absence" {
            let is_same = |one: &&Value| one["text"] == claim["text"];
            assert!(right.iter().any(is_same), "{what}: {claim}");
        }
        let confidence = claim["confidence"].as_f64().unwrap();
        assert!((0.0..=1.0).contains(&confidence), "{what}: {claim}");
    }
    let text = result.to_string();
    for no_number in ["NaN", " inf", "-inf"] {
        assert!(!text.contains(no_number), "{what}: {text}");
    }
}

fn claims_of<'v>(value: &'v Value, claims: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("basis") {
                claims.push(value);
            }
            fields.values().for_each(|inner| claims_of(inner, claims));
        }
        Value::Array(items) => items.iter().for_each(|inner| claims_of(inner, claims)),
        _ => {}
    }
}

#[tokio::test]
async fn a_fallback_gives_the_very_answer_and_says_so() {
    let world = World::new().await;
    let healthy = world.healthy().await;
    tokio::time::pause();
    for fault in FAULTS {
        let (primary, fallback) = (world.behind(Some(fault)), world.behind(None));
        let dispatcher = Dispatcher::new(hybrid(&primary, &fallback), phrases());
        for ((name, sample), expected) in world.samples().zip(&healthy) {
            let what = format!("{name}, {fault:?}");
            primary.set_fault(Some(fault));
            let reply = answer(&dispatcher, &sample).await;
            world.check(&what, &reply).await;
            if is_final(fault) {
                continue;
            }
            assert_eq!(reply["success"], true, "{what}: {reply}");
            assert_eq!(&reply["result"], expected, "{what}");
            let is_degraded = reply["degraded"] != json!([]);
            match reply["data_source"].as_str().unwrap() {
                // It took no more requests than the primary has answered.
                "snowflake" => assert!(!is_degraded, "{what}: {}", reply["degraded"]),
                "sqlite" => assert!(is_degraded, "{what}"),
                // A batch goes call by call.
                _ if name == "batch_analysis" => assert!(is_degraded, "{what}"),
                both => panic!("{what}: {both} answered"),
            }
        }
    }
}

#[tokio::test]
async fn a_fallback_that_fails_too_ends_in_a_typed_error() {
    let world = World::new().await;
    tokio::time::pause();
    for fault in FAULTS {
        let (primary, fallback) = (
            world.behind(Some(SourceFault::Fails)),
            world.behind(Some(fault)),
        );
        let dispatcher = Dispatcher::new(hybrid(&primary, &fallback), phrases());
        for (name, sample) in world.samples() {
            let reply = answer(&dispatcher, &sample).await;
            world.check(&format!("{name}, {fault:?}"), &reply).await;
        }
    }
}

#[tokio::test]
async fn a_reader_that_fails_leaves_the_call_to_its_fallback() {
    let world = World::new().await;
    tokio::time::pause();
    for fault in LanguageFault::ALL {
        let language = || {
            let reader: Arc<dyn cortex::LanguageBackend> = Arc::new(FaultyLanguage::new(fault));
            phrases().with_reader(reader)
        };
        let phrases: Arc<dyn cortex::LanguageBackend> = Arc::new(PhraseLanguage::default());
        let with_fallback = language().with_fallback(phrases);
        for (what, language) in [("alone", language()), ("with a fallback", with_fallback)] {
            let dispatcher = Dispatcher::new(world.behind(None), language);
            for (name, sample) in world.samples() {
                let what = format!("{name}, {fault:?} {what}");
                let reply = answer(&dispatcher, &sample).await;
                world.check(&what, &reply).await;
                let is_noticed = !matches!(
                    fault,
                    LanguageFault::Garbled | LanguageFault::Dies | LanguageFault::Refuses
                );
                if name == "analyze_call" && is_noticed {
                    assert_eq!(reply["success"], true, "{what}: {reply}");
                    assert_ne!(reply["degraded"], json!([]), "{what}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_backend_that_fails_in_everything_ends_in_a_typed_error() {
    let world = World::new().await;
    tokio::time::pause();
    for fault in LanguageFault::ALL {
        let backend: Arc<dyn cortex::LanguageBackend> = Arc::new(FaultyLanguage::new(fault));
        let language = InsightBuilder::new(backend);
        let dispatcher = Dispatcher::new(world.behind(None), language);
        for (name, sample) in world.samples() {
            let reply = answer(&dispatcher, &sample).await;
            world.check(&format!("{name}, {fault:?}"), &reply).await;
        }
    }
}

/// Three in ten requests to the primary fail: a task is answered all the same, and rightly.
#[tokio::test]
async fn tasks_are_answered_while_a_third_of_the_requests_fail() {
    const TASKS: usize = 1_000;
    let world = World::new().await;
    let healthy = world.healthy().await;
    let (primary, fallback) = (
        world.behind(Some(SourceFault::Fitful(0.3))),
        world.behind(None),
    );
    let dispatcher = Dispatcher::new(hybrid(&primary, &fallback), phrases());
    let samples: Vec<(&str, Value)> = world.samples().collect();
    let (mut answered, mut by_fallback) = (0, 0);
    for number in 0..TASKS {
        let at = number % samples.len();
        let reply = answer(&dispatcher, &samples[at].1).await;
        if reply["success"] == true {
            answered += 1;
            // Of a batch it may have answered some calls only.
            by_fallback += usize::from(reply["data_source"] != "snowflake");
            assert_eq!(reply["result"], healthy[at], "{}", samples[at].0);
        }
    }
    assert!(answered * 1_000 >= TASKS * 999, "{answered} of {TASKS}");
    assert!(by_fallback > TASKS / 10, "{by_fallback} of {TASKS}");
    let stats = dispatcher.stats();
    assert_eq!(stats.answered + stats.degraded, answered as u64);
    assert_eq!(stats.degraded, by_fallback as u64);
}

/// A panic below is an error of the task that met it.
#[tokio::test]
async fn a_dispatcher_that_is_shut_down_ends_what_runs() {
    let world = World::new().await;
    let source = world.behind(Some(SourceFault::Hangs));
    let dispatcher = Dispatcher::new(source, phrases());
    let task = json!({"task_type": "list_calls", "request_id": "r-1"});
    let running = tokio::spawn({
        let (dispatcher, task) = (dispatcher.clone(), task.clone());
        async move { answer(&dispatcher, &task).await }
    });
    tokio::task::yield_now().await;
    dispatcher.shutdown().await;
    for reply in [running.await.unwrap(), answer(&dispatcher, &task).await] {
        assert_eq!(reply["error"]["code"], "cancelled");
        assert_eq!(reply["request_id"], "r-1");
    }
}
