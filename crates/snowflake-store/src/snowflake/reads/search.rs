//! Chunks by meaning and by words.

use calls::CallId;
use resilience::ErrorKind;
use snowflake_sql::{Row, Slot, SqlText, Statement};

use super::columns::{float, required_instant, required_text, text};
use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{json, limit, search_terms, statements};
use crate::{ChunkEmbedding, ChunkHit, Error, FindingHit, Result, input, staging};

/// Snowflake's largest VECTOR.
const MOST_DIMENSIONS: usize = 4_096;

/// Chunks by cosine; `None` when nothing can be found.
pub(super) fn similar(
    query: &ChunkEmbedding,
    excluding: Option<&CallId>,
    at_most: usize,
) -> Result<Option<Statement>> {
    input::check_vector(&query.vector)?;
    // Nothing has a direction in common with no direction.
    let has_direction = query.vector.iter().any(|component| *component != 0.0);
    if at_most == 0 || !has_direction {
        return Ok(None);
    }
    let dimension = query.vector.len();
    if dimension > MOST_DIMENSIONS {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("Snowflake compares vectors of at most {MOST_DIMENSIONS} dimensions"),
        )
        .with_field("vector"));
    }
    let slot = Slot::Number(dimension as u64);
    let text =
        SqlText::template(statements::SIMILAR_CHUNKS, &[("dimension", slot)]).map_err(of_sql)?;
    Ok(Some(
        Statement::new("similar_chunks", text)
            .bind(query.model.as_str())
            .bind(json(&query.vector)?)
            .bind(query.model.as_str())
            .bind(excluding.is_some())
            .bind(excluding.map(CallId::as_str))
            .bind(limit(at_most)),
    ))
}

/// Chunks by words; `None` when nothing can be found.
pub(super) fn by_words(words: &str, at_most: usize) -> Result<Option<Statement>> {
    let words = search_terms::of_query(words);
    if at_most == 0 || words.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        statements::SEARCH_CHUNKS
            .statement()
            .bind(json(&words)?)
            .bind(limit(at_most)),
    ))
}

/// Calls by what Gong wrote about them; `None` when nothing can be found.
pub(super) fn in_findings(words: &str, at_most: usize) -> Result<Option<Statement>> {
    let words = search_terms::of_query(words);
    if at_most == 0 || words.is_empty() {
        return Ok(None);
    }
    Ok(Some(
        statements::SEARCH_FINDINGS
            .statement()
            .bind(json(&words)?)
            .bind(limit(at_most)),
    ))
}

pub(super) fn finding_hit(row: Row<'_>) -> Result<FindingHit> {
    Ok(FindingHit {
        call_id: required_text(row, "CALL_ID")?.into(),
        score: float(row, "SCORE")?.ok_or_else(|| unreadable("SCORE"))?,
        text: staging::findable(
            text(row, "BRIEF")?.as_deref(),
            &row.json("GONG_FINDINGS")
                .map_err(of_sql)?
                .unwrap_or_default(),
        ),
    })
}

pub(super) fn hit(row: Row<'_>) -> Result<ChunkHit> {
    let sentence = |column| {
        let index = row.integer(column).map_err(of_sql)?;
        index
            .and_then(|index| u32::try_from(index).ok())
            .ok_or_else(|| unreadable(column))
    };
    Ok(ChunkHit {
        call_id: required_text(row, "CALL_ID")?.into(),
        title: text(row, "CALL_TITLE")?,
        started: required_instant(row, "CALL_DATETIME_UTC")?,
        score: float(row, "SCORE")?.ok_or_else(|| unreadable("SCORE"))?,
        first_sentence: sentence("FIRST_SENTENCE")?,
        last_sentence: sentence("LAST_SENTENCE")?,
        text: required_text(row, "CHUNK_TEXT")?,
    })
}
