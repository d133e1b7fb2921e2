//! One batch of staging rows in one transaction.
//!
//! Every statement leaves out calls of which another payload has landed since they were
//! read, or all of them once tasks write staging, so nothing has to be decided between two
//! statements. The first ones lock staging and the landing rows: whoever lands or
//! transforms the same calls waits until this is committed.

use std::collections::{HashMap, HashSet};

use calls::CallId;
use calls::gong::DECODER_VERSION;
use serde::Serialize;
use snowflake_sql::{Bind, Rows, Statement};

use super::plan::Read;
use super::rows::{CallRow, LinksRow, Origin, ParticipantsRow, SentencesRow, TopicsRow};
use crate::snowflake::failure::of_sql;
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{batches, json, new_id, now, statements};
use crate::staging::{self, Prepared, TranscriptState};
use crate::{Result, TransformFailure, TransformReport};

/// Name of this stage in `PIPELINE_ERRORS`.
const STAGE: &str = "transform";

/// A batch with the rows that can be large made ready.
#[derive(Debug)]
pub(super) struct Batch {
    prepared: Vec<Prepared>,
    calls: Vec<batches::JsonRow>,
    participants: Vec<batches::JsonRow>,
    topics: Vec<batches::JsonRow>,
    links: Vec<batches::JsonRow>,
    /// But for those that are staged already.
    sentences: Vec<batches::JsonRow>,
    /// Whether sentences that were staged before are others now, or gone.
    forgets: bool,
    /// How many sentences that are, by call.
    sentence_counts: HashMap<CallId, u64>,
}

/// Decodes and measures a batch, and writes its rows as JSON.
pub(super) fn prepare(read: Vec<Read>) -> Result<Batch> {
    let (documents, staged): (Vec<_>, Vec<_>) = read
        .into_iter()
        .map(|read| (read.documents, read.staged_sentences))
        .unzip();
    let prepared = staging::decode(documents);
    let mut batch = Batch {
        prepared: Vec::new(),
        calls: Vec::new(),
        participants: Vec::new(),
        topics: Vec::new(),
        links: Vec::new(),
        sentences: Vec::new(),
        forgets: false,
        sentence_counts: HashMap::new(),
    };
    for (prepared, staged) in prepared.iter().zip(staged) {
        let Ok(content) = &prepared.content else {
            continue;
        };
        let (call, origin) = (&content.call, || Origin::of(prepared));
        let links = LinksRow::of(origin(), call);
        let row = CallRow::of(origin(), content, &links);
        batch.calls.push(batches::row(&row)?);
        batch.links.push(batches::row(&links)?);
        let participants = ParticipantsRow::of(origin(), call);
        batch.participants.push(batches::row(&participants)?);
        batch
            .topics
            .push(batches::row(&TopicsRow::of(origin(), call))?);
        let sha = match &content.conversation {
            TranscriptState::Unreadable(_) => staged.as_ref(),
            TranscriptState::Missing => None,
            TranscriptState::Ready(conversation) => Some(&conversation.sentences_sha),
        };
        batch.forgets |= staged.is_some() && staged.as_ref() != sha;
        if let TranscriptState::Ready(conversation) = &content.conversation
            && staged.as_ref() != Some(&conversation.sentences_sha)
        {
            let sentences = SentencesRow::of(origin(), conversation);
            batch.sentences.push(batches::row(&sentences)?);
            let count = conversation.word_counts.len() as u64;
            batch.sentence_counts.insert(prepared.id.clone(), count);
        }
    }
    batch.prepared = prepared;
    Ok(batch)
}

