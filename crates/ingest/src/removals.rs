//! What a run removes from the store, decided once all of it is known.
//!
//! A key that sees less than it did, or an hour in which Gong serves less, looks
//! like many deletions. A run therefore collects its removals and applies them
//! together, or withholds them together if they are more than chance explains.

use std::collections::BTreeSet;

use calls::CallId;

/// How many removals a run applies without confirmation: calls marked deleted and
/// transcripts withdrawn, counted together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RemovalLimits {
    /// Up to this many are always applied. Default 20.
    pub calls: u64,
    /// More are applied while they are at most this share of the live calls.
    /// Default 0.1.
    pub share: f64,
    /// Apply up to this many, whatever their share: the number that a person
    /// expects. Default none.
    pub expected: Option<u64>,
}

impl Default for RemovalLimits {
    fn default() -> Self {
        Self {
            calls: 20,
            share: 0.1,
            expected: None,
        }
    }
}

/// Of the calls that a run has looked at, the share that may be gone before the key
/// is in doubt, even if they are few compared with all calls of the store.
const DOUBTFUL_SHARE_OF_CHECKED: f64 = 0.5;

impl RemovalLimits {
    /// Whether this many removals are applied, of `live` calls in the store and
    /// `checked` calls that this run has looked at.
    pub(crate) fn allow(&self, removals: u64, live: u64, checked: u64) -> bool {
        let within = |share: f64, of: u64| removals as f64 <= share * of as f64;
        removals <= self.calls
            || self.expected.is_some_and(|expected| removals <= expected)
            || (within(self.share, live) && within(DOUBTFUL_SHARE_OF_CHECKED, checked))
    }
}

/// What a run has found gone so far.
#[derive(Debug, Default)]
pub(crate) struct Removals {
    /// Calls that Gong no longer serves, or that are no longer chosen.
    deleted: BTreeSet<CallId>,
    /// Calls whose transcript Gong no longer serves.
    withdrawn: BTreeSet<CallId>,
    /// Stored calls that were looked at.
    checked: BTreeSet<CallId>,
}

impl Removals {
    pub(crate) fn delete(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.deleted.extend(calls);
    }

    pub(crate) fn withdraw(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.withdrawn.extend(calls);
    }

    pub(crate) fn checked(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.checked.extend(calls);
    }

    /// Found after all.
    pub(crate) fn keep(&mut self, call: &CallId) {
        self.deleted.remove(call);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.deleted.is_empty() && self.withdrawn.is_empty()
    }

    /// Calls that are gone, and calls whose transcript is.
    pub(crate) fn take(&mut self) -> (Vec<CallId>, Vec<CallId>) {
        let Self {
            deleted, withdrawn, ..
        } = std::mem::take(self);
        let withdrawn = withdrawn.difference(&deleted).cloned().collect();
        (deleted.into_iter().collect(), withdrawn)
    }

    pub(crate) fn len(&self) -> u64 {
        (self.deleted.len() + self.withdrawn.difference(&self.deleted).count()) as u64
    }

    pub(crate) fn are_allowed(&self, limits: &RemovalLimits, live: u64) -> bool {
        limits.allow(self.len(), live, self.checked.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_always_carried_out_and_many_when_they_are_a_small_share() {
        let limits = RemovalLimits::default();
        assert!(limits.allow(20, 20, 20));
        assert!(!limits.allow(21, 200, 200));
        assert!(limits.allow(21, 210, 210));
        assert!(limits.allow(45, 450, 450));
        assert!(!limits.allow(440, 450, 450));
    }

    #[test]
    fn a_sweep_in_which_most_are_gone_is_doubtful_in_a_store_of_any_size() {
        let limits = RemovalLimits::default();
        assert!(!limits.allow(1_960, 100_000, 2_000));
        assert!(limits.allow(900, 100_000, 2_000));
    }

    #[test]
    fn the_expected_number_lets_them_through() {
        let limits = RemovalLimits {
            expected: Some(440),
            ..RemovalLimits::default()
        };
        assert!(limits.allow(440, 450, 450));
        assert!(!limits.allow(441, 450, 450));
    }
}
