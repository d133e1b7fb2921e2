//! What could not be landed, and how often it was tried.

use std::collections::HashMap;

use calls::CallId;
use serde::Serialize;
use snowflake_sql::{Row, Rows, Statement};

use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{batches, json, new_id, now, statements};
use crate::{DeadLetter, DeadLetterRecord, Fault, Result, Stream, Window, instant};

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
        let key = letter.fault.key();
        let window = letter.fault.window();
        let mut row = Recorded {
            letter: new_id(),
            stream: letter.stream.as_str(),
            key: key.clone(),
            call: letter.fault.call_id().map(CallId::as_str),
            from: window.map(|window| instant::text(window.from)),
            to: window.map(|window| instant::text(window.to)),
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
    let (stream, key): (String, String) = (text("STREAM")?, text("LETTER_KEY")?);
    let window = instant("WINDOW_FROM")?
        .zip(instant("WINDOW_TO")?)
        .map(|(from, to)| Window { from, to });
    let last_failed_at = instant("LAST_FAILED_AT")?.ok_or_else(|| unreadable("LAST_FAILED_AT"))?;
    Ok(DeadLetterRecord {
        letter: DeadLetter {
            stream: Stream::parse(&stream).ok_or_else(|| unreadable("STREAM"))?,
            fault: Fault::read(&key, window).ok_or_else(|| unreadable("LETTER_KEY"))?,
            reason: text("REASON")?,
            payload: optional("PAYLOAD")?,
            run_id: text("CORRELATION_ID")?,
            failed_at: last_failed_at,
            reader_version: 0,
        },
        attempts: row
            .integer("ATTEMPTS")
            .map_err(of_sql)?
            .unwrap_or_default()
            .unsigned_abs(),
        first_failed_at: instant("FIRST_FAILED_AT")?
            .ok_or_else(|| unreadable("FIRST_FAILED_AT"))?,
        last_failed_at,
        retired_at: None,
    })
}
