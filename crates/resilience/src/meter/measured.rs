//! Something that is measured, and how it is told.

use metrics::{Label, counter, gauge, histogram};

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Meter {
    /// Its name, as Prometheus shows it.
    pub name: &'static str,
    /// How it behaves.
    pub kind: MeterKind,
    /// What it counts in: `requests`, `seconds`, `bytes`, …
    pub unit: &'static str,
    /// The names of its labels. Their values come from closed lists, or from the settings.
    pub labels: &'static [&'static str],
    /// What it says, as one sentence.
    pub meaning: &'static str,
}

/// How a meter behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeterKind {
    /// It grows while the process runs.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It counts values by size.
    Histogram,
}

impl MeterKind {
    /// As Prometheus calls it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

impl Meter {
    /// Adds to a counter. `values` are those of the labels, in their order.
    pub fn add(&self, values: &[&str], by: u64) {
        counter!(self.name, self.labelled(values)).increment(by);
    }

    /// Sets a counter that is kept elsewhere to what it has reached.
    pub fn reached(&self, values: &[&str], total: u64) {
        counter!(self.name, self.labelled(values)).absolute(total);
    }

    /// Sets a gauge.
    pub fn set(&self, values: &[&str], value: f64) {
        gauge!(self.name, self.labelled(values)).set(value);
    }

    /// Changes a gauge by some amount.
    pub fn change(&self, values: &[&str], by: f64) {
        gauge!(self.name, self.labelled(values)).increment(by);
    }

    /// Adds a value to a histogram.
    pub fn record(&self, values: &[&str], value: f64) {
        histogram!(self.name, self.labelled(values)).record(value);
    }

    fn labelled(&self, values: &[&str]) -> Vec<Label> {
        debug_assert_eq!(values.len(), self.labels.len(), "{}", self.name);
        let labels = self.labels.iter().zip(values);
        labels
            .map(|(name, value)| Label::new(*name, (*value).to_owned()))
            .collect()
    }
}
