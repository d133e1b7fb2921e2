//! From a result and its parts to [`Rows`].

use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use bytes::Bytes;
use resilience::ErrorKind;

use super::arrow;
use super::reply::{Batch, Column, Reply};
use crate::cells::Spelling;
use crate::{Error, Result, Rows};

type Cells = Vec<Option<String>>;

/// All rows in the order of the statement: those of the reply, then those of the parts.
///
/// # Errors
/// `Decode`, also when a part is missing or has not as many rows as was said: rows that
/// are lost in silence are the worst of errors.
pub(super) fn read(reply: Reply, parts: Vec<Bytes>) -> Result<Rows> {
    let Reply {
        query_id,
        columns,
        first,
        part_rows,
    } = reply;
    if parts.len() != part_rows.len() {
        return Err(lost("a part of the result is missing"));
    }
    let is_json = matches!(first, Batch::Json(_));
    let mut rows = spell(&columns, first)?;
    for (bytes, count) in parts.into_iter().zip(part_rows) {
        let part = spell(&columns, part(bytes, is_json)?)?;
        if part.len() != count {
            return Err(lost(
                "a part does not have as many rows as Snowflake announced",
            ));
        }
        rows.extend(part);
    }
    Rows::new(
        columns.into_iter().map(|column| column.name),
        rows,
        query_id,
    )
}

/// A part in JSON is an array without its brackets.
fn part(bytes: Bytes, is_json: bool) -> Result<Batch> {
    if !is_json {
        return Ok(Batch::Arrow(bytes));
    }
    let array = [b"[", bytes.as_ref(), b"]"].concat();
    match serde_json::from_slice(&array) {
        Ok(rows) => Ok(Batch::Json(rows)),
        Err(_) => Err(lost("a part of the result cannot be read")),
    }
}

fn spell(columns: &[Column], batch: Batch) -> Result<Vec<Cells>> {
    match batch {
        Batch::Json(rows) => rows.into_iter().map(|row| of_json(columns, row)).collect(),
        Batch::Arrow(bytes) if bytes.is_empty() => Ok(Vec::new()),
        Batch::Arrow(bytes) => of_arrow(columns, bytes),
    }
}

fn of_json(columns: &[Column], row: Cells) -> Result<Cells> {
    let of_cell = |(place, cell): (usize, Option<String>)| {
        let (Some(raw), Some(column)) = (&cell, columns.get(place)) else {
            return Ok(cell);
        };
        let spelled = Spelling::of(&column.wire_type).normalise(raw);
        spelled.map(Some).map_err(|why| unreadable(column, why))
    };
    row.into_iter().enumerate().map(of_cell).collect()
}

fn of_arrow(columns: &[Column], bytes: Bytes) -> Result<Vec<Cells>> {
    let mut rows = Vec::new();
    let no_stream = |_| lost("a part of the result cannot be read");
    for batch in StreamReader::try_new(bytes.as_ref(), None).map_err(no_stream)? {
        let batch: RecordBatch = batch.map_err(no_stream)?;
        if batch.num_columns() != columns.len() {
            return Err(lost("a part does not have the columns of the result"));
        }
        let from = rows.len();
        rows.resize_with(from + batch.num_rows(), || {
            Cells::with_capacity(columns.len())
        });
        for (column, array) in columns.iter().zip(batch.columns()) {
            let cells =
                arrow::spell(array as &dyn Array, column).map_err(|why| unreadable(column, why))?;
            for (row, cell) in rows[from..].iter_mut().zip(cells) {
                row.push(cell);
            }
        }
    }
    Ok(rows)
}

fn unreadable(column: &Column, why: &str) -> Error {
    Error::new(ErrorKind::Decode, why).with_field(column.name.clone())
}

fn lost(why: &str) -> Error {
    Error::new(ErrorKind::Decode, why)
}
