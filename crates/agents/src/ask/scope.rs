//! Which calls a question is about.

use calls::CallId;
use futures_util::{StreamExt, TryStreamExt, stream};
use snowflake_store::{CallDetail, CallHeader, CallOrder, CallQuery, CallReader};

use super::asked_call::AskedCall;
use super::model::AskScope;
use crate::{Error, ErrorCode, Result};

/// Calls that one question is put to at most: the newest.
const MOST_CALLS: usize = 100;

/// Calls that are listed, to count those that are not asked.
const LISTED: usize = 1_000;

/// Calls that are read at the same time.
const READS_AT_A_TIME: usize = 8;

/// The calls of a scope that have a transcript, newest first.
pub(super) struct InScope {
    pub(super) calls: Vec<AskedCall>,
    pub(super) left_out: usize,
}

pub(super) async fn calls_of(store: &dyn CallReader, scope: &AskScope) -> Result<InScope> {
    let query = CallQuery {
        with_transcript: true,
        order: CallOrder::NewestFirst,
        limit: LISTED,
        ..CallQuery::default()
    };
    let query = match scope {
        AskScope::Call(id) => return one(store, id).await,
        AskScope::Account(account) => CallQuery {
            account: Some(account.clone()),
            ..query
        },
        AskScope::Deal(id) => CallQuery {
            deal_id: Some(id.clone()),
            ..query
        },
        AskScope::Period { period, rep } => CallQuery {
            period: Some(*period),
            rep: rep.clone(),
            ..query
        },
    };
    let headers = store.find_calls(&query).await?;
    match scope {
        AskScope::Deal(id) if headers.is_empty() => {
            let message = format!("no call of deal {id} has a transcript");
            return Err(Error::new(ErrorCode::DealNotFound, message).with_field("deal_id"));
        }
        AskScope::Account(_) if headers.is_empty() => {
            let message = "no call with such a company, by name or domain, has a transcript";
            return Err(Error::new(ErrorCode::AccountNotFound, message).with_field("account"));
        }
        _ => {}
    }
    let left_out = headers.len().saturating_sub(MOST_CALLS);
    let details = read(store, headers.into_iter().take(MOST_CALLS)).await?;
    Ok(InScope {
        calls: spoken(details),
        left_out,
    })
}

async fn one(store: &dyn CallReader, id: &CallId) -> Result<InScope> {
    let detail = store.call_detail(id).await?.ok_or_else(|| {
        let message = format!("the store has no call {id}");
        Error::new(ErrorCode::CallNotFound, message).with_field("call_id")
    })?;
    Ok(InScope {
        calls: vec![AskedCall::new(detail)?],
        left_out: 0,
    })
}

/// Calls that are gone since they were listed are left out.
async fn read(
    store: &dyn CallReader,
    headers: impl Iterator<Item = CallHeader>,
) -> Result<Vec<CallDetail>> {
    let ids: Vec<CallId> = headers.map(|header| header.id).collect();
    stream::iter(
        ids.into_iter()
            .map(|id| async move { Ok(store.call_detail(&id).await?) }),
    )
    .buffered(READS_AT_A_TIME)
    .try_filter_map(|detail| async move { Ok(detail) })
    .try_collect()
    .await
}

fn spoken(details: Vec<CallDetail>) -> Vec<AskedCall> {
    let calls = details.into_iter().map(AskedCall::new);
    calls.filter_map(Result::ok).collect()
}
