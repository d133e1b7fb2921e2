//! What a daemon shows to those who watch it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Json, Router};
use gong_snowflake::ingest::schedule::{JobHealth, ScheduleHealth};
use gong_snowflake::snowflake_store::CallStore;
use serde_json::{Value, json};

use crate::bearer::{self, Bearer};
use crate::envelope::Refusal;
use crate::metrics::Meters;
use crate::web;

/// Time for the store to say how it is.
const STORE_TIME: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Watched {
    store: Arc<dyn CallStore>,
    health: ScheduleHealth,
    meters: Meters,
}

/// `GET /health`: 200 while the process answers; `GET /ready`: 200 while the store answers and
/// no job is overdue, else 503. For those who may ask, `GET /jobs`, how each job is, and
/// `GET /metrics`. None of it shows anything of calls.
pub fn watching(
    store: Arc<dyn CallStore>,
    health: ScheduleHealth,
    meters: Meters,
    bearer: Bearer,
) -> Router {
    let watched = Arc::new(Watched {
        store,
        health,
        meters,
    });
    let asked = Router::new()
        .route("/jobs", get(jobs))
        .route("/metrics", get(metrics))
        .route_layer(from_fn_with_state(Arc::new(bearer), bearer::check));
    Router::new()
        .merge(asked)
        .route("/health", get(async || Json(json!({"status": "ok"}))))
        .route("/ready", get(ready))
        .fallback(async || Refusal::UNKNOWN_PATH)
        .layer(from_fn(web::finish))
        .with_state(watched)
}

async fn jobs(State(watched): State<Arc<Watched>>) -> Json<Vec<JobHealth>> {
    Json(watched.health.jobs())
}

async fn metrics(State(watched): State<Arc<Watched>>) -> impl axum::response::IntoResponse {
    // A store that hangs is no reason to keep the other meters back. How fresh calls are is
    // known from the jobs' own runs, and from the store when the process starts.
    let measured = async { watched.store.freshness().await.map(|fresh| fresh.measure()) };
    let _ = tokio::time::timeout(STORE_TIME, measured).await;
    watched.meters.text()
}

async fn ready(State(watched): State<Arc<Watched>>) -> (StatusCode, Json<Value>) {
    let jobs = watched.health.jobs();
    let overdue = jobs.iter().filter(|job| job.is_overdue);
    let overdue: Vec<&str> = overdue.map(|job| job.job).collect();
    let answers = tokio::time::timeout(STORE_TIME, watched.store.freshness()).await;
    let answers = answers.is_ok_and(|fresh| fresh.is_ok());
    let (code, status) = match (answers, overdue.is_empty()) {
        (true, true) => (StatusCode::OK, "ok"),
        (true, false) => (StatusCode::SERVICE_UNAVAILABLE, "overdue"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "store_failed"),
    };
    (code, Json(json!({"status": status, "overdue": overdue})))
}
