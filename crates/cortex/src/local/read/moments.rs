//! Moments worth talking about with the rep, where rules find them surely enough.
//!
//! Three kinds of ten: on labelled dialogues at least half of what is shown is what a
//! manager picked (docs/quality.md has the figures). Missed pushback, strong questions and
//! good answers were found no better than one time in three, so they are left to models.

use calls::reading::{Moment, Reading};

use super::context::Context;
use super::item::Kind;
use super::sentence::Sentence;

/// Sentences before an offer in which the customer may have brought up the price, and after
/// it in which another offer is the same one.
const ASKED_WITHIN: usize = 6;
const SAME_WITHIN: usize = 8;

/// What gives on a price.
const GIVING: &[&str] = &[
    "percent",
    "wiggle room",
    "throw in",
    "throw that in",
    "throw it in",
    "knock",
    "waive",
    "discount",
    "do something on",
    "movement on the price",
    "better price",
    "bit of room",
    "some room",
    "get that down",
    "get it down",
    "months free",
    "month free",
    "for free",
    "no charge",
];

const OFFERING: &[&str] = &[
    "i can",
    "i could",
    "we can",
    "we could",
    "i've got",
    "there's also",
    "there's always",
    "there's some",
    "i might",
    "i may",
    "i'd throw",
    "we've put",
    "i'm able",
    "i'll knock",
    "i'll take",
    "i'll throw",
    "we'll throw",
    "let me",
];

/// Something is asked for in return.
const TRADING: &[&str] = &[
    "two years",
    "three years",
    "two year",
    "three year",
    "in advance",
    "in front",
    "up front",
    "upfront",
    "prepay",
    "year term",
];

/// Before "percent": certainty, no price.
const SURE: [&str; 7] = ["hundred", "ninety", "nine", "eighty", "eight", "99", "100"];

/// A customer who says one of these has brought up the price.
const OF_PRICE: &[&str] = &[
    "discount",
    "cheaper",
    "cheap",
    "expensive",
    "price",
    "prices",
    "pricing",
    "too much",
    "percent",
    "budget",
    "cost",
    "costs",
    "afford",
    "come down",
    "number",
    "steep",
    "quote",
    "pay",
    "paid",
    "money",
    "pounds",
    "euros",
    "dollars",
    "thousand",
    "grand",
    "fee",
    "fees",
    "match",
    "lot",
];

const SUMMING_UP: &[&str] = &[
    "say it back",
    "say that back",
    "play it back",
    "play that back",
    "read it back",
    "read that back",
    "let me recap",
    "to recap",
    "quick recap",
    "sum up",
    "summarise",
    "summarize",
    "repeat that back",
    "let me repeat",
];

/// Words that a summary has at least, and the share of a call that goes before it.
const SUMMARY_WORDS: usize = 30;
const SUMMARY_AFTER: f64 = 0.3;

/// With fewer sentences a call may well end without a next step.
const SHORTEST: usize = 40;

/// The moments of a sales call, in its order.
pub(super) fn moments(context: &Context<'_>, reading: &Reading) -> Vec<Moment> {
    let mut moments = discounts(context);
    moments.extend(summaries(context));
    moments.extend(no_next_step(context, reading));
    moments.sort_by_key(|moment| moment.sentences.first().copied());
    moments
}

fn discounts(context: &Context<'_>) -> Vec<Moment> {
    let mut last: Option<usize> = None;
    let mut moments = Vec::new();
    for (at, one) in context.said.iter().enumerate() {
        if !gives(one) || last.is_some_and(|last| at - last <= SAME_WITHIN) {
            continue;
        }
        let before = &context.said[at.saturating_sub(ASKED_WITHIN)..at];
        if (before.iter()).any(|one| !one.is_rep && one.says_any(OF_PRICE)) {
            continue;
        }
        last = Some(at);
        moments.push(Moment::new(
            "discount_unprompted",
            format!(
                "Offered a discount before anyone asked: \u{201c}{}\u{201d}",
                context.words(at)
            ),
            Some(
                "Before we talk about the price: what would it be worth to you to have this solved?"
                    .to_owned(),
            ),
            vec![at],
        ));
    }
    moments
}

fn gives(one: &Sentence) -> bool {
    let mut pairs = one.tokens.windows(2);
    let mut is_sure = || pairs.any(|pair| pair[1] == "percent" && SURE.contains(&pair[0].as_str()));
    one.is_rep
        && !one.asks
        && one.says_any(GIVING)
        && !is_sure()
        && one.says_any(OFFERING)
        && !one.says_any(TRADING)
}

/// Stretches of the rep's side that say back what was agreed.
fn summaries(context: &Context<'_>) -> Vec<Moment> {
    let mut moments = Vec::new();
    let mut at = 0;
    for stretch in context.said.chunk_by(|one, next| one.is_rep == next.is_rep) {
        let sentences: Vec<usize> = (at..at + stretch.len()).collect();
        #[allow(clippy::cast_precision_loss)] // Sentences of a call.
        let share = at as f64 / context.said.len() as f64;
        at += stretch.len();
        let words: usize = stretch.iter().map(|one| one.tokens.len()).sum();
        let is_long = stretch.len() > 1 && words >= SUMMARY_WORDS && share > SUMMARY_AFTER;
        let says_back = |one: &Sentence| one.is_rep && one.says_any(SUMMING_UP);
        if is_long && stretch.iter().any(says_back) {
            let what = "Said back what was agreed, so that it could be corrected.";
            moments.push(Moment::new("good_summary", what, None, sentences));
        }
    }
    moments
}

/// Nothing that was agreed has a day.
fn no_next_step(context: &Context<'_>, reading: &Reading) -> Option<Moment> {
    let steps = &reading.next_steps;
    if context.said.len() < SHORTEST || steps.iter().any(|step| step.due.is_some()) {
        return None;
    }
    let mut sentences: Vec<usize> = steps
        .iter()
        .flat_map(|step| step.sentences.clone())
        .collect();
    if sentences.is_empty() {
        // Where the rep came closest to one.
        let second_half = context.said.len() / 2..context.said.len();
        let score = |at: &usize| context.score(*at, Kind::NextSteps);
        sentences.extend(
            second_half
                .filter(|at| context.said[*at].is_rep)
                .max_by(|one, other| score(one).total_cmp(&score(other))),
        );
    }
    sentences.sort_unstable();
    sentences.dedup();
    (!sentences.is_empty()).then(|| {
        Moment::new(
            "no_next_step",
            "The call ended without a step that has a day.",
            Some("What is a sensible next step for you, and which day suits you?".to_owned()),
            sentences,
        )
    })
}
