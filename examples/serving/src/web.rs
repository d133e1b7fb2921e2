//! The service over HTTP.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http_body_util::LengthLimitError;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::bearer::{self, Bearer};
use crate::envelope::{Refusal, Reply};
use crate::metrics::{Meters, UnderWay, measure_route, measure_store, record_refusal};
use crate::openapi;
use crate::options::Limits;
use crate::tasks::Tasks;

/// Bytes that a task may have.
pub(crate) const MOST_BODY: usize = 1 << 20;

/// What some programs write before a text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Time for the store to say that it is there.
const READY_TIME: Duration = Duration::from_secs(5);

/// Between two questions to the store how fresh it is, for meters.
const STORE_PAUSE: Duration = Duration::from_secs(10 * 60);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Debug)]
struct Service {
    tasks: Arc<Tasks>,
    limits: Limits,
    meters: Meters,
    /// When the store was last asked how fresh it is.
    asked_store: Mutex<Option<Instant>>,
}

/// The id of a request: the caller's, or a new one.
#[derive(Debug, Clone)]
struct RequestId(String);

/// `POST /tasks`, `GET /metrics` and `/openapi.json` for those who may ask, and `GET /health`
/// and `/ready` for everybody: whoever watches processes has no token.
pub fn router(tasks: Arc<Tasks>, bearer: Bearer, limits: Limits, meters: Meters) -> Router {
    let service = Arc::new(Service {
        tasks,
        limits,
        meters,
        asked_store: Mutex::default(),
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
    let _under_way = UnderWay::begin();
    let reply = match service.task_of(&id, request).await {
        Ok(task) => service.tasks.run(&task).await.about(&id),
        Err(refusal) => record_refusal(Reply::without_task(&id, refusal)),
    };
    // A task may bring an id of its own.
    let id = reply.request_id().map(HeaderValue::from_str);
    let id = id.and_then(Result::ok).map(|id| [(REQUEST_ID, id)]);
    (reply.status(), id, Json(reply.envelope)).into_response()
}

impl Service {
    /// Now and then only, whoever scrapes how often: the question would keep a warehouse awake.
    fn is_to_ask_the_store(&self) -> bool {
        let mut asked = self
            .asked_store
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_due = asked.is_none_or(|asked| asked.elapsed() > STORE_PAUSE);
        if is_due {
            *asked = Some(Instant::now());
        }
        is_due
    }

    /// The task of a request, which has the request's id unless it brings one.
    async fn task_of(&self, id: &str, request: Request) -> Result<Bytes, Refusal> {
        if !is_json(request.headers()) {
            return Err(Refusal::NOT_JSON);
        }
        let reading = read(request.into_body());
        let body = tokio::time::timeout(self.limits.task(), reading).await;
        let body = body.unwrap_or(Err(Refusal::TIMED_OUT))?;
        let text = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body);
        Ok(match serde_json::from_slice(text) {
            Ok(Value::Object(mut task)) => {
                // As everywhere in a task, null is absent.
                if task.get("request_id").is_none_or(Value::is_null) {
                    task.insert("request_id".to_owned(), id.into());
                }
                Value::Object(task).to_string().into()
            }
            // What is no object is the agents' to refuse.
            _ => body,
        })
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

async fn metrics(State(service): State<Arc<Service>>) -> impl IntoResponse {
    if let Some(routed) = service.tasks.route_stats() {
        measure_route(routed);
    }
    if service.is_to_ask_the_store() {
        // One that hangs is no reason to keep the other meters back.
        let measuring = measure_store(service.tasks.store());
        let _ = tokio::time::timeout(READY_TIME, measuring).await;
    }
    service.meters.text()
}

async fn ready(State(service): State<Arc<Service>>) -> Result<Response, Refusal> {
    let why = match tokio::time::timeout(READY_TIME, service.tasks.health()).await {
        Ok(Ok(health)) => {
            return Ok(Json(json!({"status": "ok", "store": health})).into_response());
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it does not answer".to_owned(),
    };
    tracing::warn!(why, "the store is not ready");
    // A balancer that took this process away would take its fallback away too.
    if service.tasks.has_fallback() {
        return Ok(Json(json!({"status": "degraded", "store": null})).into_response());
    }
    Err(Refusal::NOT_READY)
}

/// Names each request, and gives refusals their body.
pub(crate) async fn finish(mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| Uuid::new_v4().to_string());
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions().get::<Refusal>().copied() {
        let reply = Reply::without_task(&id, refusal);
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
