//! What the process measures, as Prometheus reads it.
//!
//! Names and labels are those of [`meter::table`]; docs/monitoring says what to do with them.

use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::resilience::RouteStats;
use gong_snowflake::resilience::meter::{self, table};
use gong_snowflake::snowflake_store::CallStore;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::envelope::Reply;
use crate::options::Failed;

/// Upper bounds of the histograms' buckets, in seconds: from a task to a sync of everything.
const BOUNDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 300.0, 3600.0,
];

/// Time between two looks for values to sort into buckets, for when nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(30);

/// What the process measures from now on.
#[derive(Clone)]
pub struct Meters(PrometheusHandle);

impl Meters {
    /// Begins to collect what this process measures. Once per process.
    ///
    /// # Errors
    /// Exit code 1: something collects it already.
    pub fn install() -> Result<Self, Failed> {
        let failed = |error| Failed::new(1, format!("nothing can be measured: {error}"));
        let builder = PrometheusBuilder::new().set_buckets(&BOUNDS);
        let handle = builder
            .map_err(failed)?
            .install_recorder()
            .map_err(failed)?;
        meter::describe();
        let kept = handle.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(UPKEEP).await;
                kept.run_upkeep();
            }
        });
        Ok(Self(handle))
    }

    /// All of it, in Prometheus' text format.
    pub(crate) fn text(&self) -> impl IntoResponse + use<> {
        const FORMAT: HeaderValue =
            HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
        self.0.run_upkeep();
        ([(CONTENT_TYPE, FORMAT)], self.0.render())
    }
}

/// Measures what the store says of itself: what waits, and up to when its calls are complete.
pub async fn measure_store(store: &dyn CallStore) {
    match store.freshness().await {
        Ok(fresh) => {
            fresh.measure();
            if let Some(at) = fresh.last_finished_at {
                table::FRESH.set(&["calls"], since_1970(at));
            }
        }
        Err(error) => tracing::warn!(%error, "the store does not say how fresh it is"),
    }
}

fn since_1970(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

/// Who answered the questions that tasks put to the store.
pub(crate) fn measure_route(routed: RouteStats) {
    for (answered_by, why, count) in [
        ("primary", "", routed.primary),
        ("fallback", "share", routed.fallback_by_share),
        ("fallback", "failure", routed.fallback_after_failure),
        ("fallback", "timeout", routed.fallback_after_timeout),
        ("fallback", "breaker", routed.fallback_for_breaker),
    ] {
        table::STORE_REQUESTS.reached(&[answered_by, why], count);
    }
}

/// A task under way; it is counted as such until this is dropped.
#[derive(Debug)]
pub(crate) struct UnderWay(());

impl UnderWay {
    pub(crate) fn begin() -> Self {
        table::TASKS_IN_FLIGHT.change(&[], 1.0);
        Self(())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        table::TASKS_IN_FLIGHT.change(&[], -1.0);
    }
}

/// Counts what was refused before the agents saw it, by the code of its error; what they see
/// they count themselves. Without a name: callers must not name series.
pub(crate) fn record_refusal(reply: Reply) -> Reply {
    if let Some(code) = &reply.code {
        table::TASKS.add(&["unknown", code], 1);
    }
    reply
}

impl std::fmt::Debug for Meters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}
