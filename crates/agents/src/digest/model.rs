//! What happened in a period, what comes next, and what is worth a look.

use calls::reading::PushbackKind;
use calls::{DealId, DealOutcome, Timestamp};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use snowflake_store::{Period, RepIdentity};

use crate::{CallLink, Claim};

/// A period in a page. Every list has what matters most first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Digest {
    /// The period, by the start of calls.
    pub period: Period,
    /// The day that due dates are counted from.
    pub today: Date,
    /// The rep, when it is about one.
    pub rep: Option<RepIdentity>,
    /// How many calls it rests on.
    pub calls: DigestCalls,
    /// Deals won in the period.
    pub won: Vec<DigestDeal>,
    /// Deals lost in the period.
    pub lost: Vec<DigestDeal>,
    /// Other deals with a call in the period: those whose stage moved first, then by amount.
    pub deals: Vec<DigestDeal>,
    /// Steps whose day has passed without a later call of their deal, the oldest last.
    pub overdue: Vec<DueStep>,
    /// Steps of the next days, the earliest first.
    pub due_next: Vec<DueStep>,
    /// Pushback that stood in the way of several deals.
    pub recurring: Vec<RecurringPushback>,
    /// What stands in the way and was not heard on the deal's earlier calls, the worst first.
    pub new_risks: Vec<NewRisk>,
    /// Calls worth hearing.
    pub worth_hearing: Vec<WorthHearing>,
    /// Whether a generative model read what it speaks of.
    pub ai_enhanced: bool,
    /// The whole as a message for a chat, without markup.
    pub text: String,
    /// What the reader should know about how far this goes.
    pub notes: Vec<String>,
}

/// How many calls a digest rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct DigestCalls {
    /// Calls that were held.
    pub held: usize,
    /// Their length together, in seconds.
    pub seconds: u64,
    /// Those that were read and are spoken of here.
    pub read: usize,
    /// Those with a transcript and no reading.
    pub not_read: usize,
    /// Those that were read and are too many to be spoken of.
    pub left_out: usize,
}

/// A deal with calls in the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DigestDeal {
    /// HubSpot's id.
    pub id: DealId,
    /// Name.
    pub name: Option<String>,
    /// The stage now, as far as it is known.
    pub stage: Option<String>,
    /// Stages that it entered in the period, in order.
    pub moves: Vec<StageMove>,
    /// How it stands, when the CRM mirror knows it.
    pub outcome: Option<DealOutcome>,
    /// Amount, in [`currency`](Self::currency).
    pub amount: Option<Decimal>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// Its calls in the period, newest first.
    pub calls: Vec<CallLink>,
    /// Deal health by the newest of them that was read, 0 to 100.
    pub health: Option<u8>,
    /// Why, strongest first.
    pub why: Vec<Claim>,
}

/// A stage that a deal entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StageMove {
    /// The stage before, when known.
    pub from: Option<String>,
    /// The stage.
    pub to: String,
    /// When.
    pub at: Timestamp,
}

/// A step with a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DueStep {
    /// The day.
    pub due: Date,
    /// Days from today; negative when it has passed.
    pub days: i32,
    /// Who does it; `None` when nobody was named.
    pub owner: Option<String>,
    /// Whether that is the seller's side; `None` when it is both or nobody's.
    pub ours: Option<bool>,
    /// The call.
    pub call: CallLink,
    /// Name of the deal, else its id.
    pub deal: Option<String>,
    /// What, with its sentences.
    pub claim: Claim,
}

/// Pushback of a kind in several deals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecurringPushback {
    /// The kind.
    pub kind: PushbackKind,
    /// Its name for people.
    pub label: String,
    /// Calls of the period with it.
    pub calls: usize,
    /// Deals with it; a call without a deal counts as one.
    pub deals: usize,
    /// How often it stands still.
    pub open: usize,
    /// What was said, the worst first, of each deal at most one.
    pub examples: Vec<NewRisk>,
}

/// Something that stands in the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NewRisk {
    /// The call.
    pub call: CallLink,
    /// Name of the deal, else its id.
    pub deal: Option<String>,
    /// What, with its sentences.
    pub claim: Claim,
}

/// A call worth hearing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WorthHearing {
    /// The call.
    pub call: CallLink,
    /// Whose call it is.
    pub rep: RepIdentity,
    /// What to listen for, with its sentences.
    pub claim: Claim,
}
