//! Analyses the calls that have no analysis yet, by one process per store at a time.

use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::insights::{BacklogProgress, BacklogReport, InsightBuilder, analyse_backlog};
use async_trait::async_trait;
use calls::Timestamp;
use ingest::schedule::{Job, JobReport};
use resilience::ErrorKind;
use serde_json::json;
use snowflake_store::{CallStore, CancellationToken, HeldBy, LeaseKeeper};

/// The lease of whoever analyses.
const LEASE: &str = "backlog";

/// Analyses what is new in a store, unless another process is doing so.
#[derive(Debug, Clone)]
pub struct Backlog {
    store: Arc<dyn CallStore>,
    language: InsightBuilder,
    workers: NonZeroUsize,
}

impl Backlog {
    /// A store's backlog and who reads it, with all processors.
    pub fn new(store: Arc<dyn CallStore>, language: InsightBuilder) -> Self {
        let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            store,
            language,
            workers,
        }
    }

    /// Leaves half of the processors to those who ask.
    #[must_use]
    pub fn beside_others(mut self) -> Self {
        self.workers = NonZeroUsize::new(self.workers.get() / 2).unwrap_or(NonZeroUsize::MIN);
        self
    }

    /// Analyses it once, or says who is doing so. `label` says to people who holds the lease
    /// `backlog` meanwhile; `progress` is called after each batch.
    ///
    /// # Errors
    /// As [`analyse_backlog`], and those of the lease. `TimedOut` when the lease was lost on
    /// the way: what was analysed is stored.
    pub async fn analyse(
        &self,
        label: &str,
        progress: impl FnMut(BacklogProgress) + Send,
    ) -> agents::Result<Result<BacklogReport, HeldBy>> {
        let store = Arc::clone(&self.store);
        let lease = match LeaseKeeper::acquire(Arc::clone(&store), LEASE, label).await? {
            Ok(lease) => lease,
            Err(holder) => return Ok(Err(holder)),
        };
        let analysing = analyse_backlog(store, self.language.clone(), self.workers, progress);
        let report = lease.lost().run_until_cancelled(analysing).await;
        lease.release().await?;
        let lost = || agents::Error::new(agents::ErrorCode::TimedOut, "the lease was lost");
        report.ok_or_else(lost)?.map(Ok)
    }
}

/// As a job of a schedule: it is done when nothing is new, and leaves open what cannot be read.
#[async_trait]
impl Job for Backlog {
    fn name(&self) -> &'static str {
        "read"
    }

    fn stream(&self) -> &'static str {
        "readings"
    }

    async fn run(&self, _: Timestamp, stop: CancellationToken) -> ingest::Result<JobReport> {
        let analysing = self.analyse("read", |_| {});
        // Batches are stored as they are done.
        let Some(done) = stop.run_until_cancelled(analysing).await else {
            return Err(ingest::Error::new(ErrorKind::Cancelled, "stopped"));
        };
        let report = done.map_err(|error| {
            ingest::Error::new(error.kind(), error.to_string()).with_source(error)
        })?;
        let detail = match &report {
            Ok(report) => json!({"analysed": report.analysed, "failed": report.failed.len()}),
            Err(holder) => json!({"analysed": 0, "failed": 0, "analysed_by": holder.to_string()}),
        };
        JobReport::new(&detail, report.is_ok_and(|report| report.failed.is_empty()))
    }
}
