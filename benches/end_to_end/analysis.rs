//! How long the analysis of one call takes on SQLite.

use std::sync::Arc;
use std::time::Instant;

use gong_snowflake::agents::CallAnalysisAgent;
use gong_snowflake::cortex::LocalLanguage;
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{
    CallHeader, CallQuery, CallReader, CallStore, SqliteStore, SyncMode,
};
use serde_json::{Value, json};
use testkit::gong::{GongSimulator, GongSimulatorBuilder};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::Outcome;
use crate::fetching::client;
use crate::timing::percentiles;

/// Times the analysis of synthetic calls: first with the language backend's work
/// included, then from the insights that the first pass stored.
pub(crate) async fn measure(analyses: usize) -> Outcome<Value> {
    let org = SyntheticOrg::generate(&SyntheticConfig::default());
    let (store, folder) = filled(GongSimulator::builder().org(&org)).await?;
    let query = CallQuery {
        with_transcript: true,
        limit: usize::MAX,
        ..CallQuery::default()
    };
    let calls = store.find_calls(&query).await?;
    let agent = CallAnalysisAgent::new(
        Arc::clone(&store) as Arc<dyn CallStore>,
        Arc::new(LocalLanguage::default()),
    );
    let computed = time(&agent, &calls, calls.len()).await?;
    let stored = time(&agent, &calls, analyses).await?;
    drop(folder);
    Ok(json!({"computed": computed, "stored": stored}))
}

async fn filled(gong: GongSimulatorBuilder) -> Outcome<(Arc<SqliteStore>, tempfile::TempDir)> {
    let gong = gong.start().await?;
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(folder.path().join("calls.db")).await?);
    let settings = SyncSettings::new(SyncMode::Full);
    GongSync::new(client(&gong.url())?, store.clone(), settings)
        .run()
        .await?;
    Ok((store, folder))
}

async fn time(agent: &CallAnalysisAgent, calls: &[CallHeader], count: usize) -> Outcome<Value> {
    let mut times = Vec::with_capacity(count);
    for call in calls.iter().cycle().take(count) {
        let started = Instant::now();
        agent.analyse(&call.id).await?;
        times.push(started.elapsed());
    }
    Ok(percentiles(times))
}
