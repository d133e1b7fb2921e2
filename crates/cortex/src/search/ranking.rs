//! From scores of single passages to an order of passages of one conversation.
//!
//! What is talked about is talked about for a while: a passage whose neighbours fit is
//! likelier to be meant, so neighbours share their scores as far as they are alike.
//! For the same reason the best five would all come from one place, and if that is
//! the wrong one, nothing is found; so the first results are spread.

/// How much a neighbour that is fully alike counts beside the passage itself.
const NEIGHBOUR_WEIGHT: f64 = 1.0;
/// How many times neighbours share, so that scores reach passages further off.
const SHARING_ROUNDS: usize = 2;
/// How many results are spread.
const SPREAD: usize = 5;
/// What a chosen passage takes, in standard deviations, from the next one and the one
/// after it, on both sides, if they are fully alike while results are spread.
const TAKEN_FROM_NEIGHBOURS: [f64; 2] = [2.5, 0.5];

/// Each score with its neighbours', weighted by affinity; `affinities[i]` is that of
/// passages `i` and `i + 1`.
pub(super) fn shared_with_neighbours(scores: &[f64], affinities: &[f64]) -> Vec<f64> {
    (0..SHARING_ROUNDS).fold(scores.to_vec(), |scores, _| {
        shared_once(&scores, affinities)
    })
}

fn shared_once(scores: &[f64], affinities: &[f64]) -> Vec<f64> {
    let mut sums = scores.to_vec();
    let mut weights = vec![1.0; scores.len()];
    for (first, affinity) in affinities.iter().enumerate() {
        let weight = NEIGHBOUR_WEIGHT * affinity;
        for (to, from) in [(first, first + 1), (first + 1, first)] {
            sums[to] += weight * scores[from];
            weights[to] += weight;
        }
    }
    sums.iter()
        .zip(weights)
        .map(|(sum, weight)| sum / weight)
        .collect()
}

/// The positions of the `k` best, best first; of equals the earlier comes first.
pub(super) fn spread(scores: &[f64], affinities: &[f64], k: usize) -> Vec<usize> {
    let mut taken = vec![0.0_f64; scores.len()];
    let mut is_chosen = vec![false; scores.len()];
    let mut chosen = Vec::with_capacity(k.min(scores.len()));
    while chosen.len() < SPREAD.min(k) {
        let best = (0..scores.len())
            .filter(|at| !is_chosen[*at])
            .max_by(|left, right| {
                let left_score = scores[*left] - taken[*left];
                left_score
                    .total_cmp(&(scores[*right] - taken[*right]))
                    .then(right.cmp(left))
            });
        let Some(best) = best else { break };
        is_chosen[best] = true;
        chosen.push(best);
        for (neighbour, affinity, most) in neighbours(best, affinities) {
            taken[neighbour] = taken[neighbour].max(most * affinity);
        }
    }
    let mut rest: Vec<usize> = (0..scores.len()).filter(|at| !is_chosen[*at]).collect();
    rest.sort_by(|left, right| scores[*right].total_cmp(&scores[*left]));
    chosen.extend(rest);
    chosen.truncate(k);
    chosen
}

/// The passages near one, the least affinity on the way to each, and what is taken from
/// one that is fully alike.
fn neighbours(of: usize, affinities: &[f64]) -> impl Iterator<Item = (usize, f64, f64)> {
    let least = |between: &[f64]| between.iter().copied().fold(1.0, f64::min);
    let distances = TAKEN_FROM_NEIGHBOURS.into_iter().zip(1..);
    distances.flat_map(move |(most, distance)| {
        let after = affinities.get(of..of + distance);
        let after = after.map(|between| (of + distance, least(between), most));
        let before = of.checked_sub(distance);
        let before = before.and_then(|first| Some((first, affinities.get(first..of)?)));
        let before = before.map(|(first, between)| (first, least(between), most));
        after.into_iter().chain(before)
    })
}

pub(super) fn mean(values: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)] // a count of passages
    let count = values.len().max(1) as f64;
    values.iter().sum::<f64>() / count
}

/// Moved and scaled to mean 0 and deviation 1; all 0 when the values are equal.
pub(super) fn standardized(values: &[f64]) -> Vec<f64> {
    let center = mean(values);
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - center).powi(2))
        .collect();
    let deviation = mean(&squares).sqrt();
    values
        .iter()
        .map(|value| {
            if deviation > 1e-12 {
                (value - center) / deviation
            } else {
                0.0
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_as_far_as_they_are_alike() {
        assert_eq!(shared_once(&[3.0, 0.0, 0.0], &[0.5, 0.0]), [2.0, 1.0, 0.0]);
        let far = shared_with_neighbours(&[8.0, 0.0, 0.0, 0.0], &[1.0; 3]);
        assert!(far[2] > 0.0 && far[3] == 0.0, "{far:?}");
        assert!(shared_with_neighbours(&[], &[]).is_empty());
    }

    #[test]
    fn first_results_come_from_different_places() {
        let scores = [3.0, 2.9, 0.0, 1.0];
        assert_eq!(spread(&scores, &[1.0, 0.0, 0.0], 3), [0, 3, 1]);
        assert_eq!(spread(&scores, &[0.0, 0.0, 0.0], 3), [0, 1, 3]);
        // Two passages on, less is taken, and nothing where a stranger lies between.
        let scores = [2.0, 0.0, 1.9, 1.5];
        assert_eq!(spread(&scores, &[1.0, 1.0, 0.0], 2), [0, 3]);
        assert_eq!(spread(&scores, &[1.0, 0.0, 0.0], 2), [0, 2]);
        assert_eq!(spread(&[0.0; 8], &[0.9; 7], 9), [0, 3, 6, 1, 2, 4, 5, 7]);
    }
}
