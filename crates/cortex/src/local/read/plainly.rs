//! Pushback in so many words: "That's too expensive for us."
//!
//! The learned numbers know how people hint, since that is what labelled dialogues hold: in 219 of
//! them nobody says "too expensive". What leaves no doubt is found by its words.

use calls::reading::{Confidence, Pushback, PushbackKind};

use super::context::Context;
use super::item::Item;
use super::pushback::of_kind;
use super::sentence::Sentence;

/// Phrases of a customer that stand in the way whatever is around them, by what they name.
const PHRASES: [(PushbackKind, &[&str]); 9] = [
    (
        PushbackKind::Price,
        &[
            "too expensive",
            "too pricey",
            "too costly",
            "too much money",
            "can't afford",
            "cannot afford",
            "costs too much",
            "price is too high",
        ],
    ),
    (
        PushbackKind::Budget,
        &[
            "no budget",
            "don't have budget",
            "don't have the budget",
            "don't have a budget",
            "haven't got the budget",
            "not in the budget",
            "isn't in the budget",
            "over our budget",
            "above our budget",
            "no money for",
        ],
    ),
    (
        PushbackKind::Timing,
        &[
            "not the right time",
            "too early for us",
            "not this year",
            "not this quarter",
        ],
    ),
    (
        PushbackKind::Authority,
        &[
            "not my decision",
            "isn't my decision",
            "not my call",
            "i can't decide",
            "i can't sign",
            "i can't approve",
        ],
    ),
    (
        PushbackKind::Need,
        &["not a priority", "isn't a priority", "no need for"],
    ),
    (
        PushbackKind::Trust,
        &[
            "not convinced",
            "too risky",
            "worried about",
            "worried that",
            "concerned about",
            "concerned that",
            "my concern is",
            "our concern is",
            "skeptical",
            "sceptical",
        ],
    ),
    (
        PushbackKind::StatusQuo,
        &[
            "happy with what we have",
            "happy with our current",
            "works fine for us",
        ],
    ),
    (
        PushbackKind::ProductGap,
        &["deal breaker", "dealbreaker", "doesn't support"],
    ),
    (
        PushbackKind::Resources,
        &[
            "don't have time",
            "don't have the time",
            "don't have the resources",
            "don't have the people",
            "don't have the capacity",
            "no capacity",
        ],
    ),
];

/// Words that turn a phrase round when they stand right before it: "it's not too expensive".
const NOT: [&str; 5] = ["not", "isn't", "wasn't", "never", "nor"];

/// How near to a phrase they do.
const NEAR: usize = 2;

/// Nine sentences of 219 labelled dialogues say one of these, and all of them are labelled; one more
/// of each outcome stands for what nine cannot show.
const SURE: f64 = 0.9;
const MEASURED_ON: &str = "9 plain sentences of 219 labelled dialogues";

/// Adds what is said plainly and in no item that was found.
pub(super) fn add(context: &Context<'_>, found: &mut Vec<Pushback>) {
    let is_new = |at: &usize| !found.iter().any(|one| one.sentences.contains(at));
    let mut said: Vec<Pushback> = Vec::new();
    for at in (0..context.said.len()).filter(is_new) {
        let one = &context.said[at];
        let Some(kind) = (!one.is_rep && !one.asks).then(|| kind(one)).flatten() else {
            continue;
        };
        let goes_on = said.last_mut().filter(|last| {
            last.kind == kind && last.sentences.last().is_some_and(|last| last + 1 == at)
        });
        if let Some(last) = goes_on {
            last.sentences.push(at);
            continue;
        }
        let item = Item {
            sentences: vec![at],
            best: at,
            confidence: SURE,
        };
        let mut pushback = of_kind(context, item, kind);
        pushback.confidence = Confidence::measured(SURE, MEASURED_ON);
        said.push(pushback);
    }
    found.extend(said);
    found.sort_by_key(|one| one.sentences.first().copied());
}

fn kind(said: &Sentence) -> Option<PushbackKind> {
    let is_meant = |at: usize| {
        let before = &said.tokens[at.saturating_sub(NEAR)..at];
        !before.iter().any(|word| NOT.contains(&word.as_str()))
    };
    let says = |phrase: &&str| said.places(phrase).any(is_meant);
    let found = PHRASES.iter().find(|(_, phrases)| phrases.iter().any(says));
    found.map(|(kind, _)| *kind)
}
