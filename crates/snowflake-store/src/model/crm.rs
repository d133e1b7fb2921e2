//! The CRM mirror.

use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, Stage, Timestamp};

/// CRM records read in one go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CrmSnapshot {
    /// Deals.
    pub deals: Vec<Deal>,
    /// Contacts.
    pub contacts: Vec<Contact>,
    /// Companies.
    pub companies: Vec<Company>,
    /// Stages.
    pub stages: Vec<Stage>,
    /// When they were read.
    pub read_at: Timestamp,
}

/// Records that calls refer to and the mirror lacks, or has only from before an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmWanted {
    /// Deals.
    pub deals: Vec<DealId>,
    /// Contacts.
    pub contacts: Vec<ContactId>,
    /// Companies.
    pub companies: Vec<CompanyId>,
}
