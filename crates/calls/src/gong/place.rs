//! The position of something in a document.

use std::fmt;

use super::field::{Expected, Field};
use crate::notes::Notes;

/// A place, as a path of keys and positions. It costs nothing until it is written out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    Document,
    Key(&'a Place<'a>, &'static str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    pub(super) fn key(&self, key: &'static str) -> Place<'_> {
        Place::Key(self, key)
    }

    pub(super) fn item(&self, index: usize) -> Place<'_> {
        Place::Item(self, index)
    }

    /// The value of a field that stands here. What is not as documented becomes a note.
    pub(super) fn read<T: Expected>(&self, field: Field<T>, notes: &mut Notes) -> Option<T> {
        match field {
            Field::Absent => None,
            Field::Value(value) => Some(value),
            Field::Odd(found, value) => {
                let read = if value.is_some() { ", read as one" } else { "" };
                notes.add(|| format!("{self}: {found} in place of {}{read}", T::NAME));
                value
            }
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Document => Ok(()),
            Place::Key(Place::Document, key) => f.write_str(key),
            Place::Key(parent, key) => write!(f, "{parent}.{key}"),
            Place::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
