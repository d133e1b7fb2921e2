//! Which sentences belong to one item. Twin of `pair`, `group` and `split` in
//! `training/reading/features.py`.

use std::ops::Range;
use std::sync::LazyLock;

use super::classes::classes;
use super::numbers::KindNumbers;
use super::scorers::{Rows, probability};
use super::sentence::Sentence;
use super::window::Scores;

/// Earlier sentences of its kind that a sentence is held against.
const BACK: usize = 12;

/// Candidates on each side of a cut that tell how firmly an item holds together there.
const REACH: usize = 3;

/// What each sentence between costs.
const APART: f64 = 0.02;

/// Classes of phrases that tell whether two sentences speak of one thing.
const TELLING: &str = "send arrange check doc day weekday month willdo ask yes no price discount terms budget title decide deadline worry problem praise compete gap legal people statusquo timing condition need neg but";

static TELLING_NUMBERS: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let names = TELLING.split_whitespace();
    names.filter_map(|name| classes().number(name)).collect()
});

/// How likely candidates belong together with those shortly before them. Candidates go by
/// their places among all of their kind.
pub(super) struct Links(Vec<Vec<f64>>);

impl Links {
    /// How many candidates there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The places that a candidate may be linked with, its own among them.
    pub(super) fn near(&self, place: usize) -> Range<usize> {
        place.saturating_sub(BACK)..(place + BACK + 1).min(self.len())
    }

