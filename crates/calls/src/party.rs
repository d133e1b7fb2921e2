//! Participants of a call.

use serde::{Deserialize, Serialize};

use crate::{CrmReference, PartyId, SpeakerId, UserId};

/// A participant of one call.
///
/// Anything but the affiliation may be missing: dial-ins have no name, people
/// who never spoke have no speaker id, outsiders have no user id.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Party {
    /// Gong's id of the participation.
    pub id: Option<PartyId>,
    /// The voice in the transcript.
    pub speaker_id: Option<SpeakerId>,
    /// The Gong user, for members of the company.
    pub user_id: Option<UserId>,
    /// Full name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// The side.
    pub affiliation: Affiliation,
    /// CRM objects linked to this person (contact, lead, user).
    pub crm: Vec<CrmReference>,
}

impl Party {
    /// Name, else e-mail, else `None`.
    pub fn display_name(&self) -> Option<&str> {
        self.name.as_deref().or(self.email.as_deref())
    }
}

/// The side a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Affiliation {
    /// A member of the selling company.
    Internal,
    /// A customer, prospect or partner.
    External,
    /// Not known. Real customers hide here, such as dial-ins.
    #[default]
    #[serde(other)]
    Unknown,
}

impl Affiliation {
    /// The value as Gong spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "Internal",
            Self::External => "External",
            Self::Unknown => "Unknown",
        }
    }

    /// Reads Gong's spelling; anything else is `Unknown`.
    pub fn parse(text: &str) -> Self {
        match text {
            "Internal" => Self::Internal,
            "External" => Self::External,
            _ => Self::Unknown,
        }
    }

    /// Whether the person belongs to the selling company.
    pub fn is_company(self) -> bool {
        self == Self::Internal
    }
}
