//! What a daemon shows to those who watch it.
//!
//! None of it asks the store: probes come every few seconds, and would keep a warehouse awake.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use gong_snowflake::ingest::schedule::{JobHealth, ScheduleHealth};
use serde_json::{Value, json};

use crate::bearer::{self, Bearer};
use crate::envelope::Refusal;
use crate::metrics::Meters;
use crate::web;

#[derive(Debug)]
struct Watched {
    health: ScheduleHealth,
    meters: Meters,
}

/// `GET /health`: 200 while the process answers; `GET /ready`: 200 while no job is overdue,
/// else 503. For those who may ask, `GET /jobs`, how each job is, and `GET /metrics`. None of
/// it shows anything of calls.
pub fn watching(health: ScheduleHealth, meters: Meters, bearer: Bearer) -> Router {
    let watched = Arc::new(Watched { health, meters });
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

async fn metrics(State(watched): State<Arc<Watched>>) -> impl IntoResponse {
    watched.meters.text()
}

async fn ready(State(watched): State<Arc<Watched>>) -> (StatusCode, Json<Value>) {
    let jobs = watched.health.jobs();
    let overdue = jobs.iter().filter(|job| job.is_overdue);
    let overdue: Vec<&str> = overdue.map(|job| job.job).collect();
    let (code, status) = match overdue.is_empty() {
        true => (StatusCode::OK, "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "overdue"),
    };
    (code, Json(json!({"status": status, "overdue": overdue})))
}
