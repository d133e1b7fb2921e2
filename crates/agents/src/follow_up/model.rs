//! What follows after a call: a mail to the customer, and what is for the seller alone.

use jiff::civil::Date;
use serde::Serialize;

use crate::{CallFacts, Claim};

/// What to do after a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FollowUp {
    /// The call.
    pub call: CallFacts,
    /// A mail to the customer, to be read and sent by a person; `None` when nobody of the
    /// customer took part.
    pub draft: Option<Draft>,
    /// What is for the seller alone.
    pub internal: Internal,
    /// Whether a generative model read the call, or worded the mail.
    pub ai_enhanced: bool,
    /// What the reader should know about how far this goes.
    pub notes: Vec<String>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
}

/// A mail that nobody has sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Draft {
    /// To whom: the customer's people whose address is known.
    pub to: Vec<Recipient>,
    /// Names of the customer's people without an address.
    pub without_address: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The mail as it would be sent.
    pub text: String,
    /// What the text is made of, in order, with what each sentence rests on.
    pub sentences: Vec<DraftSentence>,
    /// Whether a generative model worded it.
    pub by_model: bool,
}

/// Whom a mail goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Recipient {
    /// Full name, when known.
    pub name: Option<String>,
    /// Address.
    pub email: String,
}

/// A sentence of a mail.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DraftSentence {
    /// What it is for.
    pub section: Section,
    /// The words.
    pub text: String,
    /// What it says of the call, with the sentences that say it there. Empty for greeting,
    /// thanks and closing, which say nothing but who met and when.
    pub claims: Vec<Claim>,
}

/// A part of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Section {
    /// Whom it is to.
    Greeting,
    /// Thanks for the call.
    Thanks,
    /// What both sides agreed.
    Agreed,
    /// What the seller's side promised.
    Ours,
    /// What the customer's side promised.
    Yours,
    /// What was asked and not answered, and what hangs on something.
    Open,
    /// The end.
    Closing,
}

impl Section {
    pub(super) const ALL: [Self; 7] = [
        Self::Greeting,
        Self::Thanks,
        Self::Agreed,
        Self::Ours,
        Self::Yours,
        Self::Open,
        Self::Closing,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Greeting => "greeting",
            Self::Thanks => "thanks",
            Self::Agreed => "agreed",
            Self::Ours => "ours",
            Self::Yours => "yours",
            Self::Open => "open",
            Self::Closing => "closing",
        }
    }

    /// What stands above its list; `None` for a part that is no list.
    pub(super) fn heading(self) -> Option<&'static str> {
        match self {
            Self::Agreed => Some("What we agreed:"),
            Self::Ours => Some("What you get from us:"),
            Self::Yours => Some("What you wanted to do:"),
            Self::Open => Some("Still open:"),
            _ => None,
        }
    }
}

/// What is for the seller alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Internal {
    /// What the seller's side has to do, the earliest first, without a date last.
    pub to_dos: Vec<ToDo>,
    /// What the customer wanted to do, in the same order.
    pub waiting_for: Vec<ToDo>,
    /// Fields of the CRM that the call says something about.
    pub crm_updates: Vec<CrmUpdate>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ToDo {
    /// Who does it; `None` when nobody was named.
    pub owner: Option<String>,
    /// Whether that is the call's host.
    pub mine: bool,
    /// By when.
    pub due: Option<Date>,
    /// What, with the sentences that say it.
    pub claim: Claim,
}

/// A field of the CRM that is worth a look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CrmUpdate {
    /// The field, such as `next_step` or `close_date`.
    pub field: &'static str,
    /// What it holds now, when that is known.
    pub current: Option<String>,
    /// What was said about it.
    pub claim: Claim,
}
