//! Steps with a day: due next, and overdue.

use std::collections::HashMap;

use calls::reading::{NextStep, Owner, StepStatus};
use calls::{Affiliation, CallId, DealOutcome, Party};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use snowflake_store::CallDetail;

use super::gather::ReadCall;
use super::model::DueStep;
use crate::analysis::{deal_context, owner_name, read_claim, step_text};
use crate::conversation::Conversation;
use crate::insights::party_id;
use crate::{CallLink, Result};

/// Days ahead that are shown.
const DAYS_AHEAD: i32 = 7;

/// Steps of a list.
const MOST: usize = 30;

/// A step whose day has come near or has passed.
pub(super) struct Dated<'c> {
    call: &'c ReadCall,
    step: &'c NextStep,
    due: Date,
    days: i32,
}

/// The steps that are shown, and how many have passed that a later call may have settled.
pub(super) fn dated(calls: &[ReadCall], today: Date) -> (Vec<Dated<'_>>, usize) {
    let mut dated = Vec::new();
    let mut settled = 0;
    for call in calls {
        let steps = call.reading.iter().flat_map(|reading| &reading.next_steps);
        let firm =
            |step: &&NextStep| matches!(step.status, StepStatus::Agreed | StepStatus::Promised);
        for step in steps.filter(firm) {
            let Some(due) = step.due else { continue };
            let days = days_between(today, due);
            if days > DAYS_AHEAD {
                continue;
            }
            if days < 0 && has_later_call(calls, call, due) {
                settled += 1;
                continue;
            }
            dated.push(Dated {
                call,
                step,
                due,
                days,
            });
        }
    }
    // What passed last can be mended best.
    dated.sort_by_key(|one| (one.days < 0, one.days.abs()));
    let ahead = dated.iter().filter(|one| one.days >= 0).count();
    let mut place = 0;
    dated.retain(|one| {
        let at = if one.days < 0 {
            place - ahead.min(place)
        } else {
            place
        };
        place += 1;
        at < MOST
    });
    (dated, settled)
}

impl Dated<'_> {
    pub(super) fn call_id(&self) -> &CallId {
        &self.call.header.id
    }
}

/// Overdue and due next.
pub(super) fn due(
    dated: &[Dated<'_>],
    details: &HashMap<CallId, CallDetail>,
) -> Result<(Vec<DueStep>, Vec<DueStep>)> {
    let (mut overdue, mut next) = (Vec::new(), Vec::new());
    for one in dated {
        let Some(detail) = details.get(one.call_id()) else {
            continue;
        };
        let deal = deal_context(detail);
        let outcome = deal.as_ref().and_then(|deal| deal.outcome);
        if outcome.is_some_and(DealOutcome::is_closed) {
            continue;
        }
        let conversation = Conversation::of(detail)?;
        let text = step_text(&conversation, one.step);
        let sure = one.step.confidence.value;
        let claim = read_claim(&conversation, "next_step", text, sure, &one.step.sentences)?;
        let owner = one.step.owner.as_ref();
        let list = if one.days < 0 {
            &mut overdue
        } else {
            &mut next
        };
        list.extend(claim.map(|claim| DueStep {
            due: one.due,
            days: one.days,
            owner: owner.map(|_| owner_name(&conversation, owner)),
            ours: side_of(&conversation, owner),
            call: CallLink::from(&one.call.header),
            deal: deal.map(|deal| deal.name.unwrap_or_else(|| deal.id.to_string())),
            claim,
        }));
    }
    Ok((overdue, next))
}

fn side_of(conversation: &Conversation<'_>, owner: Option<&Owner>) -> Option<bool> {
    let Owner::Party(id) = owner? else {
        return None;
    };
    let mut parties = conversation.call.parties.iter();
    let party = parties.find(|party: &&Party| party_id(party).as_ref() == Some(id))?;
    match party.affiliation {
        Affiliation::Internal => Some(true),
        Affiliation::External => Some(false),
        _ => None,
    }
}

/// Whether the deal was spoken of again after the day had come.
fn has_later_call(calls: &[ReadCall], call: &ReadCall, due: Date) -> bool {
    let Some(deal) = &call.header.deal_id else {
        return false;
    };
    calls.iter().any(|other| {
        let day = TimeZone::UTC.to_datetime(other.header.started).date();
        other.header.deal_id.as_ref() == Some(deal)
            && other.header.started > call.header.started
            && day >= due
    })
}

fn days_between(today: Date, due: Date) -> i32 {
    // Of two dates a span in days; it cannot fail.
    today.until(due).map_or(0, |span| span.get_days())
}
