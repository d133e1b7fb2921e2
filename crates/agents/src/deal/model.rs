//! What is said of a deal and of an account.

use calls::reading::{Handling, KnownState, PushbackKind, QualificationElement, Stance};
use calls::{CallId, DealId, DealOutcome, Timestamp};
use jiff::civil::Date;
use serde::Serialize;
use snowflake_store::RepIdentity;

use crate::{Claim, DealContext, Figure};

/// A deal over its calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealOverview {
    /// The CRM's id.
    pub deal_id: DealId,
    /// Name, stage, amount and close date as the CRM has them, else as Gong saw them.
    pub deal: Option<DealContext>,
    /// The day on which it is told. Later calls are left out.
    pub today: Date,
    /// How the deal stands by what was said and done.
    pub health: DealStanding,
    /// How well the calls were led, which is another matter.
    pub rep_skill: RepSkill,
    /// Its calls, oldest first.
    pub calls: Vec<DealCallFacts>,
    /// Older calls that are not looked at, since there are too many.
    pub calls_left_out: usize,
    /// Who of the customer's side took part, the latest first.
    pub stakeholders: Vec<Stakeholder>,
    /// What was to be done: broken and overdue first, then open, then kept, each by day.
    pub steps: Vec<DealStep>,
    /// What stands in the way, by kind: open first, then by how often it was raised.
    pub pushback: Vec<PushbackThread>,
    /// MEDDICC over all calls.
    pub qualification: Vec<Qualified>,
    /// The elements that no call has told.
    pub gaps: Vec<QualificationElement>,
    /// With whom we are compared.
    pub competitors: Vec<ComparedWith>,
    /// What the latest call changed; empty where there was one call only.
    pub changes: Vec<Claim>,
    /// What the reader should know about how far this goes.
    pub notes: Vec<String>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
    /// Whether a generative model has read any of the calls.
    pub ai_enhanced: bool,
}

/// How a deal stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealStanding {
    /// 0 (dead) to 100 (will sign): the latest reading's with what the calls together add and
    /// take away. `None` where no call could be read for it.
    pub score: Option<u8>,
    /// What the latest reading alone says.
    pub read: Option<u8>,
    /// How likely it is to be lost.
    pub risk: Option<RiskLevel>,
    /// Why, the heaviest first.
    pub reasons: Vec<HealthReason>,
}

/// How likely a deal is to be lost: `high` below 40, `medium` below 65, `low` from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(missing_docs)] // The type says it.
pub enum RiskLevel {
    Low,
    Medium,
    High,
}

/// Something that speaks for or against a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HealthReason {
    /// What kind, such as `overdue`.
    pub kind: String,
    /// What, in a sentence.
    pub text: String,
    /// The sentences that show it; `None` for what is counted, which none does.
    pub claim: Option<Claim>,
    /// The figure, where it is one that no sentence shows.
    pub figure: Option<Figure>,
    /// What it adds to the health or takes from it; 0 where its kind has moved it enough, and
    /// for why the latest reading is as it is. Together they move it by 30 at most.
    pub points: i32,
}

/// How well the calls of a deal were led.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RepSkill {
    /// 0 to 100: the mean of the calls' scores.
    pub score: Option<f64>,
    /// Calls that stand behind it.
    pub calls: usize,
}

/// A call of a deal or an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealCallFacts {
    /// The call.
    pub call_id: CallId,
    /// Title.
    pub title: Option<String>,
    /// Where a person opens it.
    pub url: Option<String>,
    /// Start.
    pub started: Timestamp,
    /// The host.
    pub rep: RepIdentity,
    /// The deal's stage at the time, where it is known.
    pub stage: Option<String>,
    /// The health of the deal that this call's reading alone says, 0 to 100.
    pub health: Option<u8>,
    /// What happened in it.
    pub happened: Vec<Claim>,
}

/// Somebody of the customer's side.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stakeholder {
    /// Name, else address.
    pub name: String,
    /// Job title, by the latest call that knows it.
    pub title: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// How they stand to the deal.
    pub stance: StakeholderStance,
    /// Whether calls name them where it is decided or signed.
    pub decides: bool,
    /// Calls in which they took part.
    pub calls: usize,
    /// The latest of these.
    pub last_seen: Timestamp,
    /// What shows the stance, the latest first; empty where nothing does.
    pub shown_by: Vec<Claim>,
}

