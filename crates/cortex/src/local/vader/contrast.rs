//! "but": what comes before it counts half, what comes after it half as much again.
//!
//! The original walks over the list it is changing and looks each value up again
//! with `list.index`, which finds the first equal value and not the one it stands
//! on. Equal values therefore change several times or not at all, and scores depend
//! on it, so the walk is kept as it is; only its search is faster.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::lexicon::Named;
use super::token::Token;

/// Up to this length a plain search is quicker than an index.
const SHORT: usize = 256;

pub(super) fn weigh_clauses_around_but(tokens: &[Token], valences: &mut [f64]) {
    let Some(but) = tokens.iter().position(|token| token.is(Named::But)) else {
        return;
    };
    if valences.len() <= SHORT {
        weigh(valences, but, &mut PlainSearch);
    } else {
        weigh(valences, but, &mut IndexedSearch::over(valences));
    }
}

fn weigh(valences: &mut [f64], but: usize, search: &mut impl FirstEqual) {
    for at in 0..valences.len() {
        let value = valences[at];
        // Zero stays zero whatever it is multiplied by.
        if value == 0.0 {
            continue;
        }
        let first = search.first_equal(valences, value).unwrap_or(at);
        let weighed = match first.cmp(&but) {
            std::cmp::Ordering::Less => value * 0.5,
            std::cmp::Ordering::Equal => continue,
            std::cmp::Ordering::Greater => value * 1.5,
        };
        valences[first] = weighed;
        search.changed(first, weighed);
    }
}

trait FirstEqual {
    fn first_equal(&mut self, valences: &[f64], value: f64) -> Option<usize>;
    fn changed(&mut self, at: usize, value: f64);
}

struct PlainSearch;

impl FirstEqual for PlainSearch {
    fn first_equal(&mut self, valences: &[f64], value: f64) -> Option<usize> {
        valences.iter().position(|other| *other == value)
    }

    fn changed(&mut self, _: usize, _: f64) {}
}

/// Positions by value, lowest first; a position whose value has changed since is
/// dropped when it comes up. Keeps a text of a million words from taking hours.
struct IndexedSearch {
    positions: HashMap<u64, BinaryHeap<Reverse<usize>>>,
}

impl IndexedSearch {
    fn over(valences: &[f64]) -> Self {
        let mut search = Self {
            positions: HashMap::new(),
        };
        for (at, value) in valences.iter().enumerate() {
            if *value != 0.0 {
                search.changed(at, *value);
            }
        }
        search
    }
}

impl FirstEqual for IndexedSearch {
    fn first_equal(&mut self, valences: &[f64], value: f64) -> Option<usize> {
        let positions = self.positions.get_mut(&value.to_bits())?;
        while let Some(Reverse(at)) = positions.peek().copied() {
            if valences[at].to_bits() == value.to_bits() {
                return Some(at);
            }
            positions.pop();
        }
        None
    }

    fn changed(&mut self, at: usize, value: f64) {
        let positions = self.positions.entry(value.to_bits()).or_default();
        positions.push(Reverse(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_searches_weigh_alike(
            picks in prop::collection::vec(0_usize..6, 1..400),
            but in 0_usize..400,
        ) {
            let values = [0.0, 1.9, -2.5, 0.95, 3.8, -1.25];
            let valences: Vec<f64> = picks.iter().map(|pick| values[*pick]).collect();
            let mut plain = valences.clone();
            weigh(&mut plain, but, &mut PlainSearch);
            let mut indexed = valences.clone();
            weigh(&mut indexed, but, &mut IndexedSearch::over(&valences));
            prop_assert_eq!(plain, indexed);
        }
    }
}
