//! The one shape of every answer, errors included.

use std::time::Instant;

use calls::Provenance;
use serde_json::{Value, json};
use snowflake_store::serving::Served;

use super::batch::ErrorBody;
use super::confidence::confidence;
use super::input::parse;
use super::{Task, TaskResult};
use crate::{Error, ErrorCode, Result};

/// What an answer says of its task, whatever becomes of it.
#[derive(Debug)]
pub(super) struct Request {
    /// `None` when it names no task.
    pub(super) task_type: Option<&'static str>,
    /// The caller's, else a new one.
    pub(super) id: String,
    /// Whether it names a rep by `rep`.
    by_rep: bool,
    started: Instant,
}

impl Request {
    /// The task, or what is wrong with it, beside that.
    pub(super) fn read(value: Result<Value>) -> (Self, Result<Task>) {
        let started = Instant::now();
        let given = |field: &str| match value.as_ref().ok()?.get(field)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let name = given("task_type");
        let mut specs = Task::specs();
        let spec = specs.find(|spec| Some(spec.name) == name.as_deref());
        let request = Self {
            task_type: spec.map(|spec| spec.name),
            id: given("request_id").unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
            by_rep: given("rep").is_some(),
            started,
        };
        (request, value.and_then(Task::from_value))
    }

    /// An error with the field that was sent: `rep` is read as one of the three others.
    pub(super) fn as_sent(&self, error: Error) -> Error {
        if self.by_rep && error.code() == ErrorCode::RepNotFound {
            return error.with_field("rep");
        }
        error
    }
}

/// Who stands behind an answer.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    /// Where calls come from when no store said so.
    pub(super) data_source: &'static str,
    pub(super) reader: &'a Provenance,
    pub(super) served: Served,
}

/// An answer with the exit code of a command.
pub(super) fn reply(
    request: &Request,
    outcome: Result<TaskResult>,
    sources: &Sources<'_>,
) -> (Value, u8) {
    let served = &sources.served;
    let mut degraded = served.degraded();
    let mut ai_enhanced = false;
    let outcome = outcome.and_then(|result| {
        ai_enhanced = result.is_ai_enhanced();
        degraded.extend(result.degraded().into_iter().map(str::to_owned));
        serde_json::to_value(result).map_err(|error| {
            let message = format!("the result is not JSON: {error}");
            Error::new(ErrorCode::Internal, message)
        })
    });
    let data_source = match served.sources().as_slice() {
        [] => sources.data_source.to_owned(),
        names => names.join(", "),
    };
    let store_requests = served.by().iter().map(|one| {
        json!({"source": one.source, "requests": one.requests, "instead_of": one.instead_of()})
    });
    let mut reply = json!({
        "success": outcome.is_ok(),
        "task_type": request.task_type,
        "request_id": request.id,
        "version": VERSION,
        "data_source": data_source,
        "ai_enhanced": ai_enhanced,
        "confidence": outcome.as_ref().ok().and_then(confidence),
        "degraded": degraded,
        "meta": {
            "duration_ms": request.started.elapsed().as_secs_f64() * 1000.0,
            "backend": sources.reader.backend,
            "model": sources.reader.model,
            "store_requests": store_requests.collect::<Vec<Value>>(),
        },
    });
    let (field, value, code) = match outcome {
        Ok(result) => ("result", result, 0),
        Err(error) => {
            let code = error.code().exit_code();
            ("error", json!(ErrorBody::from(&error)), code)
        }
    };
    if let Some(fields) = reply.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
    (reply, code)
}

/// An error in the shape of every answer, for programs that refuse a task before there is a
/// [`Dispatcher`](super::Dispatcher): a setting is wrong, or who asks has no right to.
///
/// ```
/// let reply = agents::task::refusal(b"{}", "bad_setting", "must be local", Some("backend"));
/// assert_eq!(reply["error"]["field"], "backend");
/// assert_eq!(reply["success"], false);
/// ```
pub fn refusal(task: &[u8], code: &str, message: &str, field: Option<&str>) -> Value {
    let (request, _) = Request::read(parse(task));
    let mut error = json!({"code": code, "message": message});
    if let Some(field) = field {
        error["field"] = field.into();
    }
    json!({
        "success": false,
        "task_type": request.task_type,
        "request_id": request.id,
        "version": VERSION,
        "data_source": null,
        "ai_enhanced": false,
        "confidence": null,
        "degraded": [],
        "error": error,
        "meta": {},
    })
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
