//! What is added to calls after staging.

use std::collections::HashMap;

use async_trait::async_trait;
use calls::{CallId, Timestamp};
use serde::Serialize;
use snowflake_sql::Statement;

use super::store::SnowflakeStore;
use super::{batches, crm, erasure, json, now, readings, search_terms, statements};
use crate::blocking::blocking;
use crate::erasure::{guard_crm, guard_made};
use crate::{
    CallInsights, CallReading, CitedItem, CrmMatch, CrmSnapshot, CrmWanted, Insights, Result, input,
};

#[async_trait]
impl Insights for SnowflakeStore {
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
        insights.iter().try_for_each(input::check_insights)?;
        if insights.is_empty() {
            return Ok(0);
        }
        let mut insights = insights.to_vec();
        guard_made(self, &*erasure::erased(self).await?, &mut insights).await?;
        let bytes = self.config().statement_bytes();
        let planned = blocking(move || plan(&insights, bytes)).await?;
        let replies = self.write(&planned).await?;
        // The first statements say of how many calls they are; see `plan`.
        let saved = planned.iter().zip(&replies);
        let saved = saved.filter(|(statement, _)| statement.name() == SAVE);
        Ok(saved.map(|(_, rows)| rows.affected()).sum())
    }

    async fn save_readings(&self, readings: &[CallReading]) -> Result<u64> {
        readings.iter().try_for_each(input::check_reading)?;
        if readings.is_empty() {
            return Ok(0);
        }
        let mut readings = readings.to_vec();
        guard_made(self, &*erasure::erased(self).await?, &mut readings).await?;
        let planned = readings::save(&readings, self.config().statement_bytes())?;
        let replies = self.write(&planned).await?;
        Ok(replies.iter().map(snowflake_sql::Rows::affected).sum())
    }

    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
        input::check_snapshot(snapshot)?;
        let mut snapshot = snapshot.clone();
        // It is no part of a run, and goes on while somebody is erased.
        self.forget_erased().await;
        guard_crm(&*erasure::erased(self).await?, &mut snapshot);
        let statements = crm::mirror(&snapshot, self.config().statement_bytes())?;
        self.write(&statements).await?;
        Ok(())
    }

    async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
        input::check_matches(matches)?;
        if matches.is_empty() {
            return Ok(0);
        }
        let replies = self.write(&crm::matches(matches)?).await?;
        Ok(replies.first().map_or(0, snowflake_sql::Rows::affected))
    }

    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
        crm::wanted(self, older_than, limit).await
    }
}

const SAVE: &str = "save_insights";

#[derive(Serialize)]
struct InsightsRow<'a> {
    #[serde(flatten)]
    of: OfCall<'a>,
    score: Option<f64>,
    label: Option<&'static str>,
    summary: Option<&'a str>,
    topics: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    risks: Option<&'a [CitedItem]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_steps: Option<&'a [CitedItem]>,
    backend: &'a str,
    model: &'a str,
}

/// A call, and the transcript that it must still have.
#[derive(Serialize)]
struct OfCall<'a> {
    call: &'a CallId,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha: Option<&'a str>,
}

impl<'a> From<&'a CallInsights> for OfCall<'a> {
    fn from(insights: &'a CallInsights) -> Self {
        Self {
            call: &insights.call_id,
            sha: insights.transcript_sha.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct SentenceScore<'a> {
    #[serde(flatten)]
    of: OfCall<'a>,
    index: u32,
    score: f64,
}

#[derive(Serialize)]
struct ChunkRow<'a> {
    #[serde(flatten)]
    of: OfCall<'a>,
    chunk: usize,
    first: u32,
    last: u32,
    text: &'a str,
    sentiment: Option<f64>,
    model: Option<&'a str>,
    dimension: Option<usize>,
    vector: Option<&'a [f32]>,
    terms: String,
    term_count: usize,
}

#[derive(Serialize)]
struct Stamped<'a> {
    now: &'a str,
    rows: Vec<batches::JsonRow>,
}

/// Statements that replace the insights of calls; of several of one call the last stays.
fn plan(insights: &[CallInsights], bytes: usize) -> Result<Vec<Statement>> {
    let last: HashMap<&CallId, usize> = insights
        .iter()
        .enumerate()
        .map(|(place, insights)| (&insights.call_id, place))
        .collect();
    let kept: Vec<&CallInsights> = insights
        .iter()
        .enumerate()
        .filter(|(place, insights)| last[&insights.call_id] == *place)
        .map(|(_, insights)| insights)
        .collect();
    let now = now();
    let mut statements = Vec::new();
    let rows = kept.iter().map(|insights| insights_row(insights));
    for rows in batches::by_size(rows.collect::<Result<_>>()?, bytes) {
        let stamped = json(&Stamped { now: &now, rows })?;
        statements.push(statements::SAVE_INSIGHTS.statement().bind(stamped));
    }
    let calls: Vec<OfCall<'_>> = kept.iter().map(|insights| (*insights).into()).collect();
    let calls = json(&calls)?;
    // Of calls that are unknown or deleted there is nothing to remove.
    for query in [
        statements::CLEAR_SENTENCE_SENTIMENTS,
        statements::CLEAR_CHUNKS,
    ] {
        statements.push(query.statement().bind(calls.clone()));
    }
    let scores = kept.iter().flat_map(|insights| {
        insights.sentence_sentiments.iter().map(|(index, score)| {
            batches::row(&SentenceScore {
                of: (*insights).into(),
                index: *index,
                score: *score,
            })
        })
    });
    for rows in batches::by_size(scores.collect::<Result<_>>()?, bytes) {
        statements.push(
            statements::SAVE_SENTENCE_SENTIMENTS
                .statement()
                .bind(json(&rows)?),
        );
    }
    let chunks = kept.iter().flat_map(|insights| chunk_rows(insights));
    for rows in batches::by_size(chunks.collect::<Result<_>>()?, bytes) {
        statements.push(statements::SAVE_CHUNKS.statement().bind(json(&rows)?));
    }
    Ok(statements)
}

fn insights_row(insights: &CallInsights) -> Result<batches::JsonRow> {
    batches::row(&InsightsRow {
        of: insights.into(),
        score: insights.sentiment.map(|sentiment| sentiment.score),
        label: insights.sentiment.map(|sentiment| sentiment.label.as_str()),
        summary: insights.summary.as_deref(),
        topics: &insights.key_topics,
        risks: insights.risks.as_deref(),
        next_steps: insights.next_steps.as_deref(),
        backend: &insights.provenance.backend,
        model: &insights.provenance.model,
    })
}

fn chunk_rows(insights: &CallInsights) -> impl Iterator<Item = Result<batches::JsonRow>> + '_ {
    insights.chunks.iter().enumerate().map(|(place, chunk)| {
        let embedding = chunk.embedding.as_ref();
        let (terms, term_count) = search_terms::of_text(&chunk.text);
        batches::row(&ChunkRow {
            of: insights.into(),
            chunk: place,
            first: chunk.first_sentence,
            last: chunk.last_sentence,
            text: &chunk.text,
            sentiment: chunk.sentiment,
            model: embedding.map(|embedding| embedding.model.as_str()),
            dimension: embedding.map(|embedding| embedding.vector.len()),
            // A vector without a direction is like nothing, and a cosine of it is not a number.
            vector: embedding
                .map(|embedding| embedding.vector.as_slice())
                .filter(|vector| vector.iter().any(|component| *component != 0.0)),
            terms,
            term_count,
        })
    })
}
