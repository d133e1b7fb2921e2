//! Pushback: of what kind, how heavy, and how it was answered.

use calls::reading::{Handling, Pushback, PushbackKind};

use super::classes::{classes, pushback_classes};
use super::context::{Context, sure};
use super::item::Item;
use super::sentence::Sentence;

/// Sentences around an item that tell what it is about.
const BEFORE: usize = 3;
const AFTER: usize = 6;

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
    items.into_iter().map(|item| one(context, item)).collect()
}

fn one(context: &Context<'_>, item: Item) -> Pushback {
    let kind = kind(context, &item);
    let (handling, answers) = handling(context, &item);
    let openly = item
        .sentences
        .iter()
        .any(|at| context.said[*at].says_any(OPENLY));
    let weight = item.sentences.len();
    let mut pushback = Pushback::new(
        kind,
        context.words(item.best),
        item.sentences,
        sure(item.confidence),
    );
    pushback.severity = if weight >= 4 { 3 } else { 2 };
    pushback.explicit = openly;
    pushback.handling = handling;
    pushback.handling_sentences = answers;
    pushback
}

/// The kind whose learned score is highest.
fn kind(context: &Context<'_>, item: &Item) -> PushbackKind {
    let row = row(context.said, &item.sentences);
    let scores = context.choices.pushback.iter().enumerate();
    let scores = scores.filter_map(|(number, kind)| Some((number, kind.as_ref()?.score(&row))));
    let best = scores.max_by(|left, right| left.1.total_cmp(&right.1));
    let best = best.and_then(|(number, _)| PushbackKind::parse(pushback_classes().name(number)));
    best.unwrap_or(PushbackKind::Trust)
}

/// Columns of a row.
pub(super) fn columns() -> usize {
    4 * pushback_classes().len() + 2 * classes().len() + 2
}

/// Twin of `pushback_row` in `training/reading/choices.py`.
#[allow(clippy::cast_precision_loss)] // Small numbers.
fn row(said: &[Sentence], members: &[usize]) -> Vec<f32> {
    let first = members.first().copied().unwrap_or_default();
    let last = members.last().copied().unwrap_or_default();
    let around = first.saturating_sub(BEFORE)..said.len().min(last + AFTER + 1);
    let around: Vec<usize> = around.filter(|at| !members.contains(at)).collect();
    let words = |at: usize| {
        let tokens: Vec<&str> = said[at].tokens.iter().map(String::as_str).collect();
        pushback_classes().counts(&tokens)
    };
    let of = |at: usize| said[at].classes.clone();
    let mut row = Vec::with_capacity(columns());
    for counted in [sums(members, words), sums(&around, words)] {
        let counted = padded(counted, pushback_classes().len());
        let whole = counted.iter().sum::<f32>() + 1.0;
        row.extend(&counted);
        row.extend(counted.iter().map(|count| count / whole));
    }
    for (at, most) in [(members, 3.0_f32), (&around, 4.0)] {
        let counted = padded(sums(at, of), classes().len());
        row.extend(counted.into_iter().map(|count| count.min(most)));
    }
    row.extend([members.len() as f32, first as f32 / said.len() as f32]);
    row
}

fn sums(at: &[usize], counts: impl Fn(usize) -> Vec<f32>) -> Vec<f32> {
    let mut sums: Vec<f32> = Vec::new();
    for counted in at.iter().map(|at| counts(*at)) {
        sums = padded(sums, counted.len());
        sums.iter_mut()
            .zip(counted)
            .for_each(|(sum, count)| *sum += count);
    }
    sums
}

fn padded(mut counts: Vec<f32>, length: usize) -> Vec<f32> {
    counts.resize(length, 0.0);
    counts
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
