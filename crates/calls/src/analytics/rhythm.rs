//! How the floor passes between people.

use super::conversation::{Measurement, seconds};
use super::sides::Side;

impl Measurement<'_> {
    /// **Interactivity**, in speaker switches per minute: [turns](super::floor)
    /// less one, divided by the minutes from the first word to the last.
    ///
    /// Every change of voice counts, also between colleagues;
    /// [backchannels](super::backchannel) do not count as changes. A scale of its own: Gong
    /// shows 0 to 10. `None` when nothing has a length.
    pub fn interactivity(&self) -> Option<f64> {
        let minutes = seconds(self.timeline.span_ms()) / 60.0;
        let switches = self.stretches.len().saturating_sub(1);
        (minutes > 0.0).then(|| switches as f64 / minutes)
    }

    /// **Patience**, in seconds: the median pause over all hand-overs from a
    /// [customer](super::sides)'s turn straight to a turn of the rep, a pause being
    /// `max(0, start of the rep's turn - end of the customer's)`.
    ///
    /// Starting before the customer has ended is a pause of 0. The end is that of
    /// the customer's [turn](super::floor), so a [backchannel](super::backchannel)
    /// in between neither starts nor ends a pause. An even number of pauses gives
    /// the mean of the middle two. `None` without such a hand-over.
    pub fn patience_seconds(&self) -> Option<f64> {
        let pauses = self
            .stretches
            .windows(2)
            .filter(|pair| {
                self.side(pair[0].voice) == Side::Customer && self.side(pair[1].voice) == Side::Rep
            })
            .map(|pair| pair[1].start_ms.saturating_sub(pair[0].end_ms).max(0))
            .collect();
        median(pauses).map(|milliseconds| milliseconds / 1_000.0)
    }
}

fn median(mut values: Vec<i64>) -> Option<f64> {
    let middle = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let odd = values.len() % 2 == 1;
    let (lower, &mut upper, _) = values.select_nth_unstable(middle);
    if odd {
        return Some(upper as f64);
    }
    let below = lower.iter().copied().max().unwrap_or(upper);
    Some((below as f64 + upper as f64) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn median_of_even_counts_is_the_mean_of_the_middle_two() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7.0));
        assert_eq!(median(vec![9, 1]), Some(5.0));
        assert_eq!(median(vec![3, 1, 2]), Some(2.0));
        assert_eq!(median(vec![4, 1, 3, 2]), Some(2.5));
        assert_eq!(median(vec![i64::MAX, i64::MAX]), Some(i64::MAX as f64));
    }
}
