//! HubSpot, failing in each way, under each task. Agents read its records from the store, so an
//! outage changes no answer; what was never mirrored is absent and not wrong, and comes when
//! HubSpot is back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::commands::gong_client;
use crate::samples::Subjects;
use gong_snowflake::agents::insights::InsightBuilder;
use gong_snowflake::agents::task::{Dispatcher, Task};
use gong_snowflake::calls::{Deal, Timestamp};
use gong_snowflake::hubspot_enrich::{AccessToken, HubSpotApi, HubSpotConfig};
use gong_snowflake::ingest::{self, Enricher, EnrichmentReport, GongSync, SyncSettings};
use gong_snowflake::resilience::{ErrorKind, RetryPolicy};
use gong_snowflake::snowflake_store::{CallQuery, CallReader, CallStore, SqliteStore, SyncMode};
use gong_snowflake::{Backlog, Settings};
use serde_json::Value;
use testkit::gong::GongSimulator;
use testkit::hubspot::{Fault, FaultEffect, HubSpotSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// Longer than a test waits, and than a client here does.
const PATIENCE: Duration = Duration::from_secs(60);

/// Each way to fail, from the first request and in the middle of the records.
fn faults() -> Vec<(String, Fault)> {
    let status = |status| FaultEffect::Status {
        status,
        retry_after: None,
    };
    let effects = [
        FaultEffect::Hang(PATIENCE),
        status(401),
        status(403),
        status(500),
        status(502),
        FaultEffect::Disconnect,
        FaultEffect::CutBody,
        FaultEffect::MalformedJson,
        FaultEffect::EmptyBody,
    ];
    let at_once = effects.clone().map(|effect| {
        let fault = Fault::new(effect.clone()).always();
        (format!("{effect:?}"), fault)
    });
    // Stages and deals are answered, then no more.
    let midway = effects.map(|effect| {
        let fault = Fault::new(effect.clone()).after(2).always();
        (format!("{effect:?} midway"), fault)
    });
    at_once.into_iter().chain(midway).collect()
}

struct World {
    hubspot: HubSpotSimulator,
    folder: tempfile::TempDir,
    subjects: Subjects,
    language: InsightBuilder,
    now: Timestamp,
}

impl World {
    /// Calls that are synced and read, of a company that HubSpot knows.
    async fn start() -> Self {
        let now: Timestamp = "2026-06-30T12:00:00Z".parse().unwrap();
        let org = SyntheticOrg::generate(&SyntheticConfig {
            anchor: now,
            deals: 4,
            sentences: 20..=30,
            ..SyntheticConfig::default()
        });
        let gong = GongSimulator::builder().org(&org).start().await.unwrap();
        let hubspot = HubSpotSimulator::builder().org(&org).start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("calls.db")).await;
        let store = Arc::new(store.unwrap());
        let whole: Arc<dyn CallStore> = Arc::<SqliteStore>::clone(&store);
        let settings = SyncSettings::new(SyncMode::Full).with_now(Some(now));
        let gong = Arc::new(gong_client(&gong.url()));
        let sync = GongSync::new(gong, Arc::clone(&whole), settings);
        sync.run().await.unwrap();
        let language = Settings::builder().load().await.unwrap().language();
        let language = language.unwrap();
        let backlog = Backlog::new(whole, language.clone());
        backlog.analyse("test", |_| {}).await.unwrap().unwrap();
        let subjects = Subjects::of(&*store).await;
        Self {
            hubspot,
            folder,
            subjects,
            language,
            now,
        }
    }

    /// The calls, without anything of HubSpot.
    async fn store(&self, name: &str) -> Arc<SqliteStore> {
        let from = self.folder.path().join("calls.db");
        let to = self.folder.path().join(name);
        let connection = rusqlite::Connection::open(from).unwrap();
        let copied = connection.execute("VACUUM INTO ?1", [to.to_str().unwrap()]);
        copied.unwrap();
        open(&to).await
    }

    /// Reads everything again that the store wants of HubSpot.
    async fn enrich(&self, store: &Arc<SqliteStore>) -> ingest::Result<EnrichmentReport> {
        let token = AccessToken::new(testkit::hubspot::DEFAULT_TOKEN).unwrap();
        let config = HubSpotConfig::new(token).unwrap();
        let config = config.with_base_url(&self.hubspot.base_url()).unwrap();
        let config = config
            .with_requests_per_ten_seconds(0)
            .with_searches_per_second(0)
            .with_attempt_timeout(Duration::from_millis(200))
            .with_retry(RetryPolicy::never());
        let crm = HubSpotApi::new(config).unwrap();
        let enricher = Enricher::new(Arc::new(crm), Arc::<SqliteStore>::clone(store));
        let enriching = enricher.enrich(Timestamp::now());
        let enriched = tokio::time::timeout(PATIENCE, enriching).await;
        enriched.expect("enriching ends")
    }

    /// What each task answers: its result, or the code of its error.
    async fn answers(&self, store: &Arc<SqliteStore>) -> BTreeMap<&'static str, Value> {
        let source = Arc::<SqliteStore>::clone(store);
        let agents = Dispatcher::new(source, self.language.clone());
        let mut answers = BTreeMap::new();
        for spec in Task::specs() {
            let sample = self.subjects.sample(spec.name).to_string();
            let (reply, _) = agents.run_json_at(sample.as_bytes(), self.now).await;
            let answer = match reply["success"] == true {
                true => &reply["result"],
                false => &reply["error"]["code"],
            };
            answers.insert(spec.name, answer.clone());
        }
        answers
    }
}

