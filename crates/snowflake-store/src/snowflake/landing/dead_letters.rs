//! Dead letters: what could not be landed, and how often it was tried.

use std::collections::HashMap;

use calls::CallId;
use serde::Serialize;
use snowflake_sql::{Row, Rows, Statement};

use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{batches, json, limit, new_id, statements};
use crate::{
    DeadLetter, DeadLetterRecord, DeadLettersQuery, Fault, Result, Stream, Window, instant,
};

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
    reader: u32,
    first: String,
    last: String,
    times: u32,
}

#[derive(Serialize)]
struct Recording<'a> {
    recording: &'a str,
    rows: Vec<batches::JsonRow>,
}

/// Several letters of one key: each counts, the last is what is kept.
struct Repeated<'a> {
    first: &'a DeadLetter,
    last: &'a DeadLetter,
    window: Option<Window>,
    payload: Option<&'a str>,
    times: u32,
}

impl<'a> Repeated<'a> {
    fn new(letter: &'a DeadLetter) -> Self {
        Self {
            first: letter,
            last: letter,
            window: letter.fault.window(),
            payload: letter.payload.as_deref(),
            times: 1,
        }
    }

    fn add(&mut self, letter: &'a DeadLetter) {
        let length = |window: &Window| window.to.duration_since(window.from);
        let windows = [letter.fault.window(), self.window];
        self.window = windows.into_iter().flatten().min_by_key(length);
        self.payload = letter.payload.as_deref().or(self.payload);
        self.last = letter;
        self.times += 1;
    }

    fn row(&self) -> Recorded<'a> {
        let Self { first, last, .. } = self;
        Recorded {
            letter: new_id(),
            stream: last.stream.as_str(),
            key: last.fault.key(),
            call: last.fault.call_id().map(CallId::as_str),
            from: self.window.map(|window| instant::text(window.from)),
            to: self.window.map(|window| instant::text(window.to)),
            reason: &last.reason,
            payload: self.payload,
            run: &last.run_id,
            reader: last.decoder_version,
            first: instant::text(first.failed_at),
            last: instant::text(last.failed_at),
            times: self.times,
        }
    }
}

/// Records letters; several of the same key count each and leave the last.
pub(super) fn record(letters: &[DeadLetter], bytes: usize) -> Result<Vec<Statement>> {
    let mut repeated: Vec<Repeated<'_>> = Vec::with_capacity(letters.len());
    let mut places: HashMap<(Stream, String), usize> = HashMap::new();
    for letter in letters {
        let place = *places
            .entry((letter.stream, letter.fault.key()))
            .or_insert(repeated.len());
        match repeated.get_mut(place) {
            Some(earlier) => earlier.add(letter),
            None => repeated.push(Repeated::new(letter)),
        }
    }
    let recording = new_id();
    let rows = repeated
        .iter()
        .map(|letter| batches::row(&letter.row()))
        .collect::<Result<_>>()?;
    batches::by_size(rows, bytes)
        .into_iter()
        .map(|rows| {
            let recording = Recording {
                recording: &recording,
                rows,
            };
            Ok(statements::RECORD_DEAD_LETTERS
                .statement()
                .bind(json(&recording)?))
        })
        .collect()
}

#[derive(Serialize)]
struct Listing {
    retired: bool,
    first: Option<String>,
    stream: Option<String>,
    key: Option<String>,
}

/// Lists letters, or `None` when none is asked for.
pub(super) fn list(query: &DeadLettersQuery) -> Result<Option<Statement>> {
    let after = query.position()?;
    if query.limit == 0 {
        return Ok(None);
    }
    let first = after.as_ref().map(|after| after.first_failed_at);
    let (stream, key) = after.map(|after| (after.stream, after.key)).unzip();
    let listing = Listing {
        retired: query.retired,
        first: first.map(instant::text),
        stream,
        key,
    };
    Ok(Some(
        statements::DEAD_LETTERS
            .statement()
            .bind(json(&listing)?)
            .bind(limit(query.limit)),
    ))
}

/// Letters as stored.
pub(super) fn read(rows: &Rows) -> Result<Vec<DeadLetterRecord>> {
    rows.iter().map(record_of).collect()
}

fn record_of(row: Row<'_>) -> Result<DeadLetterRecord> {
    let text = |column| Ok(row.required_text(column).map_err(of_sql)?.to_owned());
    let count = |column| Ok(row.integer(column).map_err(of_sql)?.unwrap_or_default());
    let instant = |column| row.timestamp(column).map_err(of_sql);
    let required = |column| instant(column)?.ok_or_else(|| unreadable(column));
    let (stream, key): (String, String) = (text("STREAM")?, text("LETTER_KEY")?);
    let window = instant("WINDOW_FROM")?
        .zip(instant("WINDOW_TO")?)
        .map(|(from, to)| Window { from, to });
    let decoder_version = u32::try_from(count("READER_VERSION")?);
    let last_failed_at = required("LAST_FAILED_AT")?;
    Ok(DeadLetterRecord {
        letter: DeadLetter {
            stream: Stream::parse(&stream).ok_or_else(|| unreadable("STREAM"))?,
            fault: Fault::read(&key, window).ok_or_else(|| unreadable("LETTER_KEY"))?,
            reason: text("REASON")?,
            payload: row.text("PAYLOAD").map_err(of_sql)?.map(str::to_owned),
            run_id: text("CORRELATION_ID")?,
            failed_at: last_failed_at,
            decoder_version: decoder_version.map_err(|_| unreadable("READER_VERSION"))?,
        },
        attempts: count("ATTEMPTS")?.unsigned_abs(),
        first_failed_at: required("FIRST_FAILED_AT")?,
        last_failed_at,
        retired_at: instant("RETIRED_AT")?,
    })
}
