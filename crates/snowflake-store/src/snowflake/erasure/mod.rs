//! Erases people and calls: what is theirs is found and rewritten by the client, and written in
//! one transaction.

mod calls;
mod people;
mod plan;
mod records;

use std::sync::Arc;

use ::calls::{CallId, Timestamp};
use jiff::SignedDuration;
use snowflake_sql::Rows;

use super::failure::of_sql;
use super::store::SnowflakeStore;
use super::{SnowflakeServer, statements, transform};
use crate::blocking::blocking;
use crate::erasure::{Counterparts, Erased, Kind, guard, known_by, receipt_id};
use crate::{
    Erasure, ErasureReceipt, ErasureRequest, ErasureSubject, LandingPage, Result, TransformScope,
};
use people::People;
use plan::Plan;

/// How long Snowflake's support can bring back what Time Travel no longer shows.
const FAIL_SAFE_DAYS: i64 = 7;

pub(super) async fn run(store: &SnowflakeStore, request: &ErasureRequest) -> Result<Erasure> {
    request.subject.check()?;
    let mut people = People::load(store).await?;
    let known = known_by(&request.subject);
    let selector_hash = people.erased.selector(&known).map(|one| one.hash);
    people.remember(known);
    let mut plan = Plan::new(store.config().statement_bytes());
    if let ErasureSubject::Call(id) = &request.subject {
        calls::whole(&mut plan, id)?;
        let is_there = calls::documents(store, std::slice::from_ref(id)).await?;
        plan.calls = is_there.into_iter().map(|one| one.id).collect();
    } else {
        let documents = people.find(store).await?;
        let circle = request.dry_run.then_some(&people.circle);
        if let Some(circle) = circle {
            for ids in people.near(store, &documents).await?.chunks(calls::AT_ONCE) {
                for one in calls::documents(store, ids).await? {
                    let (call, said) = (one.call.as_deref(), one.transcript.as_deref());
                    plan.mentions.extend(circle.places(&one.id, call, said));
                }
            }
        }
        calls::plan(store, &people.erased, circle, documents, &mut plan).await?;
        records::plan(store, &people.erased, &mut plan).await?;
    }
    people.save(&mut plan)?;
    let at = Timestamp::now();
    let selector_hash = selector_hash.unwrap_or_default();
    let mut receipt = ErasureReceipt {
        receipt_id: receipt_id(&selector_hash, at),
        erased_at: at,
        dry_run: request.dry_run,
        selector: request.subject.kind(),
        selector_hash,
        calls: std::mem::take(&mut plan.calls),
        mentions: plan.mentions.iter().filter(|one| !one.stays).count() as u64,
        tables: Vec::new(),
        unrecoverable_from: unrecoverable_from(store, at).await?,
        remains: Vec::new(),
    };
    if request.dry_run {
        let replies = store.take_back(plan.statements.statements()).await?;
        receipt.tables = plan.counted(&replies);
    } else {
        let record = |replies: &[Rows]| {
            receipt.tables = plan.counted(replies);
            Ok(statements::SAVE_ERASURE
                .statement()
                .bind(super::json(&receipt)?))
        };
        let written = store
            .write_with_record(plan.statements.statements(), record)
            .await;
        store.forget_erased().await;
        written?;
        transform::run(store, TransformScope::Calls(plan.restaged)).await?;
    }
    Ok(Erasure {
        receipt,
        mentions: plan.mentions,
        fallback: None,
    })
}

/// Takes all who were erased out of calls that landed past [`guarded`].
pub(super) async fn take_out(store: &SnowflakeStore, ids: &[CallId]) -> Result<()> {
    let erased = erased(store).await?;
    for ids in ids.chunks(calls::AT_ONCE) {
        let (gone, stay): (Vec<_>, Vec<_>) = calls::documents(store, ids)
            .await?
            .into_iter()
            .partition(|one| erased.holds(Kind::Call, one.id.as_str()));
        let mut plan = Plan::new(store.config().statement_bytes());
        for one in &gone {
            calls::whole(&mut plan, &one.id)?;
        }
        calls::plan(store, &erased, None, stay, &mut plan).await?;
        store.write(plan.statements.statements()).await?;
    }
    Ok(())
}

/// When what is deleted now cannot be brought back; unknown of a stand-in.
async fn unrecoverable_from(store: &SnowflakeStore, at: Timestamp) -> Result<Option<Timestamp>> {
    if store.config().server() == SnowflakeServer::Fakesnow {
        return Ok(None);
    }
    let rows = store.ask(&statements::TIME_TRAVEL.statement()).await?;
    let days = rows.first().map(|row| row.integer("RETENTION_DAYS"));
    let days = days.transpose().map_err(of_sql)?.flatten().unwrap_or(0);
    let hours = days.saturating_add(FAIL_SAFE_DAYS).saturating_mul(24);
    Ok(at.checked_add(SignedDuration::from_hours(hours)).ok())
}

/// Who was erased, as it was when a run started, a lease was taken or somebody was erased here.
pub(super) async fn erased(store: &SnowflakeStore) -> Result<Arc<Erased>> {
    let mut erased = store.erased().lock().await;
    if let Some(erased) = &*erased {
        return Ok(erased.clone());
    }
    let read = Arc::new(People::load(store).await?.erased);
    *erased = Some(read.clone());
    Ok(read)
}

/// A page without those who were erased.
pub(super) async fn guarded(store: &SnowflakeStore, page: LandingPage) -> Result<LandingPage> {
    let erased = erased(store).await?;
    if erased.is_empty() {
        return Ok(page);
    }
    let mut stored = Counterparts::default();
    for one in calls::documents(store, &Counterparts::needed(&page)).await? {
        stored
            .calls
            .extend(one.call.map(|call| (one.id.clone(), call)));
        stored
            .transcripts
            .extend(one.transcript.map(|said| (one.id, said)));
    }
    blocking(move || guard(&erased, page, &stored)).await
}
