//! Many agents on one store: none waits for ever, nothing is lost, and each answers as one
//! alone does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use agents::insights::{InsightBuilder, analyse_backlog};
use agents::task::{Dispatcher, Task};
use futures_util::future::join_all;
use serde_json::{Value, json};
use snowflake_store::{CallReader, CallSource, CallStore, Insights, SqliteStore, Upkeep};
use support::{Company, PhraseLanguage, Subjects};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};
use tokio::task::JoinHandle;

const AGENTS: usize = 64;

fn dispatcher(store: &Arc<SqliteStore>) -> Dispatcher {
    let language = InsightBuilder::new(Arc::new(PhraseLanguage::default()));
    Dispatcher::new(Arc::clone(store) as Arc<dyn CallSource>, language)
}

async fn file(path: std::path::PathBuf, org: &SyntheticOrg) -> Arc<SqliteStore> {
    let store = SqliteStore::open(path).await.unwrap();
    support::fill(&store, &org.calls).await;
    Arc::new(store)
}

async fn answer(dispatcher: &Dispatcher, task: &Value) -> Value {
    let bytes = task.to_string();
    let (reply, _) = dispatcher
        .run_json_at(bytes.as_bytes(), support::anchor())
        .await;
    assert_eq!(reply["success"], true, "{task}: {reply}");
    reply["result"].clone()
}

async fn analysis(dispatcher: &Dispatcher, call_id: &str) -> Value {
    let task = json!({"task_type": "analyze_call", "call_id": call_id});
    answer(dispatcher, &task).await
}

/// What agents that work at once come to, as they must in the end.
async fn all<T: Send + 'static>(agents: Vec<JoinHandle<T>>) -> Vec<T> {
    let ended = tokio::time::timeout(Duration::from_secs(300), join_all(agents)).await;
    let ended = ended.expect("agents that wait for each other");
    ended.into_iter().map(Result::unwrap).collect()
}

async fn rows(store: &SqliteStore, table: &str) -> u64 {
    let counts = store.counts().await.unwrap();
    let mut counts = counts.into_iter();
    counts.find(|count| count.table == table).unwrap().rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_agents_answer_as_one_alone_and_lose_nothing() {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        anchor: support::anchor(),
        deals: 8,
        ..SyntheticConfig::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let shared = file(folder.path().join("shared.db"), &org).await;
    let alone = file(folder.path().join("alone.db"), &org).await;
    let ids = support::call_ids(&shared).await;
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();

    // Each with sessions of its own, several on the same call at once.
    let agents: Vec<_> = (0..AGENTS)
        .map(|number| {
            let (shared, ids) = (Arc::clone(&shared), ids.clone());
            tokio::spawn(async move {
                let dispatcher = dispatcher(&shared);
                let mut answers = Vec::new();
                for step in 0..3 {
                    let id = &ids[(number / 2 + step * 7) % ids.len()];
                    answers.push((id.clone(), analysis(&dispatcher, id).await));
                }
                answers
            })
        })
        .collect();
    let answers: Vec<(String, Value)> = all(agents).await.into_iter().flatten().collect();

    let one = dispatcher(&alone);
    let mut asked: Vec<&String> = answers.iter().map(|(id, _)| id).collect();
    asked.sort_unstable();
    asked.dedup();
    for id in &asked {
        let expected = analysis(&one, id).await;
        let of_call = answers.iter().filter(|(answered, _)| answered == *id);
        for (_, answer) in of_call {
            assert_eq!(answer, &expected, "{id}");
        }
    }
    for table in ["CALL_READINGS", "STG_GONG_TRANSCRIPT_CHUNKS"] {
        assert_eq!(
            rows(&shared, table).await,
            rows(&alone, table).await,
            "{table}"
        );
    }
    assert_eq!(rows(&shared, "CALL_READINGS").await, asked.len() as u64);
}

/// Tasks of every kind, while others save what further readers make of the calls.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_agents_mix_all_tasks_while_readings_are_saved() {
    const WRITERS: u32 = 16;
    let org = SyntheticOrg::generate(&SyntheticConfig {
        anchor: support::anchor(),
        deals: 4,
        sentences: 40..=60,
        ..SyntheticConfig::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path().join("calls.db"), &org).await;
    let language = InsightBuilder::new(Arc::new(PhraseLanguage::default()));
    let whole = Arc::clone(&store) as Arc<dyn CallStore>;
    let backlog = analyse_backlog(whole, language, NonZeroUsize::MIN, |_| {}).await;
    assert_eq!(backlog.unwrap().failed, []);
    let subjects = Subjects::of(&*store).await;
    let samples = Task::specs().map(|spec| subjects.sample(spec.name));
    let samples: Arc<[Value]> = samples.collect();
    let mut expected = Vec::new();
    for sample in &*samples {
        expected.push(answer(&dispatcher(&store), sample).await);
    }
    let ids = support::call_ids(&store).await;

    let writers: Vec<_> = (1..=WRITERS)
        .map(|version| {
            let (store, ids) = (Arc::clone(&store), ids.clone());
            tokio::spawn(async move {
                let reader = InsightBuilder::new(Arc::new(PhraseLanguage {
                    version,
                    ..PhraseLanguage::default()
                }));
                for id in &ids {
                    let detail = store.call_detail(id).await.unwrap().unwrap();
                    let reading = reader.read(&detail).await.unwrap();
                    store.save_readings(&[reading]).await.unwrap();
                }
                reader.reader()
            })
        })
        .collect();
    let agents: Vec<_> = (0..AGENTS)
        .map(|number| {
            let (store, samples) = (Arc::clone(&store), Arc::clone(&samples));
            tokio::spawn(async move {
                let dispatcher = dispatcher(&store);
                let mut answers = Vec::new();
                for step in 0..6 {
                    let at = (number + step * 7) % samples.len();
                    answers.push((at, answer(&dispatcher, &samples[at]).await));
                }
                answers
            })
        })
        .collect();
    for (at, answer) in all(agents).await.into_iter().flatten() {
        assert_eq!(answer, expected[at], "{}", samples[at]);
    }
    for reader in all(writers).await {
        let saved = store.readings(&ids, Some(&reader)).await.unwrap();
        assert_eq!(saved.len(), ids.len(), "{reader:?}");
    }
}

/// A backend that computes where it is asked uses every core in a batch.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_calls_of_a_batch_are_read_at_once() {
    let store = support::store_of(&support::small_org()).await;
    let company = Arc::new(Company::default());
    let language = PhraseLanguage {
        company: Some(Arc::clone(&company)),
        ..PhraseLanguage::default()
    };
    let dispatcher = Dispatcher::new(store, Arc::new(language));
    let task = json!({"task_type": "batch_analysis", "limit": 4});
    let result = answer(&dispatcher, &task).await;
    assert_eq!(result["analysed"], 4, "{result}");
    assert!(company.met());
}
