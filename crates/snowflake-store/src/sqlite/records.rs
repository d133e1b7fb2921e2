//! Records of Gong beside calls.

use async_trait::async_trait;
use calls::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::failure::{JobResult, unreadable};
use super::store::SqliteStore;
use super::{erasure, instant, statements};
use crate::records::{gone, prepare};
use crate::{GongRecord, RecordPage, RecordQuery, Records, RecordsLanded, Result};

#[async_trait]
impl Records for SqliteStore {
    async fn land_records(&self, page: &RecordPage) -> Result<RecordsLanded> {
        let (page, max_bytes) = (page.clone(), self.max_document_bytes());
        self.write(move |connection| land(connection, &page, max_bytes))
            .await
    }

    async fn records(&self, query: &RecordQuery) -> Result<Vec<GongRecord>> {
        let query = *query;
        self.read(move |connection| list(connection, &query)).await
    }
}

fn land(
    connection: &mut Connection,
    page: &RecordPage,
    max_bytes: usize,
) -> JobResult<RecordsLanded> {
    let (stream, now) = (page.stream.as_str(), instant::stamp(Timestamp::now()));
    let mut landed = RecordsLanded::default();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let prepared = prepare(page, &erasure::load(&transaction)?, max_bytes)?;
    for (key, (day, document)) in &prepared {
        let stored: Option<(String, bool)> = transaction
            .prepare_cached(statements::RECORD_SHA)?
            .query_row([stream, key], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match stored {
            Some((sha, true)) if sha == document.payload_sha => continue,
            Some((_, true)) => landed.updated += 1,
            _ => landed.inserted += 1,
        }
        transaction
            .prepare_cached(statements::LAND_RECORD)?
            .execute(params![
                stream,
                key,
                day,
                document.document.text(),
                document.payload_sha,
                now,
                page.run_id,
            ])?;
    }
    for key in gone(page, &prepared) {
        let marked = transaction
            .prepare_cached(statements::MARK_RECORD_DELETED)?
            .execute(params![stream, key, now])?;
        landed.deleted += marked as u64;
    }
    transaction.commit()?;
    Ok(landed)
}

fn list(connection: &Connection, query: &RecordQuery) -> JobResult<Vec<GongRecord>> {
    let day = |day: Option<calls::jiff::civil::Date>| day.map(|day| day.to_string());
    let mut statement = connection.prepare_cached(statements::RECORDS)?;
    let mut rows = statement.query(params![
        query.stream.as_str(),
        day(query.from),
        day(query.to)
    ])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let day: Option<String> = row.get(1)?;
        let day = day.map(|day| day.parse().map_err(|_| unreadable("RECORD_DAY")));
        records.push(GongRecord {
            key: row.get(0)?,
            day: day.transpose()?,
            json: row.get(2)?,
        });
    }
    Ok(records)
}