pub(super) async fn stage(store: &SnowflakeStore, batch: Batch) -> Result<TransformReport> {
    if batch.prepared.is_empty() {
        return Ok(TransformReport::default());
    }
    let plan = Plan::of(&batch.prepared)?;
    let bytes = store.config().statement_bytes();
    let now = now();
    let mut statements = vec![statements::LOCK_STAGING.statement()];
    statements.extend(plan.marks(&now)?);
    let current = statements.len();
    statements.push(
        statements::CURRENT_CALLS
            .statement()
            .bind(plan.origins.clone()),
    );
    for query in [
        statements::DELETE_CHANGED_SENTENCES,
        statements::DELETE_CHANGED_CHUNKS,
    ] {
        statements.push(query.statement().bind(plan.measured.clone()));
    }
    for rows in batches::by_size(batch.sentences, bytes) {
        statements.push(statements::STAGE_SENTENCES.statement().bind(json(&rows)?));
    }
    for rows in batches::by_size(batch.calls, bytes) {
        let stamped = json(&Stamped { now: &now, rows })?;
        statements.push(statements::STAGE_CALLS.statement().bind(stamped));
    }
    if batch.forgets {
        statements.push(statements::FORGET_READINGS.statement());
    }
    for (delete, insert, rows) in [
        (
            statements::DELETE_STAGED_PARTICIPANTS,
            statements::STAGE_PARTICIPANTS,
            batch.participants,
        ),
        (
            statements::DELETE_STAGED_TOPICS,
            statements::STAGE_TOPICS,
            batch.topics,
        ),
        (
            statements::DELETE_STAGED_CRM_LINKS,
            statements::STAGE_CRM_LINKS,
            batch.links,
        ),
    ] {
        if rows.is_empty() {
            continue;
        }
        statements.push(delete.statement().bind(plan.readable.clone()));
        let insert = insert.statement();
        for rows in batches::by_size(rows, bytes) {
            statements.push(insert.clone().bind(json(&rows)?));
        }
    }
    statements.extend(plan.errors(&now)?);
    let replies = store.write(&statements).await?;
    report(
        &batch.prepared,
        &batch.sentence_counts,
        replies.get(current),
    )
}

/// What became of the calls that were current when they were staged.
fn report(
    prepared: &[Prepared],
    sentence_counts: &HashMap<CallId, u64>,
    current: Option<&Rows>,
) -> Result<TransformReport> {
    let mut staged = HashSet::new();
    for row in current.iter().flat_map(|rows| rows.iter()) {
        staged.insert(row.required_text("CALL_ID").map_err(of_sql)?);
    }
    let mut report = TransformReport::default();
    for call in prepared
        .iter()
        .filter(|call| staged.contains(call.id.as_str()))
    {
        report.sentences += sentence_counts.get(&call.id).unwrap_or(&0);
        match failure(call) {
            None => report.transformed += 1,
            Some((_, reason)) => report.failed.push(TransformFailure {
                call_id: call.id.clone(),
                reason: reason.to_owned(),
            }),
        }
    }
    Ok(report)
}

/// The stream that a call failed in, and why.
fn failure(prepared: &Prepared) -> Option<(&'static str, &str)> {
    match &prepared.content {
        Err(reason) => Some(("calls", reason)),
        Ok(content) => match &content.conversation {
            TranscriptState::Unreadable(reason) => Some(("transcripts", reason)),
            _ => None,
        },
    }
}

/// The small binds of a batch, which several statements share.
struct Plan<'a> {
    prepared: &'a [Prepared],
    /// All calls.
    origins: Bind,
    /// Calls that could be read.
    readable: Bind,
    /// Calls whose sentences are known, also to be none.
    measured: Bind,
}

#[derive(Serialize)]
struct Marked<'a> {
    id: &'a str,
    sha: &'a str,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Measured<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    sentences_sha: Option<&'a str>,
}

#[derive(Serialize)]
struct Failed<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    error: &'a str,
}

#[derive(Serialize)]
struct FailedRow<'a> {
    #[serde(flatten)]
    origin: Origin<'a>,
    error: String,
    stream: &'static str,
    reason: &'a str,
    run: &'a str,
}

#[derive(Serialize)]
struct Recording<'a> {
    now: &'a str,
    recording: String,
    stage: &'static str,
    reader: u32,
    rows: Vec<FailedRow<'a>>,
}

