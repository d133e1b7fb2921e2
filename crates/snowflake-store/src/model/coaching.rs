//! What a coach needs: figures of a rep and the team, and how they develop.

use calls::reading::CallType;
use calls::{CallId, DealId, DealOutcome, Provenance, Sentiment, Timestamp, UserId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::CitedItem;

/// A span of time by call start: `from` inclusive, `to` exclusive.
pub type Period = super::Window;

/// Who a rep is, as the caller knows them. A rep is the primary user of a call.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rep {
    /// By Gong user id.
    Id(UserId),
    /// By e-mail address, in any case.
    Email(String),
    /// By full name, in any case.
    Name(String),
    /// Each of these, by Gong user id, such as the reps of a team.
    AnyOf(Vec<UserId>),
}

/// Who a rep is, as the store knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RepIdentity {
    /// Gong user id.
    pub id: Option<UserId>,
    /// E-mail address.
    pub email: Option<String>,
    /// Full name.
    pub name: Option<String>,
}

/// Which calls to list. Deleted calls never are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallQuery {
    /// Calls of one rep.
    pub rep: Option<Rep>,
    /// Calls that started in it.
    pub period: Option<Period>,
    /// Calls of one deal, whichever of their deals it is; an id that was merged away
    /// stands for the survivor.
    pub deal_id: Option<DealId>,
    /// Calls with a company: by its name or domain in the CRM, by the domain of the address of
    /// a participant who is no colleague, or by the name that Gong saw, which a store may go by
    /// only where nothing else finds a call. In any case, of English letters at least, as the
    /// next two.
    pub account: Option<String>,
    /// Calls with somebody, by e-mail address, colleagues included.
    pub participant: Option<String>,
    /// Calls whose own deal is in a stage now, by the label or the id in the CRM mirror.
    pub deal_stage: Option<String>,
    /// Calls whose own deal stands so in the CRM mirror.
    pub outcome: Option<DealOutcome>,
    /// Calls of a kind, by a reading of their present transcript.
    pub call_type: Option<CallType>,
    /// Calls that hold all of these words, as a title may, or a passage of an analysed
    /// call; of frequent words the newest passages. Words are words, as in
    /// [`search_chunks`](crate::CallReader::search_chunks).
    pub words: Option<String>,
    /// Only calls that no language backend has looked at.
    pub without_insights: bool,
    /// Only calls whose present transcript this reader has not read, or not wholly for a
    /// reason that may pass.
    pub without_reading_of: Option<Provenance>,
    /// Only calls with a transcript.
    pub with_transcript: bool,
    /// Order.
    pub order: CallOrder,
    /// At most this many; 0 gives none.
    pub limit: usize,
}

/// Order of a listing; ties by call id.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CallOrder {
    /// Latest start first.
    #[default]
    NewestFirst,
    /// Earliest start first.
    OldestFirst,
}

/// A call in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallHeader {
    /// The call.
    pub id: CallId,
    /// Title.
    pub title: Option<String>,
    /// Start.
    pub started: Timestamp,
    /// Length in seconds.
    pub duration_seconds: u64,
    /// The host.
    pub rep: RepIdentity,
    /// The call's own deal: the first that Gong linked, else the one it was matched with.
    pub deal_id: Option<DealId>,
    /// Tone, when computed.
    pub sentiment: Option<Sentiment>,
    /// Whether a transcript is stored.
    pub has_transcript: bool,
}

/// A call with the data a coach looks at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoachingCall {
    /// The call.
    pub header: CallHeader,
    /// Figures of this call alone (`calls == 1`).
    pub figures: Performance,
    /// Summary, when computed.
    pub summary: Option<String>,
    /// Risks, when computed.
    pub risks: Vec<CitedItem>,
    /// Next steps, when computed.
    pub next_steps: Vec<CitedItem>,
    /// How the deal stands, when the CRM mirror knows it.
    pub outcome: Option<DealOutcome>,
    /// Who computed tone, summary, risks and next steps: those of different backends are not
    /// comparable.
    pub insights_by: Option<Provenance>,
}

/// Figures over calls: each averaged over the calls that have it, so one long
/// call weighs no more than a short one. Units and definitions are those of
/// [`ConversationMetrics`](calls::analytics::ConversationMetrics).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// Calls counted.
    pub calls: u64,
    /// Their total length in seconds.
    pub total_seconds: u64,
    /// Rep speech as a share of all speech, 0 to 1.
    pub talk_ratio: Option<f64>,
    /// Seconds.
    pub longest_monologue_seconds: Option<f64>,
    /// Seconds.
    pub longest_customer_story_seconds: Option<f64>,
    /// Speaker switches per minute.
    pub interactivity: Option<f64>,
    /// Seconds.
    pub patience_seconds: Option<f64>,
    /// Rep questions per hour.
    pub question_rate: Option<f64>,
    /// Fillers per 100 words of the rep.
    pub filler_rate: Option<f64>,
    /// Mean call sentiment, -1 to 1.
    pub sentiment: Option<f64>,
    /// Share of calls (that a language backend looked at) with a next step, 0 to 1.
    pub next_step_share: Option<f64>,
    /// Distinct deals won.
    pub deals_won: u64,
    /// Distinct deals lost.
    pub deals_lost: u64,
    /// Distinct deals open.
    pub deals_open: u64,
    /// Sum of the amounts of the deals won, currencies not converted.
    pub amount_won: Option<Decimal>,
}

/// A team's figures: spread over reps, each rep counted once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Reps counted.
    pub reps: u64,
    /// Calls counted.
    pub calls: u64,
    /// See [`Performance::talk_ratio`].
    pub talk_ratio: Option<Spread>,
    /// See [`Performance::longest_monologue_seconds`].
    pub longest_monologue_seconds: Option<Spread>,
    /// See [`Performance::longest_customer_story_seconds`].
    pub longest_customer_story_seconds: Option<Spread>,
    /// See [`Performance::interactivity`].
    pub interactivity: Option<Spread>,
    /// See [`Performance::patience_seconds`].
    pub patience_seconds: Option<Spread>,
    /// See [`Performance::question_rate`].
    pub question_rate: Option<Spread>,
    /// See [`Performance::filler_rate`].
    pub filler_rate: Option<Spread>,
    /// See [`Performance::sentiment`].
    pub sentiment: Option<Spread>,
    /// See [`Performance::next_step_share`].
    pub next_step_share: Option<Spread>,
}

/// How a figure is spread over reps. Quartiles by linear interpolation, as
/// Snowflake's `PERCENTILE_CONT`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Smallest.
    pub min: f64,
    /// First quartile.
    pub p25: f64,
    /// Median.
    pub median: f64,
    /// Third quartile.
    pub p75: f64,
    /// Largest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}
