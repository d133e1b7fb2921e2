//! One page: what is new in it, in one transaction with its checkpoint.

use std::collections::{HashMap, HashSet};

use calls::{CallId, RawDocument};
use serde::Serialize;
use serde_json::value::RawValue;
use snowflake_sql::{Rows, Statement};

use super::runs;
use crate::blocking::blocking;
use crate::document::PreparedDocument;
use crate::page::{PreparedCall, PreparedPage};
#[cfg(feature = "streaming")]
use crate::snowflake::bulk::Waiting;
use crate::snowflake::failure::of_sql;
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{batches, erasure, json, now, statements};
use crate::stored::{Stored, count, counts_of_page, must_write, needs_transform};
use crate::{Fault, Landed, LandingPage, Result, Stream};

pub(super) async fn land(store: &SnowflakeStore, page: LandingPage) -> Result<Landed> {
    // Hashing megabytes of JSON would hold up what else runs on this thread.
    let max_bytes = store.config().max_document_bytes();
    let page = erasure::guarded(store, page).await?;
    let page = blocking(move || PreparedPage::new(page, max_bytes)).await?;
    let known = Known::read(store, &page).await?;
    let mut planned = Plan::of(&page, &known);
    let statements = planned.statements(&page, store.config().statement_bytes())?;
    store.write(&statements).await?;
    Ok(planned.landed)
}

/// What is stored of the documents that a page names.
///
/// It is read before the transaction, so that what is unchanged is not sent. A change in
/// between is as if it came after this page or before it: the statements compare hashes
/// again, and documents of different calls do not depend on each other.
#[derive(Debug, Default)]
pub(super) struct Known {
    calls: HashMap<CallId, Stored>,
    transcripts: HashMap<CallId, Stored>,
    /// Calls with dead letters.
    letters: HashSet<CallId>,
}

impl Known {
    pub(super) async fn read(store: &SnowflakeStore, page: &PreparedPage) -> Result<Self> {
        let mut ids: Vec<&CallId> = page
            .calls
            .iter()
            .map(|call| &call.prepared.document.call_id)
            .chain(page.transcripts.iter().map(|found| &found.document.call_id))
            .chain(&page.deleted)
            .chain(&page.withdrawn)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let statement = statements::LANDED_DOCUMENTS.statement().bind(json(&ids)?);
        Self::of(&store.ask(&statement).await?).map_err(of_sql)
    }

    /// Counts documents that are on their way as stored.
    #[cfg(feature = "streaming")]
    pub(super) fn add(&mut self, page: &PreparedPage, waiting: &Waiting) {
        let stored = |payload_sha: &str| Stored {
            payload_sha: payload_sha.to_owned(),
            processed: false,
            failed: false,
            deleted: false,
        };
        for call in &page.calls {
            let id = &call.prepared.document.call_id;
            if let Some(sha) = waiting.call(id) {
                self.calls.insert(id.clone(), stored(sha));
            }
        }
        for transcript in &page.transcripts {
            let id = &transcript.document.call_id;
            if let Some(sha) = waiting.transcript(id) {
                self.transcripts.insert(id.clone(), stored(sha));
            }
            if let Some(sha) = waiting.call(id) {
                self.calls.insert(id.clone(), stored(sha));
            }
        }
    }

    fn of(rows: &Rows) -> snowflake_sql::Result<Self> {
        let mut known = Self::default();
        for row in rows.iter() {
            let id = CallId::new(row.required_text("CALL_ID")?);
            let flag = |column| Ok::<_, snowflake_sql::Error>(row.boolean(column)? == Some(true));
            let stored = Stored {
                payload_sha: row.required_text("PAYLOAD_SHA")?.to_owned(),
                processed: flag("PROCESSED")?,
                failed: flag("FAILED")?,
                deleted: flag("DELETED")?,
            };
            match row.required_text("WHAT")? {
                "calls" => drop(known.calls.insert(id, stored)),
                "transcripts" => drop(known.transcripts.insert(id, stored)),
                _ => drop(known.letters.insert(id)),
            }
        }
        Ok(known)
    }
}

/// What of a page has to be written.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub(super) calls: Vec<&'a PreparedCall>,
    pub(super) transcripts: Vec<&'a PreparedDocument>,
    /// Deleted calls that a transcript of this page revives.
    pub(super) revived: Vec<&'a CallId>,
    /// Calls that are stored and served until now.
    deleted: Vec<&'a CallId>,
    /// Calls whose transcript is stored and withdrawn.
    withdrawn: Vec<&'a CallId>,
    /// Calls that are gone and have dead letters.
    letters_of_calls: Vec<&'a CallId>,
    /// Documents that landed, or are withdrawn, and have dead letters.
    letters_of_documents: Vec<(Stream, &'a CallId)>,
    pub(super) landed: Landed,
}

