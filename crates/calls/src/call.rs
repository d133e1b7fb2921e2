//! A call and what surrounds it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Affiliation, CallId, CrmObjectKind, CrmReference, GongFindings, Party, SpeakerId, UserId,
    WorkspaceId,
};

/// A recorded call as its source describes it, without its transcript.
/// [`Call::new`] makes one; what else is known goes into its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// Gong's id.
    pub id: CallId,
    /// Title, often the calendar event's.
    pub title: Option<String>,
    /// Where a person opens the call.
    pub url: Option<String>,
    /// When the recording started.
    pub started: Timestamp,
    /// When the meeting was scheduled; for web conferences Gong filters by this.
    pub scheduled: Option<Timestamp>,
    /// Length of the recording in seconds, by Gong's own measurement.
    pub duration_seconds: u64,
    /// The host: the member of the selling company the call belongs to.
    pub primary_user_id: Option<UserId>,
    /// Who called whom.
    pub direction: Direction,
    /// Audio or video.
    pub media: Media,
    /// Whether anybody outside the company took part.
    pub scope: Scope,
    /// Conferencing or telephony system, as Gong names it.
    pub system: Option<String>,
    /// ISO 639-2/B code, with `und` and `zxx` possible.
    pub language: Option<String>,
    /// The Gong workspace.
    pub workspace_id: Option<WorkspaceId>,
    /// Private calls are visible to their participants only.
    pub is_private: bool,
    /// Participants; empty on some imported calls.
    pub parties: Vec<Party>,
    /// CRM objects that Gong linked to the call (not to single parties).
    pub crm: Vec<CrmReference>,
    /// Topics that Gong found, with the time spent on each.
    pub topics: Vec<TopicShare>,
    /// Gong trackers that fired.
    pub trackers: Vec<TrackerHit>,
    /// Gong's own short summary, where the tenant has it.
    pub brief: Option<String>,
    /// What else Gong found.
    #[serde(default)]
    pub findings: GongFindings,
}

impl Call {
    /// A call of which only its id and its start are known.
    pub fn new(id: impl Into<CallId>, started: Timestamp) -> Self {
        Self {
            id: id.into(),
            title: None,
            url: None,
            started,
            scheduled: None,
            duration_seconds: 0,
            primary_user_id: None,
            direction: Direction::Unknown,
            media: Media::Unknown,
            scope: Scope::Unknown,
            system: None,
            language: None,
            workspace_id: None,
            is_private: false,
            parties: Vec::new(),
            crm: Vec::new(),
            topics: Vec::new(),
            trackers: Vec::new(),
            brief: None,
            findings: GongFindings::default(),
        }
    }

    /// The party that is the host, by user id.
    pub fn primary_party(&self) -> Option<&Party> {
        let host = self.primary_user_id.as_ref()?;
        self.parties
            .iter()
            .find(|party| party.user_id.as_ref() == Some(host))
    }

    /// The party whose voice a speaker id is.
    pub fn speaker(&self, speaker: &SpeakerId) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.speaker_id.as_ref() == Some(speaker))
    }

    /// The side a voice belongs to; [`Affiliation::Unknown`] when nobody in the
    /// party list has it.
    pub fn affiliation_of(&self, speaker: Option<&SpeakerId>) -> Affiliation {
        speaker
            .and_then(|speaker| self.speaker(speaker))
            .map_or(Affiliation::Unknown, |party| party.affiliation)
    }

    /// CRM objects of one kind, of the call first and then of its parties,
    /// in the order Gong gave them.
    pub fn crm_of_kind<'a>(
        &'a self,
        kind: &'a CrmObjectKind,
    ) -> impl Iterator<Item = &'a CrmReference> {
        self.crm
            .iter()
            .chain(self.parties.iter().flat_map(|party| &party.crm))
            .filter(move |reference| reference.kind == *kind)
    }
}

/// Who called whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Direction {
    /// The customer called.
    Inbound,
    /// The rep called.
    Outbound,
    /// A web conference.
    Conference,
    /// Not known, or a value newer than this crate.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Media {
    /// Sound only.
    Audio,
    /// Sound and picture.
    Video,
    /// Not known, or a value newer than this crate.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Whether outsiders took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Scope {
    /// Only members of the company.
    Internal,
    /// At least one outsider.
    External,
    /// Not known, or a value newer than this crate.
    #[default]
    #[serde(other)]
    Unknown,
}

macro_rules! as_str {
    ($type:ident: $($variant:ident),+) => {
        impl $type {
            /// The value as Gong spells it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),+ }
            }

            /// Reads Gong's spelling; anything else is `Unknown`.
            pub fn parse(text: &str) -> Self {
                match text { $(stringify!($variant) => Self::$variant,)+ _ => Self::Unknown }
            }
        }
    };
}
as_str!(Direction: Inbound, Outbound, Conference, Unknown);
as_str!(Media: Audio, Video, Unknown);
as_str!(Scope: Internal, External, Unknown);

/// A topic Gong found in a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TopicShare {
    /// Topic name.
    pub name: String,
    /// Time spent on it, in seconds.
    pub duration_seconds: f64,
}

/// A Gong tracker that fired in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackerHit {
    /// Tracker name.
    pub name: String,
    /// How often it fired.
    pub count: u64,
}
