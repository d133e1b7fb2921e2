//! Calls: their documents are rewritten, and what was made of them goes.

use std::collections::HashSet;

use ::calls::CallId;
use rusqlite::{Connection, params};

use super::erasing::Erasing;
use crate::Mention;
use crate::erasure::{Redacted, Scrubber, redact};
use crate::payload_hash::PayloadHasher;
use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;

/// The documents of a call and of its transcript, and whether Gong no longer serves it.
pub(super) fn documents(
    connection: &Connection,
    id: &CallId,
) -> JobResult<(Option<String>, Option<String>, bool)> {
    let mut statement = connection.prepare_cached(statements::ERASABLE_DOCUMENTS)?;
    let documents = statement.query_row([id.as_str()], |row| {
        let deleted: Option<bool> = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, deleted.unwrap_or(false)))
    })?;
    Ok(documents)
}

impl Erasing<'_> {
    /// Rewrites the documents of all calls in which there is something of those who are erased.
    pub(super) fn documents(&mut self) -> JobResult<()> {
        let mut spoken_of = self.made_of_calls()?;
        for id in self.call_ids()? {
            let (call, transcript, deleted) = documents(self.transaction, &id)?;
            let redacted = redact(&self.erased, &id, call.as_deref(), transcript.as_deref());
            if self.is_dry_run && !deleted {
                let call = redacted.call.as_deref().or(call.as_deref());
                let said = redacted.transcript.as_deref().or(transcript.as_deref());
                self.mentions.extend(self.circle.places(&id, call, said));
            }
            let is_changed = redacted.call.is_some() || redacted.transcript.is_some();
            if !is_changed && !spoken_of.remove(&id) {
                continue;
            }
            if deleted {
                self.raw(&id)?;
            } else {
                self.rewrite(&id, &redacted)?;
                self.restaged.push(id.clone());
            }
            self.mentions.extend(redacted.mentions);
            self.derived(&id)?;
            self.calls.push(id);
        }
        Ok(())
    }

    /// Calls of which something was made that speaks of those who are erased.
    fn made_of_calls(&mut self) -> JobResult<HashSet<CallId>> {
        let texts: Vec<(String, String, String)> = self
            .read(statements::ERASABLE_TEXTS, |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let scrubber = Scrubber::new(&self.erased);
        let mut calls = HashSet::new();
        for (id, place, text) in texts {
            if scrubber.scrub(&text).is_some() {
                let call_id = CallId::new(id);
                calls.insert(call_id.clone());
                self.mentions.push(Mention {
                    call_id,
                    place,
                    text,
                    stays: false,
                });
            }
        }
        Ok(calls)
    }

    /// Removes a call as a whole.
    pub(super) fn whole_call(&mut self, id: &CallId) -> JobResult<()> {
        self.derived(id)?;
        self.raw(id)?;
        self.change("CRM_CONTACTS", statements::RETAIN_CONTACTS, [])?;
        if !self.tables.iter().all(|table| table.table == "GONG_ERASED") {
            self.calls.push(id.clone());
        }
        Ok(())
    }

    fn raw(&mut self, id: &CallId) -> JobResult<()> {
        for (table, statement) in [
            ("GONG_CALLS_RAW", statements::ERASE_RAW_CALL),
            ("GONG_CALL_TRANSCRIPTS_RAW", statements::DELETE_TRANSCRIPT),
            ("GONG_RECORDS_RAW", statements::ERASE_REVIEWS),
        ] {
            self.change(table, statement, [id.as_str()])?;
        }
        Ok(())
    }

    fn rewrite(&mut self, id: &CallId, redacted: &Redacted) -> JobResult<()> {
        let mut hasher = PayloadHasher::default();
        let now = self.now.clone();
        for (table, statement, json) in [
            (
                "GONG_CALLS_RAW",
                statements::ERASE_CALL_DOCUMENT,
                &redacted.call,
            ),
            (
                "GONG_CALL_TRANSCRIPTS_RAW",
                statements::ERASE_TRANSCRIPT_DOCUMENT,
                &redacted.transcript,
            ),
        ] {
            if let Some(json) = json {
                let (sha, _) = hasher.inspect(json);
                self.change(table, statement, params![id.as_str(), sha, now, json])?;
            }
        }
        self.transaction
            .prepare_cached(statements::RESTAGE_CALL)?
            .execute(params![id.as_str(), now])?;
        Ok(())
    }

    /// Removes all that was made of a call: what is left of it is staged and read anew.
    fn derived(&mut self, id: &CallId) -> JobResult<()> {
        for (table, statement) in [
            ("CALL_READINGS", statements::ERASE_READINGS),
            ("STG_GONG_TRANSCRIPT_CHUNKS", statements::DELETE_CHUNKS),
            ("STG_GONG_CALL_TRANSCRIPTS", statements::DELETE_SENTENCES),
            (
                "STG_GONG_CALL_PARTICIPANTS",
                statements::DELETE_PARTICIPANTS,
            ),
            ("STG_GONG_CALL_TOPICS", statements::DELETE_TOPICS),
            ("STG_GONG_CALL_CRM_LINKS", statements::DELETE_CRM_LINKS),
            ("STG_GONG_CALLS", statements::ERASE_STAGED_CALL),
            ("GONG_DEAD_LETTERS", statements::CLEAR_DEAD_LETTERS_OF_CALL),
            ("PIPELINE_ERRORS", statements::ERASE_ERRORS),
        ] {
            self.change(table, statement, [id.as_str()])?;
        }
        Ok(())
    }
}
