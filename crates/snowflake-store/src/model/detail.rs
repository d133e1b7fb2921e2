//! One call in full, as agents read it.

use calls::analytics::ConversationMetrics;
use calls::{Call, Company, Contact, Deal, Transcript};

use super::{CallInsights, CallReading, CrmStanding};

/// One call in full.
#[derive(Debug, Clone, PartialEq)]
pub struct CallDetail {
    /// The call with parties, topics and CRM references.
    pub call: Call,
    /// Its sentences; `None` while no transcript is stored.
    pub transcript: Option<Transcript>,
    /// What stands for the transcript and for who its voices are; `None` without one. An
    /// answer about what was said is stored only while this is still the same.
    pub transcript_sha: Option<String>,
    /// Conversation analytics; `None` without a transcript.
    pub metrics: Option<CallMetrics>,
    /// What a language backend computed; `None` until then.
    pub insights: Option<CallInsights>,
    /// What readers understood of the present transcript, the latest first.
    pub readings: Vec<CallReading>,
    /// The deal, as the CRM mirror has it.
    pub deal: Option<Deal>,
    /// The company, as the CRM mirror has it.
    pub company: Option<Company>,
    /// The contacts, as the CRM mirror has them.
    pub contacts: Vec<Contact>,
    /// Why these records, how fresh they are, and what else there is.
    pub crm: CrmStanding,
    /// What of the documents was not as Gong documents it, or had to be cleaned: a sentence
    /// each, beginning with the place, such as `metaData.duration: text in place of a
    /// number`. Empty for nearly every call.
    pub decoding_notes: Vec<String>,
}

/// Conversation analytics as stored with the call.
pub type CallMetrics = ConversationMetrics;
