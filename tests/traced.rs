//! The spans of a sync, an enrichment, a backlog and a task, through all layers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use gong_snowflake::ingest::{Enricher, GongSync};
use gong_snowflake::snowflake_store::SyncMode;
use gong_snowflake::{Agents, Backlog, Settings, StoreOptions};
use serde_json::json;
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};
use testkit::hubspot::HubSpotSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::util::SubscriberInitExt;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn spans_lead_from_a_task_to_the_store_and_the_reader() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    let _guard = subscriber.set_default();

    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 2,
        sentences: 20..=30,
        ..SyntheticConfig::default()
    });
    let gong = GongSimulator::builder().org(&org).start().await.unwrap();
    let hubspot = HubSpotSimulator::builder().org(&org).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let settings = Settings::builder()
        .with("store.location", store, "test")
        .with("gong.base_url", gong.url(), "test")
        .with("gong.access_key", DEFAULT_ACCESS_KEY, "test")
        .with("gong.access_key_secret", DEFAULT_ACCESS_KEY_SECRET, "test")
        .with("hubspot.base_url", hubspot.base_url(), "test")
        .with("hubspot.token", testkit::hubspot::DEFAULT_TOKEN, "test")
        .load()
        .await
        .unwrap();
    let agents = Agents::open(&settings, &StoreOptions::new("test")).await;
    let agents = agents.unwrap();
    let store = agents.store();
    let sync = settings.sync_settings(SyncMode::Full);
    let sync = GongSync::new(settings.gong_client().unwrap(), Arc::clone(store), sync);
    sync.run().await.unwrap();
    let enricher = Enricher::new(settings.crm().unwrap().unwrap(), Arc::clone(store));
    enricher
        .enrich("2026-01-01T00:00:00Z".parse().unwrap())
        .await
        .unwrap();
    let call = org
        .calls
        .iter()
        .find(|call| call.transcript.is_some())
        .unwrap();
    let task = json!({"task_type": "analyze_call", "request_id": "r-1", "call_id": call.id()});
    let (reply, _) = agents
        .dispatcher()
        .run_json(task.to_string().as_bytes())
        .await;
    assert_eq!(reply["success"], true, "{reply}");
    let backlog = Backlog::new(Arc::clone(store), agents.language().clone());
    backlog.analyse("test", |_| {}).await.unwrap().unwrap();
    let unknown = json!({"call_ids": ["none"], "task_type": "batch_analysis"});
    agents
        .dispatcher()
        .run_json(unknown.to_string().as_bytes())
        .await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let closed: Vec<&str> = log.lines().filter(|line| line.contains("close")).collect();
    for way in [
        &["sync{", "request{client=\"gong\""][..],
        &[
            "sync{",
            "store{backend=\"sqlite\" method=\"land\" outcome=\"ok\"}",
        ],
        &[
            "enrich:",
            "crm{backend=\"hubspot-api\" method=\"deals\" items=",
        ],
        &["enrich:", "crm{", "request{client=\"hubspot\""],
        &["enrich:", "store{backend=\"sqlite\" method=\"save_crm\""],
        &[
            "task{",
            "r-1",
            "store{backend=\"sqlite\" method=\"call_detail\" outcome=\"ok\"}",
        ],
        &[
            "task{",
            "r-1",
            "language{backend=\"local\" method=\"read\" items=1 outcome=\"ok\"}",
        ],
        &[
            "backlog:",
            "read{call_id=",
            "language{backend=\"local\" method=\"read\"",
        ],
        &[
            "backlog:",
            "store{backend=\"sqlite\" method=\"save_readings\" items=",
        ],
    ] {
        let is_on_it = |line: &&&str| {
            let mut rest = **line;
            way.iter().all(|part| {
                let found = rest.find(part);
                rest = found.map_or("", |at| &rest[at + part.len()..]);
                found.is_some()
            })
        };
        assert!(closed.iter().any(|line| is_on_it(&line)), "{way:?}: {log}");
    }
    for call in &org.calls {
        let transcript = call.transcript.iter();
        let monologues = transcript.flat_map(|one| one["transcript"].as_array().unwrap());
        for sentence in monologues.flat_map(|one| one["sentences"].as_array().unwrap()) {
            let text = sentence["text"].as_str().unwrap();
            assert!(text.len() < 12 || !log.contains(text), "{text}");
        }
    }
    assert!(!log.contains(DEFAULT_ACCESS_KEY_SECRET));
}
