//! What could not be landed, and how often it was tried.

use calls::{CallId, Timestamp};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, limit, statements};
use crate::{DeadLetter, DeadLetterRecord, Stream, Window};

pub(super) fn record(connection: &mut Connection, letters: &[DeadLetter]) -> JobResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let now = instant::text(Timestamp::now());
    for letter in letters {
        let window = letter
            .window
            .map(|window| (instant::text(window.from), instant::text(window.to)));
        let key = match (&letter.call_id, &window) {
            (Some(id), _) => call_key(id),
            (None, Some((from, to))) => format!("window:{from}/{to}"),
            (None, None) => "run".to_owned(),
        };
        let (from, to) = window.unzip();
        transaction
            .prepare_cached(statements::RECORD_DEAD_LETTER)?
            .execute(params![
                letter.stream.as_str(),
                key,
                letter.call_id.as_ref().map(CallId::as_str),
                from,
                to,
                letter.reason,
                letter.payload,
                letter.run_id,
                now,
            ])?;
    }
    transaction.commit()?;
    Ok(())
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
        .execute(params![stream.as_str(), call_key(id)])?;
    Ok(())
}

pub(super) fn clear_of_window(
    transaction: &Transaction<'_>,
    stream: Stream,
    window: Window,
) -> JobResult<()> {
    transaction
        .prepare_cached(statements::CLEAR_DEAD_LETTERS_OF_WINDOW)?
        .execute(params![
            instant::text(window.from),
            instant::text(window.to),
            stream == Stream::Sweep,
        ])?;
    Ok(())
}

pub(super) fn list(connection: &Connection, at_most: usize) -> JobResult<Vec<DeadLetterRecord>> {
    let mut statement = connection.prepare_cached(statements::DEAD_LETTERS)?;
    let mut rows = statement.query([limit(at_most)])?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        let stream: String = row.get(0)?;
        let from = instant::parse_optional(row.get(2)?, "WINDOW_FROM")?;
        let to = instant::parse_optional(row.get(3)?, "WINDOW_TO")?;
        letters.push(DeadLetterRecord {
            letter: DeadLetter {
                stream: Stream::parse(&stream).ok_or_else(|| unreadable("STREAM"))?,
                call_id: row.get::<_, Option<String>>(1)?.map(CallId::new),
                window: from.zip(to).map(|(from, to)| Window { from, to }),
                reason: row.get(4)?,
                payload: row.get(5)?,
                run_id: row.get(6)?,
            },
            attempts: row.get::<_, i64>(7)?.unsigned_abs(),
            first_failed_at: instant::parse(&row.get::<_, String>(8)?, "FIRST_FAILED_AT")?,
            last_failed_at: instant::parse(&row.get::<_, String>(9)?, "LAST_FAILED_AT")?,
        });
    }
    Ok(letters)
}

fn call_key(id: &CallId) -> String {
    format!("call:{id}")
}
