//! What an enrichment did.

use hubspot_enrich::UnreadableValue;
use serde::Serialize;

/// Unreadable values that a report keeps; all are counted.
const MOST_UNREADABLE: usize = 100;

/// What was mirrored, and which calls were matched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EnrichmentReport {
    /// Deals stored.
    pub deals: u64,
    /// Contacts stored.
    pub contacts: u64,
    /// Companies stored.
    pub companies: u64,
    /// Owners stored.
    pub owners: u64,
    /// Requested ids that the CRM does not have (any more).
    pub missing: u64,
    /// Ids that were merged into another record, which replaces them.
    pub merged: u64,
    /// Values that the CRM has and that could not be read; the records lack them.
    pub unreadable_values: u64,
    /// The first hundred of them, verbatim, for whoever can correct them in the CRM.
    /// Not serialised, since a value may be anything that somebody typed.
    #[serde(skip)]
    pub unreadable: Vec<UnreadableValue>,
    /// Calls without CRM context, matched by a participant's e-mail address.
    pub matched_by_email: u64,
    /// Calls without CRM context, matched by a participant's domain.
    pub matched_by_domain: u64,
    /// Calls without CRM context whose participants the CRM does not know.
    pub unmatched: u64,
    /// Matched calls without a deal because several were open, and nothing says which of
    /// them the call was about.
    pub ambiguous_deals: u64,
    /// Ids of stages in which deals have no dates, because no property can be named after them:
    /// the stage at the time of a call is then not known from the CRM.
    pub stages_without_dates: Vec<String>,
    /// CRM objects of systems other than HubSpot that Gong links to calls:
    /// nothing is read for them.
    pub other_systems: u64,
}

impl EnrichmentReport {
    pub(super) fn note_unreadable(&mut self, values: &[UnreadableValue]) {
        self.unreadable_values += values.len() as u64;
        let room = MOST_UNREADABLE.saturating_sub(self.unreadable.len());
        self.unreadable.extend(values.iter().take(room).cloned());
    }
}
