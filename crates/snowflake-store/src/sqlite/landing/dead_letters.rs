//! Dead letters: what could not be landed, and how often it was tried.

use calls::{CallId, Timestamp};
use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use crate::erasure::guard_letters;
use crate::model::dead_letter::LetterPosition;
use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{erasure, instant, limit, statements};
use crate::{Checkpoint, DeadLetter, DeadLetterRecord, Fault, Stream, Window};

pub(super) fn record(connection: &mut Connection, mut letters: Vec<DeadLetter>) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let erased = erasure::load(&transaction)?;
    guard_letters(&erased, &mut letters);
    for letter in &letters {
        let window = letter.fault.window();
        transaction
            .prepare_cached(statements::RECORD_DEAD_LETTER)?
            .execute(params![
                letter.stream.as_str(),
                letter.fault.key(),
                letter.fault.call_id().map(CallId::as_str),
                window.map(|window| instant::text(window.from)),
                window.map(|window| instant::text(window.to)),
                letter.reason,
                letter.payload,
                letter.run_id,
                letter.decoder_version,
                instant::text(letter.failed_at),
            ])?;
    }
    transaction.commit()?;
    Ok(())
}

pub(super) fn retire(
    connection: &mut Connection,
    stream: Stream,
    key: &str,
    at: Timestamp,
) -> JobResult<bool> {
    let retired = connection
        .prepare_cached(statements::RETIRE_DEAD_LETTER)?
        .execute(params![stream.as_str(), key, instant::text(at)])?;
    Ok(retired > 0)
}

pub(super) fn any(transaction: &Transaction<'_>) -> JobResult<bool> {
    Ok(transaction
        .prepare_cached(statements::ANY_DEAD_LETTER)?
        .query_row([], |row| row.get(0))?)
}

pub(super) fn clear_of_document(
    transaction: &Transaction<'_>,
    stream: Stream,
    id: &CallId,
) -> JobResult<()> {
    transaction
        .prepare_cached(statements::CLEAR_DEAD_LETTER_OF_DOCUMENT)?
        .execute(params![stream.as_str(), Fault::Call(id.clone()).key()])?;
    Ok(())
}

/// Takes away what a done window has made good.
pub(super) fn clear_of_window(
    transaction: &Transaction<'_>,
    checkpoint: &Checkpoint,
) -> JobResult<()> {
    if checkpoint.stream.is_rolling() {
        return Ok(());
    }
    transaction
        .prepare_cached(statements::CLEAR_DEAD_LETTERS_OF_WINDOW)?
        .execute(params![
            instant::text(checkpoint.window.from),
            instant::text(checkpoint.window.to),
            checkpoint.stream == Stream::Calls,
            checkpoint.run_id,
        ])?;
    Ok(())
}

pub(super) fn list(
    connection: &Connection,
    after: Option<LetterPosition>,
    retired: bool,
    at_most: usize,
) -> JobResult<Vec<DeadLetterRecord>> {
    let (first, stream, key) = after.map_or_else(Default::default, |after| {
        let first = instant::text(after.first_failed_at);
        (first, after.stream, after.key)
    });
    let mut statement = connection.prepare_cached(statements::DEAD_LETTERS)?;
    let mut rows = statement.query(params![retired, first, stream, key, limit(at_most)])?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        letters.push(read(row)?);
    }
    Ok(letters)
}

fn read(row: &Row<'_>) -> JobResult<DeadLetterRecord> {
    let stream: String = row.get(0)?;
    let key: String = row.get(1)?;
    let from = instant::parse_optional(row.get(2)?, "WINDOW_FROM")?;
    let to = instant::parse_optional(row.get(3)?, "WINDOW_TO")?;
    let window = from.zip(to).map(|(from, to)| Window { from, to });
    let last_failed_at = instant::parse(&row.get::<_, String>(10)?, "LAST_FAILED_AT")?;
    Ok(DeadLetterRecord {
        letter: DeadLetter {
            stream: Stream::parse(&stream).ok_or_else(|| unreadable("STREAM"))?,
            fault: Fault::read(&key, window).ok_or_else(|| unreadable("LETTER_KEY"))?,
            reason: row.get(4)?,
            payload: row.get(5)?,
            run_id: row.get(6)?,
            failed_at: last_failed_at,
            decoder_version: row.get(7)?,
        },
        attempts: row.get::<_, i64>(8)?.unsigned_abs(),
        first_failed_at: instant::parse(&row.get::<_, String>(9)?, "FIRST_FAILED_AT")?,
        last_failed_at,
        retired_at: instant::parse_optional(row.get(11)?, "RETIRED_AT")?,
    })
}
