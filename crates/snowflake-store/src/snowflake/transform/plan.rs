//! Which calls a transform takes, in batches, and their documents.

use std::collections::HashMap;

use calls::CallId;
use calls::gong::DECODER_VERSION;
use snowflake_sql::{Row, Rows};

use crate::snowflake::failure::of_sql;
use crate::snowflake::store::SnowflakeStore;
use crate::snowflake::{json, limit, statements};
use crate::staging::{Document, Documents};
use crate::{Result, TransformScope};

/// Calls in one transaction at most. Its statements are a dozen however many calls there
/// are, so batches are larger than an embedded store's.
const BATCH_CALLS: usize = 200;

/// Characters of JSON in one batch at most, unless a single call has more.
const BATCH_CHARS: u64 = 12 << 20;

/// A call with which sentences are staged for it.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) documents: Documents,
    pub(super) staged_sentences: Option<String>,
}

pub(super) async fn batches(
    store: &SnowflakeStore,
    scope: TransformScope,
) -> Result<Vec<Vec<CallId>>> {
    let statement = match scope {
        TransformScope::Calls(ids) if ids.is_empty() => return Ok(Vec::new()),
        TransformScope::Calls(ids) => statements::PLAN_TRANSFORM.statement().bind(json(&ids)?),
        TransformScope::Pending { limit: 0 } | TransformScope::Failed { limit: 0 } => {
            return Ok(Vec::new());
        }
        TransformScope::Pending { limit: at_most } => pending(false, at_most),
        TransformScope::Failed { limit: at_most } => pending(true, at_most),
    };
    cut(&store.ask(&statement).await?).map_err(of_sql)
}

fn pending(failed_too: bool, at_most: usize) -> snowflake_sql::Statement {
    statements::PENDING_CALLS
        .statement()
        .bind(DECODER_VERSION)
        .bind_all([failed_too; 2])
        .bind(limit(at_most))
}

fn cut(rows: &Rows) -> snowflake_sql::Result<Vec<Vec<CallId>>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut batch_chars = 0;
    for row in rows.iter() {
        let chars = row
            .integer("DOCUMENT_CHARS")?
            .unwrap_or_default()
            .unsigned_abs();
        let is_full = batch.len() == BATCH_CALLS || batch_chars + chars > BATCH_CHARS;
        if is_full && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            batch_chars = 0;
        }
        batch.push(CallId::new(row.required_text("CALL_ID")?));
        batch_chars += chars;
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    Ok(batches)
}

/// The documents of a batch in its order; calls that are gone meanwhile are left out.
pub(super) async fn documents(store: &SnowflakeStore, batch: &[CallId]) -> Result<Vec<Read>> {
    let statement = statements::RAW_DOCUMENTS.statement().bind(json(batch)?);
    let rows = store.ask(&statement).await?;
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows.iter() {
        let read = document(row).map_err(of_sql)?;
        found.insert(read.documents.id.clone(), read);
    }
    Ok(batch.iter().filter_map(|id| found.remove(id)).collect())
}

fn document(row: Row<'_>) -> snowflake_sql::Result<Read> {
    let text = |column| row.required_text(column).map(str::to_owned);
    let transcript_sha = row.text("TRANSCRIPT_SHA")?;
    Ok(Read {
        documents: Documents {
            id: CallId::new(text("CALL_ID")?),
            call: Document {
                payload_sha: text("CALL_SHA")?,
                json: text("CALL_DOCUMENT")?,
                run_id: text("CALL_RUN")?,
                cleaning_notes: row.text("CALL_CLEANING_NOTES")?.map(str::to_owned),
            },
            transcript: match transcript_sha {
                None => None,
                Some(sha) => Some(Document {
                    payload_sha: sha.to_owned(),
                    json: text("TRANSCRIPT_DOCUMENT")?,
                    run_id: text("TRANSCRIPT_RUN")?,
                    cleaning_notes: row.text("TRANSCRIPT_CLEANING_NOTES")?.map(str::to_owned),
                }),
            },
        },
        staged_sentences: row.text("SENTENCES_SHA")?.map(str::to_owned),
    })
}
