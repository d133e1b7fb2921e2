//! Calls that Gong no longer serves, and calls whose transcript it no longer serves.

use calls::CallId;
use rusqlite::{Transaction, params};

use super::dead_letters;

use crate::Stream;
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

/// What withdrawing a transcript has done.
pub(super) struct Withdrawal {
    /// A transcript was stored.
    pub(super) removed: bool,
    /// Its call is stored and served, and has to be staged again.
    pub(super) restages: bool,
}

/// Removes a transcript with all that was derived from it.
pub(super) fn withdraw_transcript(
    transaction: &Transaction<'_>,
    id: &CallId,
    now: &str,
) -> JobResult<Withdrawal> {
    dead_letters::clear_of_document(transaction, Stream::Transcripts, id)?;
    let id = id.as_str();
    let removed = transaction
        .prepare_cached(statements::DELETE_TRANSCRIPT)?
        .execute([id])?
        > 0;
    if !removed {
        return Ok(Withdrawal {
            removed,
            restages: false,
        });
    }
    for statement in [
        statements::DELETE_SENTENCES,
        statements::DELETE_CHUNKS,
        statements::FORGET_CONVERSATION,
    ] {
        transaction.prepare_cached(statement)?.execute([id])?;
    }
    let restages = transaction
        .prepare_cached(statements::RESTAGE_CALL)?
        .execute(params![id, now])?
        > 0;
    Ok(Withdrawal { removed, restages })
}
