//! In what sources differ, as data.

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
    /// Whether owners who left are found, with
    /// [`Owner::archived`](calls::Owner::archived) set; otherwise they are missing.
    pub finds_archived_owners: bool,
    /// Whether contacts are also found by addresses other than their main one.
    pub matches_secondary_emails: bool,
    /// How far behind the CRM an answer may be at the time it is given; `None` when
    /// nobody knows.
    pub max_lag: Option<Duration>,
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
            max_lag: self
                .max_lag
                .zip(other.max_lag)
                .map(|(ours, theirs)| ours.max(theirs)),
        }
    }
}
