//! One page in one transaction.

use std::collections::HashSet;

use calls::{CallId, Timestamp};
use resilience::ErrorKind;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::value::RawValue;

use super::{dead_letters, deletion, runs};
use crate::document::PreparedDocument;
use crate::page::{PreparedCall, PreparedPage};
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, limit, statements};
use crate::stored::{Stored, count, must_write, needs_transform};
use crate::{Error, KnownCall, KnownCallsQuery, Landed, Stream};

/// Lands a page that is without those who were erased; `seen` says how many selectors that took
/// into account.
pub(super) fn land(
    connection: &mut Connection,
    page: &PreparedPage,
    seen: usize,
) -> JobResult<Landed> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let erased: i64 = transaction
        .prepare_cached(statements::COUNT_ERASED)?
        .query_row([], |row| row.get(0))?;
    if usize::try_from(erased) != Ok(seen) {
        let why = "somebody was erased while a page was on its way: it has to land again";
        return Err(Error::new(ErrorKind::Transient, why).into());
    }
    let mut landing = PageLanding {
        now: instant::stamp(Timestamp::now()),
        has_dead_letters: dead_letters::any(&transaction)?,
        transaction: &transaction,
        run_id: &page.run_id,
        landed: Landed::default(),
        seen: HashSet::new(),
    };
    // A call that is on the page is served: only the others can be gone.
    let served: HashSet<&CallId> = page
        .calls
        .iter()
        .map(|call| &call.prepared.document.call_id)
        .chain(
            page.transcripts
                .iter()
                .map(|transcript| &transcript.document.call_id),
        )
        .collect();
    for id in page.deleted.iter().filter(|id| !served.contains(id)) {
        landing.landed.deleted +=
            u64::from(deletion::mark_deleted(&transaction, id, &landing.now)?);
    }
    for id in &page.withdrawn {
        landing.withdrawn(id)?;
    }
    for call in &page.calls {
        landing.call(call)?;
    }
    for transcript in &page.transcripts {
        landing.transcript(transcript)?;
    }
    let landed = landing.landed;
    if let Some(checkpoint) = &page.checkpoint {
        runs::record_checkpoint(&transaction, checkpoint, page, &landed)?;
    }
    transaction.commit()?;
    Ok(landed)
}

struct PageLanding<'a> {
    transaction: &'a Transaction<'a>,
    run_id: &'a str,
    now: String,
    has_dead_letters: bool,
    landed: Landed,
    /// Calls in `landed.changed`.
    seen: HashSet<CallId>,
}

impl PageLanding<'_> {
    fn withdrawn(&mut self, id: &CallId) -> JobResult<()> {
        let withdrawal = deletion::withdraw_transcript(self.transaction, id, &self.now)?;
        self.landed.withdrawn += u64::from(withdrawal.removed);
        if withdrawal.restages {
            self.changed(id);
        }
        Ok(())
    }

    fn call(&mut self, call: &PreparedCall) -> JobResult<()> {
        let prepared = &call.prepared;
        let PreparedDocument {
            document,
            payload_sha,
            ..
        } = prepared;
        let stored = self.stored(statements::LANDED_CALL, &document.call_id)?;
        if must_write(stored.as_ref(), payload_sha) {
            self.transaction
                .prepare_cached(statements::LAND_CALL)?
                .execute(params![
                    document.call_id.as_str(),
                    payload_sha,
                    self.now,
                    self.run_id,
                    call.started,
                    call.scheduled,
                    document.text(),
                    prepared.original(),
                    prepared.cleaning_notes().map(RawValue::get),
                ])?;
        }
        count(&mut self.landed.calls, stored.as_ref(), payload_sha);
        if needs_transform(stored.as_ref(), payload_sha) {
            self.changed(&document.call_id);
        }
        self.clear_dead_letter(Stream::Calls, &document.call_id)
    }

    fn transcript(&mut self, transcript: &PreparedDocument) -> JobResult<()> {
        let PreparedDocument {
            document,
            payload_sha,
            ..
        } = transcript;
        let id = &document.call_id;
        let stored = self.stored(statements::LANDED_TRANSCRIPT, id)?;
        if must_write(stored.as_ref(), payload_sha) {
            self.transaction
                .prepare_cached(statements::LAND_TRANSCRIPT)?
                .execute(params![
                    id.as_str(),
                    payload_sha,
                    self.now,
                    self.run_id,
                    document.text(),
                    transcript.original(),
                    transcript.cleaning_notes().map(RawValue::get),
                ])?;
            self.transaction
                .prepare_cached(statements::REVIVE_CALL)?
                .execute(params![id.as_str(), self.now])?;
        }
        count(&mut self.landed.transcripts, stored.as_ref(), payload_sha);
        // A transcript whose call is not stored waits for it.
        if needs_transform(stored.as_ref(), payload_sha)
            && self.stored(statements::LANDED_CALL, id)?.is_some()
        {
            self.changed(id);
        }
        self.clear_dead_letter(Stream::Transcripts, id)
    }

    fn stored(&self, statement: &str, id: &CallId) -> JobResult<Option<Stored>> {
        let stored = self
            .transaction
            .prepare_cached(statement)?
            .query_row([id.as_str()], |row| {
                Ok(Stored {
                    payload_sha: row.get(0)?,
                    processed: row.get(1)?,
                    failed: row.get(2)?,
                    deleted: row.get(3)?,
                })
            })
            .optional()?;
        Ok(stored)
    }

    fn changed(&mut self, id: &CallId) {
        if self.seen.insert(id.clone()) {
            self.landed.changed.push(id.clone());
        }
    }

    fn clear_dead_letter(&self, stream: Stream, id: &CallId) -> JobResult<()> {
        if self.has_dead_letters {
            dead_letters::clear_of_document(self.transaction, stream, id)?;
        }
        Ok(())
    }
}

pub(super) fn known_calls(
    connection: &Connection,
    query: &KnownCallsQuery,
) -> JobResult<Vec<KnownCall>> {
    let after = query.after.as_ref().map_or("", CallId::as_str);
    let limit = limit(query.limit);
    let known = |row: &rusqlite::Row<'_>| {
        Ok(KnownCall {
            id: CallId::new(row.get::<_, String>(0)?),
            has_transcript: row.get(1)?,
        })
    };
    let calls = match &query.window {
        None => connection
            .prepare_cached(statements::KNOWN_CALLS)?
            .query_map(params![after, limit], known)?
            .collect::<Result<_, _>>()?,
        Some(window) => connection
            .prepare_cached(statements::KNOWN_CALLS_OF_WINDOW)?
            .query_map(
                params![
                    after,
                    limit,
                    instant::text(window.from),
                    instant::text(window.to)
                ],
                known,
            )?
            .collect::<Result<_, _>>()?,
    };
    Ok(calls)
}

pub(super) fn count_live_calls(connection: &Connection) -> JobResult<u64> {
    let calls: i64 = connection
        .prepare_cached(statements::COUNT_LIVE_CALLS)?
        .query_row([], |row| row.get(0))?;
    Ok(calls.unsigned_abs())
}