    /// The link of two candidates; none for those that are far apart.
    pub(super) fn between(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (a.min(b), a.max(b));
        let links = self.0.get(b);
        let link = links.and_then(|links| links.get(a.checked_sub(b.saturating_sub(BACK))?));
        link.copied().unwrap_or_default()
    }
}

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
    let mut rows = Vec::new();
    for (place, b) in candidates.iter().enumerate() {
        for a in &candidates[place.saturating_sub(BACK)..place] {
            fill(&mut rows, said, &belongs, &starts, *a, *b);
        }
    }
    let scores = numbers.pair.scores(&Rows::of(columns(), &rows));
    let mut links = scores.into_iter().map(probability);
    let of_candidate = |place: usize| links.by_ref().take(place.min(BACK)).collect();
    Links((0..candidates.len()).map(of_candidate).collect())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn fill(
    row: &mut Vec<f32>,
    said: &[Sentence],
    belongs: &[f64],
    starts: &[f64],
    a: usize,
    b: usize,
) {
    let (one, other) = (&said[a], &said[b]);
    let flag = |is: bool| f64::from(u8::from(is));
    let count = |count: usize| count as f64;
    let shared = shared(&one.stems, &other.stems);
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
    let of_pair = [
        count(b - a),
        count(b - a).ln(),
        count(other.turn - one.turn),
        flag(one.speaker == other.speaker),
        flag(one.is_rep),
        flag(other.is_rep),
        shared.squares / (one.norm * other.norm),
        shared.rarest,
        count(shared.number),
        count(one.capitals.intersection(&other.capitals).count()),
        count(one.dates.intersection(&other.dates).count()),
        count(only(one, other)),
        count(only(other, one)),
        f64::from((one.present & other.present).count_ones()),
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
    row.extend(of_pair.map(|value| value as f32));
    let telling = TELLING_NUMBERS.iter();
    let telling = telling.map(|class| flag(one.has(*class)) + 2.0 * flag(other.has(*class)));
    row.extend(telling.map(|value| value as f32));
}

/// What two sentences share of their stems.
#[derive(Default)]
struct Shared {
    number: usize,
    rarest: f64,
    squares: f64,
}

fn shared(one: &[(u32, f64)], other: &[(u32, f64)]) -> Shared {
    let mut shared = Shared::default();
    let mut others = other.iter().peekable();
    for (stem, weight) in one {
        while others.next_if(|(other, _)| other < stem).is_some() {}
        if others.next_if(|(other, _)| other == stem).is_some() {
            shared.number += 1;
            shared.rarest = shared.rarest.max(*weight);
            shared.squares += weight * weight;
        }
    }
    shared
}

/// Candidates into items, by their places: each joins the item that it is likest to, or
/// begins one.
pub(super) fn group(links: &Links, together: f64) -> Vec<Vec<usize>> {
    let mut items: Vec<Vec<usize>> = Vec::new();
    // Of each candidate that is behind.
    let mut item_of: Vec<usize> = Vec::with_capacity(links.len());
    for b in 0..links.len() {
        let near = links.near(b).start..b;
        let mut numbers: Vec<usize> = item_of[near.clone()].to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        let mut best: Option<(f64, usize)> = None;
        for number in numbers {
            let members = near.clone().filter(|a| item_of[*a] == number);
            let likeness = likeness(members.map(|a| links.between(a, b)));
            if likeness > best.map_or(-1.0, |(best, _)| best) {
                best = Some((likeness, number));
            }
        }
        let number = match best {
            Some((likeness, number)) if likeness >= together => number,
            _ => {
                items.push(Vec::new());
                items.len() - 1
            }
        };
        items[number].push(b);
        item_of.push(number);
    }
    items
}

/// Cuts an item, by its places, where it holds together least until no part is longer: of
/// a long one every finding but one would be lost. `candidates` are the sentences.
pub(super) fn split(
    links: &Links,
    candidates: &[usize],
    item: &[usize],
    longest: usize,
) -> Vec<Vec<usize>> {
    if item.len() <= longest.max(1) {
        return vec![item.to_vec()];
    }
    // How far from the middle, in halves.
    let aside = |cut: usize| (2 * cut).abs_diff(item.len());
    let cuts = (1..item.len()).map(|cut| (holds(links, candidates, item, cut), aside(cut), cut));
    let weakest = cuts.min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let (before, after) = item.split_at(weakest.map_or(1, |(.., cut)| cut));
    let mut parts = split(links, candidates, before, longest);
    parts.extend(split(links, candidates, after, longest));
    parts
}

/// How firmly an item holds together before one of its members.
fn holds(links: &Links, candidates: &[usize], item: &[usize], cut: usize) -> f64 {
    let (before, after) = item.split_at(cut);
    let before = &before[before.len().saturating_sub(REACH)..];
    let after = &after[..after.len().min(REACH)];
    let across = before
        .iter()
        .flat_map(|a| after.iter().map(|b| links.between(*a, *b)));
    let across: Vec<f64> = across.collect();
    #[allow(clippy::cast_precision_loss)] // Small numbers.
    let mean = across.iter().sum::<f64>() / across.len() as f64;
    // The last one stands for how far the item reaches on.
    let furthest = across.last().copied().unwrap_or_default();
    #[allow(clippy::cast_precision_loss)] // Small numbers.
    let gap = (candidates[item[cut]] - candidates[item[cut - 1]]) as f64;
    furthest.max(mean) - APART * gap
}

/// The mean of the two strongest links; below everything when there is none.
fn likeness(links: impl Iterator<Item = f64>) -> f64 {
    let (mut first, mut second) = (None, None);
    for link in links {
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
        let back = [
            vec![],
            vec![0.9],
            vec![0.2, 0.5],
            vec![0.0, 0.0, 0.6],
            vec![0.0; 4],
        ];
        let links = Links(back.to_vec());
        assert_eq!(group(&links, 0.5), [vec![0, 1], vec![2, 3], vec![4]]);
        let links = Links(back[..3].to_vec());
        assert_eq!(group(&links, 0.35), [vec![0, 1, 2]]);
    }

    #[test]
    fn a_long_item_is_cut_where_it_holds_together_least() {
        let back = [vec![], vec![0.9], vec![0.2, 0.1], vec![0.1, 0.1, 0.9]];
        let links = Links(back.to_vec());
        let cut = |sentences: &[usize], longest| split(&links, sentences, &[0, 1, 2, 3], longest);
        assert_eq!(cut(&[5, 6, 7, 8], 4), [vec![0, 1, 2, 3]]);
        assert_eq!(cut(&[5, 6, 7, 8], 3), [vec![0, 1], vec![2, 3]]);
        // Far apart counts for more than a link does.
        assert_eq!(cut(&[5, 66, 67, 68], 3), [vec![0], vec![1, 2, 3]]);
    }
}
