//! Calls: their documents are rewritten, and what was made of them goes.

use std::collections::BTreeSet;

use ::calls::CallId;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::value::RawValue;

use super::plan::Plan;
use crate::blocking::blocking;
use crate::erasure::{Circle, Erased, Redacted, Scrubber, redact};
use crate::payload_hash::PayloadHasher;
use crate::snowflake::failure::of_sql;
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{batches, json, statements};
use crate::{Error, Mention, Result};

/// Calls whose documents are read at a time.
pub(super) const AT_ONCE: usize = 200;

/// What is stored of a call as it came.
pub(super) struct StoredCall {
    pub(super) id: CallId,
    pub(super) call: Option<String>,
    pub(super) transcript: Option<String>,
    is_deleted: bool,
}

/// The documents of calls; those of which there is none are left out.
pub(super) async fn documents(store: &SnowflakeStore, ids: &[CallId]) -> Result<Vec<StoredCall>> {
    let mut found = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        let ids = json(ids)?;
        let statement = statements::ERASABLE_DOCUMENTS.statement().bind(ids);
        for row in store.ask(&statement).await?.iter() {
            let text = |column| row.text(column).map(|text| text.map(str::to_owned));
            let call = StoredCall {
                id: row.required_text("CALL_ID").map_err(of_sql)?.into(),
                call: text("CALL_DOCUMENT").map_err(of_sql)?,
                transcript: text("TRANSCRIPT_DOCUMENT").map_err(of_sql)?,
                is_deleted: row.boolean("DELETED").map_err(of_sql)? == Some(true),
            };
            if call.call.is_some() || call.transcript.is_some() {
                found.push(call);
            }
        }
    }
    Ok(found)
}

/// Rewrites the documents in which there is something of those who are erased, and says where
/// one of the circle may be spoken of.
pub(super) async fn plan(
    store: &SnowflakeStore,
    erased: &Erased,
    circle: Option<&Circle>,
    documents: Vec<StoredCall>,
    plan: &mut Plan,
) -> Result<()> {
    let ids: Vec<&CallId> = documents.iter().map(|one| &one.id).collect();
    let spoken_of = made_of_calls(store, erased, &ids, plan).await?;
    let (erased, circle) = (erased.clone(), circle.cloned());
    let redacted = blocking(move || {
        let redacted = documents.into_iter().map(|one| {
            let (call, said) = (one.call.as_deref(), one.transcript.as_deref());
            let mut redacted = redact(&erased, &one.id, call, said);
            if let Some(circle) = circle.as_ref().filter(|_| !one.is_deleted) {
                let call = redacted.call.as_deref().or(call);
                let said = redacted.transcript.as_deref().or(said);
                let places = circle.places(&one.id, call, said);
                redacted.mentions.extend(places);
            }
            (redacted, one)
        });
        Ok(redacted.collect::<Vec<_>>())
    });
    let (mut calls, mut transcripts, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for (redacted, stored) in redacted.await? {
        let Redacted {
            call,
            transcript,
            mentions,
        } = redacted;
        plan.mentions.extend(mentions);
        if call.is_none() && transcript.is_none() && !spoken_of.contains(&stored.id) {
            continue;
        }
        if stored.is_deleted {
            gone.push(stored.id.clone());
        } else {
            calls.extend(call.map(|json| row(&stored.id, json)).transpose()?);
            transcripts.extend(transcript.map(|json| row(&stored.id, json)).transpose()?);
            plan.restaged.push(stored.id.clone());
        }
        plan.calls.push(stored.id);
    }
    plan.add_rows(
        "GONG_CALLS_RAW",
        || statements::ERASE_CALL_DOCUMENTS.statement(),
        &calls,
    )?;
    plan.add_rows(
        "GONG_CALL_TRANSCRIPTS_RAW",
        || statements::ERASE_TRANSCRIPT_DOCUMENTS.statement(),
        &transcripts,
    )?;
    if !plan.restaged.is_empty() {
        let ids = json(&plan.restaged)?;
        let restage = statements::RESTAGE_CALLS.statement().bind(ids);
        plan.statements.add_uncounted(restage);
    }
    raw(plan, &gone)?;
    let lose = plan.calls.clone();
    derived(plan, &lose)
}

/// Removes a call as a whole.
pub(super) fn whole(plan: &mut Plan, id: &CallId) -> Result<()> {
    let ids = std::slice::from_ref(id);
    derived(plan, ids)?;
    raw(plan, ids)?;
    plan.add("CRM_CONTACTS", statements::RETAIN_CONTACTS.statement());
    Ok(())
}

/// A document as it is written, with the hash of what is left of it.
#[derive(Serialize)]
struct Document<'a> {
    id: &'a CallId,
    sha: String,
    document: Box<RawValue>,
}

