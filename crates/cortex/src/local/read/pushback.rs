//! Pushback: of what kind, how heavy, and how it was answered.

use calls::reading::{Handling, Pushback, PushbackKind};

use super::context::{Context, sure};
use super::item::Item;

/// Sentences after it in which an answer counts.
const ANSWERED_WITHIN: usize = 8;

const OPENLY: &[&str] = &[
    "concern",
    "worried",
    "worry",
    "problem",
    "issue",
    "expensive",
    "can't",
    "don't",
    "won't",
    "not",
    "no",
    "too",
    "never",
    "isn't",
    "doesn't",
];

const ACCEPTED: &[&str] = &[
    "okay",
    "fair enough",
    "good",
    "great",
    "that works",
    "perfect",
    "makes sense",
    "fine",
    "that'd do",
    "works",
    "that helps",
    "lovely",
    "brilliant",
    "i like that",
    "alright",
    "got it",
    "deal",
];

pub(super) fn pushback(context: &Context<'_>, items: Vec<Item>) -> Vec<Pushback> {
    let learned = items.into_iter().map(|item| {
        let kind = context.choices.pushback_kind(context.said, &item.sentences);
        of_kind(context, item, kind)
    });
    learned.collect()
}

pub(super) fn of_kind(context: &Context<'_>, item: Item, kind: PushbackKind) -> Pushback {
    let (handling, answers) = handling(context, &item);
    let openly = item
        .sentences
        .iter()
        .any(|at| context.said[*at].says_any(OPENLY));
    let weight = item.sentences.len();
    let what = context.told(item.best, &item.sentences);
    let mut pushback = Pushback::new(kind, what, item.sentences, sure(item.confidence));
    pushback.severity = if weight >= 4 { 3 } else { 2 };
    pushback.explicit = openly;
    pushback.handling = handling;
    pushback.handling_sentences = answers;
    pushback
}

/// The rep's sentences after it, up to the customer's next word of acceptance.
fn handling(context: &Context<'_>, item: &Item) -> (Handling, Vec<usize>) {
    let last = item.sentences.last().copied().unwrap_or(item.best);
    let first = item.sentences.first().copied().unwrap_or(item.best);
    let mut answers: Vec<usize> = (first..last)
        .filter(|at| context.said[*at].is_rep)
        .collect();
    let mut is_accepted = false;
    for at in (last + 1..context.said.len()).take(ANSWERED_WITHIN) {
        let one = &context.said[at];
        if one.is_rep {
            answers.push(at);
        } else if !answers.is_empty() {
            is_accepted = one.says_any(ACCEPTED);
            break;
        }
    }
    let words: usize = answers
        .iter()
        .map(|at| context.said[*at].tokens.len())
        .sum();
    let handling = if words == 0 {
        Handling::Ignored
    } else if words < 5 {
        Handling::Dodged
    } else if is_accepted {
        Handling::Resolved
    } else {
        Handling::Addressed
    };
    (handling, answers)
}
