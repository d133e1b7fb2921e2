//! Pages whose documents arrive by streaming: what is new in them, and what is left to do
//! once they are merged.

use std::collections::HashSet;

use calls::CallId;

use super::page::{Known, Plan};
use crate::page::PreparedPage;
use crate::snowflake::bulk::Waiting;
use crate::snowflake::store::SnowflakeStore;
use crate::{Landed, Result};

/// What of a page has to be streamed.
#[derive(Debug)]
pub(in crate::snowflake) struct News {
    pub(in crate::snowflake) calls: HashSet<CallId>,
    pub(in crate::snowflake) transcripts: HashSet<CallId>,
    /// The counts of the page's documents.
    pub(in crate::snowflake) landed: Landed,
}

/// Compares a page with what is stored and what is on its way.
pub(in crate::snowflake) async fn news(
    store: &SnowflakeStore,
    page: &PreparedPage,
    waiting: &Waiting,
) -> Result<News> {
    let mut known = Known::read(store, page).await?;
    known.add(page, waiting);
    let plan = Plan::of(page, &known);
    // A transcript that revives its call is landed by SQL: the merge knows documents, and
    // not what they say of each other.
    let revives = |id: &CallId| plan.revived.contains(&id);
    let calls = plan.calls.iter().map(|call| &call.prepared);
    let transcripts = plan.transcripts.iter();
    Ok(News {
        calls: calls
            .map(|prepared| prepared.document.call_id.clone())
            .collect(),
        transcripts: transcripts
            .map(|transcript| &transcript.document.call_id)
            .filter(|id| !revives(id))
            .cloned()
            .collect(),
        landed: Landed {
            calls: plan.landed.calls,
            transcripts: plan.landed.transcripts,
            ..Landed::default()
        },
    })
}

/// Does the rest of landing a page whose documents are merged: what is missing of them,
/// deletions, dead letters and checkpoint, in one transaction.
pub(in crate::snowflake) async fn finish(
    store: &SnowflakeStore,
    page: &PreparedPage,
    counted: &Landed,
) -> Result<Landed> {
    let known = Known::read(store, page).await?;
    let mut plan = Plan::of(page, &known);
    plan.landed.calls = counted.calls;
    plan.landed.transcripts = counted.transcripts;
    let statements = plan.statements(page, store.config().statement_bytes())?;
    store.write(&statements).await?;
    Ok(plan.landed)
}
