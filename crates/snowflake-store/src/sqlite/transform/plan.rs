//! Which calls a transform takes, in batches.

use std::collections::HashSet;

use calls::CallId;
use calls::gong::DECODER_VERSION;
use rusqlite::{Connection, OptionalExtension, params};

use crate::TransformScope;
use crate::sqlite::failure::JobResult;
use crate::sqlite::{limit, statements};

/// Calls in one write transaction at most.
const BATCH_CALLS: usize = 100;

/// Bytes of JSON in one batch at most, unless a single call has more.
const BATCH_BYTES: i64 = 6 << 20;

pub(super) fn batches(
    connection: &Connection,
    scope: &TransformScope,
) -> JobResult<Vec<Vec<CallId>>> {
    let ids = match scope {
        TransformScope::Calls(ids) => {
            let mut seen = HashSet::with_capacity(ids.len());
            ids.iter().filter(|id| seen.insert(*id)).cloned().collect()
        }
        TransformScope::Pending { limit } => pending(connection, false, *limit)?,
        TransformScope::Failed { limit } => pending(connection, true, *limit)?,
    };
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut batch_bytes = 0;
    let mut statement = connection.prepare_cached(statements::PLAN_CALL)?;
    for id in ids {
        let planned: Option<(bool, i64)> = statement
            .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((true, bytes)) = planned else {
            continue;
        };
        if batch.len() == BATCH_CALLS || (batch_bytes + bytes > BATCH_BYTES && !batch.is_empty()) {
            batches.push(std::mem::take(&mut batch));
            batch_bytes = 0;
        }
        batch.push(id);
        batch_bytes += bytes;
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    Ok(batches)
}

fn pending(connection: &Connection, failed_too: bool, at_most: usize) -> JobResult<Vec<CallId>> {
    let ids = connection
        .prepare_cached(statements::PENDING_CALLS)?
        .query_map(
            params![failed_too, DECODER_VERSION, limit(at_most)],
            |row| row.get::<_, String>(0).map(CallId::new),
        )?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}
