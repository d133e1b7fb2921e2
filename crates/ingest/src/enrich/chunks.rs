//! How records are asked for: each once, in chunks.

use std::collections::HashSet;
use std::hash::Hash;

/// Records of one kind that are asked for at once and then stored. A multiple of what
/// HubSpot takes in one request (100 records, or associations of 1,000), so that cutting
/// costs no request; small enough that little is asked for again after a crash.
pub(super) const CHUNK: usize = 1_000;

/// Items in order of first mention, each once.
pub(super) fn distinct<'a, T: Clone + Eq + Hash + 'a>(
    items: impl IntoIterator<Item = &'a T>,
) -> Vec<T> {
    let mut seen = HashSet::new();
    let mut distinct = Vec::new();
    for item in items {
        if seen.insert(item) {
            distinct.push(item.clone());
        }
    }
    distinct
}
