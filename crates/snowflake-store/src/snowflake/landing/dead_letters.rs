//! What could not be landed, and how often it was tried.

use std::collections::HashMap;

use calls::CallId;
use serde::Serialize;
use snowflake_sql::{Row, Rows, Statement};

use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{batches, json, new_id, now, statements};
use crate::{DeadLetter, DeadLetterRecord, Result, Stream, Window, instant};

#[derive(Serialize)]
struct Recorded<'a> {
    letter: String,
    stream: &'static str,
    key: String,
    call: Option<&'a str>,
    from: Option<String>,
    to: Option<String>,
    reason: &'a str,
    payload: Option<&'a str>,
    run: &'a str,
    times: u32,
}

#[derive(Serialize)]
struct Recording<'a> {
    now: &'a str,
    recording: &'a str,
    rows: Vec<batches::JsonRow>,
}

/// Records letters; several of the same key count each and leave the last.
pub(super) fn record(letters: &[DeadLetter], bytes: usize) -> Result<Vec<Statement>> {
    let mut rows: Vec<Recorded<'_>> = Vec::with_capacity(letters.len());
    let mut places: HashMap<(&str, String), usize> = HashMap::new();
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
        let mut row = Recorded {
            letter: new_id(),
            stream: letter.stream.as_str(),
            key: key.clone(),
            call: letter.call_id.as_ref().map(CallId::as_str),
            from,
            to,
            reason: &letter.reason,
            payload: letter.payload.as_deref(),
            run: &letter.run_id,
            times: 1,
        };
        match places.get(&(letter.stream.as_str(), key.clone())) {
            None => {
                places.insert((letter.stream.as_str(), key), rows.len());
                rows.push(row);
            }
            Some(&place) => {
                let earlier = &rows[place];
                row.letter.clone_from(&earlier.letter);
                row.times += earlier.times;
                row.payload = row.payload.or(earlier.payload);
                rows[place] = row;
            }
        }
    }
    let (now, recording) = (now(), new_id());
    let rows = rows.iter().map(batches::row).collect::<Result<_>>()?;
    batches::by_size(rows, bytes)
        .into_iter()
        .map(|rows| {
            let recording = Recording {
                now: &now,
                recording: &recording,
                rows,
            };
            Ok(statements::RECORD_DEAD_LETTERS
                .statement()
                .bind(json(&recording)?))
        })
        .collect()
}

/// Letters as stored.
pub(super) fn read(rows: &Rows) -> Result<Vec<DeadLetterRecord>> {
    rows.iter().map(record_of).collect()
}

fn record_of(row: Row<'_>) -> Result<DeadLetterRecord> {
    let text = |column| Ok(row.required_text(column).map_err(of_sql)?.to_owned());
    let optional = |column| Ok(row.text(column).map_err(of_sql)?.map(str::to_owned));
    let instant = |column| row.timestamp(column).map_err(of_sql);
    let stream: String = text("STREAM")?;
    Ok(DeadLetterRecord {
        letter: DeadLetter {
            stream: Stream::parse(&stream).ok_or_else(|| unreadable("STREAM"))?,
            call_id: optional("CALL_ID")?.map(CallId::new),
            window: instant("WINDOW_FROM")?
                .zip(instant("WINDOW_TO")?)
                .map(|(from, to)| Window { from, to }),
            reason: text("REASON")?,
            payload: optional("PAYLOAD")?,
            run_id: text("CORRELATION_ID")?,
        },
        attempts: row
            .integer("ATTEMPTS")
            .map_err(of_sql)?
            .unwrap_or_default()
            .unsigned_abs(),
        first_failed_at: instant("FIRST_FAILED_AT")?
            .ok_or_else(|| unreadable("FIRST_FAILED_AT"))?,
        last_failed_at: instant("LAST_FAILED_AT")?.ok_or_else(|| unreadable("LAST_FAILED_AT"))?,
    })
}

/// The key of a call's letters.
pub(super) fn call_key(id: &CallId) -> String {
    format!("call:{id}")
}
