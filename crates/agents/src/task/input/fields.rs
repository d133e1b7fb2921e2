//! Reads the fields of a task, and says which one is wrong and why.
//!
//! Serde's derived readers lose the field's name inside tagged enums and put it
//! into prose elsewhere; a reply needs it on its own.

use calls::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::field::{Field, FieldKind, REQUEST_ID};
use crate::{Error, ErrorCode, Result};

/// Longest text a field may hold, in bytes; ids, names and queries are far shorter.
const LONGEST_TEXT: usize = 10_000;

/// Likeness (Jaro-Winkler, 0 to 1) from which a name is suggested for another one.
const NEARLY: f64 = 0.88;

const NO_SUCH_FIELD: &str = "the task has no such field";

/// The field that says which task it is.
pub(crate) const TASK_TYPE: &str = "task_type";

/// The fields of one task that were not read yet.
#[derive(Debug)]
pub(crate) struct Fields {
    left: Map<String, Value>,
    known: &'static [&'static [Field]],
}

impl Fields {
    pub(crate) fn of(object: Map<String, Value>) -> Self {
        Self {
            left: object,
            known: &[],
        }
    }

    /// Reads them by what a task takes.
    pub(crate) fn by(mut self, known: &'static [&'static [Field]]) -> Self {
        self.known = known;
        self
    }

    fn known(&self) -> impl Iterator<Item = &'static Field> {
        let fields = self.known.iter().copied().flatten();
        fields.chain([&REQUEST_ID])
    }

    /// What a field takes, as the task's table says.
    fn kind(&self, field: &str) -> Result<FieldKind> {
        let mut fields = self.known();
        let found = fields.find(|one| one.name == field);
        found.map(|one| one.kind).ok_or_else(|| {
            let message = format!("the task's table lacks the field {field}");
            Error::new(ErrorCode::Internal, message)
        })
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

    pub(crate) fn texts(&mut self, field: &str) -> Result<Option<Vec<String>>> {
        let FieldKind::Texts { most } = self.kind(field)? else {
            return Err(not_of_kind(field));
        };
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

    /// One of the words that the field takes.
    pub(crate) fn choice(&mut self, field: &str) -> Result<Option<&'static str>> {
        let FieldKind::Choice(words) = self.kind(field)? else {
            return Err(not_of_kind(field));
        };
        let Some(text) = self.text(field)? else {
            return Ok(None);
        };
        let found = words.iter().find(|word| **word == text);
        found.map(|word| Some(*word)).ok_or_else(|| {
            let message = format!("is none of {}", words.join(", "));
            Error::new(ErrorCode::InvalidValue, message).with_field(field)
        })
    }

    /// A number, or what stands for it when it is not given.
    pub(crate) fn number(&mut self, field: &str) -> Result<u64> {
        let given = self.given_number(field)?;
        match (given, self.kind(field)?) {
            (Some(given), _) => Ok(given),
            (
                None,
                FieldKind::Number {
                    otherwise: Some(otherwise),
                    ..
                },
            ) => Ok(otherwise),
            _ => Err(missing(field)),
        }
    }

    /// A number, if it is given.
    pub(crate) fn given_number(&mut self, field: &str) -> Result<Option<u64>> {
        let FieldKind::Number { least, most, .. } = self.kind(field)? else {
            return Err(not_of_kind(field));
        };
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

    /// Refuses what the task does not have. A slip is told before the field that it leaves out.
    pub(crate) fn refuse_unknown(&self) -> Result<()> {
        let known: Vec<&str> = self.known().map(|one| one.name).collect();
        let mut left = self.left.iter().filter(|(_, value)| !value.is_null());
        let Some((field, _)) = left.find(|(field, _)| !known.contains(&field.as_str())) else {
            return Ok(());
        };
        let near = suggestion(field, known.iter().copied());
        let message = match near {
            Some(_) => NO_SUCH_FIELD.to_owned(),
            None => format!("{NO_SUCH_FIELD}; it has {}", known.join(", ")),
        };
        Err(unknown(field, message, near))
    }

    /// Why a task does not say which it is.
    pub(crate) fn without_task_type(&self) -> Error {
        let is_near = |field: &str| suggestion(field, std::iter::once(TASK_TYPE)).is_some();
        match self.left.keys().find(|field| is_near(field)) {
            Some(slip) => unknown(slip, NO_SUCH_FIELD, Some(TASK_TYPE)),
            None => missing(TASK_TYPE),
        }
    }
}

fn unknown(field: &str, message: impl Into<String>, near: Option<&str>) -> Error {
    let error = Error::new(ErrorCode::UnknownField, message).with_field(field);
    error.with_suggestions(near.map(str::to_owned).into_iter().collect())
}

/// Of some names the one that was probably meant: a slip or two, or a changed order of
/// letters, away.
pub(crate) fn suggestion<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given: String = given.chars().take(100).collect::<String>().to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&given, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= NEARLY)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// A field that is read as something else than the task's table says.
fn not_of_kind(field: &str) -> Error {
    let message = format!("the task's table gives the field {field} another kind");
    Error::new(ErrorCode::Internal, message)
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
