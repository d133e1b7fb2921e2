//! What tasks give.

use serde::Serialize;
use snowflake_store::CallHeader;

use super::batch::BatchReport;
use super::cards::ScoredCall;
use crate::scorecard::ScorecardResult;
use crate::{
    AccountTimeline, AskedAnswer, CallAnalysis, CoachingReport, CoachingSummary, DealOverview,
    Digest, FollowUp, FoundCall, Patterns, SentimentTrends, TeamBenchmark, TeamOverview,
};

/// The result of a task.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum TaskResult {
    /// Of `analyze_call`.
    Analysis(Box<CallAnalysis>),
    /// Of `coach_rep`.
    Coaching(Box<CoachingReport>),
    /// Of `find_similar_calls` and `search_calls`.
    Found {
        /// Best first.
        calls: Vec<FoundCall>,
    },
    /// Of `batch_analysis`.
    Batch(BatchReport),
    /// Of `team_overview`.
    Team(Box<TeamOverview>),
    /// Of `coaching_summary`.
    Summary(Box<CoachingSummary>),
    /// Of `team_benchmark`.
    Benchmark(Box<TeamBenchmark>),
    /// Of `find_patterns`.
    Patterns(Box<Patterns>),
    /// Of `sentiment_trends`.
    Sentiment(Box<SentimentTrends>),
    /// Of `ask`.
    Asked(Box<AskedAnswer>),
    /// Of `score_call`.
    Scored(Box<ScoredCall>),
    /// Of `scorecard`.
    Scorecard(Box<ScorecardResult>),
    /// Of `follow_up`.
    FollowUp(Box<FollowUp>),
    /// Of `digest`.
    Digest(Box<Digest>),
    /// Of `deal_overview`.
    Deal(Box<DealOverview>),
    /// Of `account_timeline`.
    Account(Box<AccountTimeline>),
    /// Of `list_calls`.
    Listed {
        /// In the requested order.
        calls: Vec<CallHeader>,
    },
}

impl TaskResult {
    /// Why it is less than what was asked for, each reason once; empty when it is not.
    pub fn degraded(&self) -> Vec<&str> {
        let mut reasons: Vec<&str> = Vec::new();
        for analysis in self.analyses() {
            for reason in &analysis.degraded {
                if !reasons.contains(&reason.as_str()) {
                    reasons.push(reason);
                }
            }
        }
        if let Self::Asked(answer) = self {
            reasons.extend(answer.degraded.iter().map(String::as_str));
        }
        if let Self::Scored(scored) = self {
            reasons.extend(scored.score.degraded.iter().map(String::as_str));
        }
        if let Self::FollowUp(one) = self {
            reasons.extend(one.degraded.iter().map(String::as_str));
        }
        for reason in self.scorecard().into_iter().flat_map(|card| &card.degraded) {
            if !reasons.contains(&reason.as_str()) {
                reasons.push(reason);
            }
        }
        let over_calls = match self {
            Self::Deal(deal) => deal.degraded.as_slice(),
            Self::Account(account) => account.degraded.as_slice(),
            _ => &[],
        };
        reasons.extend(over_calls.iter().map(String::as_str));
        reasons
    }

    /// Whether it lists calls, or tells of some, and there is none.
    pub(super) fn found_nothing(&self) -> bool {
        match self {
            Self::Found { calls } => calls.is_empty(),
            Self::Listed { calls } => calls.is_empty(),
            Self::Patterns(patterns) => patterns.calls == 0,
            Self::Sentiment(trends) => trends.calls == 0,
            Self::Asked(answer) => answer.calls_searched == 0,
            _ => false,
        }
    }

    /// Whether a generative model has read what it speaks of, or written it.
    pub fn is_ai_enhanced(&self) -> bool {
        match self {
            Self::Analysis(analysis) => analysis.reading.ai_enhanced,
            Self::Batch(_) => self.analyses().any(|one| one.reading.ai_enhanced),
            Self::Scored(scored) => {
                let card = scored.scorecard.as_ref();
                scored.score.ai_enhanced || card.is_some_and(|card| card.ai_enhanced)
            }
            Self::Scorecard(card) => card.ai_enhanced,
            Self::Asked(answer) => answer.ai_enhanced,
            Self::FollowUp(one) => one.ai_enhanced,
            Self::Deal(deal) => deal.ai_enhanced,
            Self::Account(account) => account.ai_enhanced,
            Self::Coaching(report) => report.ai_enhanced,
            Self::Summary(summary) => summary.ai_enhanced,
            Self::Team(team) => team.ai_enhanced,
            Self::Benchmark(benchmark) => benchmark.ai_enhanced,
            Self::Patterns(patterns) => patterns.ai_enhanced,
            Self::Sentiment(trends) => trends.ai_enhanced,
            Self::Digest(digest) => digest.ai_enhanced,
            Self::Found { .. } | Self::Listed { .. } => false,
        }
    }

    pub(super) fn scorecard(&self) -> Option<&ScorecardResult> {
        match self {
            Self::Scored(scored) => scored.scorecard.as_ref(),
            Self::Scorecard(card) => Some(card),
            _ => None,
        }
    }

    pub(super) fn analyses(&self) -> impl Iterator<Item = &CallAnalysis> {
        let (one, many) = match self {
            Self::Analysis(analysis) => (Some(&**analysis), None),
            Self::Batch(report) => (None, Some(&report.calls)),
            _ => (None, None),
        };
        let many = many.into_iter().flatten();
        one.into_iter()
            .chain(many.filter_map(|item| item.outcome.as_deref().ok()))
    }
}
