//! The jobs of this crate: sync, streams, enrich, retain.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calls::Timestamp;
use gong_client::GongClient;
use snowflake_store::CallStore;
use tokio_util::sync::CancellationToken;

use super::job::{Job, JobReport, stopped};
use crate::sync::lease;
use crate::{
    Enricher, GongSync, Progress, Result, StreamReport, StreamSettings, StreamSync, SyncSettings,
};

/// The age after which a CRM record is read again.
const OLDEST_RECORD: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes the store equal to what Gong serves. It holds the lease `sync` as every sync does.
#[derive(Debug)]
pub struct SyncJob {
    gong: Arc<GongClient>,
    store: Arc<dyn CallStore>,
    settings: SyncSettings,
    progress: Progress,
}

impl SyncJob {
    /// A sync from Gong into a store.
    pub fn new(gong: Arc<GongClient>, store: Arc<dyn CallStore>, settings: SyncSettings) -> Self {
        Self {
            gong,
            store,
            settings,
            progress: Progress::default(),
        }
    }

    /// Reports events to a listener.
    #[must_use]
    pub fn with_progress(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }
}

#[async_trait]
impl Job for SyncJob {
    fn name(&self) -> &'static str {
        "sync"
    }

    fn stream(&self) -> &'static str {
        "calls"
    }

    async fn run(&self, now: Timestamp, stop: CancellationToken) -> Result<JobReport> {
        let before = self.gong.client_stats();
        let settings = self.settings.clone().with_now(Some(now));
        let sync = GongSync::new(self.gong.clone(), self.store.clone(), settings)
            .with_progress(self.progress.clone())
            .with_cancellation(stop);
        let report = sync.run().await?;
        let after = self.gong.client_stats();
        let (requests, retries) = (
            after.requests - before.requests,
            after.retries - before.retries,
        );
        let report = report.with_requests(requests, retries);
        JobReport::new(&report, report.is_complete())
    }
}

/// Syncs what Gong has beside calls. It holds the lease `sync` as a sync of calls does.
#[derive(Debug)]
pub struct StreamsJob {
    gong: Arc<GongClient>,
    store: Arc<dyn CallStore>,
    settings: StreamSettings,
}

impl StreamsJob {
    /// Streams from Gong into a store.
    pub fn new(gong: Arc<GongClient>, store: Arc<dyn CallStore>, settings: StreamSettings) -> Self {
        Self {
            gong,
            store,
            settings,
        }
    }
}

#[async_trait]
impl Job for StreamsJob {
    fn name(&self) -> &'static str {
        "streams"
    }

    fn stream(&self) -> &'static str {
        "records"
    }

    async fn run(&self, now: Timestamp, stop: CancellationToken) -> Result<JobReport> {
        let lease = lease(&self.store, self.name()).await?;
        let settings = self.settings.clone().with_now(Some(now));
        let sync = StreamSync::new(self.gong.clone(), self.store.clone(), settings);
        let lost = lease.lost();
        let done = tokio::select! {
            // What was landed stays, and the next run compares again.
            () = stop.cancelled() => Err(stopped()),
            () = lost.cancelled() => Err(stopped()),
            done = sync.run() => done,
        };
        if let Err(error) = lease.release().await {
            tracing::warn!(%error, "the lease was not released and will expire");
        }
        let reports = done?;
        let is_complete = reports.iter().all(StreamReport::is_complete);
        JobReport::new(&reports, is_complete)
    }
}

/// Mirrors the CRM records that calls refer to, and reads those older than a day again.
#[derive(Debug)]
pub struct EnrichJob(Enricher);

impl EnrichJob {
    /// An enrichment, again and again.
    pub fn new(enricher: Enricher) -> Self {
        Self(enricher)
    }
}

#[async_trait]
impl Job for EnrichJob {
    fn name(&self) -> &'static str {
        "enrich"
    }

    fn stream(&self) -> &'static str {
        "crm"
    }

    async fn run(&self, now: Timestamp, stop: CancellationToken) -> Result<JobReport> {
        let enriching = self.0.enrich(now - OLDEST_RECORD);
        // What was stored stays, and the next run asks for the rest.
        let report = stop.run_until_cancelled(enriching).await;
        JobReport::new(&report.ok_or_else(stopped)??, true)
    }
}

/// Removes what `GONG_DATA_RETENTION_POLICY` says is too old. For callers with one store.
#[derive(Debug)]
pub struct RetainJob(Arc<dyn CallStore>);

impl RetainJob {
    /// Retention in a store.
    pub fn new(store: Arc<dyn CallStore>) -> Self {
        Self(store)
    }
}

#[async_trait]
impl Job for RetainJob {
    fn name(&self) -> &'static str {
        "retain"
    }

    fn stream(&self) -> &'static str {
        "retention"
    }

    async fn run(&self, now: Timestamp, _: CancellationToken) -> Result<JobReport> {
        // One transaction: it is done or not.
        JobReport::new(&self.0.apply_retention(now).await?, true)
    }
}
