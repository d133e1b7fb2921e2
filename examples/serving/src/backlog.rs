//! Analyses calls that have no analysis yet, beside what is asked.
//!
//! Coaching and search compare calls, so they answer with what was analysed before. One
//! process at a time does it: the store's lease says who.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use gong_snowflake::agents::Error;
use gong_snowflake::agents::insights::{InsightBuilder, analyse_backlog};
use gong_snowflake::snowflake_store::{CallStore, LeaseKeeper};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The work in the background; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Backlog {
    looked_once: watch::Receiver<bool>,
    _ends: DropGuard,
}

impl Backlog {
    /// Looks now, and again after each pause.
    pub(crate) fn start(
        store: Arc<dyn CallStore>,
        language: InsightBuilder,
        every: Duration,
    ) -> Self {
        let (done, looked_once) = watch::channel(false);
        let stop = CancellationToken::new();
        let ends = stop.clone().drop_guard();
        let looking = async move {
            loop {
                if let Err(error) = look(Arc::clone(&store), language.clone()).await {
                    tracing::warn!(%error, "calls that are new were not analysed");
                }
                done.send_replace(true);
                tokio::time::sleep(every).await;
            }
        };
        tokio::spawn(async move { stop.run_until_cancelled(looking).await });
        Self {
            looked_once,
            _ends: ends,
        }
    }

    /// Waits for the first look: what was there when the program started is analysed then.
    pub(crate) async fn first_look(&self) {
        let mut looked_once = self.looked_once.clone();
        // An error says that nobody looks any more.
        let _ = looked_once.wait_for(|done| *done).await;
    }
}

async fn look(store: Arc<dyn CallStore>, language: InsightBuilder) -> Result<(), Error> {
    let lease = match LeaseKeeper::acquire(Arc::clone(&store), "backlog", "serving").await? {
        Ok(lease) => lease,
        Err(holder) => {
            tracing::info!(%holder, "calls are being analysed elsewhere");
            return Ok(());
        }
    };
    // Half of the processors: those who ask come first.
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = NonZeroUsize::new(processors / 2).unwrap_or(NonZeroUsize::MIN);
    let analysing = analyse_backlog(store, language, workers, |_| {});
    let report = lease.lost().run_until_cancelled(analysing).await;
    lease.release().await?;
    if let Some(report) = report.transpose()? {
        tracing::info!(
            analysed = report.analysed,
            failed = report.failed.len(),
            "looked for calls that are new"
        );
    }
    Ok(())
}
