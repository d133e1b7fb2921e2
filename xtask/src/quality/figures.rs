//! Figures as the `quality` example prints them.

use serde::Deserialize;

/// One measured number, and what it should be.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Figure {
    /// What was measured, on what.
    pub(super) name: String,
    pub(super) value: f64,
    /// Digits after the point that mean something.
    pub(super) digits: usize,
    pub(super) unit: String,
    /// The aim, when more is better.
    pub(super) at_least: Option<f64>,
    /// The aim, when less is better.
    pub(super) below: Option<f64>,
    /// What was counted or averaged over.
    pub(super) items: String,
    /// `tuning` or `reporting`; none when nothing was tuned on the set.
    pub(super) part: Option<String>,
}

impl Figure {
    pub(super) fn is_of_tuning_part(&self) -> bool {
        self.part.as_deref() == Some("tuning")
    }

    /// Whether it is worse than it should be, on what nothing was tuned on. The
    /// tuning part is shown for comparison and misses nothing.
    pub(super) fn misses_its_aim(&self) -> bool {
        let too_low = self.at_least.is_some_and(|bound| self.value < bound);
        let too_high = self.below.is_some_and(|bound| self.value >= bound);
        !self.is_of_tuning_part() && (too_low || too_high)
    }

    /// The number with its digits and unit.
    pub(super) fn shown(&self) -> String {
        let number = format!("{:.*}", self.digits, self.value);
        match self.unit.as_str() {
            "" => number,
            "%" => format!("{number} %"),
            unit => format!("{number} {unit}"),
        }
    }

    /// The aim with its digits.
    pub(super) fn aim(&self) -> String {
        let bound = |bound: f64| {
            let digits = self.digits;
            let shown = format!("{bound:.digits$}");
            if shown.contains('.') {
                shown.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                shown
            }
        };
        match (self.at_least, self.below) {
            (Some(least), _) => format!("≥ {}", bound(least)),
            (_, Some(most)) => format!("< {}", bound(most)),
            (None, None) => String::new(),
        }
    }
}