async fn open(path: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(path).await.unwrap())
}

/// An answer, whenever it was that HubSpot was read for it.
fn without_times(mut answer: Value) -> Value {
    match &mut answer {
        Value::Array(items) => {
            let items = items.iter_mut();
            items.for_each(|item| *item = without_times(item.take()));
        }
        Value::Object(fields) => {
            fields.retain(|name, _| !["read_at", "as_of"].contains(&name.as_str()));
            let fields = fields.values_mut();
            fields.for_each(|field| *field = without_times(field.take()));
        }
        _ => {}
    }
    answer
}

/// The deal of each call that has one, as HubSpot knows it.
async fn deals(store: &SqliteStore) -> BTreeMap<String, Deal> {
    let all = CallQuery {
        limit: 1_000,
        ..CallQuery::default()
    };
    let mut deals = BTreeMap::new();
    for call in store.find_calls(&all).await.unwrap() {
        let detail = store.call_detail(&call.id).await.unwrap().unwrap();
        deals.extend(detail.deal.map(|deal| (call.id.to_string(), deal)));
    }
    deals
}

#[tokio::test(flavor = "multi_thread")]
async fn however_hubspot_fails_no_answer_is_wrong() {
    let world = World::start().await;
    let healthy = world.store("healthy.db").await;
    world.enrich(&healthy).await.unwrap();
    let (answers, known) = (world.answers(&healthy).await, deals(&healthy).await);
    assert!(
        answers.values().all(|answer| !answer.is_string()),
        "{answers:?}"
    );
    assert!(!known.is_empty());
    let state = world.hubspot.state();
    for (number, (fault, injected)) in faults().into_iter().enumerate() {
        // Of what was mirrored before, nothing changes.
        state.inject(injected.clone());
        let error = world.enrich(&healthy).await.unwrap_err();
        assert_ne!(error.kind(), ErrorKind::Internal, "{fault}: {error}");
        assert_eq!(world.answers(&healthy).await, answers, "{fault}");

        // What was not is absent, never wrong, and comes when HubSpot is back.
        state.clear_faults();
        state.inject(injected);
        let store = world.store(&format!("{number}.db")).await;
        world.enrich(&store).await.unwrap_err();
        for (call, deal) in deals(&store).await {
            assert_eq!(known.get(&call), Some(&deal), "{fault}");
        }
        for (task, answer) in world.answers(&store).await {
            let is_typed = matches!(
                answer.as_str(),
                None | Some("deal_not_found" | "account_not_found")
            );
            assert!(is_typed, "{fault}, {task}: {answer}");
        }
        state.clear_faults();
        world.enrich(&store).await.unwrap();
        let mended = world.answers(&store).await.into_values().map(without_times);
        let healthy = answers.clone().into_values().map(without_times);
        assert!(mended.eq(healthy), "{fault}, mended");
    }
}
