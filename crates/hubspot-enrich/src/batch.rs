//! The answer to a batch of ids or other keys.

use std::collections::HashSet;
use std::hash::Hash;

use jiff::Timestamp;

/// What a [`CrmSource`](crate::CrmSource) has of what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T, Key> {
    /// Records that exist and are not archived, each once.
    pub found: Vec<T>,
    /// Keys that no live record answers to, each once, in the order of the request.
    pub missing: Vec<Key>,
    /// When the reading began: the records are at least as fresh as this.
    pub read_at: Timestamp,
}

impl<T, Key> Batch<T, Key> {
    /// The answer to an empty request.
    pub fn empty(read_at: Timestamp) -> Self {
        Self {
            found: Vec::new(),
            missing: Vec::new(),
            read_at,
        }
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
