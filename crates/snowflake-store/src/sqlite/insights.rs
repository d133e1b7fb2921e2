//! What is added to calls after they are staged.

use async_trait::async_trait;
use calls::{CompanyId, ContactId, DealId, Timestamp};
use resilience::ErrorKind;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::failure::JobResult;
use super::store::SqliteStore;
use super::{instant, json, limit, statements};
use crate::{CallInsights, CrmSnapshot, CrmWanted, Error, Insights, Result};

#[async_trait]
impl Insights for SqliteStore {
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
        insights.iter().try_for_each(check)?;
        if insights.is_empty() {
            return Ok(0);
        }
        let insights = insights.to_vec();
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

    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
        let snapshot = snapshot.clone();
        self.write(move |connection| save_crm(connection, &snapshot))
            .await
    }

    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
        self.read(move |connection| crm_wanted(connection, older_than, limit))
            .await
    }
}

/// JSON and comparisons know no infinity and no "not a number".
fn check(insights: &CallInsights) -> Result<()> {
    let findings = insights
        .risks
        .iter()
        .chain(&insights.next_steps)
        .chain(&insights.signals)
        .map(|finding| finding.score);
    let scores = insights
        .sentiment
        .iter()
        .map(|sentiment| sentiment.score)
        .chain(insights.sentence_sentiments.iter().map(|(_, score)| *score))
        .chain(insights.chunks.iter().filter_map(|chunk| chunk.sentiment))
        .chain(findings);
    let components = insights
        .chunks
        .iter()
        .filter_map(|chunk| chunk.embedding.as_ref())
        .flat_map(|embedding| &embedding.vector);
    for (field, finite) in [
        ("score", scores.into_iter().all(f64::is_finite)),
        ("vector", components.copied().all(f32::is_finite)),
    ] {
        if !finite {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!(
                    "insights of call {} have a value that is not finite",
                    insights.call_id
                ),
            )
            .with_field(field));
        }
    }
    Ok(())
}

/// Replaces the insights of a call; returns whether the call is there.
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
            json(&insights.risks)?,
            json(&insights.next_steps)?,
            json(&insights.signals)?,
            insights.provenance.backend,
            insights.provenance.model,
            now,
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
    }
    Ok(true)
}

fn save_crm(connection: &mut Connection, snapshot: &CrmSnapshot) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let read_at = instant::text(snapshot.read_at);
    for deal in &snapshot.deals {
        transaction
            .prepare_cached(statements::SAVE_DEAL)?
            .execute(params![
                deal.id.as_str(),
                deal.name,
                deal.amount.map(|amount| amount.to_string()),
                deal.currency,
                deal.pipeline_id.as_ref().map(AsRef::<str>::as_ref),
                deal.stage_id.as_ref().map(AsRef::<str>::as_ref),
                deal.stage_label,
                deal.probability,
                deal.close_date.map(instant::text),
                deal.created.map(instant::text),
                deal.owner_id.as_ref().map(AsRef::<str>::as_ref),
                deal.owner_name,
                deal.outcome.as_str(),
                json(&deal.contact_ids)?,
                json(&deal.company_ids)?,
                read_at,
            ])?;
    }
    for contact in &snapshot.contacts {
        transaction
            .prepare_cached(statements::SAVE_CONTACT)?
            .execute(params![
                contact.id.as_str(),
                contact.email,
                contact.name,
                contact.title,
                contact.company_id.as_ref().map(AsRef::<str>::as_ref),
                read_at,
            ])?;
    }
    for company in &snapshot.companies {
        transaction
            .prepare_cached(statements::SAVE_COMPANY)?
            .execute(params![
                company.id.as_str(),
                company.name,
                company.domain,
                company.industry,
                read_at,
            ])?;
    }
    for stage in &snapshot.stages {
        transaction
            .prepare_cached(statements::SAVE_STAGE)?
            .execute(params![
                stage.pipeline_id.as_str(),
                stage.id.as_str(),
                stage.label,
                stage.probability,
                stage.display_order,
                read_at,
            ])?;
    }
    transaction.commit()?;
    Ok(())
}

fn crm_wanted(
    connection: &Connection,
    older_than: Timestamp,
    at_most: usize,
) -> JobResult<CrmWanted> {
    let older_than = instant::text(older_than);
    let ids = |statement: &str| -> JobResult<Vec<String>> {
        let ids = connection
            .prepare_cached(statement)?
            .query_map(params![older_than, limit(at_most)], |row| row.get(0))?
            .collect::<std::result::Result<_, _>>()?;
        Ok(ids)
    };
    Ok(CrmWanted {
        deals: wrap(ids(statements::WANTED_DEALS)?, DealId::new),
        contacts: wrap(ids(statements::WANTED_CONTACTS)?, ContactId::new),
        companies: wrap(ids(statements::WANTED_COMPANIES)?, CompanyId::new),
    })
}

fn wrap<T>(ids: Vec<String>, id: impl Fn(String) -> T) -> Vec<T> {
    ids.into_iter().map(id).collect()
}
