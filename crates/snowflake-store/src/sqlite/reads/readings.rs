//! What readers understood of calls.

use std::collections::HashSet;

use calls::{CallId, Provenance};
use rusqlite::{Connection, Row, params};

use super::columns::json;
use crate::CallReading;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{instant, statements};

pub(super) fn of_calls(
    connection: &Connection,
    ids: &[CallId],
    reader: Option<&Provenance>,
) -> JobResult<Vec<CallReading>> {
    let backend = reader.map(|reader| reader.backend.as_str());
    let model = reader.map(|reader| reader.model.as_str());
    let mut statement = connection.prepare_cached(statements::READINGS)?;
    let mut seen = HashSet::new();
    let mut readings = Vec::new();
    for id in ids.iter().filter(|id| seen.insert(*id)) {
        let mut rows = statement.query(params![id.as_str(), backend, model])?;
        while let Some(row) = rows.next()? {
            readings.push(reading(id, row)?);
        }
    }
    Ok(readings)
}

fn reading(id: &CallId, row: &Row<'_>) -> JobResult<CallReading> {
    Ok(CallReading {
        call_id: id.clone(),
        transcript_sha: row.get(0)?,
        provenance: Provenance::new(row.get::<_, String>(1)?, row.get::<_, String>(2)?),
        read_at: instant::parse(&row.get::<_, String>(3)?, "READ_AT")?,
        requests: row.get(4)?,
        reading: json(&row.get::<_, String>(5)?, "READING")?,
    })
}
