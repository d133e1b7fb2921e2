//! What a statement returns, row by row, and what that means for the batch.

use resilience::ErrorKind;
use serde_json::Value;
use snowflake_sql::Rows;

use super::failure::{concerns_one_row, nothing_answered, of_row};
use crate::{Error, Outcome, Result};

/// What became of one row.
#[derive(Debug)]
pub(super) enum Reply {
    /// It was answered.
    Value(Value),
    /// It has neither a value nor a reason, or was not asked because many before it had
    /// neither.
    Nothing,
    /// It has none, for this reason.
    Refused(Error),
}

impl Reply {
    /// A refusal that is not due to what the row holds.
    pub(super) fn refused_for_all(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) if !concerns_one_row(error.kind()) => Some(error),
            _ => None,
        }
    }
}

/// One reply an input, by the rows' positions.
///
/// # Errors
/// `Decode` when the rows are not those of the statement.
pub(super) fn read(name: &str, rows: &Rows, inputs: usize) -> Result<Vec<Reply>> {
    let mut replies: Vec<Reply> = Vec::new();
    replies.resize_with(inputs, || Reply::Nothing);
    let decode = |error: snowflake_sql::Error| {
        Error::new(ErrorKind::Decode, format!("{name}: {}", error.message()))
    };
    for row in rows.iter() {
        let position = row.integer("POSITION").map_err(decode)?;
        let place = position.and_then(|position| usize::try_from(position).ok());
        let Some(place) = place.and_then(|place| replies.get_mut(place)) else {
            return Err(Error::new(
                ErrorKind::Decode,
                format!("{name}: a returned row matches no input"),
            ));
        };
        let refusal = row.text("ERROR").map_err(decode)?;
        *place = match (row.text("VALUE").map_err(decode)?, refusal) {
            (_, Some(refusal)) => Reply::Refused(of_row(name, refusal)),
            // A JSON null in a VARIANT is not a SQL NULL.
            (None | Some("null"), None) => Reply::Nothing,
            (Some(value), None) => Reply::Value(value_of(value)),
        };
    }
    Ok(replies)
}

/// A VARIANT's text. What is not JSON is text by itself, as plain VARCHAR columns are.
fn value_of(cell: &str) -> Value {
    serde_json::from_str(cell).unwrap_or_else(|_| Value::from(cell))
}

/// The object in a value: some functions give it as the text of its JSON.
pub(super) fn object_of(value: Value) -> Value {
    match &value {
        Value::String(text) => match serde_json::from_str(text) {
            Ok(object @ Value::Object(_)) => object,
            _ => value,
        },
        _ => value,
    }
}

/// The outcomes of everything that one call asked, in however many statements.
///
/// # Errors
/// When nothing was answered and no row is at fault for it: `Config` when no row has a
/// reason, else what concerns them all.
pub(super) fn settled(name: &str, replies: Vec<Reply>) -> Result<Vec<Outcome<Value>>> {
    let is_rows_own = |reply: &Reply| match reply {
        Reply::Value(_) => true,
        Reply::Nothing => false,
        Reply::Refused(error) => concerns_one_row(error.kind()),
    };
    if !replies.is_empty() && !replies.iter().any(is_rows_own) {
        return Err(
            reason_for_all(&replies).unwrap_or_else(|| nothing_answered(name, replies.len()))
        );
    }
    Ok(replies
        .into_iter()
        .map(|reply| match reply {
            Reply::Value(value) => Ok(value),
            Reply::Refused(error) => Err(error),
            Reply::Nothing => Err(Error::new(
                ErrorKind::Decode,
                format!("{name} returned neither a value nor an error for the row"),
            )),
        })
        .collect())
}

/// Of several reasons the one that has to be removed first.
fn reason_for_all(replies: &[Reply]) -> Option<Error> {
    let reasons = || replies.iter().filter_map(Reply::refused_for_all);
    let is_retryable = |error: &&Error| error.kind().is_retryable();
    let first = reasons()
        .find(|error| !is_retryable(error))
        .or_else(|| reasons().next())?;
    Some(crate::outcomes::copy_of(first))
}