/// How somebody stands to a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StakeholderStance {
    /// They praise, and nothing of theirs stands in the way.
    For,
    /// Both.
    Mixed,
    /// Something of theirs stands in the way.
    Against,
    /// Nothing tells.
    Unknown,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepState {
    /// A later call says that it was not done, or came late.
    Broken,
    /// It was due before today, and nothing was heard.
    Overdue,
    /// Nothing was heard, and it is not due.
    Open,
    /// A later call says that it was done, or shows it.
    Kept,
}

/// A step over the calls of a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DealStep {
    /// How it stands.
    pub state: StepState,
    /// Whether it came, too late. It is broken then.
    pub is_late: bool,
    /// What, in the words of who read the call.
    pub what: String,
    /// Who does it, by name; `both sides`, or `None` when nobody said.
    pub owner: Option<String>,
    /// Whether that is somebody of the selling company; `None` for both or nobody.
    pub is_ours: Option<bool>,
    /// By when.
    pub due: Option<Date>,
    /// How firm it was: `agreed`, `promised`, `offered`, `conditional`.
    pub firmness: &'static str,
    /// The call in which it was made.
    pub call_id: CallId,
    /// Who does what by when, and where that was said.
    pub made: Claim,
    /// What became of it, and where that was said.
    pub outcome: Option<Claim>,
}

/// What stands in the way, of one kind, over the calls of a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PushbackThread {
    /// Of what kind.
    pub kind: PushbackKind,
    /// Whether what was said last of it stands.
    pub is_open: bool,
    /// Whether a later call raises pushback of the kind again; two different objections of one
    /// kind are not told apart.
    pub came_back: bool,
    /// From 1 (a remark) to 3 (stops the deal): the worst.
    pub severity: u8,
    /// Each time that it was raised, oldest first.
    pub raised: Vec<Raised>,
}

/// Pushback in one call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Raised {
    /// The call.
    pub call_id: CallId,
    /// How it was answered there.
    pub handling: Handling,
    /// What was said, and what was answered.
    pub claim: Claim,
}

/// An element of MEDDICC over the calls of a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Qualified {
    /// The element.
    pub element: QualificationElement,
    /// How much is known.
    pub state: KnownState,
    /// What, by the latest call that tells most; `None` where none does.
    pub known: Option<Claim>,
}

/// A competitor over the calls of a deal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ComparedWith {
    /// The name as meant.
    pub name: String,
    /// How the customer stands to it, by the latest call that tells.
    pub stance: Stance,
    /// Calls in which it came up.
    pub calls: usize,
    /// Where it came up last.
    pub claim: Claim,
}

/// An account over its calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AccountTimeline {
    /// As it was asked for.
    pub account: String,
    /// The company's name in the CRM.
    pub company: Option<String>,
    /// The day on which it is told. Later calls are left out.
    pub today: Date,
    /// Its deals, that of the latest call first.
    pub deals: Vec<AccountDeal>,
    /// Its calls, oldest first.
    pub calls: Vec<AccountCall>,
    /// Older calls that are not looked at, since there are too many.
    pub calls_left_out: usize,
    /// Steps that are open or overdue, by day.
    pub open_steps: Vec<DealStep>,
    /// Who of the customer's side took part, the latest first.
    pub people: Vec<Stakeholder>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
    /// Whether a generative model has read any of the calls.
    pub ai_enhanced: bool,
}

/// A deal of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AccountDeal {
    /// The CRM's id.
    pub deal_id: DealId,
    /// Name.
    pub name: Option<String>,
    /// Stage now.
    pub stage: Option<String>,
    /// How it stands; `None` when only Gong's copy of the deal is known.
    pub outcome: Option<DealOutcome>,
    /// Its calls among those of the account.
    pub calls: usize,
}

/// A call of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AccountCall {
    /// The deal that it is about.
    pub deal_id: Option<DealId>,
    /// The call and what happened in it.
    #[serde(flatten)]
    pub facts: DealCallFacts,
}
