//! What readers understood of calls.

use calls::reading::{CallType, Reading};
use calls::{CallId, Provenance};
use serde::Serialize;
use snowflake_sql::{Row, Statement};

use super::failure::{of_sql, unreadable};
use super::{batches, json, statements};
use crate::{CallReading, Result, instant};

#[derive(Serialize)]
struct ReadingRow<'a> {
    call: &'a CallId,
    sha: &'a str,
    backend: &'a str,
    model: &'a str,
    read_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    call_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<u8>,
    why: &'a [calls::reading::Claim],
    summary: &'a str,
    requests: u32,
    failed: &'a [calls::reading::NotRead],
    retryable: bool,
    reading: &'a Reading,
}

/// Statements that store readings; of several of one call, transcript and reader the last
/// stays.
pub(super) fn save(readings: &[CallReading], bytes: usize) -> Result<Vec<Statement>> {
    let key = |one: &CallReading| {
        let by = one.provenance.clone();
        (one.call_id.clone(), one.transcript_sha.clone(), by)
    };
    let mut kept: Vec<&CallReading> = Vec::new();
    for reading in readings {
        kept.retain(|other| key(other) != key(reading));
        kept.push(reading);
    }
    let rows = kept.into_iter().map(|kept| {
        batches::row(&ReadingRow {
            call: &kept.call_id,
            sha: &kept.transcript_sha,
            backend: &kept.provenance.backend,
            model: &kept.provenance.model,
            read_at: instant::stamp(kept.read_at),
            call_type: kept.reading.call_type.map(CallType::as_str),
            health: kept.reading.deal_health,
            why: &kept.reading.deal_health_why,
            summary: &kept.reading.summary,
            requests: kept.requests,
            failed: &kept.reading.failed,
            retryable: kept.is_retryable(),
            reading: &kept.reading,
        })
    });
    let batches = batches::by_size(rows.collect::<Result<_>>()?, bytes);
    let statements = batches
        .into_iter()
        .map(|rows| Ok(statements::SAVE_READINGS.statement().bind(json(&rows)?)));
    statements.collect()
}

pub(super) fn of_calls(ids: &[CallId], reader: Option<&Provenance>) -> Result<Statement> {
    Ok(statements::READINGS
        .statement()
        .bind(json(&ids)?)
        .bind(reader.is_some())
        .bind(reader.map(|reader| reader.backend.as_str()))
        .bind(reader.map(|reader| reader.model.as_str())))
}

pub(super) fn reading(row: Row<'_>) -> Result<CallReading> {
    let text = |column| row.required_text(column).map_err(of_sql);
    let requests = row.integer("REQUESTS").map_err(of_sql)?;
    let read_at = row.timestamp("READ_AT").map_err(of_sql)?;
    let reading = row.json("READING").map_err(of_sql)?;
    Ok(CallReading {
        call_id: text("CALL_ID")?.into(),
        transcript_sha: text("TRANSCRIPT_SHA")?.to_owned(),
        provenance: Provenance::new(text("BACKEND")?, text("MODEL")?),
        read_at: read_at.ok_or_else(|| unreadable("READ_AT"))?,
        requests: requests
            .and_then(|requests| u32::try_from(requests).ok())
            .ok_or_else(|| unreadable("REQUESTS"))?,
        reading: reading.ok_or_else(|| unreadable("READING"))?,
    })
}
