//! What is for the seller alone: things to do, and fields of the CRM to look at.

use calls::Affiliation;
use calls::reading::{Competitor, KnownState, NextStep, QualificationElement, Reading, StepStatus};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::model::{CrmUpdate, Internal, ToDo};
use super::template::owner;
use crate::analysis::{DealContext, owner_name, read_claim, step_text};
use crate::conversation::Conversation;
use crate::{Claim, Result, prose};

/// Words of what was said in a claim.
const WORDS: usize = 24;

pub(super) fn internal(
    conversation: &Conversation<'_>,
    reading: &Reading,
    deal: Option<&DealContext>,
) -> Result<Internal> {
    let mut internal = Internal::default();
    let host = conversation.call.primary_party();
    for step in &reading.next_steps {
        let text = step_text(conversation, step);
        let sure = step.confidence.value;
        let claim = read_claim(conversation, "next_step", text, sure, &step.sentences)?;
        let Some(claim) = claim else { continue };
        let party = owner(conversation, step);
        let to_do = ToDo {
            owner: step
                .owner
                .is_some()
                .then(|| owner_name(conversation, step.owner.as_ref())),
            mine: party.is_some() && party == host,
            due: step.due,
            claim,
        };
        match party.map(|party| party.affiliation) {
            Some(Affiliation::External) => internal.waiting_for.push(to_do),
            _ => internal.to_dos.push(to_do),
        }
    }
    for list in [&mut internal.to_dos, &mut internal.waiting_for] {
        list.sort_by_key(|one| one.due.unwrap_or(Date::MAX));
    }
    internal.crm_updates = crm_updates(conversation, reading, deal)?;
    Ok(internal)
}

fn crm_updates(
    conversation: &Conversation<'_>,
    reading: &Reading,
    deal: Option<&DealContext>,
) -> Result<Vec<CrmUpdate>> {
    let mut updates = Vec::new();
    let mut add = |field: &'static str, current: Option<String>, claim: Option<Claim>| {
        updates.extend(claim.map(|claim| CrmUpdate {
            field,
            current,
            claim,
        }));
    };
    let said = |field: &'static str, label: &str, what: &str, sure: f64, cited: &[usize]| {
        let text = format!("{label}: “{}”", prose::shortened(what, WORDS));
        read_claim(conversation, field, text, sure, cited)
    };
    if let Some(step) = first_step(&reading.next_steps) {
        let text = step_text(conversation, step);
        let sure = step.confidence.value;
        let claim = read_claim(conversation, "next_step", text, sure, &step.sentences)?;
        add("next_step", None, claim);
    }
    let surest = |facts: &[calls::reading::Fact]| {
        let facts = facts.iter();
        facts
            .max_by(|left, right| left.confidence.value.total_cmp(&right.confidence.value))
            .cloned()
    };
    if let Some(fact) = surest(&reading.timeline) {
        let closes = deal.and_then(|deal| deal.close_date);
        let closes = closes.map(|at| prose::day(TimeZone::UTC.to_datetime(at).date()));
        let sure = fact.confidence.value;
        let claim = said("close_date", "Timeline", &fact.what, sure, &fact.sentences)?;
        add("close_date", closes, claim);
    }
    if let Some(fact) = surest(&reading.pricing) {
        let amount = deal.and_then(|deal| Some((deal.amount?, deal.currency.as_deref())));
        let amount = amount.map(|(amount, currency)| prose::money(amount, currency));
        let sure = fact.confidence.value;
        let claim = said("amount", "Price", &fact.what, sure, &fact.sentences)?;
        add("amount", amount, claim);
    }
    for (field, label, element) in [
        (
            "economic_buyer",
            "Who has the money",
            QualificationElement::EconomicBuyer,
        ),
        (
            "decision_process",
            "How it is decided",
            QualificationElement::DecisionProcess,
        ),
    ] {
        let mut elements = reading.qualification.elements();
        let known =
            elements.find(|(one, known)| *one == element && known.state != KnownState::Unknown);
        if let Some((_, known)) = known {
            let claim = said(field, label, &known.what.join("; "), 1.0, &known.sentences)?;
            add(field, None, claim);
        }
    }
    let named = reading.competitors.iter();
    for one in named.filter(|one| one.name != Competitor::UNNAMED) {
        let text = format!("{} ({})", one.name, one.stance.as_str());
        let sure = one.confidence.value;
        let claim = read_claim(conversation, "competitor", text, sure, &one.sentences)?;
        add("competitor", None, claim);
    }
    Ok(updates)
}

/// The firm step with the earliest date, else the first one.
fn first_step(steps: &[NextStep]) -> Option<&NextStep> {
    let is_firm =
        |step: &&NextStep| matches!(step.status, StepStatus::Agreed | StepStatus::Promised);
    let firm = || steps.iter().filter(is_firm);
    let dated = firm().filter(|step| step.due.is_some());
    dated.min_by_key(|step| step.due).or_else(|| firm().next())
}
