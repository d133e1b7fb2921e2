//! How soon somebody should act on a call.
//!
//! Points are added up from the deal's value, its stage, the risks heard and the
//! time left. The rule is ours and small enough to be read aloud: six points and
//! more are high, three and more are medium. Time is measured from the call and
//! not from the clock, so the same call gives the same priority whenever it is
//! analysed.

use calls::{Call, DealOutcome};
use jiff::SignedDuration;
use rust_decimal::Decimal;
use serde::Serialize;

use super::deal_context::DealContext;
use super::score::Score;
use crate::{Claim, Evidence, prose};

/// Points from which a call is urgent.
const HIGH: u32 = 6;

/// Points from which a call is worth a look.
const MEDIUM: u32 = 3;

/// A deal that is large for a mid-market team; half of it is worth one point.
const LARGE_DEAL: i64 = 50_000;

/// How soon somebody should act, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Priority {
    /// The level.
    pub level: PriorityLevel,
    /// Sum of the reasons' points.
    pub points: u32,
    /// Why, most points first. Empty when nothing presses.
    pub reasons: Vec<PriorityReason>,
}

/// How soon somebody should act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PriorityLevel {
    /// When there is time.
    Low,
    /// This week.
    Medium,
    /// Today.
    High,
}

/// One reason for a priority.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PriorityReason {
    /// What it is about.
    pub factor: PriorityFactor,
    /// Why, in one sentence.
    pub text: String,
    /// What it adds.
    pub points: u32,
    /// Sentences it rests on; empty for reasons that come from the CRM.
    pub evidence: Vec<Evidence>,
}

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PriorityFactor {
    /// The amount of the deal.
    DealValue,
    /// How far the deal is.
    Stage,
    /// What speaks against the deal.
    Risk,
    /// How much time is left.
    Time,
    /// How the call went.
    CallQuality,
}

/// Weighs a call.
pub(crate) fn priority(
    call: &Call,
    deal: Option<&DealContext>,
    risks: &[Claim],
    score: &Score,
    has_next_step: bool,
) -> Priority {
    let outcome = deal.and_then(|deal| deal.outcome);
    let mut reasons = Vec::new();
    let is_closed = outcome.is_some_and(DealOutcome::is_closed);
    if !is_closed {
        reasons.extend(deal.and_then(deal_value));
        reasons.extend(deal.and_then(stage));
        reasons.extend(deal.and_then(|deal| time(call, deal)));
    }
    reasons.extend(risk(risks));
    if !has_next_step {
        reasons.push(PriorityReason {
            factor: PriorityFactor::Time,
            text: "No next step was agreed.".to_owned(),
            points: 1,
            evidence: Vec::new(),
        });
    }
    if score.overall < 50.0 {
        reasons.push(PriorityReason {
            factor: PriorityFactor::CallQuality,
            text: format!("The call scored {:.0} of 100.", score.overall),
            points: 1,
            evidence: Vec::new(),
        });
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
    let points = reasons.iter().map(|reason| reason.points).sum();
    let level = match (is_closed, points) {
        // A closed deal cannot be saved any more; its call may still teach.
        (true, _) => PriorityLevel::Low,
        (_, HIGH..) => PriorityLevel::High,
        (_, MEDIUM..) => PriorityLevel::Medium,
        _ => PriorityLevel::Low,
    };
    Priority {
        level,
        points,
        reasons,
    }
}

fn deal_value(deal: &DealContext) -> Option<PriorityReason> {
    let amount = deal.amount?;
    let points = if amount >= Decimal::from(LARGE_DEAL) {
        2
    } else if amount >= Decimal::from(LARGE_DEAL / 2) {
        1
    } else {
        return None;
    };
    let amount = prose::money(amount, deal.currency.as_deref());
    Some(PriorityReason {
        factor: PriorityFactor::DealValue,
        text: format!("The deal is worth {amount}."),
        points,
        evidence: Vec::new(),
    })
}

fn stage(deal: &DealContext) -> Option<PriorityReason> {
    let probability = deal
        .probability
        .filter(|chance| (0.5..1.0).contains(chance))?;
    let stage = deal.stage.as_deref().unwrap_or("its stage");
    Some(PriorityReason {
        factor: PriorityFactor::Stage,
        text: format!(
            "The deal is far along ({stage}, {} chance to be won).",
            prose::percent(probability)
        ),
        points: 1,
        evidence: Vec::new(),
    })
}

fn time(call: &Call, deal: &DealContext) -> Option<PriorityReason> {
    let left = deal.close_date?.duration_since(call.started);
    let days = left.as_hours() / 24;
    let (points, text) = if left < SignedDuration::ZERO {
        (
            2,
            "The expected close date had passed before the call.".to_owned(),
        )
    } else if days <= 14 {
        let days = prose::count(usize::try_from(days).unwrap_or(0), "day");
        (
            2,
            format!("The deal is due to close {days} after the call."),
        )
    } else if days <= 45 {
        (
            1,
            format!("The deal is due to close {days} days after the call."),
        )
    } else {
        return None;
    };
    Some(PriorityReason {
        factor: PriorityFactor::Time,
        text,
        points,
        evidence: Vec::new(),
    })
}

fn risk(risks: &[Claim]) -> Option<PriorityReason> {
    let sure: Vec<&Claim> = risks
        .iter()
        .filter(|risk| risk.confidence() >= 0.5)
        .collect();
    let points = match sure.len() {
        0 => return None,
        1 => 1,
        2 | 3 => 2,
        _ => 3,
    };
    Some(PriorityReason {
        factor: PriorityFactor::Risk,
        text: format!("{} open after the call.", prose::count(sure.len(), "risk")),
        points,
        evidence: sure
            .iter()
            .filter_map(|risk| risk.evidence().first().cloned())
            .take(3)
            .collect(),
    })
}
