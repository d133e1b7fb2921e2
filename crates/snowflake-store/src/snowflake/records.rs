//! Records of Gong beside calls.

use std::collections::HashMap;

use async_trait::async_trait;
use serde::Serialize;
use serde_json::value::RawValue;

use super::failure::{of_sql, unreadable};
use super::store::SnowflakeStore;
use super::{batches, erasure, json, now, statements};
use crate::document::MAX_BYTES;
use crate::records::{gone, prepare};
use crate::{GongRecord, RecordPage, RecordQuery, RecordStream, Records, RecordsLanded, Result};

#[derive(Serialize)]
struct RecordRow<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'a str>,
    sha: &'a str,
    document: &'a RawValue,
}

#[derive(Serialize)]
struct Rows<'a> {
    stream: &'a str,
    now: &'a str,
    run: &'a str,
    rows: Vec<batches::JsonRow>,
}

#[derive(Serialize)]
struct Gone<'a> {
    stream: &'a str,
    now: &'a str,
    keys: Vec<&'a str>,
}

#[async_trait]
impl Records for SnowflakeStore {
    async fn land_records(&self, page: &RecordPage) -> Result<RecordsLanded> {
        let prepared = prepare(page, &*erasure::erased(self).await?, MAX_BYTES)?;
        let (stream, now) = (page.stream.as_str(), now());
        let mut gone = gone(page, &prepared);
        let keys: Vec<&str> = prepared
            .keys()
            .map(String::as_str)
            .chain(gone.iter().copied())
            .collect();
        let known = statements::RECORD_SHAS.statement();
        let known = self.ask(&known.bind(stream).bind(json(&keys)?)).await?;
        let mut stored = HashMap::new();
        for row in known.iter() {
            let text = |column| row.required_text(column).map_err(of_sql);
            let is_served = row.boolean("IS_SERVED").map_err(of_sql)?;
            let is_served = is_served.ok_or_else(|| unreadable("IS_SERVED"))?;
            stored.insert(text("RECORD_KEY")?, (text("PAYLOAD_SHA")?, is_served));
        }
        let mut landed = RecordsLanded::default();
        let mut rows = Vec::new();
        for (key, (day, document)) in &prepared {
            match stored.get(key.as_str()) {
                Some((sha, true)) if *sha == document.payload_sha => continue,
                Some((_, true)) => landed.updated += 1,
                _ => landed.inserted += 1,
            }
            rows.push(batches::row(&RecordRow {
                key,
                day: day.as_deref(),
                sha: &document.payload_sha,
                document: &document.document.json,
            })?);
        }
        let mut transaction = Vec::new();
        for rows in batches::by_size(rows, self.config().statement_bytes()) {
            let part = json(&Rows {
                stream,
                now: &now,
                run: &page.run_id,
                rows,
            })?;
            transaction.push(statements::LAND_RECORDS.statement().bind(part));
        }
        // Counted here: after a commit whose reply was lost, the statement would find nothing.
        gone.retain(|key| matches!(stored.get(*key), Some((_, true))));
        landed.deleted = gone.len() as u64;
        if !gone.is_empty() {
            let gone = json(&Gone {
                stream,
                now: &now,
                keys: gone,
            })?;
            transaction.push(statements::MARK_RECORDS_DELETED.statement().bind(gone));
        }
        if transaction.is_empty() {
            return Ok(landed);
        }
        self.write(&transaction).await?;
        Ok(landed)
    }

    async fn records(&self, query: &RecordQuery) -> Result<Vec<GongRecord>> {
        let day = |day: Option<calls::jiff::civil::Date>| day.map(|day| day.to_string());
        let (from, to) = (day(query.from), day(query.to));
        // Who analyses sees no other records whole.
        let text = match query.stream {
            RecordStream::Scorecards | RecordStream::Trackers => statements::SETUP_RECORDS,
            _ => statements::RECORDS,
        };
        let statement = text
            .statement()
            .bind(query.stream.as_str())
            .bind_all([from.as_deref(); 2])
            .bind_all([to.as_deref(); 2]);
        let rows = self.ask(&statement).await?;
        let records = rows.iter().map(|row| {
            let day = row.text("RECORD_DAY").map_err(of_sql)?;
            let day = day.map(|day| day.parse().map_err(|_| unreadable("RECORD_DAY")));
            let document: Option<Box<RawValue>> = row.json("RAW_DATA").map_err(of_sql)?;
            let document = document.ok_or_else(|| unreadable("RAW_DATA"))?;
            Ok(GongRecord {
                key: row.required_text("RECORD_KEY").map_err(of_sql)?.to_owned(),
                day: day.transpose()?,
                json: document.get().to_owned(),
            })
        });
        records.collect()
    }
}
