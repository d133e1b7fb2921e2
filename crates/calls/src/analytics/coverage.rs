//! How much time a set of intervals covers.

/// The length of a union of intervals that arrive by ascending start.
///
/// Times saturate instead of overflowing: a transcript may hold any `i64`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Coverage {
    covered_ms: i64,
    /// Where the union ends so far; `None` before the first interval.
    reach_ms: Option<i64>,
}

impl Coverage {
    /// Adds `start_ms..end_ms`; empty and backward intervals add nothing.
    pub(super) fn add(&mut self, start_ms: i64, end_ms: i64) {
        let fresh_from = self.reach_ms.map_or(start_ms, |reach| reach.max(start_ms));
        if end_ms > fresh_from {
            let fresh = end_ms.saturating_sub(fresh_from);
            self.covered_ms = self.covered_ms.saturating_add(fresh);
            self.reach_ms = Some(end_ms);
        }
    }

    /// Length of the union, in milliseconds.
    pub(super) fn milliseconds(self) -> i64 {
        self.covered_ms
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;

    fn union_of(intervals: &[(i64, i64)]) -> i64 {
        let mut coverage = Coverage::default();
        for &(start, end) in intervals {
            coverage.add(start, end);
        }
        coverage.milliseconds()
    }

    #[test]
    fn counts_shared_time_once() {
        assert_eq!(union_of(&[(0, 10), (5, 15)]), 15);
        assert_eq!(union_of(&[(0, 100), (10, 20), (30, 40)]), 100);
        assert_eq!(union_of(&[(0, 10), (0, 10)]), 10);
    }

    #[test]
    fn skips_gaps_and_empty_intervals() {
        assert_eq!(union_of(&[(-20, -10), (0, 10)]), 20);
        assert_eq!(union_of(&[(5, 5), (7, 3), (10, 12)]), 2);
        assert_eq!(union_of(&[]), 0);
    }

    #[test]
    fn saturates_on_absurd_times() {
        assert_eq!(union_of(&[(i64::MIN, i64::MAX), (0, 10)]), i64::MAX);
    }
}
