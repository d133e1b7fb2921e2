//! Reads the fields of a task, and says which one is wrong and why.
//!
//! Serde's derived readers lose the field's name inside tagged enums and put it
//! into prose elsewhere; a reply needs it on its own.

use calls::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::{Error, ErrorCode, Result};

/// Longest text a field may hold, in bytes; ids, names and queries are far shorter.
const LONGEST_TEXT: usize = 10_000;

/// The fields of one task that were not read yet.
#[derive(Debug)]
pub(crate) struct Fields {
    left: Map<String, Value>,
}

impl Fields {
    pub(crate) fn of(object: Map<String, Value>) -> Self {
        Self { left: object }
    }

    /// A field's value; JSON's null counts as absent.
    fn take(&mut self, field: &str) -> Option<Value> {
        self.left.remove(field).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&mut self, field: &str) -> Result<Option<String>> {
        match self.take(field) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() > LONGEST_TEXT => Err(Error::new(
                ErrorCode::OutOfRange,
                format!("is longer than {LONGEST_TEXT} bytes"),
            )
            .with_field(field)),
            Some(Value::String(text)) if text.trim().is_empty() => {
                Err(Error::new(ErrorCode::InvalidValue, "is empty").with_field(field))
            }
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned())),
            Some(other) => Err(wrong_type(field, "a string", &other)),
        }
    }

    pub(crate) fn required_text(&mut self, field: &str) -> Result<String> {
        self.text(field)?.ok_or_else(|| missing(field))
    }

    /// An id: a string, or an integer, since Gong's ids look like numbers. A
    /// number with a fraction or an exponent has lost digits and is refused.
    pub(crate) fn id(&mut self, field: &str) -> Result<Option<String>> {
        match self.take(field) {
            Some(Value::Number(number)) if number.is_i64() || number.is_u64() => {
                Ok(Some(number.to_string()))
            }
            Some(value) => {
                self.left.insert(field.to_owned(), value);
                self.text(field)
            }
            None => Ok(None),
        }
    }

    pub(crate) fn required_id(&mut self, field: &str) -> Result<String> {
        self.id(field)?.ok_or_else(|| missing(field))
    }

    pub(crate) fn texts(&mut self, field: &str, most: usize) -> Result<Option<Vec<String>>> {
        let values = match self.take(field) {
            None => return Ok(None),
            Some(Value::Array(values)) => values,
            Some(other) => return Err(wrong_type(field, "an array of strings", &other)),
        };
        if values.len() > most {
            return Err(
                Error::new(ErrorCode::OutOfRange, format!("has more than {most} items"))
                    .with_field(field),
            );
        }
        values
            .into_iter()
            .enumerate()
            .map(|(at, value)| {
                let item = format!("{field}[{at}]");
                let mut one = Map::new();
                one.insert(item.clone(), value);
                Self::of(one).required_id(&item)
            })
            .collect::<Result<Vec<_>>>()
            .map(Some)
    }

    pub(crate) fn flag(&mut self, field: &str) -> Result<bool> {
        match self.take(field) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(other) => Err(wrong_type(field, "true or false", &other)),
        }
    }

    pub(crate) fn number(&mut self, field: &str, least: u64, most: u64) -> Result<Option<u64>> {
        let number = match self.take(field) {
            None => return Ok(None),
            Some(Value::Number(number)) => number,
            Some(other) => return Err(wrong_type(field, "a whole number", &other)),
        };
        let is_fraction = !(number.is_u64() || number.is_i64());
        match number.as_u64() {
            Some(whole) if (least..=most).contains(&whole) => Ok(Some(whole)),
            _ if is_fraction => Err(wrong_type(field, "a whole number", &Value::Number(number))),
            _ => Err(Error::new(
                ErrorCode::OutOfRange,
                format!("is {number}, not between {least} and {most}"),
            )
            .with_field(field)),
        }
    }

    /// An instant with an offset, or a date: the start of that day in UTC, or
    /// with `end_of_day` the start of the next, since people name a last day and
    /// mean all of it.
    pub(crate) fn time(&mut self, field: &str, end_of_day: bool) -> Result<Option<Timestamp>> {
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Some(instant));
        }
        let invalid = || {
            Error::new(
                ErrorCode::InvalidDate,
                "is neither a date (2026-01-31) nor an instant with an offset (2026-01-31T09:00:00Z)",
            )
            .with_field(field)
        };
        // Anything longer than a date is a date-time without an offset, which
        // could be any of 24 instants.
        let is_date = text.len() == "2026-01-31".len();
        let day: Date = text.parse().ok().filter(|_| is_date).ok_or_else(invalid)?;
        let day = if end_of_day {
            day.tomorrow().map_err(|_| invalid())?
        } else {
            day
        };
        let start = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
        start.map(Some).map_err(|_| invalid())
    }

    /// Refuses whatever was not read.
    pub(crate) fn finish(self, known: &[&str]) -> Result<()> {
        match self.left.into_iter().find(|(_, value)| !value.is_null()) {
            None => Ok(()),
            Some((field, _)) => Err(Error::new(
                ErrorCode::UnknownField,
                format!("the task has no such field; it has {}", known.join(", ")),
            )
            .with_field(field)),
        }
    }
}

pub(crate) fn missing(field: &str) -> Error {
    Error::new(ErrorCode::MissingField, "is missing").with_field(field)
}

fn wrong_type(field: &str, wanted: &str, value: &Value) -> Error {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Error::new(ErrorCode::WrongType, format!("is {found}, not {wanted}")).with_field(field)
}
