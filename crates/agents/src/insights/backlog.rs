//! Readings and insights for every call that lacks them.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use calls::{CallId, Timestamp};
use snowflake_store::{
    CallHeader, CallInsights, CallOrder, CallQuery, CallReading, CallStore, Period,
};
use tokio::task::JoinSet;
use tracing::Instrument;

use super::InsightBuilder;
use crate::{Error, ErrorCode, Result};

/// Calls that are read, analysed and stored as one batch. With `concurrency`,
/// it bounds memory: at most so many calls' insights are held at a time.
const BATCH: usize = 32;

/// How much longer the next listing is than one that had nothing to do.
const LONGER: usize = 4;

/// What a run over the backlog did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BacklogReport {
    /// Calls that now have insights.
    pub analysed: u64,
    /// Calls that have none, with the reason, in order of their ids.
    pub failed: Vec<BacklogFailure>,
}

/// A call that could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BacklogFailure {
    /// The call.
    pub call_id: CallId,
    /// Why, without call text.
    pub reason: String,
}

/// How far a run over the backlog is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BacklogProgress {
    /// Calls stored so far.
    pub analysed: u64,
    /// Calls that failed so far.
    pub failed: u64,
}

/// Reads every call with a transcript that this reader has not read, computes insights for
/// those without, and stores both: oldest first, `concurrency` calls at a time.
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
    progress: impl FnMut(BacklogProgress) + Send,
) -> Result<BacklogReport> {
    let span = tracing::info_span!("backlog");
    let analysing = analyse_all(store, language.into(), concurrency, progress);
    analysing.instrument(span).await
}

async fn analyse_all(
    store: Arc<dyn CallStore>,
    builder: InsightBuilder,
    concurrency: NonZeroUsize,
    mut progress: impl FnMut(BacklogProgress) + Send,
) -> Result<BacklogReport> {
    let mut report = BacklogReport::default();
    let mut given_up: HashSet<CallId> = HashSet::new();
    let mut batch_before: HashSet<CallId> = HashSet::new();
    let unread = builder.readers().into_iter().map(|reader| CallQuery {
        without_reading_of: Some(reader),
        ..CallQuery::default()
    });
    let without_insights = CallQuery {
        without_insights: true,
        ..CallQuery::default()
    };
    for lacking in unread.chain([without_insights]) {
        let reader = lacking.without_reading_of.as_ref();
        let is_of_reader =
            |id: &CallId| reader.is_none_or(|reader| *reader == builder.reader_for(id));
        // Earlier calls have had their turn, so no listing looks through them again.
        let mut from = Timestamp::MIN;
        loop {
            let first = BATCH + given_up.len();
            let is_wanted = |id: &CallId| is_of_reader(id) && !given_up.contains(id);
            let batch = next_batch(store.as_ref(), &lacking, from, first, is_wanted).await?;
            let Some(last) = batch.last() else {
                if from == Timestamp::MIN {
                    break;
                }
                // What landed meanwhile may have begun earlier.
                from = Timestamp::MIN;
                continue;
            };
            from = last.started;
            let (again, batch): (Vec<CallId>, Vec<CallId>) = batch
                .into_iter()
                .map(|call| call.id)
                .partition(|call_id| batch_before.contains(call_id));
            for call_id in again {
                // Stored, and still listed as lacking: asking once more would never end.
                given_up.insert(call_id.clone());
                report.failed.push(BacklogFailure {
                    call_id,
                    reason: "it could not be read wholly, or was not kept".to_owned(),
                });
            }
            batch_before = batch.iter().cloned().collect();
            let (done, failed) = analyse_batch(&store, &builder, batch, concurrency).await;
            for failure in failed {
                given_up.insert(failure.call_id.clone());
                report.failed.push(failure);
            }
            report.analysed += done.len() as u64;
            let of = |done: &Done| (done.reading.clone(), done.insights.clone());
            let (readings, insights): (Vec<_>, Vec<_>) = done.iter().map(of).unzip();
            let readings: Vec<CallReading> = readings.into_iter().flatten().collect();
            let insights: Vec<CallInsights> = insights.into_iter().flatten().collect();
            store.save_readings(&readings).await?;
            store.save_insights(&insights).await?;
            progress(BacklogProgress {
                analysed: report.analysed,
                failed: report.failed.len() as u64,
            });
        }
    }
    report.failed.sort_by(|a, b| a.call_id.cmp(&b.call_id));
    Ok(report)
}

/// The next calls that are wanted, none that began before `from`: not given up, and this reader's
/// to read. Those that are not come first in the store's order in the end, so a listing without
/// others is made longer.
async fn next_batch(
    store: &dyn CallStore,
    lacking: &CallQuery,
    from: Timestamp,
    mut limit: usize,
    is_wanted: impl Fn(&CallId) -> bool,
) -> Result<Vec<CallHeader>> {
    let to = Timestamp::MAX;
    loop {
        let query = CallQuery {
            period: Some(Period { from, to }),
            with_transcript: true,
            order: CallOrder::OldestFirst,
            limit,
            ..lacking.clone()
        };
        let listed = store.find_calls(&query).await?;
        let are_all = listed.len() < limit;
        let wanted = listed.into_iter().filter(|call| is_wanted(&call.id));
        let batch: Vec<CallHeader> = wanted.take(BATCH).collect();
        if are_all || !batch.is_empty() {
            return Ok(batch);
        }
        limit *= LONGER;
    }
}

/// Does what the calls of a batch lack. Calls run as tasks of their own, so that a
/// backend that computes in process uses every thread of the runtime.
async fn analyse_batch(
    store: &Arc<dyn CallStore>,
    builder: &InsightBuilder,
    batch: Vec<CallId>,
    concurrency: NonZeroUsize,
) -> (Vec<Done>, Vec<BacklogFailure>) {
    let mut waiting = batch.into_iter();
    let mut running: JoinSet<(CallId, Result<Done>)> = JoinSet::new();
    let mut done = Vec::new();
    let mut failed = Vec::new();
    loop {
        while running.len() < concurrency.get()
            && let Some(call_id) = waiting.next()
        {
            let (store, builder) = (Arc::clone(store), builder.clone());
            let span = tracing::info_span!("read", %call_id);
            let reading = async move {
                let outcome = build_one(store.as_ref(), &builder, &call_id).await;
                (call_id, outcome)
            };
            running.spawn(reading.instrument(span));
        }
        match running.join_next().await {
            None => break,
            Some(Ok((_, Ok(one)))) => done.push(one),
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
    (done, failed)
}

/// What a call lacked.
struct Done {
    reading: Option<CallReading>,
    insights: Option<CallInsights>,
}

async fn build_one(
    store: &dyn CallStore,
    builder: &InsightBuilder,
    call_id: &CallId,
) -> Result<Done> {
    let detail = store.call_detail(call_id).await?.ok_or_else(|| {
        Error::new(
            ErrorCode::CallNotFound,
            "the call was deleted after it was listed",
        )
    })?;
    let reader = builder.reader_for(call_id);
    let mut stored = detail.readings.iter();
    let stored = stored.find(|one| one.provenance == reader && !one.is_retryable());
    let (reading, is_new) = match stored {
        Some(reading) => (reading.clone(), false),
        None => (builder.read(&detail).await?, true),
    };
    let has_insights = detail
        .insights
        .as_ref()
        .is_some_and(|insights| insights.provenance == builder.provenance_for(call_id));
    let insights = match has_insights {
        true => None,
        false => Some(builder.build(&detail, &reading).await?),
    };
    Ok(Done {
        reading: is_new.then_some(reading),
        insights,
    })
}
