//! What statements cost: time, rows, bytes, repetitions.

mod measurement;
mod metrics;
mod observer;

pub(crate) use measurement::Measurement;
pub(crate) use observer::Unobserved;

pub use metrics::{MetricsSnapshot, StatementMetrics, StatementSummary};
pub use observer::{Outcome, Repetition, SqlObserver, StatementReport};
