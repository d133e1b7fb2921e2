//! A batch as one statement, and its rows as outcomes.

use std::sync::Arc;

use resilience::ErrorKind;
use serde_json::Value;
use snowflake_sql::{Bind, Rows, SqlPool, Statement};

use super::failure::{may_be_one_rows, nothing_answered, of_row, of_sql};
use super::statements::Text;
use crate::call::copy_of;
use crate::{Error, Outcome, Result};

/// Asks about rows of input, and gives an outcome each.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    pub(super) pool: Arc<dyn SqlPool>,
    pub(super) rows_per_statement: usize,
}

/// What becomes of a statement that raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnRaise {
    /// It concerns all rows: the function reports bad rows by themselves.
    Fail,
    /// It may be one row's fault: ask again in halves.
    Halve,
}

impl Asker {
    /// Runs `text` over `inputs` in statements of bounded size. `binds` come before the
    /// inputs, which are the last value.
    ///
    /// # Errors
    /// What concerns all rows; also when no row of a statement has a value and none
    /// says why.
    pub(super) async fn ask(
        &self,
        text: &Text,
        binds: &[Bind],
        inputs: &[String],
        on_raise: OnRaise,
    ) -> Result<Vec<Outcome<Value>>> {
        let mut outcomes = Vec::with_capacity(inputs.len());
        // What is still to be asked, the first inputs last.
        let mut waiting: Vec<&[String]> = inputs.chunks(self.rows_per_statement).rev().collect();
        while let Some(batch) = waiting.pop() {
            match self.pool.query(&statement(text, binds, batch)).await {
                Ok(rows) => outcomes.extend(read(text.name(), &rows, batch.len())?),
                Err(error) if on_raise == OnRaise::Halve && may_be_one_rows(&error) => {
                    if let [_] = batch {
                        outcomes.push(Err(of_sql(text.name(), error)));
                    } else {
                        let (first, second) = batch.split_at(batch.len() / 2);
                        waiting.push(second);
                        waiting.push(first);
                    }
                }
                Err(error) => return Err(of_sql(text.name(), error)),
            }
        }
        // Each alone refused for what it is: more likely the setting is at fault.
        match outcomes.iter().all(|outcome| outcome.is_err()) && outcomes.len() > 1 {
            true => Err(first_error(&outcomes)),
            false => Ok(outcomes),
        }
    }

    /// As [`ask`](Self::ask), for a function that answers all inputs with one row.
    pub(super) async fn ask_as_one(
        &self,
        text: &Text,
        inputs: &[String],
    ) -> Result<Outcome<Value>> {
        let rows = self.pool.query(&statement(text, &[], inputs)).await;
        let rows = rows.map_err(|error| of_sql(text.name(), error))?;
        let mut outcomes = read(text.name(), &rows, 1)?;
        Ok(outcomes.pop().unwrap_or_else(|| Err(left_out(text.name()))))
    }
}

fn statement(text: &Text, binds: &[Bind], inputs: &[String]) -> Statement {
    text.statement()
        .bind_all(binds.iter().cloned())
        .bind(Value::from(inputs).to_string())
}

/// One outcome an input, by the rows' positions.
fn read(name: &str, rows: &Rows, inputs: usize) -> Result<Vec<Outcome<Value>>> {
    let mut outcomes: Vec<Option<Outcome<Value>>> = Vec::new();
    outcomes.resize_with(inputs, || None);
    let mut has_reason = false;
    let decode = |error: snowflake_sql::Error| {
        Error::new(ErrorKind::Decode, format!("{name}: {}", error.message()))
    };
    for row in rows.iter() {
        let position = row.integer("POSITION").map_err(decode)?;
        let place = position.and_then(|position| usize::try_from(position).ok());
        let Some(place) = place.and_then(|place| outcomes.get_mut(place)) else {
            return Err(Error::new(
                ErrorKind::Decode,
                format!("{name}: a row answers no input"),
            ));
        };
        let refusal = row.text("ERROR").map_err(decode)?;
        has_reason |= refusal.is_some();
        *place = match (row.text("VALUE").map_err(decode)?, refusal) {
            (_, Some(refusal)) => Some(Err(of_row(name, refusal))),
            // A JSON null in a VARIANT is no SQL NULL.
            (None | Some("null"), None) => None,
            (Some(value), None) => Some(Ok(value_of(value))),
        };
    }
    let answered = outcomes.iter().flatten().any(|outcome| outcome.is_ok());
    if inputs > 0 && !answered && !has_reason {
        return Err(nothing_answered(name, inputs));
    }
    Ok(outcomes
        .into_iter()
        .map(|outcome| outcome.unwrap_or_else(|| Err(left_out(name))))
        .collect())
}

/// A VARIANT's text. What is no JSON is text by itself, as plain VARCHAR columns are.
fn value_of(cell: &str) -> Value {
    serde_json::from_str(cell).unwrap_or_else(|_| Value::from(cell))
}

fn left_out(name: &str) -> Error {
    Error::new(
        ErrorKind::Decode,
        format!("{name} has neither a value nor a reason for the row"),
    )
}

fn first_error(outcomes: &[Outcome<Value>]) -> Error {
    let errors = || outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    // A reason that concerns everybody is worth more than one that a row may have.
    let kinds = [
        ErrorKind::Config,
        ErrorKind::Permission,
        ErrorKind::QuotaExhausted,
        ErrorKind::RateLimited,
        ErrorKind::Transient,
    ];
    kinds
        .iter()
        .find_map(|kind| errors().find(|error| error.kind() == *kind))
        .map_or_else(|| nothing_answered("the function", outcomes.len()), copy_of)
}
