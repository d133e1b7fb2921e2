//! What is asked of which calls, and what is answered.

use calls::{CallId, DealId};
use serde::Serialize;
use snowflake_store::{Period, Rep};

use crate::Evidence;

/// Sentences that an answer cites at most.
pub(super) const MOST_EVIDENCE: usize = 5;

/// The calls that a question is about.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AskScope {
    /// One call.
    Call(CallId),
    /// The calls of a deal.
    Deal(DealId),
    /// The calls with a company, by its name or domain, or the domain of a participant.
    Account(String),
    /// The calls of a period.
    Period {
        /// By their start.
        period: Period,
        /// Only those of one rep.
        rep: Option<Rep>,
    },
}

/// Whose words an answer is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AnswerSource {
    /// Those of the calls.
    Extracts,
    /// A generative model's, held against the calls.
    Model,
}

/// An answer with what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AskedAnswer {
    /// Whether the calls say it.
    pub answered: bool,
    /// The answer; `Not said.` when they do not.
    pub answer: String,
    /// The sentences that it rests on, best first, at most five. Empty when the calls do
    /// not say it.
    pub evidence: Vec<Evidence>,
    /// Whose words the answer is in.
    pub source: AnswerSource,
    /// Whether a generative model wrote it, or read a call that was asked.
    pub ai_enhanced: bool,
    /// Calls that were asked.
    pub calls_searched: usize,
    /// Calls of the scope that were not asked, because there are too many. The newest
    /// are asked.
    pub calls_left_out: usize,
    /// Why it is less than what was asked for; empty when it is not.
    pub degraded: Vec<String>,
}

impl AskedAnswer {
    /// The calls do not say it, by whoever looked.
    pub(super) fn not_said(source: AnswerSource) -> Self {
        Self {
            answered: false,
            answer: "Not said.".to_owned(),
            evidence: Vec::new(),
            source,
            ai_enhanced: source == AnswerSource::Model,
            calls_searched: 0,
            calls_left_out: 0,
            degraded: Vec::new(),
        }
    }
}
