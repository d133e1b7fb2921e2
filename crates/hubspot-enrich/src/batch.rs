//! The answer to a batch of ids or other keys.

use std::collections::HashSet;
use std::hash::Hash;

use jiff::Timestamp;

/// The answer to a batch of keys that a [`CrmSource`](crate::CrmSource) was asked for.
///
/// Sources make one with [`Batch::empty`] and fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Batch<T, Key> {
    /// Records that exist, each once. None is archived, unless the source was told to
    /// find those too.
    pub found: Vec<T>,
    /// Keys that no record answers to, each once, in the order of the request.
    pub missing: Vec<Key>,
    /// Ids asked for that were merged away, and whose survivors are in `found`: a
    /// mirror keeps them as a map from old to new ids.
    pub merged: Vec<Merged<Key>>,
    /// Keys asked for whose records are in `found` although they are archived; empty
    /// unless the source [finds](crate::CrmCapabilities::finds_archived) such records.
    pub archived: Vec<Key>,
    /// Which records answer to which keys, where the keys are not ids: a contact may be
    /// found by an address that it does not show.
    pub matches: Vec<KeyMatch<Key>>,
    /// Values of records in `found` that could not be read and are `None` there.
    pub unreadable: Vec<UnreadableValue>,
    /// When the reading of the oldest record, or of the oldest finding that there is
    /// none, began. Of a source that reads a copy of the CRM this says when the copy was
    /// read; how old that was is in [`as_of`](Self::as_of).
    pub read_at: Timestamp,
    /// A time at which the CRM was as the answer says, or later: nothing that was changed
    /// in the CRM before it is lacking. Never after [`read_at`](Self::read_at).
    pub as_of: Timestamp,
}

/// An id that was merged away, and the record that took it in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Merged<Key> {
    /// The requested id.
    pub asked: Key,
    /// Id of the record that lives on.
    pub survivor: Key,
}

/// A key that is not an id, and a record that answers to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyMatch<Key> {
    /// The key, as the request first spelled it.
    pub key: Key,
    /// Id of the record.
    pub id: String,
}

/// A value that a record has and that cannot be read as what it should be.
///
/// The record then lacks the value: what cannot be read is never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnreadableValue {
    /// Id of the record.
    pub record_id: String,
    /// The CRM's name of the property.
    pub property: String,
    /// The value, verbatim.
    pub raw: String,
    /// What it should have been, such as `a decimal number`.
    pub expected: &'static str,
}

impl<T, Key> Batch<T, Key> {
    /// The answer to an empty request.
    pub fn empty(read_at: Timestamp) -> Self {
        Self {
            found: Vec::new(),
            missing: Vec::new(),
            merged: Vec::new(),
            archived: Vec::new(),
            matches: Vec::new(),
            unreadable: Vec::new(),
            read_at,
            as_of: read_at,
        }
    }

    /// Adds another answer unchanged; the older of both times is kept.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.read_at = self.read_at.min(other.read_at);
        self.as_of = self.as_of.min(other.as_of);
        self.found.extend(other.found);
        self.missing.extend(other.missing);
        self.merged.extend(other.merged);
        self.archived.extend(other.archived);
        self.matches.extend(other.matches);
        self.unreadable.extend(other.unreadable);
    }
}

/// Items in order of their first mention, each once, as `key` tells them apart.
pub(crate) fn distinct_by<'a, T, Key: Eq + Hash>(
    items: &'a [T],
    key: impl Fn(&'a T) -> Key,
) -> Vec<&'a T> {
    let mut seen = HashSet::with_capacity(items.len());
    items.iter().filter(|item| seen.insert(key(item))).collect()
}
