//! Calls that Gong no longer serves.

use calls::CallId;
use rusqlite::{Transaction, params};

use crate::sqlite::failure::JobResult;
use crate::sqlite::statements;

/// Marks a call deleted and removes what was derived from it; returns whether
/// it was stored and served until now.
pub(super) fn mark_deleted(
    transaction: &Transaction<'_>,
    id: &CallId,
    now: &str,
) -> JobResult<bool> {
    let id = id.as_str();
    let execute = |statement: &str| -> JobResult<bool> {
        Ok(transaction
            .prepare_cached(statement)?
            .execute(params![id, now])?
            > 0)
    };
    let call = execute(statements::MARK_CALL_DELETED)?;
    let transcript = execute(statements::MARK_TRANSCRIPT_DELETED)?;
    // There is nothing left to land, stored or not.
    transaction
        .prepare_cached(statements::CLEAR_DEAD_LETTERS_OF_CALL)?
        .execute([id])?;
    if !call && !transcript {
        return Ok(false);
    }
    execute(statements::MARK_STAGED_DELETED)?;
    execute(statements::RESOLVE_PIPELINE_ERROR)?;
    for statement in [
        statements::DELETE_SENTENCES,
        statements::DELETE_PARTICIPANTS,
        statements::DELETE_TOPICS,
        statements::DELETE_CRM_LINKS,
        statements::DELETE_CHUNKS,
    ] {
        transaction.prepare_cached(statement)?.execute([id])?;
    }
    Ok(true)
}