impl<'a> Plan<'a> {
    pub(super) fn of(page: &'a PreparedPage, known: &Known) -> Self {
        let mut plan = Self {
            calls: Vec::new(),
            transcripts: Vec::new(),
            revived: Vec::new(),
            deleted: Vec::new(),
            withdrawn: Vec::new(),
            letters_of_calls: Vec::new(),
            letters_of_documents: Vec::new(),
            landed: Landed::default(),
        };
        let mut changed = HashSet::new();
        for call in &page.calls {
            let PreparedDocument {
                document: RawDocument { call_id: id, .. },
                payload_sha,
                ..
            } = &call.prepared;
            let stored = known.calls.get(id);
            if must_write(stored, payload_sha) {
                plan.calls.push(call);
            }
            count(&mut plan.landed.calls, stored, payload_sha);
            plan.letter_of(Stream::Calls, id, known);
            if needs_transform(stored, payload_sha) && changed.insert(id) {
                plan.landed.changed.push(id.clone());
            }
        }
        let on_page: HashSet<&CallId> = page
            .calls
            .iter()
            .map(|call| &call.prepared.document.call_id)
            .collect();
        for transcript in &page.transcripts {
            let (id, sha) = (&transcript.document.call_id, &transcript.payload_sha);
            let stored = known.transcripts.get(id);
            let call = known.calls.get(id);
            if must_write(stored, sha) {
                plan.transcripts.push(transcript);
                let is_deleted = call.is_some_and(|call| call.deleted);
                if is_deleted && !on_page.contains(id) {
                    plan.revived.push(id);
                }
            }
            count(&mut plan.landed.transcripts, stored, sha);
            plan.letter_of(Stream::Transcripts, id, known);
            // A transcript whose call is not stored waits for it.
            let has_call = call.is_some() || on_page.contains(id);
            if needs_transform(stored, sha) && has_call && changed.insert(id) {
                plan.landed.changed.push(id.clone());
            }
        }
        plan.deletions(page, known, &on_page);
        plan.withdrawals(page, known, &mut changed);
        plan
    }

    fn withdrawals(
        &mut self,
        page: &'a PreparedPage,
        known: &Known,
        changed: &mut HashSet<&'a CallId>,
    ) {
        for id in &page.withdrawn {
            self.letter_of(Stream::Transcripts, id, known);
            if !known.transcripts.contains_key(id) {
                continue;
            }
            self.withdrawn.push(id);
            let serves = known.calls.get(id).is_some_and(|call| !call.deleted);
            if serves && !self.deleted.contains(&id) && changed.insert(id) {
                self.landed.changed.push(id.clone());
            }
        }
        self.landed.withdrawn = self.withdrawn.len() as u64;
    }

    fn deletions(&mut self, page: &'a PreparedPage, known: &Known, on_page: &HashSet<&CallId>) {
        // A call that is on the page is served: only the others can be gone.
        let spoken: HashSet<&CallId> = page
            .transcripts
            .iter()
            .map(|transcript| &transcript.document.call_id)
            .collect();
        let mut seen = HashSet::new();
        for id in &page.deleted {
            if on_page.contains(id) || spoken.contains(id) || !seen.insert(id) {
                continue;
            }
            let serves = |stored: Option<&Stored>| stored.is_some_and(|stored| !stored.deleted);
            if serves(known.calls.get(id)) || serves(known.transcripts.get(id)) {
                self.deleted.push(id);
            }
            if known.letters.contains(id) {
                self.letters_of_calls.push(id);
            }
        }
        self.landed.deleted = self.deleted.len() as u64;
    }

    fn letter_of(&mut self, stream: Stream, id: &'a CallId, known: &Known) {
        if known.letters.contains(id) {
            self.letters_of_documents.push((stream, id));
        }
    }

