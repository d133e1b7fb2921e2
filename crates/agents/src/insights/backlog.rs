//! Insights for every call that has none.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use calls::CallId;
use snowflake_store::{CallInsights, CallOrder, CallQuery, CallStore};
use tokio::task::JoinSet;

use super::InsightBuilder;
use crate::{Error, ErrorCode, Result};

/// Calls that are read, analysed and stored as one batch. With `concurrency`,
/// it bounds memory: at most so many calls' insights are held at a time.
const BATCH: usize = 32;

/// What a run over the backlog did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BacklogReport {
    /// Calls that now have insights.
    pub analysed: u64,
    /// Calls that have none, with the reason, in order of their ids.
    pub failed: Vec<BacklogFailure>,
}

/// A call that could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BacklogFailure {
    /// The call.
    pub call_id: CallId,
    /// Why, without call text.
    pub reason: String,
}

/// How far a run over the backlog is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BacklogProgress {
    /// Calls stored so far.
    pub analysed: u64,
    /// Calls that failed so far.
    pub failed: u64,
}

/// Computes and stores insights for every call with a transcript that has none,
/// oldest first, `concurrency` calls at a time.
///
/// A call that fails is reported and holds up no other; it stays in the backlog
/// for the next run. Insights are stored batch by batch, so a run that is cut
/// short loses at most the batch at hand. `progress` is called after each batch.
///
/// Memory holds one batch of insights, `concurrency` transcripts and the ids of
/// failed calls.
///
/// # Errors
/// [`ErrorCode::StoreFailed`] when the store cannot list calls or take insights.
/// A backend that fails fails calls, not the run.
pub async fn analyse_backlog(
    store: Arc<dyn CallStore>,
    language: impl Into<InsightBuilder>,
    concurrency: NonZeroUsize,
    mut progress: impl FnMut(BacklogProgress) + Send,
) -> Result<BacklogReport> {
    let builder = language.into();
    let mut report = BacklogReport::default();
    let mut given_up: HashSet<CallId> = HashSet::new();
    let mut batch_before: HashSet<CallId> = HashSet::new();
    loop {
        let batch = next_batch(store.as_ref(), &given_up).await?;
        if batch.is_empty() {
            break;
        }
        let (again, batch): (Vec<CallId>, Vec<CallId>) = batch
            .into_iter()
            .partition(|call_id| batch_before.contains(call_id));
        for call_id in again {
            // Stored, and still listed as without insights: asking once more
            // would never end.
            given_up.insert(call_id.clone());
            report.failed.push(BacklogFailure {
                call_id,
                reason: "the store did not keep the insights".to_owned(),
            });
        }
        batch_before = batch.iter().cloned().collect();
        let (done, failed) = analyse_batch(&store, &builder, batch, concurrency).await;
        for failure in failed {
            given_up.insert(failure.call_id.clone());
            report.failed.push(failure);
        }
        if !done.is_empty() {
            report.analysed += store.save_insights(&done).await?;
        }
        progress(BacklogProgress {
            analysed: report.analysed,
            failed: report.failed.len() as u64,
        });
    }
    report.failed.sort_by(|a, b| a.call_id.cmp(&b.call_id));
    Ok(report)
}

/// The next calls that were not given up. Those that were come first in the
/// store's order, so the listing asks for as many more.
async fn next_batch(store: &dyn CallStore, given_up: &HashSet<CallId>) -> Result<Vec<CallId>> {
    let query = CallQuery {
        without_insights: true,
        with_transcript: true,
        order: CallOrder::OldestFirst,
        limit: BATCH + given_up.len(),
        ..CallQuery::default()
    };
    let listed = store.find_calls(&query).await?;
    Ok(listed
        .into_iter()
        .map(|header| header.id)
        .filter(|call_id| !given_up.contains(call_id))
        .take(BATCH)
        .collect())
}

/// Builds the insights of a batch. Calls run as tasks of their own, so that a
/// backend that computes in process uses every thread of the runtime.
async fn analyse_batch(
    store: &Arc<dyn CallStore>,
    builder: &InsightBuilder,
    batch: Vec<CallId>,
    concurrency: NonZeroUsize,
) -> (Vec<CallInsights>, Vec<BacklogFailure>) {
    let mut waiting = batch.into_iter();
    let mut running: JoinSet<(CallId, Result<CallInsights>)> = JoinSet::new();
    let mut done = Vec::new();
    let mut failed = Vec::new();
    loop {
        while running.len() < concurrency.get()
            && let Some(call_id) = waiting.next()
        {
            let (store, builder) = (Arc::clone(store), builder.clone());
            running.spawn(async move {
                let outcome = build_one(store.as_ref(), &builder, &call_id).await;
                (call_id, outcome)
            });
        }
        match running.join_next().await {
            None => break,
            Some(Ok((_, Ok(insights)))) => done.push(insights),
            Some(Ok((call_id, Err(error)))) => {
                tracing::warn!(%call_id, %error, "a call could not be analysed");
                failed.push(BacklogFailure {
                    call_id,
                    reason: error.to_string(),
                });
            }
            // A panic in a backend is a bug there; the call comes again as one
            // that the store still lists.
            Some(Err(error)) => tracing::error!(%error, "the analysis of a call broke off"),
        }
    }
    done.sort_by(|a, b| a.call_id.cmp(&b.call_id));
    (done, failed)
}

async fn build_one(
    store: &dyn CallStore,
    builder: &InsightBuilder,
    call_id: &CallId,
) -> Result<CallInsights> {
    let detail = store.call_detail(call_id).await?.ok_or_else(|| {
        Error::new(
            ErrorCode::CallNotFound,
            "the call is gone since it was listed",
        )
    })?;
    builder.build(&detail).await
}
