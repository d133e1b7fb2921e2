//! The service over HTTP.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use gong_snowflake::agents::task::Task;
use http_body_util::LengthLimitError;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::bearer::{self, Bearer};
use crate::envelope::{Refusal, Reply};
use crate::metrics::Metrics;
use crate::openapi;
use crate::options::Limits;
use crate::tasks::Tasks;

/// Bytes that a task may have.
pub(crate) const MOST_BODY: usize = 1 << 20;

/// Time for the store to say that it is there.
const READY_TIME: Duration = Duration::from_secs(5);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names a task in the counters that the agents do not know.
const UNKNOWN_TASK: &str = "unknown";

#[derive(Debug)]
struct Service {
    tasks: Arc<Tasks>,
    limits: Limits,
    metrics: Metrics,
}

/// The id of a request: the caller's, or a new one.
#[derive(Debug, Clone)]
struct RequestId(String);

/// `POST /tasks`, `GET /metrics` and `/openapi.json` for those who may ask, and `GET /health`
/// and `/ready` for everybody: whoever watches processes has no token.
pub fn router(tasks: Arc<Tasks>, bearer: Bearer, limits: Limits) -> Router {
    let service = Arc::new(Service {
        tasks,
        limits,
        metrics: Metrics::default(),
    });
    let asked = Router::new()
        .route("/tasks", post(run_task))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(async || Json(openapi::document())))
        .route_layer(from_fn_with_state(Arc::new(bearer), bearer::check));
    Router::new()
        .merge(asked)
        .route("/health", get(async || Json(json!({"status": "ok"}))))
        .route("/ready", get(ready))
        .fallback(async || Refusal::UNKNOWN_PATH)
        .method_not_allowed_fallback(async || Refusal::METHOD_NOT_ALLOWED)
        .layer(from_fn(finish))
        .with_state(service)
}

async fn run_task(
    State(service): State<Arc<Service>>,
    Extension(RequestId(id)): Extension<RequestId>,
    request: Request,
) -> Response {
    let started = Instant::now();
    let _under_way = service.metrics.begin();
    let limit = service.limits.task();
    // What is dropped when time is up is cancelled, the body's reading included.
    let (task, reply) = tokio::time::timeout(limit, service.answer(&id, request))
        .await
        .unwrap_or_else(|_| (UNKNOWN_TASK, Reply::refusal(Refusal::TIMED_OUT)));
    let outcome = reply.code.as_deref().unwrap_or("ok");
    let took = started.elapsed();
    service
        .metrics
        .record(task, outcome, reply.is_degraded(), took);
    let reply = reply.with_request_id(&id);
    // A task may bring an id of its own.
    let id = reply.request_id().map(HeaderValue::from_str);
    let id = id.and_then(Result::ok).map(|id| [(REQUEST_ID, id)]);
    (reply.status(), id, Json(reply.envelope)).into_response()
}

impl Service {
    /// The task's name for the counters, and the reply.
    async fn answer(&self, id: &str, request: Request) -> (&'static str, Reply) {
        if !is_json(request.headers()) {
            return (UNKNOWN_TASK, Reply::refusal(Refusal::NOT_JSON));
        }
        let body = match read(request.into_body()).await {
            Ok(body) => body,
            Err(refusal) => return (UNKNOWN_TASK, Reply::refusal(refusal)),
        };
        // What is no object is the agents' to refuse.
        let Ok(Value::Object(mut task)) = serde_json::from_slice(&body) else {
            let mut reply = self.tasks.run(&body).await;
            reply.envelope["request_id"] = id.into();
            return (UNKNOWN_TASK, reply);
        };
        task.entry("request_id").or_insert_with(|| id.into());
        let name = task_name(&task);
        (
            name,
            self.tasks
                .run(Value::Object(task).to_string().as_bytes())
                .await,
        )
    }
}

async fn read(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, MOST_BODY).await.map_err(|error| {
        let cause = std::error::Error::source(&error);
        match cause.is_some_and(|cause| cause.is::<LengthLimitError>()) {
            true => Refusal::BODY_TOO_LARGE,
            false => Refusal::UNREADABLE_BODY,
        }
    })
}

/// Pages of a browser cannot send this type to another site without asking it first.
fn is_json(headers: &HeaderMap) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

/// One of the names that there are: callers must not name series.
fn task_name(task: &Map<String, Value>) -> &'static str {
    let named = task.get("task_type").and_then(Value::as_str);
    Task::specs()
        .find(|spec| Some(spec.name) == named)
        .map_or(UNKNOWN_TASK, |spec| spec.name)
}

async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    const FORMAT: HeaderValue =
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    (
        [(CONTENT_TYPE, FORMAT)],
        service.metrics.text(service.tasks.route_stats()),
    )
}

async fn ready(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    match tokio::time::timeout(READY_TIME, service.tasks.health()).await {
        Ok(Ok(health)) => Ok(Json(json!({"status": "ok", "store": health})).into_response()),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the store is not ready");
            Err(Refusal::NOT_READY)
        }
        Err(_) => Err(Refusal::NOT_READY),
    }
}

/// Names each request, and gives refusals their body.
pub(crate) async fn finish(mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| Uuid::new_v4().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions().get::<Refusal>().copied() {
        let reply = Reply::refusal(refusal).with_request_id(&id);
        let (mut parts, _) = response.into_parts();
        parts
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        parts.headers.remove(axum::http::header::CONTENT_LENGTH);
        response = Response::from_parts(parts, Body::from(reply.envelope.to_string()));
    }
    tracing::debug!(%method, path, id, status = response.status().as_u16(), "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().entry(REQUEST_ID).or_insert(id);
    }
    response
}

/// The caller's own name of a request, if it can stand in a log.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits = (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| id.to_owned())
}
