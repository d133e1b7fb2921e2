//! What an enrichment did.

use serde::Serialize;

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
    /// Ids that were asked for and that the CRM does not have (any more).
    pub missing: u64,
    /// Ids that were merged into another record, which stands for them now.
    pub merged: u64,
    /// Values that the CRM has and that could not be read; the records lack them.
    pub unreadable_values: u64,
    /// Calls without CRM context of which a participant's e-mail address is a contact's.
    pub matched_by_email: u64,
    /// Calls without CRM context of which a participant's domain is a company's.
    pub matched_by_domain: u64,
    /// Calls without CRM context of which the CRM knows nobody.
    pub unmatched: u64,
    /// Matched calls without a deal because several were open, and nothing says which of
    /// them the call was about.
    pub ambiguous_deals: u64,
    /// CRM objects that Gong links to calls and that are of other systems than HubSpot:
    /// nothing is read for them.
    pub other_systems: u64,
}