#[derive(Serialize)]
struct Stamped<'a, T> {
    now: &'a str,
    rows: T,
}

#[derive(Serialize)]
struct Resolved<'a> {
    now: &'a str,
    ids: Vec<&'a str>,
}

impl<'a> Plan<'a> {
    fn of(prepared: &'a [Prepared]) -> Result<Self> {
        let origins: Vec<Origin<'_>> = prepared.iter().map(Origin::of).collect();
        let readable: Vec<Origin<'_>> = prepared
            .iter()
            .filter(|call| call.content.is_ok())
            .map(Origin::of)
            .collect();
        let measured: Vec<Measured<'_>> = prepared
            .iter()
            .filter_map(|call| {
                let sentences_sha = match &call.content.as_ref().ok()?.conversation {
                    TranscriptState::Unreadable(_) => return None,
                    TranscriptState::Missing => None,
                    TranscriptState::Ready(ready) => Some(ready.sentences_sha.as_str()),
                };
                Some(Measured {
                    origin: Origin::of(call),
                    sentences_sha,
                })
            })
            .collect();
        Ok(Self {
            prepared,
            origins: json(&origins)?,
            readable: json(&readable)?,
            measured: json(&measured)?,
        })
    }

    /// Says of the landing rows that they are transformed, or why not.
    fn marks(&self, now: &str) -> Result<Vec<Statement>> {
        let calls = self.prepared.iter().map(|call| Marked {
            id: call.id.as_str(),
            sha: &call.call_sha,
            error: call.content.as_ref().err().map(String::as_str),
        });
        let transcripts = self.prepared.iter().filter_map(|call| {
            // With a call that cannot be read its transcript stays as it is.
            call.content.as_ref().ok()?;
            Some(Marked {
                id: call.id.as_str(),
                sha: call.transcript_sha.as_deref()?,
                error: failure(call).map(|(_, reason)| reason),
            })
        });
        let calls: Vec<Marked<'_>> = calls.collect();
        let transcripts: Vec<Marked<'_>> = transcripts.collect();
        let mut statements = Vec::new();
        for (query, rows) in [
            (statements::MARK_CALLS_TRANSFORMED, calls),
            (statements::MARK_TRANSCRIPTS_TRANSFORMED, transcripts),
        ] {
            if !rows.is_empty() {
                statements.push(query.statement().bind(json(&Stamped { now, rows })?));
            }
        }
        Ok(statements)
    }

    fn errors(&self, now: &str) -> Result<Vec<Statement>> {
        let mut statements = Vec::new();
        let unreadable: Vec<Failed<'_>> = self
            .prepared
            .iter()
            .filter_map(|call| {
                Some(Failed {
                    origin: Origin::of(call),
                    error: call.content.as_ref().err()?,
                })
            })
            .collect();
        if !unreadable.is_empty() {
            statements.push(
                statements::MARK_STAGED_FAILED
                    .statement()
                    .bind(json(&unreadable)?),
            );
        }
        let rows: Vec<FailedRow<'_>> = self
            .prepared
            .iter()
            .filter_map(|call| {
                let (stream, reason) = failure(call)?;
                Some(FailedRow {
                    origin: Origin::of(call),
                    error: new_id(),
                    stream,
                    reason,
                    run: &call.run_id,
                })
            })
            .collect();
        if !rows.is_empty() {
            let recording = Recording {
                now,
                recording: new_id(),
                stage: STAGE,
                reader: DECODER_VERSION,
                rows,
            };
            statements.push(
                statements::RECORD_PIPELINE_ERRORS
                    .statement()
                    .bind(json(&recording)?),
            );
        }
        let staged = self.prepared.iter().filter(|call| failure(call).is_none());
        let resolved = Resolved {
            now,
            ids: staged.map(|call| call.id.as_str()).collect(),
        };
        if !resolved.ids.is_empty() {
            statements.push(
                statements::RESOLVE_PIPELINE_ERRORS
                    .statement()
                    .bind(json(&resolved)?),
            );
        }
        Ok(statements)
    }
}
