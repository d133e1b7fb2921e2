//! What a task asks of Snowflake, statement by statement, on a stand-in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use agents::task::Dispatcher;
use cortex::LocalLanguage;
use serde_json::json;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, StatementMetrics};
use snowflake_store::{
    Landing, LandingPage, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, TransformScope,
    Upkeep,
};
use testkit::conformance::store::{CallDocument, transcript_document};
use testkit::fakesnow::FakeSnow;

/// A store with one call on a database of its own, and what counts its statements.
async fn store() -> Option<(SnowflakeStore, Arc<StatementMetrics>, FakeSnow)> {
    let server = FakeSnow::available().unwrap()?;
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
        .unwrap()
        .with_base_url(server.base_url().as_str())
        .unwrap()
        .with_database(format!("AGENTS_{}", std::process::id()))
        .with_schema("CALLS");
    let metrics = Arc::new(StatementMetrics::default());
    let pool = Arc::new(SnowflakePool::observed(config, metrics.clone()));
    let settings = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
    let store = SnowflakeStore::new(pool, settings).unwrap();
    store.migrate().await.unwrap();
    let lines = [
        ("v-rep", 0, 6_000, "I will send you the contract on Monday."),
        (
            "v-buyer",
            6_000,
            9_000,
            "The price is too high for us, to be honest.",
        ),
    ];
    let page = LandingPage::new("run")
        .with_calls(vec![
            CallDocument::new("1")
                .linked("Opportunity", "d-1")
                .document(),
        ])
        .with_transcripts(vec![transcript_document("1", &lines)]);
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(store.transform(scope).await.unwrap().transformed, 1);
    Some((store, metrics, server))
}

#[tokio::test]
async fn an_analysis_reads_its_call_with_one_statement() {
    let Some((store, metrics, _server)) = store().await else {
        return;
    };
    let dispatcher = Dispatcher::new(Arc::new(store), Arc::new(LocalLanguage::default()));
    let task = json!({"task_type": "analyze_call", "call_id": "1"}).to_string();
    metrics.take();
    let (reply, code) = dispatcher.run_json(task.as_bytes()).await;
    assert_eq!(code, 0, "{reply}");
    let sent = metrics.take().statements;
    let reads: Vec<(&str, u64)> = sent
        .iter()
        .filter(|(name, _)| !WRITES.contains(name))
        .map(|(name, summary)| (*name, summary.sent))
        .collect();
    assert_eq!(reads, [("call_detail", 1)]);
    assert_eq!(sent["save_insights"].sent, 1, "what was computed is stored");

    // Its insights are stored now, so the second one only reads.
    let (reply, code) = dispatcher.run_json(task.as_bytes()).await;
    assert_eq!(code, 0, "{reply}");
    let sent = metrics.take().statements;
    let sent: Vec<(&str, u64)> = sent.iter().map(|(name, all)| (*name, all.sent)).collect();
    assert_eq!(sent, [("call_detail", 1)]);
}

/// The transaction that stores insights.
const WRITES: [&str; 8] = [
    "begin",
    "commit",
    "save_insights",
    "clear_sentence_sentiments",
    "clear_chunks",
    "save_readings",
    "save_sentence_sentiments",
    "save_chunks",
];
