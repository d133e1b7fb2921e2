//! What recurs over calls, as an answer.

use calls::{DealOutcome, Provenance};
use serde::Serialize;
use snowflake_store::Period;

use crate::Claim;
use crate::targets::CoachMetric;

/// What recurs over the calls of a period.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Patterns {
    /// The span of time; `None` when the store has no call at all.
    pub period: Option<Period>,
    /// Calls with a transcript that were looked at, newest first.
    pub calls: usize,
    /// Those of them that the reader has read: shares are of these.
    pub calls_read: usize,
    /// Whose readings they are; only those of one reader are compared.
    pub read_by: Option<Provenance>,
    /// Whether a generative model read what it speaks of.
    pub ai_enhanced: bool,
    /// How the deals of the calls read stand.
    pub outcomes: Vec<OutcomeCount>,
    /// Kinds of pushback that recur, most calls first.
    pub pushback: Vec<Pattern>,
    /// Competitors that recur.
    pub competitors: Vec<Pattern>,
    /// Problems that recur: those that mean much the same are one.
    pub pains: Vec<Pattern>,
    /// Kinds of coachable moments that recur.
    pub moments: Vec<Pattern>,
    /// What tells the calls of won deals from those of lost ones, clearest first; empty too
    /// when there are too few deals to say.
    pub separates: Vec<Separation>,
    /// What the reader should know about the limits of this answer.
    pub notes: Vec<String>,
}

/// How many calls belong to deals that stand so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OutcomeCount {
    /// How the deals stand; `None` for calls without a deal that the CRM mirror knows.
    pub outcome: Option<DealOutcome>,
    /// Calls.
    pub calls: usize,
    /// Distinct deals.
    pub deals: usize,
}

/// Something that was heard in at least two calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Pattern {
    /// What: a kind, a name, or a problem in the words of who read it.
    pub what: String,
    /// Calls in which it was heard.
    pub calls: usize,
    /// Their share of the calls read, 0 to 1.
    pub share: f64,
    /// Calls in which it was heard by how their deals stand, and the share of all calls that
    /// stand so.
    pub by_outcome: Vec<OutcomeShare>,
    /// Of pushback the share that was met by an answer, 0 to 1.
    pub met: Option<f64>,
    /// The counts in a sentence, with words from several calls.
    pub claim: Claim,
}

/// How many of the calls that stand so have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutcomeShare {
    /// How the deals stand.
    pub outcome: Option<DealOutcome>,
    /// Calls that have it.
    pub calls: usize,
    /// Calls that stand so.
    pub of: usize,
    /// The one over the other, 0 to 1.
    pub share: f64,
}

/// Something that tells won deals from lost ones. Deals are compared and not calls, since
/// the calls of one deal are alike.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Separation {
    /// What.
    pub what: String,
    /// The metric, where it is one.
    pub metric: Option<CoachMetric>,
    /// The mean over won deals; of what is heard or not the share of deals.
    pub won: f64,
    /// Won deals behind it.
    pub deals_won: usize,
    /// The mean over lost deals.
    pub lost: f64,
    /// Lost deals behind it.
    pub deals_lost: usize,
    /// The difference in standard errors; 2.6 and more are listed, since many things are
    /// compared.
    pub standard_errors: f64,
    /// The difference in a sentence, with words that show it.
    pub claim: Claim,
}
