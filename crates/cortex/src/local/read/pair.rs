//! Which sentences belong to one item. Twin of `pair` and `group` in
//! `training/reading/features.py`.

use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};

use super::classes::classes;
use super::numbers::KindNumbers;
use super::scorers::probability;
use super::sentence::{Sentence, weight};
use super::window::Scores;

/// Earlier sentences of its kind that a sentence is held against.
const BACK: usize = 12;

/// Classes of phrases that tell whether two sentences speak of one thing.
const TELLING: &str = "send arrange check doc day weekday month willdo ask yes no price discount terms budget title decide deadline worry problem praise compete gap legal people statusquo timing condition need neg but";

static TELLING_NUMBERS: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let names = TELLING.split_whitespace();
    names.filter_map(|name| classes().number(name)).collect()
});

/// How likely two sentences belong together, by their numbers, the earlier first.
pub(super) type Links = HashMap<(usize, usize), f64>;

/// Columns of a row.
pub(super) fn columns() -> usize {
    27 + TELLING_NUMBERS.len()
}

/// The links among the candidates of a kind, in the order of the call.
pub(super) fn links(
    numbers: &KindNumbers,
    said: &[Sentence],
    scores: &Scores,
    kind: usize,
    candidates: &[usize],
) -> Links {
    let belongs: Vec<f64> = scores.belongs.iter().map(|scores| scores[kind]).collect();
    let starts: Vec<f64> = scores.starts.iter().map(|scores| scores[kind]).collect();
    let mut links = Links::new();
    for (place, b) in candidates.iter().enumerate() {
        for a in &candidates[place.saturating_sub(BACK)..place] {
            let row = row(said, &belongs, &starts, *a, *b);
            links.insert((*a, *b), probability(numbers.pair.score(&row)));
        }
    }
    links
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn row(said: &[Sentence], belongs: &[f64], starts: &[f64], a: usize, b: usize) -> Vec<f32> {
    let (one, other) = (&said[a], &said[b]);
    let flag = |is: bool| f64::from(u8::from(is));
    let count = |count: usize| count as f64;
    let shared: Vec<f64> = one
        .stems
        .intersection(&other.stems)
        .map(|stem| weight(stem))
        .collect();
    let between = &belongs[a + 1..b];
    let lesser = belongs[a].min(belongs[b]);
    let or_lesser = |value: f64| if between.is_empty() { lesser } else { value };
    let least = between.iter().copied().fold(f64::INFINITY, f64::min);
    let mean = between.iter().sum::<f64>() / count(between.len());
    let most = between.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let only = |of: &Sentence, not: &Sentence| {
        let both = !of.dates.is_empty() && !not.dates.is_empty();
        if both {
            of.dates.difference(&not.dates).count()
        } else {
            0
        }
    };
    let classes = (0..one.classes.len()).filter(|class| one.has(*class) && other.has(*class));
    let mut row = vec![
        count(b - a),
        count(b - a).ln(),
        count(other.turn - one.turn),
        flag(one.speaker == other.speaker),
        flag(one.is_rep),
        flag(other.is_rep),
        shared.iter().map(|weight| weight * weight).sum::<f64>() / (one.norm * other.norm),
        shared.iter().copied().fold(0.0, f64::max),
        count(shared.len()),
        count(one.capitals.intersection(&other.capitals).count()),
        count(one.dates.intersection(&other.dates).count()),
        count(only(one, other)),
        count(only(other, one)),
        count(classes.count()),
        belongs[a],
        belongs[b],
        or_lesser(least),
        or_lesser(mean),
        if between.is_empty() { -9.0 } else { most },
        starts[a],
        starts[b],
        flag(one.asks),
        flag(other.asks),
        count(one.tokens.len()),
        count(other.tokens.len()),
        count(b) / count(said.len()),
        count(said.len() - b),
    ];
    let telling = TELLING_NUMBERS.iter();
    row.extend(telling.map(|class| flag(one.has(*class)) + 2.0 * flag(other.has(*class))));
    row.into_iter().map(|value| value as f32).collect()
}

/// Sentences into items: each joins the item that it is likest to, or begins one.
pub(super) fn group(candidates: &[usize], links: &Links, together: f64) -> Vec<Vec<usize>> {
    let mut items: Vec<Vec<usize>> = Vec::new();
    for b in candidates {
        let mut best: Option<(f64, usize)> = None;
        for (number, item) in items.iter().enumerate() {
            let likeness = likeness(item, *b, links);
            if likeness > best.map_or(-1.0, |(best, _)| best) {
                best = Some((likeness, number));
            }
        }
        match best {
            Some((likeness, number)) if likeness >= together => items[number].push(*b),
            _ => items.push(vec![*b]),
        }
    }
    items
}

/// The mean of the two strongest links; below everything when there is none.
fn likeness(item: &[usize], b: usize, links: &Links) -> f64 {
    let (mut first, mut second) = (None, None);
    for link in item.iter().filter_map(|a| links.get(&(*a, b)).copied()) {
        if first.is_none_or(|first| link > first) {
            second = first;
            first = Some(link);
        } else if second.is_none_or(|second| link > second) {
            second = Some(link);
        }
    }
    match (first, second) {
        (Some(first), Some(second)) => f64::midpoint(first, second),
        (Some(first), None) => first,
        _ => f64::NEG_INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_joins_the_item_that_it_is_likest_to() {
        let links = Links::from_iter([((1, 2), 0.9), ((1, 3), 0.2), ((2, 3), 0.5), ((3, 7), 0.6)]);
        assert_eq!(
            group(&[1, 2, 3, 7, 9], &links, 0.5),
            [vec![1, 2], vec![3, 7], vec![9]]
        );
        assert_eq!(group(&[1, 2, 3], &links, 0.35), [vec![1, 2, 3]]);
    }
}
