//! Rebuilds staging rows while the next pages are fetched and landed.

use std::sync::Arc;

use calls::CallId;
use futures_util::{StreamExt, stream};
use resilience::meter::table;
use snowflake_store::{CallStore, TransformReport, TransformScope};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use crate::progress::{Event, Progress};
use crate::{Error, Result};

/// Pages whose calls may wait for their transform; more hold up landing.
const WAITING_PAGES: usize = 2;

/// Transforms under way at once: while one writes, another reads and decodes.
const TRANSFORMS_AT_ONCE: usize = 2;

/// Calls that one transform takes at most.
const MAX_CALLS: usize = 128;

/// What was transformed in a run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Transformed {
    pub(crate) sentences: u64,
}

/// A task that transforms calls as they are landed.
#[derive(Debug)]
pub(crate) struct Transformer {
    queue: mpsc::Sender<Vec<CallId>>,
    task: AbortOnDropHandle<Result<Transformed>>,
}

impl Transformer {
    pub(crate) fn spawn(store: Arc<dyn CallStore>, progress: Progress) -> Self {
        let (queue, jobs) = mpsc::channel(WAITING_PAGES);
        let running = run(store, progress, jobs).in_current_span();
        let task = AbortOnDropHandle::new(tokio::spawn(running));
        Self { queue, task }
    }

    /// Queues calls; waits when too many are queued already.
    pub(crate) async fn queue(&self, changed: Vec<CallId>) {
        for part in changed.chunks(MAX_CALLS) {
            // A closed queue means that the task has failed; `finish` says why.
            let _ = self.queue.send(part.to_vec()).await;
        }
    }

    /// Waits until everything is transformed, what earlier runs left included.
    pub(crate) async fn finish(self) -> Result<Transformed> {
        drop(self.queue);
        match self.task.await {
            Ok(result) => result,
            Err(error) => Err(
                Error::new(resilience::ErrorKind::Internal, "transform task ended")
                    .with_source(error),
            ),
        }
    }
}

async fn run(
    store: Arc<dyn CallStore>,
    progress: Progress,
    mut jobs: mpsc::Receiver<Vec<CallId>>,
) -> Result<Transformed> {
    let mut total = Transformed::default();
    let queued = stream::poll_fn(|context| jobs.poll_recv(context));
    let mut reports = queued
        .map(|changed| store.transform(TransformScope::Calls(changed)))
        .buffer_unordered(TRANSFORMS_AT_ONCE);
    while let Some(report) = reports.next().await {
        count(&mut total, &progress, &report?);
    }
    drop(reports);
    // What a crash left between landing and transforming, in this run or an earlier one.
    loop {
        let report = store
            .transform(TransformScope::Pending { limit: MAX_CALLS })
            .await?;
        if report.transformed == 0 && report.failed.is_empty() {
            return Ok(total);
        }
        count(&mut total, &progress, &report);
    }
}

fn count(total: &mut Transformed, progress: &Progress, report: &TransformReport) {
    total.sentences += report.sentences;
    table::SENTENCES_STAGED.add(&[], report.sentences);
    for failure in &report.failed {
        tracing::warn!(call_id = %failure.call_id, reason = %failure.reason, "call not transformed");
    }
    progress.tell(Event::Transformed {
        calls: report.transformed,
        sentences: report.sentences,
        failed: report.failed.len(),
    });
}
