//! Every meter: its name, kind, unit, labels and meaning.
//!
//! Names and labels stay; new ones may come. docs/monitoring/README.md has the same table, and a
//! test compares them.

use super::measured::{Meter, MeterKind};

macro_rules! meters {
    ($($constant:ident: $kind:ident $name:literal in $unit:literal by [$($label:literal),*], $meaning:literal;)*) => {
        $(
            #[doc = $meaning]
            pub static $constant: Meter = Meter {
                name: concat!("gong_snowflake_", $name),
                kind: MeterKind::$kind,
                unit: $unit,
                labels: &[$($label),*],
                meaning: $meaning,
            };
        )*
        /// All of them.
        pub static ALL: &[&Meter] = &[$(&$constant),*];
    };
}

meters! {
    FRESH: Gauge "stream_fresh_timestamp_seconds" in "seconds" by ["stream"],
        "Up to when a stream (calls, records, crm, readings, retention, share, credits) is known to be complete, since 1970.";
    CALLS_LANDED: Counter "calls_landed_total" in "calls" by ["change"],
        "Calls landed: inserted, updated or deleted.";
    TRANSCRIPTS_LANDED: Counter "transcripts_landed_total" in "transcripts" by ["change"],
        "Transcripts landed: inserted, updated or withdrawn.";
    SENTENCES_STAGED: Counter "sentences_staged_total" in "sentences" by [],
        "Sentences staged.";
    DEAD_LETTERS: Gauge "dead_letters" in "letters" by [],
        "Dead letters that are open.";
    QUEUE: Gauge "queue_calls" in "calls" by ["queue"],
        "Calls that wait: transform, to be staged; broken, until they or the code that reads them change.";
    JOB_RUNS: Counter "job_runs_total" in "runs" by ["step", "outcome"],
        "Runs of a step (share, sync, streams, enrich, read, retain, credits) of the daemon by outcome: done, open, busy, stopped or failed.";
    JOB_SECONDS: Histogram "job_duration_seconds" in "seconds" by ["step"],
        "Time of a run of a step.";
    HTTP_REQUESTS: Counter "http_requests_total" in "requests" by ["client", "status"],
        "Requests sent to an outside system by the class of the reply: 2xx, 4xx, 429, 5xx or none.";
    HTTP_SECONDS: Histogram "http_request_duration_seconds" in "seconds" by ["client"],
        "Time from a request to the head of its reply.";
    HTTP_RETRIES: Counter "http_retries_total" in "requests" by ["client"],
        "Requests sent again after a failure.";
    HTTP_WAITED: Counter "http_rate_limit_waits_total" in "requests" by ["client"],
        "Requests that had to wait for this side's own limit.";
    HTTP_BYTES: Counter "http_response_bytes_total" in "bytes" by ["client"],
        "Bytes of reply bodies, after decompression.";
    QUOTA_USED: Gauge "quota_used_requests" in "requests" by ["client"],
        "Requests of the last twenty-four hours that count against a quota.";
    QUOTA_LEFT: Gauge "quota_left_requests" in "requests" by ["client"],
        "Requests that the quota of twenty-four hours has left.";
    SNOWFLAKE_STATEMENTS: Counter "snowflake_statements_total" in "statements" by ["statement", "outcome"],
        "Statements sent to Snowflake: done, abandoned, or the kind of the error.";
    SNOWFLAKE_SECONDS: Histogram "snowflake_statement_duration_seconds" in "seconds" by ["statement"],
        "Time that a statement took, waiting for the warehouse included.";
    SNOWFLAKE_BYTES: Counter "snowflake_bytes_total" in "bytes" by ["statement", "direction"],
        "Bytes of cells read, and of text bound.";
    SNOWFLAKE_CREDITS: Gauge "snowflake_credits" in "credits" by ["step", "spent_on", "day"],
        "Credits of a day (today or yesterday, UTC) that Snowflake has attributed to a step of the query tag, for warehouse or models.";
    CACHE: Counter "cache_requests_total" in "requests" by ["cache", "outcome"],
        "Questions to a cache: hit or miss.";
    TOKENS: Counter "language_tokens_total" in "tokens" by ["model", "direction"],
        "Tokens that a model is paid for: input or output.";
    FALLBACKS: Counter "fallbacks_total" in "requests" by ["component", "why"],
        "Requests that the fallback of store, crm or language answered: share, failure, timeout or breaker.";
    SHADOW: Counter "shadow_requests_total" in "requests" by ["method", "difference"],
        "Requests that both stores were asked for, by each difference of their answers, or none.";
    BREAKER: Gauge "breaker_open" in "breakers" by ["component"],
        "Whether a component is left alone because it keeps failing: 1 or 0, as of its last request.";
    TASKS: Counter "tasks_total" in "tasks" by ["task", "outcome"],
        "Tasks by outcome: ok, or the code of the error.";
    TASKS_DEGRADED: Counter "tasks_degraded_total" in "tasks" by ["task"],
        "Tasks answered with less than was asked for, such as by a fallback.";
    TASKS_IN_FLIGHT: Gauge "tasks_in_flight" in "tasks" by [],
        "Tasks under way.";
    TASK_SECONDS: Histogram "task_duration_seconds" in "seconds" by ["task"],
        "Time of a task.";
    STORE_REQUESTS: Counter "store_requests_total" in "requests" by ["answered_by", "why"],
        "Questions to the store by who answered, and why the fallback did.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_tell_kind_and_unit_as_prometheus_wants_it() {
        let mut names = HashSet::new();
        for meter in ALL {
            assert!(names.insert(meter.name), "{} comes twice", meter.name);
            let is_total = meter.name.ends_with("_total");
            assert_eq!(is_total, meter.kind == MeterKind::Counter, "{}", meter.name);
            let is_time = meter.kind == MeterKind::Histogram;
            assert!(
                !is_time || meter.name.ends_with("_seconds"),
                "{}",
                meter.name
            );
            assert!(meter.meaning.ends_with('.'), "{}", meter.name);
        }
    }
}
