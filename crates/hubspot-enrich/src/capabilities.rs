//! How sources differ, as data.

use std::time::Duration;

/// What a [`CrmSource`](crate::CrmSource) does where the contract leaves a choice.
///
/// ```
/// use hubspot_enrich::{CrmSource, InMemoryCrm};
///
/// let declared = InMemoryCrm::new().capabilities();
/// assert!(declared.resolves_merged && !declared.finds_archived);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct CrmCapabilities {
    /// Whether an id that was merged away is answered by the survivor and noted in
    /// [`Batch::merged`](crate::Batch::merged); otherwise it is missing.
    pub resolves_merged: bool,
    /// Whether archived records are found, and noted in
    /// [`Batch::archived`](crate::Batch::archived); otherwise they are missing.
    pub finds_archived: bool,
    /// Whether former owners are found, with
    /// [`Owner::archived`](calls::Owner::archived) set; otherwise they are missing.
    pub finds_archived_owners: bool,
    /// Whether contacts are also found by secondary addresses.
    pub matches_secondary_emails: bool,
    /// Whether every answer comes from a copy of the CRM that was made at
    /// [`Batch::as_of`](crate::Batch::as_of). A copy is right in what it has, and lacks
    /// what was added since.
    pub reads_a_copy: bool,
    /// How far behind the CRM records may be at the time they are given; `None` when
    /// nobody knows.
    pub max_lag: Option<Duration>,
    /// The same for stages and owners.
    pub catalogue_max_lag: Option<Duration>,
}

impl CrmCapabilities {
    /// What can be relied on when either of two sources may answer.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self {
            resolves_merged: self.resolves_merged && other.resolves_merged,
            finds_archived: self.finds_archived && other.finds_archived,
            finds_archived_owners: self.finds_archived_owners && other.finds_archived_owners,
            matches_secondary_emails: self.matches_secondary_emails
                && other.matches_secondary_emails,
            reads_a_copy: self.reads_a_copy && other.reads_a_copy,
            max_lag: later(self.max_lag, other.max_lag),
            catalogue_max_lag: later(self.catalogue_max_lag, other.catalogue_max_lag),
        }
    }

    /// What can be relied on when the other source is asked for all that this one misses.
    #[must_use]
    pub(crate) fn complemented_by(self, other: Self) -> Self {
        Self {
            resolves_merged: self.resolves_merged || other.resolves_merged,
            finds_archived: self.finds_archived || other.finds_archived,
            finds_archived_owners: self.finds_archived_owners || other.finds_archived_owners,
            matches_secondary_emails: self.matches_secondary_emails
                || other.matches_secondary_emails,
            ..self.common(other)
        }
    }
}

fn later(ours: Option<Duration>, theirs: Option<Duration>) -> Option<Duration> {
    ours.zip(theirs).map(|(ours, theirs)| ours.max(theirs))
}
