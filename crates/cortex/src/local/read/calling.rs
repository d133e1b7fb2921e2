//! What kind of call it is.

use calls::reading::{CallType, Reading, Side};

use super::classes::classes;
use super::context::Context;
use super::steps::of_side;

/// Classes of phrases that talk of a sale is full of, whatever is sold.
const OF_SALES: [&str; 11] = [
    "price",
    "send",
    "doc",
    "legal",
    "title",
    "talkto",
    "month",
    "discount",
    "terms",
    "deadline",
    "time_unit",
];

/// So many of them in a hundred sentences, at least. Design and research meetings have up
/// to 22 (AMI, ICSI), the quietest of the labelled calls has 24, the next one 28.
const FEWEST: f32 = 23.0;

/// How words of titles begin, and what such a call is; the surest come first.
const TITLES: [(&str, CallType); 12] = [
    ("renewal", CallType::Renewal),
    ("kick|onboarding|project start", CallType::Kickoff),
    (
        "follow|after |second |check in|catch up",
        CallType::FollowUp,
    ),
    (
        "negotiat|contract|agreement|terms|order form|msa |redlin",
        CallType::Negotiation,
    ),
    ("demo", CallType::Demo),
    (
        "technical|tech |security|integration|architecture|deep dive|poc |proof of concept",
        CallType::Technical,
    ),
    (
        "price|pricing|commercial|cost|quote|offer|rates |numbers",
        CallType::Pricing,
    ),
    ("proposal", CallType::Proposal),
    ("walkthrough", CallType::Demo),
    ("qbr |review", CallType::BusinessReview),
    ("cold call|outbound|callback|call to", CallType::Cold),
    ("discovery|intro|first c", CallType::Discovery),
];

/// With fewer sentences nobody can tell.
const SHORTEST: usize = 40;

pub(super) fn call_type(context: &Context<'_>, reading: &Reading) -> Option<CallType> {
    let parties = &context.call.parties;
    let sides_are_known = parties.iter().any(|party| party.side != Side::Unknown);
    if sides_are_known
        && of_side(parties, Side::Customer).next().is_none()
        && of_side(parties, Side::Unknown).next().is_none()
    {
        return Some(CallType::Internal);
    }
    let rate = |names: &[&str]| -> f32 {
        let numbers: Vec<usize> = names
            .iter()
            .filter_map(|name| classes().number(name))
            .collect();
        let counts = context
            .said
            .iter()
            .flat_map(|one| numbers.iter().map(|class| one.classes[*class]));
        #[allow(clippy::cast_precision_loss)] // Sentences of a call.
        let sentences = context.said.len() as f32;
        100.0 * counts.sum::<f32>() / sentences
    };
    if context.said.len() >= SHORTEST && rate(&OF_SALES) < FEWEST {
        return Some(CallType::NotSales);
    }
    let untitled = if reading.pricing.len() >= 4 {
        CallType::Pricing
    } else {
        CallType::Discovery
    };
    Some(titled(&context.call.title).unwrap_or(untitled))
}

/// What the title says: the first of these that it has a word of beginning so.
fn titled(title: &str) -> Option<CallType> {
    let mut words = String::from(" ");
    for letter in title.chars().flat_map(char::to_lowercase) {
        words.push(if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        });
    }
    words.push(' ');
    let begins = |start: &str| words.contains(&format!(" {start}"));
    let found = TITLES
        .iter()
        .find(|(starts, _)| starts.split('|').any(begins));
    found.map(|(_, kind)| *kind)
}
