//! What is added to calls after staging.

use async_trait::async_trait;
use calls::Timestamp;
use calls::reading::CallType;
use rusqlite::{Transaction, TransactionBehavior, params};

use super::failure::JobResult;
use super::sketches::SketchWriter;
use super::store::SqliteStore;
use super::{crm, erasure, instant, json, limit, statements};
use crate::erasure::guard_made;
use crate::{CallInsights, CallReading, CrmMatch, CrmSnapshot, CrmWanted, Insights, Result, input};

#[async_trait]
impl Insights for SqliteStore {
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
        insights.iter().try_for_each(input::check_insights)?;
        if insights.is_empty() {
            return Ok(0);
        }
        let mut insights = insights.to_vec();
        let erased = self.read(erasure::load).await?;
        guard_made(self, &erased, &mut insights).await?;
        self.write(move |connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let now = instant::stamp(Timestamp::now());
            let mut saved = 0;
            for insights in &insights {
                saved += u64::from(save_insights(&transaction, insights, &now)?);
            }
            transaction.commit()?;
            Ok(saved)
        })
        .await
    }

    async fn save_readings(&self, readings: &[CallReading]) -> Result<u64> {
        readings.iter().try_for_each(input::check_reading)?;
        if readings.is_empty() {
            return Ok(0);
        }
        let mut readings = readings.to_vec();
        let erased = self.read(erasure::load).await?;
        guard_made(self, &erased, &mut readings).await?;
        self.write(move |connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut saved = 0;
            for reading in &readings {
                saved += save_reading(&transaction, reading)?;
            }
            transaction.commit()?;
            Ok(saved)
        })
        .await
    }

    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
        input::check_snapshot(snapshot)?;
        let snapshot = snapshot.clone();
        self.write(move |connection| crm::save(connection, snapshot))
            .await
    }

    async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
        input::check_matches(matches)?;
        if matches.is_empty() {
            return Ok(0);
        }
        let matches = matches.to_vec();
        self.write(move |connection| crm::save_matches(connection, &matches))
            .await
    }

    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
        self.read(move |connection| crm::wanted(connection, older_than, limit))
            .await
    }
}

/// Stores a reading, unless its transcript is another by now; returns how many were stored.
fn save_reading(transaction: &Transaction<'_>, kept: &CallReading) -> JobResult<u64> {
    let reading = &kept.reading;
    let saved = transaction
        .prepare_cached(statements::SAVE_READING)?
        .execute(params![
            kept.call_id.as_str(),
            kept.transcript_sha,
            kept.provenance.backend,
            kept.provenance.model,
            instant::stamp(kept.read_at),
            reading.call_type.map(CallType::as_str),
            reading.deal_health,
            json(&reading.deal_health_why)?,
            reading.summary,
            kept.requests,
            json(&reading.failed)?,
            kept.is_retryable(),
            json(reading)?,
        ])?;
    Ok(saved as u64)
}

/// Replaces the insights of a call; returns whether the call is there, and what they speak of.
fn save_insights(
    transaction: &Transaction<'_>,
    insights: &CallInsights,
    now: &str,
) -> JobResult<bool> {
    let id = insights.call_id.as_str();
    let updated = transaction
        .prepare_cached(statements::SAVE_INSIGHTS)?
        .execute(params![
            id,
            insights.sentiment.map(|sentiment| sentiment.score),
            insights.sentiment.map(|sentiment| sentiment.label.as_str()),
            insights.summary,
            json(&insights.key_topics)?,
            insights.risks.as_ref().map(json).transpose()?,
            insights.next_steps.as_ref().map(json).transpose()?,
            insights.provenance.backend,
            insights.provenance.model,
            now,
            insights.transcript_sha,
        ])?;
    if updated == 0 {
        return Ok(false);
    }
    for statement in [
        statements::CLEAR_SENTENCE_SENTIMENTS,
        statements::DELETE_CHUNKS,
    ] {
        transaction.prepare_cached(statement)?.execute([id])?;
    }
    let mut sentence = transaction.prepare_cached(statements::SAVE_SENTENCE_SENTIMENT)?;
    for (index, score) in &insights.sentence_sentiments {
        sentence.execute(params![id, index, score])?;
    }
    let mut statement = transaction.prepare_cached(statements::SAVE_CHUNK)?;
    let mut sketches = SketchWriter::new(transaction);
    for chunk in &insights.chunks {
        let embedding = chunk.embedding.as_ref();
        let vector: Option<Vec<u8>> = embedding.map(|embedding| {
            let components = embedding.vector.iter();
            components.flat_map(|x| x.to_le_bytes()).collect()
        });
        statement.execute(params![
            id,
            chunk.first_sentence,
            chunk.last_sentence,
            chunk.sentiment,
            embedding.map(|embedding| embedding.model.as_str()),
            embedding.map(|embedding| limit(embedding.vector.len())),
            vector,
            chunk.text,
        ])?;
        if let Some(embedding) = embedding {
            sketches.add(
                transaction.last_insert_rowid(),
                &embedding.model,
                &embedding.vector,
            )?;
        }
    }
    sketches.flush()?;
    Ok(true)
}
