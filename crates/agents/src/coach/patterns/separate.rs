//! What tells won deals from lost ones.

use std::collections::{BTreeMap, HashSet};

use calls::{DealId, DealOutcome};
use snowflake_store::CoachingCall;

/// Standard errors from which a difference is listed: about one in a hundred differences of
/// pure chance is as large, and dozens are looked at.
const CLEAR: f64 = 2.6;

/// Values of the deals of two outcomes.
#[derive(Debug, Default)]
pub(super) struct Two {
    pub(super) won: Vec<f64>,
    pub(super) lost: Vec<f64>,
}

/// A difference between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Difference {
    pub(super) won: f64,
    pub(super) lost: f64,
    pub(super) standard_errors: f64,
}

impl Two {
    /// The mean of a value over each deal's calls, deal by deal.
    pub(super) fn of(calls: &[CoachingCall], value: impl Fn(&CoachingCall) -> Option<f64>) -> Self {
        let mut by_deal: BTreeMap<&DealId, (DealOutcome, f64, f64)> = BTreeMap::new();
        for call in calls {
            let (Some(deal), Some(outcome)) = (&call.header.deal_id, call.outcome) else {
                continue;
            };
            if let Some(value) = value(call).filter(|value| value.is_finite()) {
                let (_, sum, count) = by_deal.entry(deal).or_insert((outcome, 0.0, 0.0));
                *sum += value;
                *count += 1.0;
            }
        }
        let mut two = Self::default();
        for (outcome, sum, count) in by_deal.into_values() {
            match outcome {
                DealOutcome::Won => two.won.push(sum / count),
                DealOutcome::Lost => two.lost.push(sum / count),
                _ => {}
            }
        }
        two
    }

    /// The difference of the means, when there are enough deals of both and it is both clear
    /// and large enough to matter.
    pub(super) fn difference(&self, fewest: usize, least: f64) -> Option<Difference> {
        // One deal has no spread to measure a difference in.
        let fewest = fewest.max(2);
        if self.won.len() < fewest || self.lost.len() < fewest {
            return None;
        }
        let (won, lost) = (mean(&self.won), mean(&self.lost));
        let error = (variance(&self.won) / self.won.len() as f64
            + variance(&self.lost) / self.lost.len() as f64)
            .sqrt();
        // Where all deals are alike on both sides, the smallest difference that matters is
        // the measure.
        let standard_errors = (won - lost).abs() / error.max(least / CLEAR);
        let difference = Difference {
            won,
            lost,
            standard_errors,
        };
        ((won - lost).abs() >= least && standard_errors >= CLEAR).then_some(difference)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    squares / (values.len() as f64 - 1.0).max(1.0)
}

/// Distinct deals among calls.
pub(super) fn deals<'c>(calls: impl Iterator<Item = &'c CoachingCall>) -> usize {
    let ids: HashSet<&DealId> = calls
        .filter_map(|call| call.header.deal_id.as_ref())
        .collect();
    ids.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(won: &[f64], lost: &[f64]) -> Two {
        Two {
            won: won.to_vec(),
            lost: lost.to_vec(),
        }
    }

    #[test]
    fn a_difference_needs_deals_size_and_clearness() {
        let won = [0.40, 0.42, 0.44, 0.41, 0.43];
        let lost = [0.60, 0.62, 0.64, 0.61, 0.63];
        let clear = two(&won, &lost).difference(5, 0.05).unwrap();
        assert!((clear.won - 0.42).abs() < 1e-9 && (clear.lost - 0.62).abs() < 1e-9);
        assert!(clear.standard_errors > 10.0);
        assert_eq!(two(&won, &lost[..4]).difference(5, 0.05), None, "too few");
        assert_eq!(two(&won, &lost).difference(5, 0.30), None, "too small");
        let noisy = [0.1, 0.9, 0.2, 0.8, 0.7];
        assert_eq!(two(&won, &noisy).difference(5, 0.05), None, "by chance");
    }

    #[test]
    fn deals_that_are_all_alike_differ_by_what_matters() {
        let all = two(&[1.0; 5], &[0.0; 5]);
        assert!(all.difference(5, 0.2).is_some());
        assert_eq!(two(&[0.5; 5], &[0.5; 5]).difference(5, 0.2), None);
    }
}
