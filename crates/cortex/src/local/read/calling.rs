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
    let title = context.call.title.to_lowercase();
    let titled = [
        ("renewal", CallType::Renewal),
        ("qbr", CallType::BusinessReview),
        ("review", CallType::BusinessReview),
        ("negotiat", CallType::Negotiation),
        ("kick", CallType::Kickoff),
        ("demo", CallType::Demo),
        ("technical", CallType::Technical),
        ("security", CallType::Technical),
        ("intro", CallType::Discovery),
        ("discovery", CallType::Discovery),
        ("cold", CallType::Cold),
        ("pricing", CallType::Pricing),
        ("price", CallType::Pricing),
        ("commercial", CallType::Pricing),
        ("proposal", CallType::Proposal),
        ("follow", CallType::FollowUp),
    ];
    let titled = titled.into_iter().find(|(word, _)| title.contains(word));
    Some(titled.map_or_else(
        || {
            if reading.pricing.len() >= 4 {
                CallType::Pricing
            } else {
                CallType::Discovery
            }
        },
        |(_, kind)| kind,
    ))
}
