//! A deal whose calls are written out, each a whole conversation.
//!
//! What is put together from exchanges has the right shape and says little: its sentences were
//! not said to each other. Four calls in `scripts/written` were, so a reader can find in them
//! what a person would.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span, Timestamp};

use super::call_kind::CallKind;
use super::clock::{CompanyClock, month_name};
use super::dialogue::Utterance;
use super::names::{COMPANIES, SELLER};
use super::plan::{BuyerPlan, CallPlan, DealPlan, stage_at};
use super::rep::{ENGINEERS, REPS};
use super::script::Role;
use super::sentence::split;

/// Id of the deal whose calls are written out.
pub const WRITTEN_DEAL: &str = "58500064000";

const COMPANY: &str = "Kestrel Aviation";
const REP: &str = "Hanna";
const ENGINEER: &str = "Rafael";

/// Kind, days before the anchor, hour of the day and amount of each call, in dollars.
const CALLS: [(CallKind, i64, i8, Option<i64>); 4] = [
    (CallKind::Discovery, 36, 10, None),
    (CallKind::Demo, 25, 14, Some(64_000)),
    (CallKind::Pricing, 11, 11, Some(64_000)),
    (CallKind::Negotiation, 1, 9, Some(58_500)),
];

/// Puts the deal in the place of the one that its company has, or behind all others. Without
/// effect when a name above is no longer in its list, which a test notices.
pub(super) fn add(plans: &mut Vec<DealPlan>, anchor: Timestamp, clock: &CompanyClock) {
    let Some(deal) = plan(anchor, clock) else {
        return;
    };
    match plans.iter_mut().find(|other| other.company == deal.company) {
        Some(other) => *other = deal,
        None => plans.push(deal),
    }
}

fn plan(anchor: Timestamp, clock: &CompanyClock) -> Option<DealPlan> {
    let company = COMPANIES.iter().position(|(name, ..)| *name == COMPANY)?;
    let rep = REPS.iter().position(|rep| rep.first_name == REP)?;
    let engineer = ENGINEERS.iter().position(|(first, _)| *first == ENGINEER)?;
    let mut calls = Vec::new();
    for (seed, (kind, days, hour, amount)) in (1..).zip(CALLS) {
        calls.push(CallPlan {
            kind,
            scheduled: clock.working_time(anchor, days, hour, 0)?,
            stage: stage_at(kind),
            mood: 0.4,
            next_step_agreed: true,
            amount,
            seed,
        });
    }
    let last = calls.last()?;
    let close_date = last.scheduled + SignedDuration::from_hours(24 * 21);
    // Nothing may be changed from the fifteenth of one month to the tenth of the next, and the
    // auditors come two months later; nobody speaks of a day that is past or nearly here.
    let ready = clock
        .local(last.scheduled)
        .checked_add(Span::new().days(8))
        .ok()?;
    let month = |more: i32| {
        let wait = i32::from(ready.day() > 15) + more;
        let first = ready.with().day(1).build().ok()?;
        let month = first.checked_add(Span::new().months(wait)).ok()?;
        Some(month_name(&month))
    };
    let created = calls.first()?.scheduled - SignedDuration::from_hours(24 * 6);
    let slots = [
        ("seller", SELLER),
        ("company", COMPANY),
        ("industry", COMPANIES[company].2),
        ("rep", REP),
        ("engineer", ENGINEER),
        ("buyer", "Magda"),
        ("second", "Lars"),
        ("second_area", "IT"),
        ("signer", "Henrik"),
        ("competitor", "Brightledger"),
        ("erp", "NetSuite"),
        ("seats", "45"),
        ("list", "$64,000"),
        ("offer", "$58,500"),
        ("freeze", month(0)?),
        ("after", month(1)?),
        ("audit", month(3)?),
    ];
    Some(DealPlan {
        deal_id: WRITTEN_DEAL.to_owned(),
        company,
        rep,
        engineer,
        is_customer: false,
        buyers: [
            buyer("585001", "Magda", "Okafor", "Finance Director"),
            buyer("585002", "Lars", "Keller", "Head of Business Systems"),
        ],
        pains: [0, 1],
        has_competitor: true,
        slots: slots.map(|(slot, value)| (slot, value.to_owned())).into(),
        stage: last.stage,
        amount: 58_500,
        calls,
        is_written: true,
        created,
        close_date,
    })
}

fn buyer(
    contact_id: &str,
    first_name: &'static str,
    last_name: &'static str,
    title: &'static str,
) -> BuyerPlan {
    BuyerPlan {
        contact_id: contact_id.to_owned(),
        first_name,
        last_name,
        title,
    }
}

/// What is said in the call of a kind: `@Topic` opens a topic, a letter a turn, as in the other
/// scripts. Empty for a kind that is not written.
pub(super) fn utterances(kind: CallKind, slots: &BTreeMap<&str, String>) -> Vec<Utterance> {
    let text = match kind {
        CallKind::Discovery => include_str!("scripts/written/discovery.txt"),
        CallKind::Demo => include_str!("scripts/written/demo.txt"),
        CallKind::Pricing => include_str!("scripts/written/pricing.txt"),
        CallKind::Negotiation => include_str!("scripts/written/negotiation.txt"),
        _ => "",
    };
    let mut topic = None;
    let mut utterances = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('@') {
            topic = Some(name);
        } else if let Some((letter, words)) = line.split_once(' ')
            && let Some(role) = Role::from_letter(letter)
        {
            let mut words = words.to_owned();
            for (slot, value) in slots {
                words = words.replace(&format!("{{{slot}}}"), value);
            }
            utterances.push(Utterance {
                role,
                topic,
                sentences: split(&words),
            });
        }
    }
    utterances
}
