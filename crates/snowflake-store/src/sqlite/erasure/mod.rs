//! Erases people and calls in one transaction, then in the file.

mod calls;
mod erasing;
mod people;
mod records;

use ::calls::{CallId, Timestamp};
use rusqlite::{Connection, TransactionBehavior, params};

use super::failure::{JobResult, unreadable};
use super::store::SqliteStore;
use super::{freeing, instant, json, statements, transform};
use crate::erasure::{Circle, Counterparts, Erased, Selector, guard, known_by, receipt_id};
use crate::{
    Erasure, ErasureReceipt, ErasureRequest, ErasureSubject, LandingPage, Result, TransformScope,
};
use erasing::Erasing;

/// What is left where the file could not be rewritten.
const NOT_REWRITTEN: &str = "the database file was not rewritten, since others read it or the disk is full: \
     traces may be left in it until a rewrite succeeds";

pub(super) async fn run(store: &SqliteStore, request: &ErasureRequest) -> Result<Erasure> {
    request.subject.check()?;
    let asked = request.clone();
    let mut done = store
        .write(move |connection| erase(connection, &asked))
        .await?;
    if request.dry_run {
        return Ok(done.erasure);
    }
    let staged_again = TransformScope::Calls(std::mem::take(&mut done.restaged));
    transform::run(store, staged_again).await?;
    if let Err(error) = store.write(|connection| freeing::rewrite(connection)).await {
        tracing::warn!(%error, "database was not rewritten after an erasure");
        done.erasure.receipt.remains.push(NOT_REWRITTEN.to_owned());
    }
    Ok(done.erasure)
}

struct Done {
    erasure: Erasure,
    /// Calls of which something is left.
    restaged: Vec<CallId>,
}

fn erase(connection: &mut Connection, request: &ErasureRequest) -> JobResult<Done> {
    let now = Timestamp::now();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let stamp = instant::stamp(now);
    transaction.execute(statements::MAKE_ERASURE_KEY, [&stamp])?;
    let mut erasing = Erasing {
        erased: load(&transaction)?,
        transaction: &transaction,
        now: stamp,
        tables: Vec::new(),
        mentions: Vec::new(),
        circle: Circle::default(),
        is_dry_run: request.dry_run,
        calls: Vec::new(),
        restaged: Vec::new(),
    };
    let known = known_by(&request.subject);
    let selector_hash = erasing
        .erased
        .selector(&known)
        .ok_or_else(|| unreadable("SELECTOR_HASH"))?
        .hash;
    erasing.remember(&known)?;
    match &request.subject {
        ErasureSubject::Call(id) => erasing.whole_call(id)?,
        _ => {
            erasing.find_people()?;
            erasing.documents()?;
            erasing.records()?;
        }
    }
    let Erasing {
        tables,
        mentions,
        mut calls,
        restaged,
        ..
    } = erasing;
    calls.sort();
    let receipt = ErasureReceipt {
        receipt_id: receipt_id(&selector_hash, now),
        erased_at: now,
        dry_run: request.dry_run,
        selector: request.subject.kind(),
        selector_hash,
        calls,
        mentions: mentions.iter().filter(|one| !one.stays).count() as u64,
        tables: tables.into_iter().map(Into::into).collect(),
        unrecoverable_from: None,
        remains: Vec::new(),
    };
    if request.dry_run {
        transaction.rollback()?;
    } else {
        transaction.execute(
            statements::SAVE_ERASURE,
            params![receipt.receipt_id, instant::stamp(now), json(&receipt)?],
        )?;
        transaction.commit()?;
    }
    Ok(Done {
        erasure: Erasure {
            receipt,
            mentions,
            fallback: None,
        },
        restaged,
    })
}

/// Who was erased; nobody where there is no key yet.
pub(super) fn load(connection: &Connection) -> JobResult<Erased> {
    let mut statement = connection.prepare_cached(statements::ERASED)?;
    let mut rows = statement.query([])?;
    let mut key = String::new();
    let mut selectors = Vec::new();
    while let Some(row) = rows.next()? {
        let (hash, kind): (String, String) = (row.get(0)?, row.get(1)?);
        match kind.as_str() {
            "key" => key = hash,
            _ => selectors.push(Selector {
                hash,
                // Which kind it is says the hash.
                kind: "",
                words: usize::try_from(row.get::<_, i64>(2)?).unwrap_or_default(),
            }),
        }
    }
    let mut erased = Erased::new(&key);
    for selector in &selectors {
        erased.add(selector);
    }
    Ok(erased)
}

/// A page without those who were erased, and how many selectors that took into account.
pub(super) async fn guarded(
    store: &SqliteStore,
    page: LandingPage,
) -> Result<(LandingPage, usize)> {
    let needed = Counterparts::needed(&page);
    let (erased, stored) = store
        .read(move |connection| {
            let erased = load(connection)?;
            let mut stored = Counterparts::default();
            if erased.is_empty() {
                return Ok((erased, stored));
            }
            for id in needed {
                let (call, transcript, _) = self::calls::documents(connection, &id)?;
                stored.calls.extend(call.map(|call| (id.clone(), call)));
                stored.transcripts.extend(transcript.map(|said| (id, said)));
            }
            Ok((erased, stored))
        })
        .await?;
    let seen = erased.len();
    if erased.is_empty() {
        return Ok((page, seen));
    }
    let page = crate::blocking::blocking(move || guard(&erased, page, &stored)).await?;
    Ok((page, seen))
}
