//! Counters of the service, as Prometheus reads them.
//!
//! Names and labels stay; new ones may come. Labels come from closed lists, so that no caller
//! can make the number of series grow.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gong_snowflake::resilience::RouteStats;

/// Upper bounds of the histogram's buckets, in seconds.
const BOUNDS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// What was served.
#[derive(Debug, Default)]
pub(crate) struct Metrics(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// By task and outcome.
    tasks: BTreeMap<(&'static str, String), u64>,
    degraded: BTreeMap<&'static str, u64>,
    durations: BTreeMap<&'static str, Histogram>,
    in_flight: i64,
}

#[derive(Debug, Default)]
struct Histogram {
    buckets: [u64; BOUNDS.len()],
    count: u64,
    seconds: f64,
}

/// A task under way; it is counted as such until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Metrics);

impl Metrics {
    /// Counts a task as under way.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        self.counted().in_flight += 1;
        UnderWay(self)
    }

    /// Counts a task that ended: `ok` or the code of its error.
    pub(crate) fn record(
        &self,
        task: &'static str,
        outcome: &str,
        is_degraded: bool,
        took: Duration,
    ) {
        let mut counted = self.counted();
        let key = (task, outcome.to_owned());
        *counted.tasks.entry(key).or_default() += 1;
        *counted.degraded.entry(task).or_default() += u64::from(is_degraded);
        let histogram = counted.durations.entry(task).or_default();
        let seconds = took.as_secs_f64();
        for (bucket, bound) in histogram.buckets.iter_mut().zip(BOUNDS) {
            *bucket += u64::from(seconds <= bound);
        }
        histogram.count += 1;
        histogram.seconds += seconds;
    }

    /// All of it, in Prometheus' text format.
    pub(crate) fn text(&self, routed: Option<RouteStats>) -> String {
        let counted = self.counted();
        let mut text = String::new();
        head(
            &mut text,
            "tasks_total",
            "counter",
            "Tasks by outcome: ok, or the code of the error.",
        );
        for ((task, outcome), count) in &counted.tasks {
            line(
                &mut text,
                format_args!("tasks_total{{task=\"{task}\",outcome=\"{outcome}\"}} {count}"),
            );
        }
        head(
            &mut text,
            "tasks_degraded_total",
            "counter",
            "Tasks answered with less than was asked for, such as by a fallback.",
        );
        for (task, count) in &counted.degraded {
            line(
                &mut text,
                format_args!("tasks_degraded_total{{task=\"{task}\"}} {count}"),
            );
        }
        store_questions(&mut text, routed);
        head(&mut text, "tasks_in_flight", "gauge", "Tasks under way.");
        line(
            &mut text,
            format_args!("tasks_in_flight {}", counted.in_flight),
        );
        head(
            &mut text,
            "task_duration_seconds",
            "histogram",
            "Time from the request's head to its answer.",
        );
        for (task, histogram) in &counted.durations {
            for (bound, count) in BOUNDS.iter().zip(histogram.buckets) {
                line(
                    &mut text,
                    format_args!(
                        "task_duration_seconds_bucket{{task=\"{task}\",le=\"{bound}\"}} {count}"
                    ),
                );
            }
            let Histogram { count, seconds, .. } = histogram;
            line(
                &mut text,
                format_args!("task_duration_seconds_bucket{{task=\"{task}\",le=\"+Inf\"}} {count}"),
            );
            line(
                &mut text,
                format_args!("task_duration_seconds_sum{{task=\"{task}\"}} {seconds}"),
            );
            line(
                &mut text,
                format_args!("task_duration_seconds_count{{task=\"{task}\"}} {count}"),
            );
        }
        text
    }

    /// Counters stay true whoever panicked.
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.counted().in_flight -= 1;
    }
}

/// Who answered the questions that tasks put to the store; nothing without a fallback.
fn store_questions(text: &mut String, routed: Option<RouteStats>) {
    let Some(routed) = routed else { return };
    head(
        text,
        "store_requests_total",
        "counter",
        "Questions to the store by who answered, and why the fallback did.",
    );
    for (answered_by, why, count) in [
        ("primary", "", routed.primary),
        ("fallback", "share", routed.fallback_by_share),
        ("fallback", "failure", routed.fallback_after_failure),
        ("fallback", "timeout", routed.fallback_after_timeout),
        ("fallback", "breaker", routed.fallback_for_breaker),
    ] {
        line(
            text,
            format_args!(
                "store_requests_total{{answered_by=\"{answered_by}\",why=\"{why}\"}} {count}"
            ),
        );
    }
}

/// What stands before each name.
const PREFIX: &str = "gong_snowflake_";

// Writing to a String does not fail.
fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{PREFIX}{line}");
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {PREFIX}{name} {help}");
    let _ = writeln!(text, "# TYPE {PREFIX}{name} {kind}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_counts_agree() {
        let metrics = Metrics::default();
        metrics.record("ask", "ok", true, Duration::from_millis(30));
        metrics.record("ask", "call_not_found", false, Duration::from_secs(60));
        let under_way = metrics.begin();
        let routed = RouteStats {
            fallback_after_timeout: 3,
            ..RouteStats::default()
        };
        let text = metrics.text(Some(routed));
        for expected in [
            "gong_snowflake_tasks_total{task=\"ask\",outcome=\"ok\"} 1\n",
            "gong_snowflake_tasks_total{task=\"ask\",outcome=\"call_not_found\"} 1\n",
            "gong_snowflake_tasks_degraded_total{task=\"ask\"} 1\n",
            "gong_snowflake_tasks_in_flight 1\n",
            "gong_snowflake_task_duration_seconds_bucket{task=\"ask\",le=\"0.025\"} 0\n",
            "gong_snowflake_task_duration_seconds_bucket{task=\"ask\",le=\"0.05\"} 1\n",
            "gong_snowflake_task_duration_seconds_bucket{task=\"ask\",le=\"30\"} 1\n",
            "gong_snowflake_task_duration_seconds_bucket{task=\"ask\",le=\"+Inf\"} 2\n",
            "gong_snowflake_task_duration_seconds_sum{task=\"ask\"} 60.03\n",
            "gong_snowflake_task_duration_seconds_count{task=\"ask\"} 2\n",
            "gong_snowflake_store_requests_total{answered_by=\"fallback\",why=\"timeout\"} 3\n",
        ] {
            assert!(text.contains(expected), "{expected}{text}");
        }
        drop(under_way);
        assert!(
            metrics
                .text(None)
                .contains("gong_snowflake_tasks_in_flight 0\n")
        );
    }
}
