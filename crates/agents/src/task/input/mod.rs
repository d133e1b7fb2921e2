//! Reads and validates tasks. A family of tasks has a file with what they take ([`TaskSpec`])
//! and how they are read; what is wrong is said with the field's name.

mod common;
mod field;
mod fields;
mod of_calls;
mod of_cards;
mod of_coaching;
mod of_deals;
mod of_questions;
mod of_reps;
mod of_search;
mod spec;

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

pub use field::{Field, FieldKind};
pub(crate) use fields::suggestion;
use fields::{Fields, TASK_TYPE, missing};
pub use spec::TaskSpec;

use super::model::{
    AskAbout, BatchCalls, CallFilter, DealNamed, Likeness, Scored, Task, TaskPeriod,
};
use crate::{Error, ErrorCode, Result};

const FAMILIES: [&[TaskSpec]; 7] = [
    of_calls::SPECS,
    of_cards::SPECS,
    of_reps::SPECS,
    of_coaching::SPECS,
    of_search::SPECS,
    of_deals::SPECS,
    of_questions::SPECS,
];

impl Task {
    /// What there is to know about every task: name, purpose, fields.
    pub fn specs() -> impl Iterator<Item = &'static TaskSpec> {
        FAMILIES.into_iter().flatten()
    }

    /// What there is to know about this task.
    pub fn spec(&self) -> Option<&'static TaskSpec> {
        Self::specs().find(|spec| spec.name == self.name())
    }

    /// Reads and validates a task.
    ///
    /// # Errors
    /// An [`ErrorCode`] of the input, with the field at fault.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        Self::from_value(parse(bytes)?)
    }

    /// Reads and validates a task that is parsed already.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn from_value(value: Value) -> Result<Self> {
        let Value::Object(object) = value else {
            return Err(Error::new(ErrorCode::InvalidJson, "is not a JSON object"));
        };
        let mut fields = Fields::of(object);
        let name = fields.text(TASK_TYPE)?;
        let name = name.ok_or_else(|| fields.without_task_type())?;
        let spec = Self::specs().find(|spec| spec.name == name);
        let spec = spec.ok_or_else(|| unknown_task(&name))?;
        // Every task may carry it, for its answer.
        fields.id("request_id")?;
        let mut fields = fields.by(spec.fields);
        fields.refuse_unknown()?;
        (spec.read)(&mut fields)
    }
}

impl<'de> Deserialize<'de> for Task {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn unknown_task(name: &str) -> Error {
    let shown: String = name.chars().take(60).collect();
    let names: Vec<&str> = Task::specs().map(|spec| spec.name).collect();
    let near = suggestion(name, names.iter().copied());
    let message = match near {
        Some(_) => format!("there is no task {shown:?}"),
        None => format!(
            "there is no task {shown:?}; the tasks are {}",
            names.join(", ")
        ),
    };
    let error = Error::new(ErrorCode::UnknownTaskType, message).with_field(TASK_TYPE);
    error.with_suggestions(near.map(str::to_owned).into_iter().collect())
}

pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::new(
            ErrorCode::InvalidJson,
            format!("is not UTF-8 at byte {}", error.valid_up_to()),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::new(
            ErrorCode::InvalidJson,
            format!("is not JSON at line {line}, column {column}"),
        )
    })
}
