//! What many runs of the same work took.

use std::time::Duration;

use serde_json::{Value, json};

/// Median and 99th percentile, in milliseconds.
pub(crate) fn percentiles(mut times: Vec<Duration>) -> Value {
    times.sort_unstable();
    let at = |share: usize| {
        let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
        times.get(index).map(|time| time.as_secs_f64() * 1e3)
    };
    json!({"count": times.len(), "p50_ms": at(50), "p99_ms": at(99)})
}
