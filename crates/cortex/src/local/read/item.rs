//! The items of each kind, with how sure each is. Twin of `item` in
//! `training/reading/features.py`.

use std::collections::BTreeSet;

use super::classes::classes;
use super::numbers::Numbers;
use super::pair::{self, Links};
use super::scorers::KINDS;
use super::sentence::Sentence;
use super::window::Scores;

/// Kinds that only customers can say.
const OF_CUSTOMERS: [usize; 3] = [
    Kind::Pushback as usize,
    Kind::Praise as usize,
    Kind::Pains as usize,
];

/// A kind of item, by its number in the learned numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    NextSteps = 0,
    Pushback = 1,
    Competitors = 2,
    Pricing = 3,
    Decision = 4,
    Timeline = 5,
    Praise = 6,
    Pains = 7,
}

impl Kind {
    /// Items less sure than this are not shown. On dialogues that were not learned from F1
    /// hardly changes over a wide range of floors; these are where in it the fewest remarks
    /// were taken that only look like an item. docs/quality.md has the figures.
    pub(super) fn floor(self) -> f64 {
        match self {
            Self::NextSteps => 0.53,
            Self::Pushback => 0.54,
            Self::Competitors => 0.60,
            Self::Pricing => 0.54,
            Self::Decision => 0.40,
            Self::Timeline => 0.48,
            Self::Praise => 0.48,
            Self::Pains => 0.32,
        }
    }

    /// Whether nobody says it in greetings and small talk.
    fn is_never_small_talk(self) -> bool {
        matches!(
            self,
            Self::NextSteps | Self::Pushback | Self::Praise | Self::Pains
        )
    }
}

/// A call's first sentences are greetings and small talk. Of 5,709 labelled steps, objections,
/// praises and pains 18 lie wholly within them, and one labelled trap in sixteen.
const OPENING: usize = 9;

/// A call with fewer sentences may be a part of one.
const SHORT: usize = 40;

/// Sentences that belong together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    /// Ascending.
    pub(super) sentences: Vec<usize>,
    /// The sentence that says it best.
    pub(super) best: usize,
    /// The share of items like it that are right.
    pub(super) confidence: f64,
}

/// Columns of a row.
pub(super) fn columns() -> usize {
    23 + 2 * KINDS + classes().len()
}

/// The items of a kind that are sure enough to be shown, by their first sentences.
pub(super) fn items(
    numbers: &Numbers,
    said: &[Sentence],
    scores: &Scores,
    kind: Kind,
) -> Vec<Item> {
    let number = kind as usize;
    let of_kind = &numbers.kinds[number];
    let grouping = &numbers.choices.kinds[number];
    let only_customers = OF_CUSTOMERS.contains(&number);
    let candidates: Vec<usize> = (0..said.len())
        .filter(|at| scores.belongs[*at][number] >= of_kind.least)
        .filter(|at| !(only_customers && said[*at].is_rep))
        .collect();
    let links = pair::links(of_kind, said, scores, number, &candidates);
    let groups = pair::group(&links, grouping.together).into_iter();
    let parts = groups.flat_map(|item| pair::split(&links, &candidates, &item, grouping.longest));
    let sure = parts.map(|places| {
        let sentences: Vec<usize> = places.iter().map(|place| candidates[*place]).collect();
        let best = best(&sentences, scores, number);
        let around = Around::of(&places, &links, &candidates);
        let row = row(said, scores, number, &sentences, best, &around);
        Item {
            confidence: grouping.confidence(of_kind.item.score(&row)),
            best,
            sentences,
        }
    });
    let is_shown = |item: &Item| {
        let ends = item.sentences.last().is_some_and(|last| *last >= OPENING);
        item.confidence >= kind.floor()
            && (ends || said.len() < SHORT || !kind.is_never_small_talk())
    };
    sure.filter(is_shown).collect()
}

