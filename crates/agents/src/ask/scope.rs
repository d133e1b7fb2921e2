//! Which calls a question is about.

use calls::{Affiliation, CallId, CrmObjectKind};
use futures_util::{StreamExt, TryStreamExt, stream};
use snowflake_store::{CallDetail, CallHeader, CallOrder, CallQuery, CallReader};

use super::asked_call::AskedCall;
use super::model::AskScope;
use crate::{Error, ErrorCode, Result};

/// Calls that one question is put to at most: the newest.
const MOST_CALLS: usize = 100;

/// The newest calls among which those of an account are looked for: the store keeps no
/// list of them.
const LOOKED_THROUGH: usize = 1_000;

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
        limit: LOOKED_THROUGH,
        ..CallQuery::default()
    };
    let query = match scope {
        AskScope::Call(id) => return one(store, id).await,
        AskScope::Account(account) => return of_account(store, account, &query).await,
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
    if let (AskScope::Deal(id), true) = (scope, headers.is_empty()) {
        let message = format!("no call of deal {id} has a transcript");
        return Err(Error::new(ErrorCode::DealNotFound, message).with_field("deal_id"));
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

async fn of_account(store: &dyn CallReader, account: &str, query: &CallQuery) -> Result<InScope> {
    let headers = store.find_calls(query).await?;
    let mut details = read(store, headers.into_iter()).await?;
    details.retain(|detail| is_with(detail, account));
    if details.is_empty() {
        let message = "no call with such a company, by name or domain, has a transcript";
        return Err(Error::new(ErrorCode::AccountNotFound, message).with_field("account"));
    }
    let left_out = details.len().saturating_sub(MOST_CALLS);
    details.truncate(MOST_CALLS);
    Ok(InScope {
        calls: spoken(details),
        left_out,
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

/// Whether a call is with a company: by its name or domain in the CRM, by the name that
/// Gong saw there, or by the domain of somebody's address who is no colleague.
fn is_with(detail: &CallDetail, account: &str) -> bool {
    let wanted = account.trim().to_lowercase();
    let domain = wanted
        .trim_start_matches("https://")
        .trim_start_matches("http://")
        .trim_start_matches("www.")
        .trim_end_matches('/');
    let company = detail.company.as_ref();
    let seen_by_gong = detail.call.crm_of_kind(&CrmObjectKind::Company);
    let seen_by_gong = seen_by_gong.filter_map(|reference| reference.name.as_deref());
    let mut names = company
        .and_then(|company| company.name.as_deref())
        .into_iter()
        .chain(seen_by_gong);
    let of_company = company.and_then(|company| company.domain.as_deref());
    let of_parties = detail
        .call
        .parties
        .iter()
        .filter(|party| party.affiliation != Affiliation::Internal);
    let of_parties = of_parties.filter_map(|party| party.email.as_deref()?.rsplit_once('@'));
    let mut domains = of_company
        .into_iter()
        .chain(of_parties.map(|(_, domain)| domain));
    names.any(|name| name.trim().to_lowercase() == wanted)
        || domains.any(|known| known.to_lowercase() == domain)
}