    pub(super) fn statements(
        &mut self,
        page: &PreparedPage,
        bytes: usize,
    ) -> Result<Vec<Statement>> {
        let now = now();
        let mut statements = Vec::new();
        // What follows removes rows of staging.
        if !(self.deleted.is_empty() && self.withdrawn.is_empty()) {
            statements.push(statements::LOCK_STAGING.statement());
        }
        statements.extend(self.deletion_statements(&now)?);
        statements.extend(self.withdrawal_statements()?);
        let calls = self.calls.iter().map(|call| {
            batches::row(&CallRow {
                id: &call.prepared.document.call_id,
                sha: &call.prepared.payload_sha,
                started: call.started.as_deref(),
                scheduled: call.scheduled.as_deref(),
                document: &call.prepared.document.json,
                cleaning: CleaningPart::of(&call.prepared),
            })
        });
        let transcripts = self.transcripts.iter().map(|transcript| {
            batches::row(&TranscriptRow {
                id: &transcript.document.call_id,
                sha: &transcript.payload_sha,
                document: &transcript.document.json,
                cleaning: CleaningPart::of(transcript),
            })
        });
        for (statement, rows) in [
            (
                statements::LAND_CALLS.statement(),
                calls.collect::<Result<Vec<_>>>()?,
            ),
            (
                statements::LAND_TRANSCRIPTS.statement(),
                transcripts.collect::<Result<_>>()?,
            ),
        ] {
            for rows in batches::by_size(rows, bytes) {
                let part = PagePart {
                    now: &now,
                    run: &page.run_id,
                    rows,
                };
                statements.push(statement.clone().bind(json(&part)?));
            }
        }
        if !self.revived.is_empty() {
            statements.push(
                statements::REVIVE_CALLS
                    .statement()
                    .bind(json(&self.revived)?),
            );
        }
        if !self.letters_of_documents.is_empty() {
            let letters: Vec<LetterKey> = self
                .letters_of_documents
                .iter()
                .map(|(stream, id)| LetterKey {
                    stream: stream.as_str(),
                    key: Fault::Call(CallId::clone(id)).key(),
                })
                .collect();
            statements.push(
                statements::CLEAR_DEAD_LETTERS_OF_DOCUMENTS
                    .statement()
                    .bind(json(&letters)?),
            );
        }
        if let Some(checkpoint) = &page.checkpoint {
            let counts = counts_of_page(page.calls.len(), &self.landed);
            statements.extend(runs::checkpoint(checkpoint, counts)?);
        }
        Ok(statements)
    }

    fn deletion_statements(&self, now: &str) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        if !self.letters_of_calls.is_empty() {
            statements.push(
                statements::CLEAR_DEAD_LETTERS_OF_CALLS
                    .statement()
                    .bind(json(&self.letters_of_calls)?),
            );
        }
        if self.deleted.is_empty() {
            return Ok(statements);
        }
        let stamped = json(&Deleted {
            now,
            ids: &self.deleted,
        })?;
        for query in [
            statements::MARK_CALLS_DELETED,
            statements::MARK_TRANSCRIPTS_DELETED,
            statements::MARK_STAGED_DELETED,
            statements::RESOLVE_PIPELINE_ERRORS,
        ] {
            statements.push(query.statement().bind(stamped.clone()));
        }
        let ids = json(&self.deleted)?;
        for query in [
            statements::DELETE_SENTENCES,
            statements::DELETE_PARTICIPANTS,
            statements::DELETE_TOPICS,
            statements::DELETE_CRM_LINKS,
            statements::DELETE_CHUNKS,
        ] {
            statements.push(query.statement().bind(ids.clone()));
        }
        // After the rows are marked: it is by them that this knows what is served.
        statements.push(statements::FORGET_READINGS.statement());
        Ok(statements)
    }

    fn withdrawal_statements(&self) -> Result<Vec<Statement>> {
        if self.withdrawn.is_empty() {
            return Ok(Vec::new());
        }
        let ids = json(&self.withdrawn)?;
        let of_calls = [
            statements::DELETE_TRANSCRIPTS,
            statements::DELETE_STREAMED_TRANSCRIPTS,
            statements::DELETE_SENTENCES,
            statements::DELETE_CHUNKS,
            statements::FORGET_CONVERSATIONS,
            statements::RESTAGE_CALLS,
        ];
        let of_calls = of_calls
            .into_iter()
            .map(|query| query.statement().bind(ids.clone()));
        let readings = [statements::FORGET_READINGS.statement()];
        Ok(of_calls.chain(readings).collect())
    }
}

#[derive(Serialize)]
struct CallRow<'a> {
    id: &'a CallId,
    sha: &'a str,
    started: Option<&'a str>,
    scheduled: Option<&'a str>,
    document: &'a RawValue,
    #[serde(flatten)]
    cleaning: CleaningPart<'a>,
}

#[derive(Serialize)]
struct TranscriptRow<'a> {
    id: &'a CallId,
    sha: &'a str,
    document: &'a RawValue,
    #[serde(flatten)]
    cleaning: CleaningPart<'a>,
}

#[derive(Serialize)]
struct CleaningPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    original: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a RawValue>,
}

impl<'a> CleaningPart<'a> {
    fn of(prepared: &'a PreparedDocument) -> Self {
        Self {
            original: prepared.original(),
            notes: prepared.cleaning_notes(),
        }
    }
}

#[derive(Serialize)]
struct PagePart<'a> {
    now: &'a str,
    run: &'a str,
    rows: Vec<batches::JsonRow>,
}

#[derive(Serialize)]
struct Deleted<'a> {
    now: &'a str,
    ids: &'a [&'a CallId],
}

#[derive(Serialize)]
struct LetterKey {
    stream: &'static str,
    key: String,
}
