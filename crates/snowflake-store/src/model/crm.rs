//! The CRM mirror, and which of its records a call is linked to.

use calls::{
    CallId, Company, CompanyId, Contact, ContactId, Deal, DealId, Owner, OwnerId, Stage, Timestamp,
};
use serde::{Deserialize, Serialize};

/// CRM records read together.
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
    /// Owners.
    pub owners: Vec<Owner>,
    /// Requested ids for which the CRM has no record.
    pub gone: GoneRecords,
    /// When they were read.
    pub read_at: Timestamp,
    /// The instant that their content is at least as fresh as, where the source is a copy that
    /// lags behind the CRM; `None` where it is as fresh as `read_at`. Kept with deals.
    pub as_of: Option<Timestamp>,
}

/// Ids for which the CRM has no record, by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GoneRecords {
    /// Deals.
    pub deals: Vec<Gone<DealId>>,
    /// Contacts.
    pub contacts: Vec<Gone<ContactId>>,
    /// Companies.
    pub companies: Vec<Gone<CompanyId>>,
    /// Owners.
    pub owners: Vec<Gone<OwnerId>>,
}

/// An id for which the CRM has no record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gone<Id> {
    /// The requested id.
    pub id: Id,
    /// The record that it was merged into; `None` when it is missing or archived.
    pub survivor: Option<Id>,
}

/// Records that the mirror lacks or read before an instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmWanted {
    /// Deals of calls.
    pub deals: Vec<DealId>,
    /// Contacts of calls and of their mirrored deals.
    pub contacts: Vec<ContactId>,
    /// Companies of calls, and of their mirrored deals and contacts.
    pub companies: Vec<CompanyId>,
    /// Owners of mirrored deals.
    pub owners: Vec<OwnerId>,
    /// Calls to match with the CRM, because Gong links them to nothing in HubSpot.
    pub unlinked: Vec<UnlinkedCall>,
    /// CRM objects of other systems than HubSpot that Gong links to calls: all of them,
    /// for reports, since nothing is read for them.
    pub other_systems: u64,
}

/// A call that Gong links to no HubSpot record, with participants who have e-mail addresses
/// and whom Gong does not call colleagues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlinkedCall {
    /// The call.
    pub id: CallId,
    /// Its start.
    pub started: Timestamp,
    /// Addresses of everybody whom Gong does not call internal, including those it
    /// cannot place (such as a customer who dialled in). In lower case without surrounding
    /// white space, each once, in Gong's order of participants.
    pub emails: Vec<String>,
    /// Addresses of colleagues, in the same form: they reveal the seller's own domains.
    pub colleagues: Vec<String>,
}

/// The CRM records of a call, and why they are its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrmMatch {
    /// The call.
    pub call_id: CallId,
    /// Deals; the first is the one that figures count.
    pub deals: Vec<DealId>,
    /// Contacts.
    pub contacts: Vec<ContactId>,
    /// Companies; the first is the one that is shown.
    pub companies: Vec<CompanyId>,
    /// Why.
    pub reason: MatchReason,
    /// When the CRM was asked.
    pub matched_at: Timestamp,
}

/// Why CRM records belong to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MatchReason {
    /// Gong linked them: the CRM context of the call and its participants.
    GongContext,
    /// An external participant's e-mail address is a contact's.
    ParticipantEmail,
    /// The domain of an external participant's address is a company's.
    ParticipantDomain,
    /// The CRM was searched and knows nobody on the call.
    NobodyKnown,
}

impl MatchReason {
    /// `gong_context`, `participant_email`, `participant_domain` or `nobody_known`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GongContext => "gong_context",
            Self::ParticipantEmail => "participant_email",
            Self::ParticipantDomain => "participant_domain",
            Self::NobodyKnown => "nobody_known",
        }
    }

    /// Reads [`as_str`](Self::as_str)'s spelling.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "gong_context" => Some(Self::GongContext),
            "participant_email" => Some(Self::ParticipantEmail),
            "participant_domain" => Some(Self::ParticipantDomain),
            "nobody_known" => Some(Self::NobodyKnown),
            _ => None,
        }
    }
}

/// How a call relates to the CRM, besides the records themselves.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct CrmStanding {
    /// Why the records belong to the call; `None` when Gong links none and none were
    /// looked up yet.
    pub reason: Option<MatchReason>,
    /// Stage of the deal when the call took place: as Gong saw it then, by its label where
    /// the catalogue has it; else as the CRM remembers it; `None` when neither does.
    pub deal_stage_at_call: Option<String>,
    /// When the mirror's copy of the deal was read.
    pub deal_read_at: Option<Timestamp>,
    /// The instant that the copy is at least as fresh as: earlier than `deal_read_at` when
    /// it was read from something that lags behind the CRM, such as a data share.
    pub deal_as_of: Option<Timestamp>,
    /// Deals of the call beside [`CallDetail::deal`](super::CallDetail::deal), as far as the
    /// mirror has them.
    pub further_deals: Vec<Deal>,
    /// CRM objects of other systems than HubSpot that Gong links; nothing is read for them.
    pub other_systems: u32,
}

/// The stage that a deal was in at an instant, by its label or else its id.
pub(crate) fn stage_at(deal: Option<&Deal>, instant: Timestamp) -> Option<String> {
    let stay = deal?.stay_at(instant)?;
    let label = stay.stage_label.clone();
    Some(label.unwrap_or_else(|| stay.stage_id.to_string()))
}

/// How old a mirrored deal is, as stores read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DealAge {
    pub(crate) read_at: Timestamp,
    pub(crate) as_of: Timestamp,
}
