//! What a task takes, as data: tasks are checked by it, and schemas are made from it.

use serde_json::{Map, Value, json};

/// A field of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// What it means, in a sentence.
    pub about: &'static str,
    /// Whether a task without it is refused. Where one of several is needed, none of them is
    /// required by itself.
    pub is_required: bool,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text of at most 10,000 bytes.
    Text,
    /// An id: text, or a whole number as JSON writes it.
    Id,
    /// Texts or ids.
    Texts {
        /// How many at most.
        most: usize,
    },
    /// True or false; false when not given.
    Flag,
    /// A whole number.
    Number {
        /// The least.
        least: u64,
        /// The most.
        most: u64,
        /// What stands for it when it is not given.
        otherwise: Option<u64>,
    },
    /// A day (`2026-01-31`, in UTC) or an instant with an offset.
    Time,
    /// One of these words.
    Choice(&'static [&'static str]),
}

impl Field {
    pub(super) const fn new(name: &'static str, kind: FieldKind, about: &'static str) -> Self {
        Self {
            name,
            kind,
            about,
            is_required: false,
        }
    }

    pub(super) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub(super) const fn number(
        name: &'static str,
        (least, most): (u64, u64),
        otherwise: Option<u64>,
        about: &'static str,
    ) -> Self {
        let kind = FieldKind::Number {
            least,
            most,
            otherwise,
        };
        Self::new(name, kind, about)
    }

    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            FieldKind::Text | FieldKind::Id => json!({"type": "string", "minLength": 1}),
            FieldKind::Texts { most } => {
                json!({"type": "array", "items": {"type": "string"}, "maxItems": most})
            }
            FieldKind::Flag => json!({"type": "boolean", "default": false}),
            FieldKind::Number {
                least,
                most,
                otherwise: None,
            } => json!({"type": "integer", "minimum": least, "maximum": most}),
            FieldKind::Number {
                least,
                most,
                otherwise: Some(otherwise),
            } => {
                json!({"type": "integer", "minimum": least, "maximum": most, "default": otherwise})
            }
            FieldKind::Time => json!({"type": "string", "examples": ["2026-01-31"]}),
            FieldKind::Choice(words) => json!({"type": "string", "enum": words}),
        };
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), self.about.into());
        }
        schema
    }
}

/// What every task takes.
const REQUEST_ID: Field = Field::new(
    "request_id",
    FieldKind::Id,
    "Returned with the answer; a new one when not given.",
);

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
    pub(super) read: fn(&mut super::Fields) -> crate::Result<super::Task>,
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
