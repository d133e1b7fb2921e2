//! Many agents on one store: none waits for ever, nothing is lost, and each answers as one
//! alone does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;
use std::time::Duration;

use agents::insights::InsightBuilder;
use agents::task::Dispatcher;
use serde_json::{Value, json};
use snowflake_store::{CallSource, SqliteStore, Upkeep};
use support::{Company, PhraseLanguage};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

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

async fn analysis(dispatcher: &Dispatcher, call_id: &str) -> Value {
    let task = json!({"task_type": "analyze_call", "call_id": call_id}).to_string();
    let (reply, _) = dispatcher
        .run_json_at(task.as_bytes(), support::anchor())
        .await;
    assert_eq!(reply["success"], true, "{reply}");
    reply["result"].clone()
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
    let ended = futures_util::future::join_all(agents);
    let ended = tokio::time::timeout(Duration::from_secs(300), ended).await;
    let answers: Vec<(String, Value)> = ended
        .expect("agents that wait for each other")
        .into_iter()
        .flat_map(Result::unwrap)
        .collect();

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
        let rows = |counts: Vec<snowflake_store::TableCount>| {
            let mut counts = counts.into_iter();
            counts.find(|count| count.table == table).unwrap().rows
        };
        let (here, there) = (
            shared.counts().await.unwrap(),
            alone.counts().await.unwrap(),
        );
        assert_eq!(rows(here), rows(there), "{table}");
    }
    let readings = shared.counts().await.unwrap();
    let readings = readings.iter().find(|count| count.table == "CALL_READINGS");
    assert_eq!(readings.unwrap().rows, asked.len() as u64);
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
    let task = json!({"task_type": "batch_analysis", "limit": 4}).to_string();
    let (reply, _) = dispatcher
        .run_json_at(task.as_bytes(), support::anchor())
        .await;
    assert_eq!(reply["result"]["analysed"], 4, "{reply}");
    assert!(company.met());
}
