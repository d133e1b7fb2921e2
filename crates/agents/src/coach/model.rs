//! What a coaching answer contains.

use calls::Provenance;
use serde::Serialize;
use snowflake_store::{Benchmark, Performance, Period, RepIdentity};

use super::call_link::CallLink;
use super::history::HistoryPoint;
use super::moment_advice::MomentAdvice;
use super::standing::MetricStanding;
use crate::Claim;
use crate::targets::{CoachMetric, CoachingSettings};

/// A rep's period compared with the team's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoachingReport {
    /// The rep, as the store knows them.
    pub rep: RepIdentity,
    /// The period.
    pub period: Period,
    /// Calls with a transcript that were looked at.
    pub calls: usize,
    /// How far to trust this.
    pub confidence: Confidence,
    /// The rep's figures.
    pub figures: Performance,
    /// The team's figures.
    pub team: Benchmark,
    /// Each metric compared with the team.
    pub metrics: Vec<MetricStanding>,
    /// The rep's figures week by week.
    pub weeks: Vec<HistoryPoint>,
    /// Whose readings the moments come from; only those of one reader are compared. `None`
    /// when no call was read.
    pub read_by: Option<Provenance>,
    /// Whether a generative model read what this speaks of.
    pub ai_enhanced: bool,
    /// Calls that this reader has read, of the newest.
    pub calls_read: usize,
    /// What to practise by moments of calls, most effective first.
    pub moments: Vec<MomentAdvice>,
    /// Moments worth repeating.
    pub to_repeat: Vec<MomentAdvice>,
    /// What the rep does better than the team's middle half, best first.
    pub strengths: Vec<CoachingClaim>,
    /// What to practise by figures, most effective first.
    pub recommendations: Vec<CoachingRecommendation>,
    /// Calls worth listening to, and why.
    pub calls_to_listen_to: Vec<ListeningPick>,
    /// What the reader should know about the limits of this answer.
    pub notes: Vec<String>,
}

/// How far to trust a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Confidence {
    /// The level.
    pub level: ConfidenceLevel,
    /// Why, in one sentence.
    pub text: String,
}

/// How far to trust a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceLevel {
    /// Fewer than three calls, when not set otherwise: single calls decide.
    Low,
    /// Three to nine calls: one call can still shift the figures.
    Medium,
    /// Ten calls and more.
    High,
}

impl Confidence {
    /// The confidence that so many calls give.
    pub(crate) fn of(calls: usize, settings: &CoachingSettings) -> Self {
        let (level, text) = match calls {
            _ if calls < settings.few_calls => (
                ConfidenceLevel::Low,
                format!(
                    "Only {} with a transcript: read this as a hint, not as a finding.",
                    crate::prose::count(calls, "call")
                ),
            ),
            _ if calls < settings.many_calls => (
                ConfidenceLevel::Medium,
                format!("{calls} calls with a transcript: one call can still shift the figures."),
            ),
            _ => (
                ConfidenceLevel::High,
                format!("{calls} calls with a transcript."),
            ),
        };
        Self { level, text }
    }

    /// The confidence as a number that claims carry.
    pub(crate) fn share(&self) -> f64 {
        match self.level {
            ConfidenceLevel::Low => 0.3,
            ConfidenceLevel::Medium => 0.7,
            ConfidenceLevel::High => 0.9,
        }
    }
}

/// A claim about a metric over several calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoachingClaim {
    /// The metric.
    pub metric: CoachMetric,
    /// The claim, with sentences from the rep's calls.
    pub claim: Claim,
    /// The calls that the sentences come from.
    pub calls: Vec<CallLink>,
}

/// What to practise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoachingRecommendation {
    /// The metric it would move.
    pub metric: CoachMetric,
    /// Gap to the team times importance; recommendations are ranked by it.
    pub weight: f64,
    /// What to do and why, with sentences from the rep's calls.
    pub claim: Claim,
    /// The calls that the sentences come from.
    pub calls: Vec<CallLink>,
    /// How a colleague does it, when the team has somebody who does it well.
    pub example: Option<PeerExample>,
}

/// How a colleague does it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PeerExample {
    /// The colleague.
    pub rep: RepIdentity,
    /// Their value of the metric in the call.
    pub value: f64,
    /// The value, formatted for people.
    pub display: String,
    /// The call.
    pub call: CallLink,
    /// What they do, with sentences from the call.
    pub claim: Claim,
}

/// A call worth listening to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ListeningPick {
    /// The call.
    pub call: CallLink,
    /// Whose call it is.
    pub rep: RepIdentity,
    /// What to listen for.
    pub reason: String,
}
