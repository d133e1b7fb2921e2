//! What a field of a task takes, as data.

use serde_json::{Value, json};

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

    pub(super) fn schema(&self) -> Value {
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
pub(super) const REQUEST_ID: Field = Field::new(
    "request_id",
    FieldKind::Id,
    "Returned with the answer; a new one when not given.",
);
