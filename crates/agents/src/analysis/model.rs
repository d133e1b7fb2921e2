//! What a call analysis contains.

use calls::analytics::{ConversationMetrics, SpeakerShare};
use calls::{Affiliation, CallId, Provenance, Sentiment, Timestamp};
use serde::Serialize;
use snowflake_store::RepIdentity;

use super::deal_context::DealContext;
use super::priority::Priority;
use super::score::{Part, Score};
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
    /// What was said, in about a hundred words; `None` when the backend has none.
    pub summary: Option<CallSummary>,
    /// Most important first.
    pub key_topics: Vec<String>,
    /// Tone of the whole call.
    pub sentiment: Option<Sentiment>,
    /// Tone along the call, in equal parts of its length.
    pub sentiment_course: Vec<CoursePoint>,
    /// What is worth knowing, most important first.
    pub insights: Vec<Claim>,
    /// What speaks against the deal, most certain first.
    pub risks: Vec<Claim>,
    /// What was agreed or promised, most certain first.
    pub next_steps: Vec<Claim>,
    /// What to do, most effective first.
    pub recommendations: Vec<Recommendation>,
    /// The deal, when one is linked.
    pub deal: Option<DealContext>,
    /// Speech by voice, most first.
    pub talk_shares: Vec<SpeakerShare>,
    /// The figures of the conversation.
    pub metrics: ConversationMetrics,
    /// Who computed tone, summary and findings.
    pub provenance: Provenance,
    /// What the reader should know about how far this analysis goes.
    pub notes: Vec<String>,
}

/// Which call it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
pub struct Participant {
    /// Name or e-mail address.
    pub name: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// The side.
    pub affiliation: Affiliation,
}

/// What was said, and the sentences it says it with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallSummary {
    /// The summary, as the language backend wrote it.
    pub text: String,
    /// Sentences of the transcript that the summary holds verbatim, in time
    /// order. A backend that paraphrases leaves this empty.
    pub evidence: Vec<Evidence>,
}

/// Tone in one part of a call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
pub struct Recommendation {
    /// The part of the score.
    pub part: Part,
    /// What to do and why, with the sentences that show it.
    pub claim: Claim,
    /// Points the overall score would gain if the part reached its target.
    pub worth_points: f64,
}
