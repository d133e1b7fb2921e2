//! One ranking from two.
//!
//! Scores of words have no upper end and cosines depend on the model, so each counts
//! by its share of the best in the same answer: words once, vectors half, as the search
//! in one call weighs them. Each ranking hands over more than is wanted, and what only
//! one of them found gets its score of the other as well, so that a chunk that is good
//! at both beats one that is best at either.

use std::collections::BTreeSet;

use super::words::in_units;

/// Weight of the vectors beside the words.
const VECTOR_WEIGHT: f64 = 0.5;
/// Hits that each ranking hands over for each that is wanted.
const DEPTH: usize = 10;
/// Hits that each ranking hands over at least.
const LEAST_DEPTH: usize = 100;

/// How many hits each ranking hands over for `k` joined ones.
pub(super) fn depth(k: usize) -> usize {
    k.saturating_mul(DEPTH).max(LEAST_DEPTH)
}

/// A slot with all its scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Joined {
    pub(super) slot: u32,
    pub(super) score: f64,
    pub(super) cosine: Option<f64>,
    pub(super) words: Option<f64>,
}

/// The `k` best of what either ranking found; of equals the lower slot. `None` stands
/// for a ranking that was not asked.
pub(super) fn joined(
    by_words: Option<&[(u32, u32)]>,
    by_vector: Option<&[(u32, f32)]>,
    word_score: impl Fn(u32) -> u32,
    cosine: impl Fn(u32) -> Option<f32>,
    k: usize,
) -> Vec<Joined> {
    let best_words = best_of(by_words, |score| in_units(*score));
    let best_cosine = best_of(by_vector, |cosine| f64::from(*cosine));
    let weight_of_words = f64::from(u8::from(by_words.is_some()));
    let weight_of_vectors = if by_vector.is_some() {
        VECTOR_WEIGHT
    } else {
        0.0
    };
    let weights = weight_of_words + weight_of_vectors;

    let of_words = by_words.unwrap_or_default().iter().map(|(slot, _)| *slot);
    let of_vectors = by_vector.unwrap_or_default().iter().map(|(slot, _)| *slot);
    let slots: BTreeSet<u32> = of_words.chain(of_vectors).collect();
    let mut all: Vec<Joined> = slots
        .into_iter()
        .map(|slot| {
            let words = by_words.map(|_| in_units(word_score(slot)));
            let cosine = by_vector.and_then(|_| cosine(slot)).map(f64::from);
            let share = |score: Option<f64>, best: f64| {
                let score = score.unwrap_or(0.0).max(0.0);
                if best > 0.0 { score / best } else { 0.0 }
            };
            let sum = weight_of_words * share(words, best_words)
                + weight_of_vectors * share(cosine, best_cosine);
            Joined {
                slot,
                score: sum / weights,
                cosine,
                words,
            }
        })
        .collect();
    all.sort_by(|left, right| right.score.total_cmp(&left.score));
    all.truncate(k);
    all
}

fn best_of<S>(ranked: Option<&[(u32, S)]>, in_units: impl Fn(&S) -> f64) -> f64 {
    let first = ranked.and_then(|ranked| ranked.first());
    first.map_or(0.0, |(_, score)| in_units(score))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_at_both_beats_best_at_one() {
        let by_words = [(1, 100_000), (2, 90_000)];
        let by_vector = [(3, 0.9), (2, 0.8)];
        let word_score = |slot| {
            if slot == 1 {
                100_000
            } else {
                90_000 * u32::from(slot == 2)
            }
        };
        let cosine = |slot| {
            [(2, 0.8), (3, 0.9)]
                .iter()
                .find(|(at, _)| *at == slot)
                .map(|f| f.1)
        };
        let hits = joined(Some(&by_words), Some(&by_vector), word_score, cosine, 3);
        let slots: Vec<u32> = hits.iter().map(|hit| hit.slot).collect();
        assert_eq!(slots, [2, 1, 3]);
        assert_eq!(hits[1].cosine, None, "it has no vector");
        assert!((hits[1].score - 1.0 / 1.5).abs() < 1e-9);
    }
}
