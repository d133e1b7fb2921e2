//! How the replies of the API are read: leniently, and without losing a field.
//!
//! Gong's specification requires nothing, promises numbers that come as text, and its replies
//! grow without notice. Every field is therefore optional. A field that is not known here, or
//! whose value is of another kind than documented, stays in the record's `extra` under
//! Gong's name, so one odd value costs neither the record nor itself; its name is traced.

mod macros;
mod scalar;
pub mod words;

use serde_json::{Map, Value};

pub(crate) use macros::{records, requests, words};
pub(crate) use scalar::{Field, Scalar};

/// Fields by Gong's names. For callers that read what is not modelled here.
pub type Extra = Map<String, Value>;

/// An object that is being read.
pub(crate) struct Rest<'a> {
    object: &'a Extra,
    taken: Vec<&'static str>,
}

impl<'a> Rest<'a> {
    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        let object = value.as_object()?;
        Some(Self {
            object,
            taken: Vec::with_capacity(object.len()),
        })
    }

    /// A field; absent, and left where it is, when it is of another kind.
    pub(crate) fn take<T: Field>(&mut self, name: &'static str) -> T {
        let read = self.object.get(name).and_then(T::read);
        if read.is_some() {
            self.taken.push(name);
        }
        read.unwrap_or_default()
    }

    /// What was not taken.
    pub(crate) fn left(self, record: &'static str) -> Extra {
        let fields = self.object.iter();
        let left = fields.filter(|(name, _)| !self.taken.contains(&name.as_str()));
        let left = left
            .inspect(|(name, _)| tracing::trace!(record, field = name.as_str(), "not modelled"));
        left.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}