fn best(sentences: &[usize], scores: &Scores, kind: usize) -> usize {
    let mut best = sentences[0];
    for at in sentences {
        if scores.belongs[*at][kind] > scores.belongs[best][kind] {
            best = *at;
        }
    }
    best
}

/// An item among the candidates of its kind.
struct Around {
    /// The strongest links of its members with each other, added up.
    inside: f64,
    /// The strongest link with another candidate.
    outside: f64,
    /// Sentences to the nearest other candidate; 20 when there is none.
    nearest: usize,
    /// Candidates in all.
    everything: usize,
}

impl Around {
    /// `places` are those of the item's members among the candidates.
    fn of(places: &[usize], links: &Links, candidates: &[usize]) -> Self {
        let is_member = |place: usize| places.binary_search(&place).is_ok();
        let strongest = |place: usize, inside: bool| {
            let near = links.near(place);
            let near = near.filter(|other| *other != place && is_member(*other) == inside);
            near.map(|other| links.between(place, other))
                .fold(0.0, f64::max)
        };
        let distance = |place: usize, other: Option<usize>| {
            other.map(|other| candidates[place].abs_diff(candidates[other]))
        };
        let nearest = places.iter().flat_map(|place| {
            let before = (0..*place).rev().find(|other| !is_member(*other));
            let after = (*place..candidates.len()).find(|other| !is_member(*other));
            [distance(*place, before), distance(*place, after)]
        });
        Self {
            inside: places.iter().map(|place| strongest(*place, true)).sum(),
            outside: places
                .iter()
                .map(|place| strongest(*place, false))
                .fold(0.0, f64::max),
            nearest: nearest.flatten().min().unwrap_or(20),
            everything: candidates.len(),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // Columns are 32 bits.
fn row(
    said: &[Sentence],
    scores: &Scores,
    kind: usize,
    members: &[usize],
    best: usize,
    around: &Around,
) -> Vec<f32> {
    let count = |count: usize| count as f64;
    let flag = |is: bool| f64::from(u8::from(is));
    let belongs = |at: usize| scores.belongs[at][kind];
    let mut own: Vec<f64> = members.iter().map(|at| belongs(*at)).collect();
    own.sort_unstable_by(|left, right| right.total_cmp(left));
    let n = count(members.len());
    let one = &said[best];
    let of =
        |value: &dyn Fn(&Sentence) -> f64| members.iter().map(|at| value(&said[*at])).sum::<f64>();
    let speakers: BTreeSet<usize> = members.iter().map(|at| said[*at].speaker).collect();
    let capitals: BTreeSet<&String> = members.iter().flat_map(|at| &said[*at].capitals).collect();
    let last = own.last().copied().unwrap_or_default();
    let mut row = vec![
        n,
        n.ln(),
        count(members[members.len() - 1] - members[0] + 1),
        own[0],
        own.iter().sum::<f64>() / n,
        own.get(1).copied().unwrap_or(-6.0),
        own.iter().take(3).sum(),
        last,
        count(best) / count(said.len()),
        count(said.len() - best),
        flag(one.is_rep),
        of(&|one| flag(one.is_rep)) / n,
        flag(one.asks),
        count(one.tokens.len()),
        of(&|one| count(one.tokens.len())),
        count(speakers.len()),
        around.inside / n,
        around.outside,
        count(around.nearest.min(20)),
        count(one.capitals.len()),
        count(capitals.len()),
        count(around.everything),
        members
            .iter()
            .map(|at| scores.starts[*at][kind])
            .fold(f64::NEG_INFINITY, f64::max),
    ];
    row.extend(scores.belongs[best]);
    row.extend((0..KINDS).map(|kind| {
        let of_kind = members.iter().map(|at| scores.belongs[*at][kind]);
        of_kind.fold(f64::NEG_INFINITY, f64::max)
    }));
    row.extend(
        (0..classes().len()).map(|class| flag(members.iter().any(|at| said[*at].has(class)))),
    );
    row.into_iter().map(|value| value as f32).collect()
}
