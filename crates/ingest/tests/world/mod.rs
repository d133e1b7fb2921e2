//! A small world to sync: a simulated Gong, a store in a folder of its own.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use calls::{CallId, Timestamp};
use gong_client::{Credentials, GongApi, GongClient, GongConfig};
use ingest::{GongSync, Result, SyncReport, SyncSettings};
use resilience::RetryPolicy;
use serde_json::json;
use snowflake_store::{
    CallReader, CallStore, DeadLetterRecord, DeadLettersQuery, Landing, SqliteStore, SyncMode,
    Upkeep,
};
use testkit::SimulatedCall;
use testkit::gong::{Fault, FaultEffect, GongSimulator, GongSimulatorBuilder};

/// The present of these tests: 2026-06-30T12:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::constant(1_782_820_800, 0);

const SPOILT: &str = "\"started\":\"the day before yesterday\"";

pub(crate) struct World {
    pub(crate) gong: GongSimulator,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) client: Arc<GongClient>,
    folder: tempfile::TempDir,
}

impl World {
    /// Calls number 1 to `count`, one each six hours back from now.
    pub(crate) async fn with_calls(count: usize) -> Self {
        Self::start(GongSimulator::builder().calls((1..=count).map(call))).await
    }

    pub(crate) async fn start(gong: GongSimulatorBuilder) -> Self {
        let gong = gong.start().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(open(folder.path().join("calls.db")).await);
        let client = Arc::new(client(&gong.url()));
        Self {
            gong,
            store,
            client,
            folder,
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("calls.db")
    }

    pub(crate) async fn sync(&self, settings: SyncSettings) -> Result<SyncReport> {
        self.job(settings).run().await
    }

    pub(crate) fn job(&self, settings: SyncSettings) -> GongSync {
        GongSync::new(
            self.client.clone(),
            self.store.clone() as Arc<dyn CallStore>,
            settings,
        )
    }

    /// A sync of this store with another Gong.
    pub(crate) fn job_with(&self, other: &World, settings: SyncSettings) -> GongSync {
        let store = self.store.clone() as Arc<dyn CallStore>;
        GongSync::new(other.client.clone(), store, settings)
    }

    pub(crate) fn host(&self) -> String {
        self.client.authority()
    }

    /// Calls that are stored and not marked deleted.
    pub(crate) async fn live(&self) -> u64 {
        self.store.count_live_calls().await.unwrap()
    }

    pub(crate) async fn full(&self) -> SyncReport {
        self.sync(settings(SyncMode::Full)).await.unwrap()
    }

    pub(crate) async fn incremental(&self) -> SyncReport {
        self.sync(settings(SyncMode::Incremental)).await.unwrap()
    }

    pub(crate) async fn rows(&self, table: &str) -> u64 {
        let counts = self.store.counts().await.unwrap();
        counts
            .iter()
            .find(|count| count.table == table)
            .map_or_else(|| panic!("no table {table}"), |count| count.rows)
    }

    /// The letters of the store, retired ones left out.
    pub(crate) async fn letters(&self) -> Vec<DeadLetterRecord> {
        let query = DeadLettersQuery {
            limit: 1_000,
            ..DeadLettersQuery::default()
        };
        self.store.dead_letters(&query).await.unwrap()
    }

    /// Serves a call that says nothing of when it was, so that it cannot be staged.
    pub(crate) fn spoil(&self, number: usize) {
        self.patch(number, |started| (started, SPOILT.to_owned()));
    }

    /// Serves it as it is again.
    pub(crate) fn repair(&self, number: usize) {
        self.patch(number, |started| (SPOILT.to_owned(), started));
    }

    fn patch(&self, number: usize, change: impl Fn(String) -> (String, String)) {
        let started = NOW - jiff::SignedDuration::from_hours(6 * i64::try_from(number).unwrap());
        let (from, to) = change(format!("\"started\":\"{started}\""));
        let state = self.gong.state();
        state.patch_json(&number_text(number), &from, &to).unwrap();
    }

    pub(crate) async fn title(&self, number: usize) -> Option<String> {
        let detail = self.store.call_detail(&id(number)).await.unwrap()?;
        detail.call.title
    }

    pub(crate) async fn sentences(&self, number: usize) -> Option<usize> {
        let detail = self.store.call_detail(&id(number)).await.unwrap()?;
        detail
            .transcript
            .map(|transcript| transcript.sentences.len())
    }
}

/// The day's requests are used up, and a new day begins in two hours.
pub(crate) fn used_up() -> Fault {
    Fault::new(FaultEffect::Status {
        status: 429,
        retry_after: Some(7_200),
    })
}

pub(crate) fn settings(mode: SyncMode) -> SyncSettings {
    SyncSettings::new(mode).with_now(Some(NOW))
}

pub(crate) async fn open(path: PathBuf) -> SqliteStore {
    let store = SqliteStore::open(path).await.unwrap();
    store.migrate().await.unwrap();
    store
}

pub(crate) fn client(url: &str) -> GongClient {
    let config = GongConfig::new(
        url,
        Credentials::basic(
            testkit::gong::DEFAULT_ACCESS_KEY,
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        ),
    )
    .unwrap()
    .with_requests_per_second(0.0)
    .unwrap()
    .with_daily_requests(None)
    .with_retry(quick_retries());
    GongClient::new(config).unwrap()
}

fn quick_retries() -> RetryPolicy {
    RetryPolicy::default()
        .with_base(Duration::from_millis(2))
        .with_cap(Duration::from_millis(10))
}

pub(crate) fn id(number: usize) -> CallId {
    CallId::new(number_text(number))
}

pub(crate) fn number_text(number: usize) -> String {
    format!("77823422740259{number:05}")
}

/// Call `number`, six hours times `number` before now, with `number % 7 + 2` sentences.
pub(crate) fn call(number: usize) -> SimulatedCall {
    let hours = i64::try_from(number).unwrap() * 6;
    call_at(number, NOW - jiff::SignedDuration::from_hours(hours))
}

pub(crate) fn call_at(number: usize, started: Timestamp) -> SimulatedCall {
    let id = number_text(number);
    let sentences: Vec<_> = (0..number % 7 + 2)
        .map(|n| {
            json!({"start": n * 3000, "end": n * 3000 + 2500,
                        "text": format!("Sentence {n} of call {number}.")})
        })
        .collect();
    SimulatedCall {
        extensive: json!({
            "metaData": {
                "id": id, "title": format!("Call {number}"), "started": started.to_string(),
                "scheduled": null, "duration": 1800, "primaryUserId": "501",
                "direction": "Outbound", "scope": "External", "media": "Video",
                "language": "eng", "workspaceId": "9", "isPrivate": false,
            },
            "context": [],
            "parties": [
                {"id": "1", "userId": "501", "speakerId": "11", "name": "Rae Rep",
                 "emailAddress": "rae@seller.example", "affiliation": "Internal", "methods": ["Attendee"]},
                {"id": "2", "speakerId": "12", "name": "Bo Buyer", "affiliation": "External",
                 "methods": ["Attendee"]},
            ],
            "content": {}, "interaction": {}, "collaboration": {},
        }),
        transcript: Some(json!({
            "callId": id,
            "transcript": [{"speakerId": "11", "topic": null, "sentences": sentences}],
        })),
    }
}

/// Sentences of calls 1 to `count`.
pub(crate) fn sentence_count(count: usize) -> u64 {
    (1..=count).map(|number| number as u64 % 7 + 2).sum()
}