fn row(id: &CallId, json: String) -> Result<batches::JsonRow> {
    let (sha, _) = PayloadHasher::default().inspect(&json);
    let document = RawValue::from_string(json).map_err(|error| {
        Error::new(ErrorKind::Internal, "redacted document is not JSON").with_source(error)
    })?;
    batches::row(&Document { id, sha, document })
}

fn raw(plan: &mut Plan, ids: &[CallId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json(ids)?;
    for (table, query) in [
        ("GONG_CALLS_RAW", statements::ERASE_RAW_CALLS),
        ("GONG_CALL_TRANSCRIPTS_RAW", statements::DELETE_TRANSCRIPTS),
        ("GONG_RECORDS_RAW", statements::ERASE_REVIEWS),
    ] {
        plan.add(table, query.statement().bind(ids.clone()));
    }
    Ok(())
}

/// Removes all that was made of calls: what is left of them is staged and read anew.
fn derived(plan: &mut Plan, ids: &[CallId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json(ids)?;
    for (table, query) in [
        ("GONG_CALLS_STREAMED", statements::ERASE_STREAMED_CALLS),
        (
            "GONG_CALL_TRANSCRIPTS_STREAMED",
            statements::DELETE_STREAMED_TRANSCRIPTS,
        ),
        ("CALL_READINGS", statements::ERASE_READINGS),
        ("STG_GONG_TRANSCRIPT_CHUNKS", statements::DELETE_CHUNKS),
        ("STG_GONG_CALL_TRANSCRIPTS", statements::DELETE_SENTENCES),
        (
            "STG_GONG_CALL_PARTICIPANTS",
            statements::DELETE_PARTICIPANTS,
        ),
        ("STG_GONG_CALL_TOPICS", statements::DELETE_TOPICS),
        ("STG_GONG_CALL_CRM_LINKS", statements::DELETE_CRM_LINKS),
        ("STG_GONG_CALLS", statements::ERASE_STAGED_CALLS),
        ("GONG_DEAD_LETTERS", statements::CLEAR_DEAD_LETTERS_OF_CALLS),
        ("PIPELINE_ERRORS", statements::ERASE_ERRORS),
    ] {
        plan.add(table, query.statement().bind(ids.clone()));
    }
    Ok(())
}

/// Calls of which something was made that speaks of those who are erased.
async fn made_of_calls(
    store: &SnowflakeStore,
    erased: &Erased,
    ids: &[&CallId],
    plan: &mut Plan,
) -> Result<BTreeSet<CallId>> {
    let scrubber = Scrubber::new(erased);
    let mut calls = BTreeSet::new();
    if ids.is_empty() {
        return Ok(calls);
    }
    let statement = statements::ERASABLE_TEXTS.statement().bind(json(ids)?);
    for row in store.ask(&statement).await?.iter() {
        let text = row.text("CONTENT").map_err(of_sql)?.unwrap_or_default();
        if scrubber.scrub(text).is_none() {
            continue;
        }
        let mention = Mention {
            call_id: row.required_text("CALL_ID").map_err(of_sql)?.into(),
            place: row.required_text("PLACE").map_err(of_sql)?.to_owned(),
            text: text.to_owned(),
            stays: false,
        };
        calls.insert(mention.call_id.clone());
        plan.mentions.push(mention);
    }
    Ok(calls)
}
