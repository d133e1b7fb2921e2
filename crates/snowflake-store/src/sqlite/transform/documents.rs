//! The documents of a batch, as landed.

use calls::CallId;
use rusqlite::{Connection, OptionalExtension};

use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;
use crate::staging::{Document, Documents};

/// Reads the documents of a batch; calls that are gone meanwhile are left out.
pub(super) fn read(connection: &Connection, ids: &[CallId]) -> JobResult<Vec<Documents>> {
    let mut statement = connection.prepare_cached(statements::RAW_DOCUMENTS)?;
    let mut batch = Vec::with_capacity(ids.len());
    for id in ids {
        let documents = statement
            .query_row([id.as_str()], |row| {
                let transcript_sha: Option<String> = row.get(3)?;
                Ok(Documents {
                    id: id.clone(),
                    call: Document {
                        payload_sha: row.get(0)?,
                        json: row.get(1)?,
                        run_id: row.get(2)?,
                        cleaning_notes: row.get(6)?,
                    },
                    transcript: match transcript_sha {
                        None => None,
                        Some(payload_sha) => Some(Document {
                            payload_sha,
                            json: row.get(4)?,
                            run_id: row.get(5)?,
                            cleaning_notes: row.get(7)?,
                        }),
                    },
                })
            })
            .optional()?;
        batch.extend(documents);
    }
    Ok(batch)
}
