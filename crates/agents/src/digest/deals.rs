//! Deals with calls in the period.

use std::collections::HashMap;

use calls::reading::{Claim as ReadClaim, Reading};
use calls::{CallId, Deal, DealId, DealOutcome};
use snowflake_store::{CallDetail, Period};

use super::gather::ReadCall;
use super::model::{DigestDeal, StageMove};
use crate::analysis::{deal_context, read_claim};
use crate::conversation::Conversation;
use crate::{CallLink, Result};

/// Reasons for a deal's health that are shown.
const REASONS: usize = 2;

/// Won, lost and others.
#[derive(Default)]
pub(super) struct Deals {
    pub(super) won: Vec<DigestDeal>,
    pub(super) lost: Vec<DigestDeal>,
    pub(super) others: Vec<DigestDeal>,
}

pub(super) fn deals(
    calls: &[ReadCall],
    details: &HashMap<CallId, CallDetail>,
    period: Period,
) -> Result<Deals> {
    let mut found: Vec<DigestDeal> = Vec::new();
    let mut closed: HashMap<DealId, bool> = HashMap::new();
    for call in calls.iter().filter(|call| call.is_in_period) {
        let Some(detail) = details.get(&call.header.id) else {
            continue;
        };
        let Some(context) = deal_context(detail) else {
            continue;
        };
        let link = CallLink::from(&call.header);
        if let Some(known) = found.iter_mut().find(|deal| deal.id == context.id) {
            known.calls.push(link);
            continue;
        }
        let (health, why) = match &call.reading {
            Some(reading) => (reading.deal_health, health_why(detail, reading)?),
            None => (None, Vec::new()),
        };
        closed.insert(context.id.clone(), closes_in(detail.deal.as_ref(), period));
        found.push(DigestDeal {
            id: context.id,
            name: context.name,
            stage: context.stage,
            moves: moves(detail.deal.as_ref(), period),
            outcome: context.outcome,
            amount: context.amount,
            currency: context.currency,
            calls: vec![link],
            health,
            why,
        });
    }
    found.sort_by_key(|deal| std::cmp::Reverse((!deal.moves.is_empty(), deal.amount)));
    let mut deals = Deals::default();
    for deal in found {
        let is_closed = closed.get(&deal.id).copied().unwrap_or_default();
        match deal.outcome {
            Some(DealOutcome::Won) if is_closed => deals.won.push(deal),
            Some(DealOutcome::Lost) if is_closed => deals.lost.push(deal),
            _ => deals.others.push(deal),
        }
    }
    Ok(deals)
}

fn health_why(detail: &CallDetail, reading: &Reading) -> Result<Vec<crate::Claim>> {
    let conversation = Conversation::of(detail)?;
    let heard = reading
        .deal_health_why
        .iter()
        .filter(|one| !one.sentences.is_empty());
    let claims = heard.take(REASONS).map(|one: &ReadClaim| {
        read_claim(
            &conversation,
            "deal_health",
            one.what.clone(),
            1.0,
            &one.sentences,
        )
    });
    claims.filter_map(Result::transpose).collect()
}

fn closes_in(deal: Option<&Deal>, period: Period) -> bool {
    let closes = deal.and_then(|deal| deal.close_date);
    closes.is_some_and(|at| period.from <= at && at < period.to)
}

fn moves(deal: Option<&Deal>, period: Period) -> Vec<StageMove> {
    let stays = deal
        .map(|deal| deal.stage_stays.as_slice())
        .unwrap_or_default();
    let label = |stay: &calls::StageStay| {
        let label = stay.stage_label.clone();
        label.unwrap_or_else(|| stay.stage_id.to_string())
    };
    let mut before: Option<String> = None;
    let mut moves = Vec::new();
    for stay in stays {
        let from = before.replace(label(stay));
        // A deal that was made in the period has not moved.
        if from.is_some() && period.from <= stay.entered && stay.entered < period.to {
            moves.push(StageMove {
                from,
                to: label(stay),
                at: stay.entered,
            });
        }
    }
    moves
}
