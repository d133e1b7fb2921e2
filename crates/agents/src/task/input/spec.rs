//! What a task takes, as data: tasks are checked by it, and schemas are made from it.

use serde_json::{Map, Value, json};

use super::super::model::Task;
use super::field::{Field, REQUEST_ID};
use super::fields::Fields;
use crate::Result;

/// What there is to know about a task without running it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct TaskSpec {
    /// Its `task_type`.
    pub name: &'static str,
    /// What it answers, in a sentence.
    pub about: &'static str,
    /// Whether the answer rests on the insights of more calls than the task names, so that
    /// [`analyse_backlog`](crate::insights::analyse_backlog) should have run.
    pub rests_on_all_insights: bool,
    pub(super) fields: &'static [&'static [Field]],
    pub(super) read: fn(&mut Fields) -> Result<Task>,
}

impl TaskSpec {
    /// Its fields, besides `task_type` and `request_id`.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().copied().flatten()
    }

    /// The JSON Schema (2020-12) of its fields, without `task_type`: what a tool of this name
    /// takes.
    ///
    /// ```
    /// use agents::task::Task;
    ///
    /// let spec = Task::specs().find(|spec| spec.name == "analyze_call").unwrap();
    /// let schema = spec.input_schema();
    /// assert_eq!(schema["required"], serde_json::json!(["call_id"]));
    /// assert_eq!(schema["properties"]["call_id"]["type"], "string");
    /// ```
    pub fn input_schema(&self) -> Value {
        let properties: Map<String, Value> = self
            .fields()
            .chain([&REQUEST_ID])
            .map(|field| (field.name.to_owned(), field.schema()))
            .collect();
        let required: Vec<&str> = self
            .fields()
            .filter(|field| field.is_required)
            .map(|field| field.name)
            .collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}
