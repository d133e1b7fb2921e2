//! Whether stored documents are still what landed: bits on a disk rot, and database
//! pages have no checksums.

use calls::{CallId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::payload_hash::{self, PayloadHasher};
use crate::sqlite::failure::JobResult;
use crate::sqlite::store::SqliteStore;
use crate::sqlite::{instant, limit, statements};
use crate::{CheckQuery, DocumentCheck, Result};

/// A document whose bytes do not have the hash that they landed with.
struct Damaged {
    id: CallId,
    payload_sha: String,
    is_call: bool,
}

pub(super) async fn run(store: &SqliteStore, query: &CheckQuery) -> Result<DocumentCheck> {
    if query.limit == 0 {
        return Ok(DocumentCheck {
            last: query.after.clone(),
            ..DocumentCheck::default()
        });
    }
    let query = query.clone();
    let (mut check, damaged) = store
        .read(move |connection| find(connection, &query))
        .await?;
    if !damaged.is_empty() {
        check.damaged = store
            .write(move |connection| mark(connection, damaged))
            .await?;
    }
    Ok(check)
}

/// Hashes documents one by one: memory holds one at a time.
fn find(connection: &Connection, query: &CheckQuery) -> JobResult<(DocumentCheck, Vec<Damaged>)> {
    let after = query.after.as_ref().map_or("", CallId::as_str);
    let ids: Vec<CallId> = connection
        .prepare_cached(statements::DOCUMENTS_TO_CHECK)?
        .query_map(params![after, limit(query.limit)], |row| {
            row.get::<_, String>(0).map(CallId::new)
        })?
        .collect::<std::result::Result<_, _>>()?;
    let mut hasher = PayloadHasher::default();
    let mut checked = 0;
    let mut damaged = Vec::new();
    for id in &ids {
        for (statement, is_call) in [
            (statements::CALL_DOCUMENT, true),
            (statements::TRANSCRIPT_DOCUMENT, false),
        ] {
            let found: Option<(String, bool)> = connection
                .prepare_cached(statement)?
                .query_row([id.as_str()], |row| {
                    let payload_sha: String = row.get(0)?;
                    let bytes = row.get_ref(1)?.as_bytes();
                    let is_sound =
                        bytes.is_ok_and(|bytes| is_sound(bytes, &payload_sha, &mut hasher));
                    Ok((payload_sha, is_sound))
                })
                .optional()?;
            let Some((payload_sha, is_sound)) = found else {
                continue;
            };
            checked += 1;
            if !is_sound {
                damaged.push(Damaged {
                    id: id.clone(),
                    payload_sha,
                    is_call,
                });
            }
        }
    }
    let check = DocumentCheck {
        checked,
        last: (ids.len() == query.limit)
            .then(|| ids.last().cloned())
            .flatten(),
        damaged: Vec::new(),
    };
    Ok((check, damaged))
}

fn is_sound(bytes: &[u8], payload_sha: &str, hasher: &mut PayloadHasher) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|json| payload_hash::is_json(json) && hasher.inspect(json).0 == payload_sha)
}

/// Makes damaged documents count as not landed; returns the calls of those that did not
/// land again in the meantime.
fn mark(connection: &mut Connection, damaged: Vec<Damaged>) -> JobResult<Vec<CallId>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = instant::stamp(Timestamp::now());
    let mut calls = Vec::new();
    for document in damaged {
        if mark_one(&transaction, &document, &now)? && calls.last() != Some(&document.id) {
            calls.push(document.id);
        }
    }
    transaction.commit()?;
    Ok(calls)
}

fn mark_one(transaction: &Transaction<'_>, document: &Damaged, now: &str) -> JobResult<bool> {
    let statement = if document.is_call {
        statements::MARK_CALL_DAMAGED
    } else {
        statements::MARK_TRANSCRIPT_DAMAGED
    };
    let marked = transaction.prepare_cached(statement)?.execute(params![
        document.id.as_str(),
        document.payload_sha,
        now
    ])?;
    Ok(marked > 0)
}
