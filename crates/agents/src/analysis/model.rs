//! What a call analysis contains.

use calls::analytics::{ConversationMetrics, SpeakerShare};
use calls::reading::Reading;
use calls::{Affiliation, CallId, GongFindings, Provenance, Sentiment, Timestamp, TopicShare};
use cortex::trackers::TrackerFindings;
use serde::Serialize;
use snowflake_store::RepIdentity;

use super::deal_context::DealContext;
use super::part::Part;
use super::priority::Priority;
use super::score::Score;
use crate::{Claim, Evidence};

/// One call, analysed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallAnalysis {
    /// The call.
    pub call: CallFacts,
    /// 0 to 100, with its parts.
    pub score: Score,
    /// How soon somebody should act, and why.
    pub priority: Priority,
    /// What was agreed, what stands in the way and how it stands.
    pub reading: CallReadingView,
    /// What Gong found; `None` where it found nothing.
    pub second_opinion: Option<SecondOpinion>,
    /// What Gong's keyword trackers find here, on a call on which Gong ran none; those that
    /// find nothing are left out.
    pub trackers: Vec<TrackerFindings>,
    /// Where it stands and what is next; `None` when the call could not be read.
    pub summary: Option<CallSummary>,
    /// Most important first.
    pub key_topics: Vec<String>,
    /// Tone of the whole call.
    pub sentiment: Option<Sentiment>,
    /// Tone along the call, in equal parts of its length.
    pub sentiment_course: Vec<CoursePoint>,
    /// What is worth knowing, most important first.
    pub insights: Vec<Claim>,
    /// What stands in the way still, the worst first, then competitors and figures.
    pub risks: Vec<Claim>,
    /// What is to happen after the call, in the order in which it was agreed.
    pub next_steps: Vec<Claim>,
    /// What to do, most effective first.
    pub recommendations: Vec<Recommendation>,
    /// The deal, when one is linked.
    pub deal: Option<DealContext>,
    /// Speech by voice, most first.
    pub talk_shares: Vec<SpeakerShare>,
    /// The figures of the conversation.
    pub metrics: ConversationMetrics,
    /// Who computed tone, topics and vectors.
    pub provenance: Provenance,
    /// What the reader should know about how far this analysis goes.
    pub notes: Vec<String>,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
}

/// A reading with who made it: the fields of [`Reading`] beside `requests` and `read_by`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallReadingView {
    /// What it says.
    #[serde(flatten)]
    pub reading: Reading,
    /// Requests to another machine that it took.
    pub requests: u32,
    /// Who read.
    pub read_by: Provenance,
    /// Whether that is a generative model.
    pub ai_enhanced: bool,
}

/// What Gong found in a call, beside our reading.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SecondOpinion {
    /// Next steps and brief as a reading. What Gong does not report has failed in it, with
    /// that reason.
    pub reading: CallReadingView,
    /// Which steps both found.
    pub next_steps: StepsCompared,
    /// What was spoken of, and how long.
    pub topics: Vec<TopicShare>,
    /// All else that Gong found.
    pub findings: GongFindings,
}

/// Next steps of two readers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct StepsCompared {
    /// Steps that both found, in our order.
    pub both: Vec<SameStep>,
    /// Positions in our reading of likely steps that Gong did not find. Empty where Gong
    /// looked for none.
    pub only_ours: Vec<usize>,
    /// Steps that we did not find.
    pub only_gong: Vec<GongStep>,
}

/// The same step in two readings. One may say in one step what the other says in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SameStep {
    /// Its position in our reading.
    pub ours: usize,
    /// Its position in Gong's.
    pub gong: usize,
}

/// A step that Gong found.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GongStep {
    /// Its position in Gong's reading.
    pub gong: usize,
    /// Where it was heard; empty where Gong does not say.
    pub evidence: Vec<Evidence>,
}

/// Which call it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallFacts {
    /// Gong's id.
    pub id: CallId,
    /// Title.
    pub title: Option<String>,
    /// Where a person opens it.
    pub url: Option<String>,
    /// Start.
    pub started: Timestamp,
    /// Length in seconds, by Gong's measurement.
    pub duration_seconds: u64,
    /// The host.
    pub rep: RepIdentity,
    /// Who took part.
    pub participants: Vec<Participant>,
    /// Sentences in the transcript.
    pub sentences: usize,
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Participant {
    /// Name or e-mail address.
    pub name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// The side.
    pub affiliation: Affiliation,
}

/// Where it stands and what is next, and the sentences it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CallSummary {
    /// The summary, in the words of who read the call.
    pub text: String,
    /// The sentences that it cites, claim by claim.
    pub evidence: Vec<Evidence>,
}

/// Tone in one part of a call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoursePoint {
    /// Start of the part, in milliseconds.
    pub start_ms: i64,
    /// End of the part, in milliseconds.
    pub end_ms: i64,
    /// Mean tone of everybody, -1 to 1; `None` without scored speech.
    pub score: Option<f64>,
    /// Mean tone of the customer's side, -1 to 1.
    pub customer_score: Option<f64>,
    /// Sentences that start in the part.
    pub sentences: usize,
}

/// What to do, tied to the part of the score that it would raise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Recommendation {
    /// The part of the score.
    pub part: Part,
    /// What to do and why, with the sentences that show it.
    pub claim: Claim,
    /// Points the overall score would gain if the part reached its target.
    pub worth_points: f64,
}
