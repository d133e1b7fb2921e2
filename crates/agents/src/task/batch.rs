//! Many calls at once.

use std::collections::HashSet;

use calls::CallId;
use futures_util::{StreamExt, stream};
use serde::{Serialize, Serializer};
use snowflake_store::serving::{self, Served};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use super::subject::key;
use crate::{CallAnalysis, CallAnalysisAgent, Error, ErrorCode};

/// What a batch gave.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct BatchReport {
    /// Calls that were analysed.
    pub analysed: usize,
    /// Calls that could not be.
    pub failed: usize,
    /// Ids that were given more than once, and were analysed once.
    pub duplicates: usize,
    /// One item a call, in the order the calls were given; of duplicates the first.
    pub calls: Vec<BatchItem>,
    /// Who answered for the calls.
    #[serde(skip)]
    pub(super) served: Served,
}

/// One call of a batch.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct BatchItem {
    /// The call.
    pub call_id: CallId,
    /// Its analysis, or why there is none.
    #[serde(flatten, serialize_with = "outcome")]
    pub outcome: Result<Box<CallAnalysis>, Error>,
}

/// The wire shape of an error.
#[derive(Serialize)]
pub(crate) struct ErrorBody<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    suggestions: &'a [String],
}

impl<'a> From<&'a Error> for ErrorBody<'a> {
    fn from(error: &'a Error) -> Self {
        Self {
            code: error.code().as_str(),
            message: error.message(),
            field: error.field(),
            suggestions: error.suggestions(),
        }
    }
}

/// Analyses calls, `concurrency` at a time, each as a task of its own, so that a backend that
/// computes in process uses every thread of the runtime, and that a call goes to the store
/// that answers other tasks about it. A call that fails holds up no other.
pub(crate) async fn analyse_all(
    agent: &CallAnalysisAgent,
    call_ids: Vec<CallId>,
    concurrency: usize,
) -> BatchReport {
    let given = call_ids.len();
    let mut seen = HashSet::new();
    let distinct: Vec<CallId> = call_ids
        .into_iter()
        .filter(|call_id| seen.insert(call_id.clone()))
        .collect();
    let duplicates = given - distinct.len();
    let answered: Vec<(BatchItem, Served)> = stream::iter(distinct.into_iter().map(|call_id| {
        let (agent, id) = (agent.clone(), call_id.clone());
        let key = key(id.as_str());
        let analysis = async move { serving::by_one(&key, || agent.analyse(&id)).await };
        let running = AbortOnDropHandle::new(tokio::spawn(analysis.in_current_span()));
        async move {
            let bug = |_| {
                let error = Error::new(ErrorCode::Internal, "a bug of this program");
                (Err(error), Served::default())
            };
            let (outcome, served) = running.await.unwrap_or_else(bug);
            let outcome = outcome.map(Box::new);
            (BatchItem { call_id, outcome }, served)
        }
    }))
    .buffered(concurrency.max(1))
    .collect()
    .await;
    let mut all = Served::default();
    let calls = answered.into_iter().map(|(item, served)| {
        all.add(served);
        item
    });
    let calls: Vec<BatchItem> = calls.collect();
    let failed = calls.iter().filter(|item| item.outcome.is_err()).count();
    BatchReport {
        analysed: calls.len() - failed,
        failed,
        duplicates,
        calls,
        served: all,
    }
}

fn outcome<S: Serializer>(
    outcome: &Result<Box<CallAnalysis>, Error>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Body<'a> {
        success: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        result: Option<&'a CallAnalysis>,
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<ErrorBody<'a>>,
    }
    Body {
        success: outcome.is_ok(),
        result: outcome.as_deref().ok(),
        error: outcome.as_ref().err().map(ErrorBody::from),
    }
    .serialize(serializer)
}
