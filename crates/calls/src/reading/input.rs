//! The input of a reading.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Affiliation, CallId, PartyId};

/// A call to be read: what was said, and what is known beside it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CallToRead {
    /// Whose reading it will be.
    pub id: CallId,
    /// The call's title.
    #[serde(default)]
    pub title: String,
    /// When it began: what "tomorrow" is counted from.
    pub started: Timestamp,
    /// ISO 639-1 code of the language spoken, when known.
    #[serde(default)]
    pub language: Option<String>,
    /// Who took part.
    #[serde(default)]
    pub parties: Vec<ReadParty>,
    /// The party that invited.
    #[serde(default)]
    pub host: Option<PartyId>,
    /// The deal it is about.
    #[serde(default)]
    pub deal: Option<DealFacts>,
    /// Next steps of earlier calls that are still open, one line each.
    #[serde(default)]
    pub open_steps: Vec<String>,
    /// What was said, in order.
    pub turns: Vec<ReadTurn>,
}

impl CallToRead {
    /// A call of which only the words are known.
    pub fn new(id: CallId, started: Timestamp, turns: Vec<ReadTurn>) -> Self {
        Self {
            id,
            title: String::new(),
            started,
            language: None,
            parties: Vec::new(),
            host: None,
            deal: None,
            open_steps: Vec::new(),
            turns,
        }
    }

    /// Every sentence with its turn, by number from 0.
    pub fn sentences(&self) -> impl Iterator<Item = (&ReadTurn, &str)> {
        let turns = self.turns.iter();
        turns.flat_map(|turn| turn.sentences.iter().map(move |said| (turn, said.as_str())))
    }

    /// The party of an id.
    pub fn party(&self, id: &PartyId) -> Option<&ReadParty> {
        self.parties.iter().find(|party| party.id == *id)
    }
}

/// Says how much was said, never what.
impl fmt::Debug for CallToRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallToRead")
            .field("id", &self.id)
            .field("started", &self.started)
            .field("parties", &self.parties.len())
            .field("turns", &self.turns.len())
            .finish_non_exhaustive()
    }
}

/// A participant, as a reader sees one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReadParty {
    /// As [`ReadTurn::speaker`] names them.
    pub id: PartyId,
    /// Full name; may be empty.
    #[serde(default)]
    pub name: String,
    /// The side.
    #[serde(default)]
    pub side: Side,
    /// Job title.
    #[serde(default)]
    pub role: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
}

impl ReadParty {
    /// A party without role and address.
    pub fn new(id: PartyId, name: impl Into<String>, side: Side) -> Self {
        Self {
            id,
            name: name.into(),
            side,
            role: None,
            email: None,
        }
    }
}

/// Who sells and who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Side {
    /// Sells.
    Rep,
    /// Buys, or might.
    Customer,
    /// Not known.
    #[default]
    #[serde(other)]
    Unknown,
}

impl From<Affiliation> for Side {
    fn from(affiliation: Affiliation) -> Self {
        match affiliation {
            Affiliation::Internal => Self::Rep,
            Affiliation::External => Self::Customer,
            Affiliation::Unknown => Self::Unknown,
        }
    }
}

/// What one party said without a break.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReadTurn {
    /// [`ReadParty::id`] of who spoke; an id of no party is a voice without a side.
    pub speaker: PartyId,
    /// Silence before it, in seconds, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_before_s: Option<f64>,
    /// The sentences, in order.
    pub sentences: Vec<String>,
}

impl ReadTurn {
    /// A turn after a pause of unknown length.
    pub fn new(speaker: PartyId, sentences: Vec<String>) -> Self {
        Self {
            speaker,
            pause_before_s: None,
            sentences,
        }
    }
}

/// Says how much was said, never what.
impl fmt::Debug for ReadTurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadTurn")
            .field("speaker", &self.speaker)
            .field("sentences", &self.sentences.len())
            .finish_non_exhaustive()
    }
}

/// What the CRM says of the deal.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[non_exhaustive]
#[serde(default)]
pub struct DealFacts {
    /// The deal's name.
    pub name: Option<String>,
    /// Amount, in [`currency`](Self::currency).
    pub amount: Option<f64>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// The stage's label.
    pub stage: Option<String>,
    /// Expected close.
    pub close_date: Option<jiff::civil::Date>,
}
