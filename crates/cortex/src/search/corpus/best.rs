//! The k best of a stream.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Keeps the `k` slots with the highest scores; of equals the one with the lower slot.
pub(super) struct Best<S> {
    k: usize,
    /// The worst that is kept on top.
    kept: BinaryHeap<Reverse<(S, Reverse<u32>)>>,
}

impl<S: Ord + Copy> Best<S> {
    pub(super) fn of(k: usize) -> Self {
        Self {
            k,
            kept: BinaryHeap::new(),
        }
    }

    /// What a score must surpass, in a slot above all that came so far; `None` while
    /// every score is welcome.
    pub(super) fn threshold(&self) -> Option<S> {
        if self.kept.len() < self.k {
            return None;
        }
        self.kept.peek().map(|Reverse((score, _))| *score)
    }

    pub(super) fn offer(&mut self, slot: u32, score: S) {
        let offered = (score, Reverse(slot));
        if self.kept.len() < self.k {
            self.kept.push(Reverse(offered));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && worst.0 < offered
        {
            *worst = Reverse(offered);
        }
    }

    /// Best first.
    pub(super) fn into_ranked(self) -> Vec<(u32, S)> {
        let sorted = self.kept.into_sorted_vec();
        let pairs = sorted.into_iter();
        pairs
            .map(|Reverse((score, Reverse(slot)))| (slot, score))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_come_by_slot() {
        let mut best = Best::of(3);
        assert_eq!(best.threshold(), None);
        for (slot, score) in [(4, 1), (2, 5), (9, 5), (3, 5), (1, 0)] {
            best.offer(slot, score);
        }
        assert_eq!(best.threshold(), Some(5));
        assert_eq!(best.into_ranked(), [(2, 5), (3, 5), (9, 5)]);
        let mut none = Best::of(0);
        none.offer(1, 1);
        assert!(none.into_ranked().is_empty());
    }
}
