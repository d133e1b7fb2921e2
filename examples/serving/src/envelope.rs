//! The envelope of every reply, and its HTTP status.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gong_snowflake::agents::task;
use serde_json::{Value, json};

/// The answer to a task: the agents' envelope, and the code of its error.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) envelope: Value,
    /// `None` when the task was done.
    pub(crate) code: Option<String>,
}

impl Reply {
    /// Of an envelope that the agents made.
    pub(crate) fn of(envelope: Value) -> Self {
        let code = envelope.pointer("/error/code").and_then(Value::as_str);
        let code = code.map(str::to_owned);
        Self { envelope, code }
    }

    /// What went wrong with a task before the agents were asked, or while they worked.
    pub(crate) fn refusal(task: &[u8], refusal: Refusal) -> Self {
        Self::of(task::refusal(task, refusal.code, refusal.message, None))
    }

    /// What went wrong before there was a task.
    pub(crate) fn without_task(id: &str, refusal: Refusal) -> Self {
        let nothing = json!({"request_id": id}).to_string();
        Self::refusal(nothing.as_bytes(), refusal)
    }

    /// Of this request, where what it sent is no task that could have named itself.
    pub(crate) fn about(mut self, id: &str) -> Self {
        if self.code.as_deref() == Some("invalid_json") {
            self.envelope["request_id"] = id.into();
        }
        self
    }

    /// The same answer, with what is wrong with it in place of the result.
    pub(crate) fn refused(self, refusal: Refusal) -> Self {
        let mut envelope = self.envelope;
        if let Value::Object(fields) = &mut envelope {
            fields.remove("result");
        }
        envelope["success"] = false.into();
        envelope["confidence"] = Value::Null;
        envelope["error"] = json!({"code": refusal.code, "message": refusal.message});
        Self::of(envelope)
    }

    /// The request's id.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.envelope.get("request_id").and_then(Value::as_str)
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self.code.as_deref() {
            None => StatusCode::OK,
            Some(code) => status_of(code),
        }
    }
}

/// The status of an error of the agents, or of this service.
fn status_of(code: &str) -> StatusCode {
    if let Some(refusal) = Refusal::ALL.into_iter().find(|one| one.code == code) {
        return refusal.status;
    }
    match code {
        "internal" => StatusCode::INTERNAL_SERVER_ERROR,
        "unsupported" => StatusCode::NOT_IMPLEMENTED,
        "cancelled" => StatusCode::SERVICE_UNAVAILABLE,
        "store_failed" | "backend_failed" => StatusCode::BAD_GATEWAY,
        // The call is there, and what was asked of it is not yet.
        "no_transcript" => StatusCode::CONFLICT,
        code if code.ends_with("_not_found") => StatusCode::NOT_FOUND,
        // Everything else names what is wrong with the task.
        _ => StatusCode::BAD_REQUEST,
    }
}

/// An error of the service, not of a task.
///
/// As a response it has no body yet: the request's id goes into it, and only
/// [`finish`](crate::web::finish) knows that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

impl Refusal {
    pub(crate) const UNREADABLE_BODY: Self = Self {
        status: StatusCode::BAD_REQUEST,
        code: "unreadable_body",
        message: "the body ended before it was complete",
    };
    pub(crate) const UNAUTHORIZED: Self = Self {
        status: StatusCode::UNAUTHORIZED,
        code: "unauthorized",
        message: "the header Authorization must be Bearer and the service's token",
    };
    pub(crate) const FORBIDDEN_HOST: Self = Self {
        status: StatusCode::FORBIDDEN,
        code: "forbidden_host",
        message: "without a token, only this machine may ask, under its own name",
    };
    pub(crate) const UNKNOWN_PATH: Self = Self {
        status: StatusCode::NOT_FOUND,
        code: "unknown_path",
        message: "there is nothing at this path; /openapi.json lists what there is",
    };
    pub(crate) const METHOD_NOT_ALLOWED: Self = Self {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: "method_not_allowed",
        message: "this path takes another method",
    };
    pub(crate) const BODY_TOO_LARGE: Self = Self {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "body_too_large",
        message: "a task may have one megabyte",
    };
    pub(crate) const NOT_JSON: Self = Self {
        status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        code: "unsupported_media_type",
        message: "the header Content-Type must be application/json",
    };
    pub(crate) const NOT_READY: Self = Self {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "not_ready",
        message: "the store does not answer",
    };
    pub(crate) const TIMED_OUT: Self = Self {
        status: StatusCode::GATEWAY_TIMEOUT,
        code: "timed_out",
        message: "the task took longer than this service allows",
    };

    pub(crate) const TOO_LONG: Self = Self {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code: "answer_too_long",
        message: "the answer is longer than 400,000 bytes, which no model reads: ask for fewer calls, such as by limit",
    };

    pub(crate) const ALL: [Self; 10] = [
        Self::UNREADABLE_BODY,
        Self::UNAUTHORIZED,
        Self::FORBIDDEN_HOST,
        Self::UNKNOWN_PATH,
        Self::METHOD_NOT_ALLOWED,
        Self::BODY_TOO_LARGE,
        Self::NOT_JSON,
        Self::NOT_READY,
        Self::TIMED_OUT,
        Self::TOO_LONG,
    ];
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let mut response = (refusal.status, Body::empty()).into_response();
        response.extensions_mut().insert(refusal);
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_say_whose_fault_it_is() {
        let status = |code: &str| status_of(code).as_u16();
        assert_eq!(status("missing_field"), 400);
        assert_eq!(status("deal_not_found"), 404);
        assert_eq!(status("no_transcript"), 409);
        assert_eq!(status("store_failed"), 502);
        assert_eq!(status("internal"), 500);
        assert_eq!(status("timed_out"), 504);
    }
}
