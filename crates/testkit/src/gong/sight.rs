//! Which calls the key may see.
//!
//! Gong does not reveal it: a call that a key may not see looks deleted, and a key
//! that may see none gets exactly the reply of an empty tenant.

use std::collections::BTreeSet;

use super::filter::CallFilter;

/// The sight of the key.
#[derive(Debug, Default)]
pub(super) enum Sight {
    #[default]
    All,
    Only(BTreeSet<String>),
}

impl Sight {
    pub(super) fn sees(&self, call_id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.contains(call_id),
        }
    }

    /// A filter for what both the request and the key admit.
    pub(super) fn narrow(&self, filter: &CallFilter) -> CallFilter {
        let mut filter = filter.clone();
        if let Self::Only(seen) = self {
            filter.call_ids = Some(match filter.call_ids {
                Some(asked) => asked.intersection(seen).cloned().collect(),
                None => seen.clone(),
            });
        }
        filter
    }
}
