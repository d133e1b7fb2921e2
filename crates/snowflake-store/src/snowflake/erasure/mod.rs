//! Erases people and calls: what is theirs is found and rewritten by the client, and written in
//! one transaction.

mod calls;
mod people;
mod records;

use ::calls::{CallId, Timestamp};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::json;
use snowflake_sql::{Rows, Statement};

use super::failure::of_sql;
use super::store::SnowflakeStore;
use super::{SnowflakeServer, batches, new_id, now, statements, transform};
use crate::blocking::blocking;
use crate::erasure::{Counterparts, Erased, Selector, guard, known_by, receipt_id};
use crate::{
    ErasedRows, Erasure, ErasureReceipt, ErasureRequest, ErasureSubject, LandingPage, Mention,
    Result, RetentionOutcome, TransformScope,
};
use people::People;

/// How long Snowflake's support can bring back what Time Travel no longer shows.
const FAIL_SAFE_DAYS: i64 = 7;

pub(super) async fn run(store: &SnowflakeStore, request: &ErasureRequest) -> Result<Erasure> {
    request.subject.check()?;
    let mut people = People::load(store).await?;
    let known = known_by(&request.subject);
    let selector_hash = people.erased.selector(&known).map(|one| one.hash);
    people.remember(known);
    let mut plan = Plan {
        bytes: store.config().statement_bytes(),
        // As for everything else that writes staging.
        statements: vec![statements::LOCK_STAGING.statement()],
        ..Plan::default()
    };
    if let ErasureSubject::Call(id) = &request.subject {
        calls::whole(&mut plan, id)?;
        let is_there = calls::documents(store, std::slice::from_ref(id)).await?;
        plan.calls = is_there.into_iter().map(|one| one.id).collect();
    } else {
        let documents = people.find(store).await?;
        calls::plan(store, &people.erased, documents, &mut plan).await?;
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
        mentions: plan.mentions.len() as u64,
        tables: Vec::new(),
        unrecoverable_from: unrecoverable_from(store, at).await?,
        remains: Vec::new(),
    };
    if request.dry_run {
        let replies = store.take_back(&plan.statements).await?;
        receipt.tables = plan.counted(&replies);
    } else {
        let record = |replies: &[Rows]| {
            receipt.tables = plan.counted(replies);
            Ok(statements::SAVE_ERASURE
                .statement()
                .bind(super::json(&receipt)?))
        };
        let written = store.write_with_record(&plan.statements, record).await;
        store.forget_erased().await;
        written?;
        transform::run(store, TransformScope::Calls(plan.restaged)).await?;
    }
    Ok(Erasure {
        receipt,
        mentions: plan.mentions,
    })
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

/// The statements of an erasure, in one transaction.
#[derive(Default)]
struct Plan {
    bytes: usize,
    statements: Vec<Statement>,
    /// Of which table a statement counts the rows.
    tables: Vec<(&'static str, usize)>,
    mentions: Vec<Mention>,
    /// Calls that lose something, ascending.
    calls: Vec<CallId>,
    restaged: Vec<CallId>,
}

impl Plan {
    fn add(&mut self, table: &'static str, statement: Statement) {
        self.tables.push((table, self.statements.len()));
        self.statements.push(statement);
    }

    /// A statement over rows, in as many parts as their size asks for.
    fn add_rows<T: Serialize>(
        &mut self,
        table: &'static str,
        query: impl Fn() -> Statement,
        rows: &[T],
    ) -> Result<()> {
        let rows = rows.iter().map(batches::row).collect::<Result<Vec<_>>>()?;
        for rows in batches::by_size(rows, self.bytes) {
            self.add(table, query().bind(super::json(&rows)?));
        }
        Ok(())
    }

    fn counted(&self, replies: &[Rows]) -> Vec<ErasedRows> {
        let mut outcomes = Vec::new();
        for (table, place) in &self.tables {
            let rows = replies.get(*place).map_or(0, Rows::affected);
            if rows > 0 {
                RetentionOutcome::add_to(&mut outcomes, table, rows);
            }
        }
        outcomes.into_iter().map(Into::into).collect()
    }
}

/// Who was erased; nobody where there is no key yet.
pub(super) async fn load(store: &SnowflakeStore) -> Result<Erased> {
    People::load(store).await.map(|people| people.erased)
}

/// A page without those who were erased.
pub(super) async fn guarded(store: &SnowflakeStore, page: LandingPage) -> Result<LandingPage> {
    let erased = store.erased().await?;
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

/// Rows of `GONG_ERASED`.
fn selectors(selectors: &[Selector]) -> Result<Statement> {
    let rows: Vec<_> = selectors
        .iter()
        .map(|one| json!({"hash": one.hash, "kind": one.kind, "words": one.words}))
        .collect();
    let rows = json!({"now": now(), "rows": rows});
    Ok(statements::SAVE_ERASED
        .statement()
        .bind(super::json(&rows)?))
}

/// A key of 64 characters.
fn new_key() -> String {
    // Only the tail of such an id is random: of six there are more than 256 bits.
    let ids: String = (0..6).map(|_| new_id()).collect();
    crate::payload_hash::sha256_hex(ids.as_bytes())
}
