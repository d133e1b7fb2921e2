//! Where a figure should be, and what a value makes of it.

use serde::{Deserialize, Serialize};

/// Which direction of a metric is good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GoodDirection {
    /// The more the better.
    Higher,
    /// The less the better.
    Lower,
    /// Between two values.
    Between {
        /// Lowest good value.
        low: f64,
        /// Highest good value.
        high: f64,
    },
}

/// What a value is beside its target, in words that go with its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Where it should be.
    Met,
    /// Not far from it: nothing to blame anybody for.
    Nearly,
    /// Too low.
    Low,
    /// Too high.
    High,
}

/// Where a figure should be, how much it matters, and who says so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetricTarget {
    /// Lowest good value; `None` when there is no such bound.
    pub low: Option<f64>,
    /// Highest good value; `None` when there is no such bound.
    pub high: Option<f64>,
    /// The value below [`low`](Self::low) that scores nothing.
    pub nothing_at_low: Option<f64>,
    /// The value above [`high`](Self::high) that scores nothing.
    pub nothing_at_high: Option<f64>,
    /// How much it matters beside the others, 0 to 1.
    pub importance: f64,
    /// A difference that nobody would notice, in the metric's unit: teams are not told
    /// apart by less.
    pub just_noticeable: f64,
    /// Who says so; `ours` where nobody else does.
    pub source: String,
}

/// What settings change of a target; what they leave out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TargetChange {
    low: Option<f64>,
    high: Option<f64>,
    nothing_at_low: Option<f64>,
    nothing_at_high: Option<f64>,
    importance: Option<f64>,
    just_noticeable: Option<f64>,
    source: Option<String>,
}

impl MetricTarget {
    /// Which direction is good.
    pub fn good_direction(&self) -> GoodDirection {
        match (self.low, self.high) {
            (Some(low), Some(high)) => GoodDirection::Between { low, high },
            (None, Some(_)) => GoodDirection::Lower,
            _ => GoodDirection::Higher,
        }
    }

    /// Whether a value is where it should be.
    pub fn is_met(&self, value: f64) -> bool {
        self.low.is_none_or(|low| value >= low) && self.high.is_none_or(|high| value <= high)
    }

    /// Whether a value is above what is good.
    pub(crate) fn is_above(&self, value: f64) -> bool {
        self.high.is_some_and(|high| value > high)
    }

    /// How good a value is, 0 to 100: 100 where it should be, falling in a straight line to
    /// the value that scores nothing.
    pub(crate) fn score(&self, value: f64) -> f64 {
        let share = |value: f64, nothing: f64, full: f64| (value - nothing) / (full - nothing);
        let share = match (self.low, self.high) {
            (Some(low), _) if value < low => {
                share(value, self.nothing_at_low.unwrap_or(low - 1.0), low)
            }
            (_, Some(high)) if value > high => {
                share(value, self.nothing_at_high.unwrap_or(high + 1.0), high)
            }
            _ => 1.0,
        };
        100.0 * share.clamp(0.0, 1.0)
    }

    /// What a value is; misses that score `weak_below` or better are near ones.
    pub(crate) fn verdict(&self, value: f64, weak_below: f64) -> Verdict {
        if self.is_met(value) {
            Verdict::Met
        } else if self.score(value) >= weak_below {
            Verdict::Nearly
        } else if self.is_above(value) {
            Verdict::High
        } else {
            Verdict::Low
        }
    }

    /// Orders values by how bad they are: by their distance from a good range, else along
    /// the direction.
    pub(crate) fn badness(&self, value: f64) -> f64 {
        match self.good_direction() {
            GoodDirection::Higher => -value,
            GoodDirection::Lower => value,
            GoodDirection::Between { low, high } => (low - value).max(value - high).max(0.0),
        }
    }

    /// The bound that a value misses, or would miss first.
    pub(crate) fn edge(&self, value: f64) -> f64 {
        match (self.low, self.high) {
            (Some(low), Some(high)) if value > high || (high - value) < (value - low) => high,
            (Some(low), _) => low,
            (None, Some(high)) => high,
            (None, None) => value,
        }
    }

    pub(super) fn changed(&mut self, change: TargetChange) {
        let keep = |new: Option<f64>, old: Option<f64>| new.or(old);
        self.low = keep(change.low, self.low);
        self.high = keep(change.high, self.high);
        self.nothing_at_low = keep(change.nothing_at_low, self.nothing_at_low);
        self.nothing_at_high = keep(change.nothing_at_high, self.nothing_at_high);
        self.importance = change.importance.unwrap_or(self.importance);
        self.just_noticeable = change.just_noticeable.unwrap_or(self.just_noticeable);
        if let Some(source) = change.source {
            self.source = source;
        }
    }

    /// The field at fault and why, when the target makes no sense.
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        let bounds = [
            ("low", self.low),
            ("high", self.high),
            ("nothing_at_low", self.nothing_at_low),
            ("nothing_at_high", self.nothing_at_high),
        ];
        let not_finite = |(name, value): (&'static str, Option<f64>)| {
            let is_bad = value.is_some_and(|value| !value.is_finite());
            is_bad.then_some((name, "must be a finite number"))
        };
        if let Some(fault) = bounds.into_iter().find_map(not_finite) {
            return Some(fault);
        }
        let reversed = |below: Option<f64>, above: Option<f64>| {
            below
                .zip(above)
                .is_some_and(|(below, above)| below >= above)
        };
        if reversed(self.low, self.high) {
            Some(("low", "must be less than high"))
        } else if reversed(self.nothing_at_low, self.low) {
            Some(("nothing_at_low", "must be less than low"))
        } else if reversed(self.high, self.nothing_at_high) {
            Some(("nothing_at_high", "must be more than high"))
        } else if !(0.0..=1.0).contains(&self.importance) {
            Some(("importance", "must be from 0 to 1"))
        } else if !(self.just_noticeable.is_finite() && self.just_noticeable > 0.0) {
            Some(("just_noticeable", "must be more than 0"))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CoachMetric, Targets};
    use super::*;

    #[test]
    fn a_score_is_full_where_a_value_should_be_and_falls_outside() {
        let targets = Targets::default();
        let talk = targets.of(CoachMetric::TalkRatio);
        assert_eq!(talk.score(0.4), 100.0);
        assert!((talk.score(0.65) - 50.0).abs() < 1e-9);
        assert_eq!(talk.score(0.9), 0.0);
        assert!((talk.score(0.175) - 50.0).abs() < 1e-9);
        let monologue = targets.of(CoachMetric::LongestMonologue);
        assert_eq!(monologue.score(68.0), 100.0);
        assert_eq!(monologue.score(300.0), 50.0);
        assert_eq!(monologue.score(600.0), 0.0);
    }

    #[test]
    fn words_of_blame_go_with_a_weak_score() {
        let targets = Targets::default();
        let talk = targets.of(CoachMetric::TalkRatio);
        assert_eq!(talk.verdict(0.50, 75.0), Verdict::Met);
        assert_eq!(talk.verdict(0.52, 75.0), Verdict::Nearly);
        assert_eq!(talk.verdict(0.70, 75.0), Verdict::High);
        assert_eq!(talk.verdict(0.10, 75.0), Verdict::Low);
    }
}
