//! The ways in which a request can fail.

use serde_json::{Value, json};

/// What happens to a request in place of an answer.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Failure {
    /// A status, a body, and `Retry-After` in seconds when there is one.
    Status {
        /// HTTP status, such as 429.
        status: u16,
        /// The body.
        body: Value,
        /// `Retry-After`; Snowflake sends none.
        retry_after: Option<u64>,
    },
    /// HTTP 200 with this body.
    InsideSuccess(Value),
    /// A stream that breaks into half of the answer with this event, HTTP 200.
    MidStream(Value),
    /// A stream that ends, as HTTP sees it in good order, after half of the answer.
    HalfStream,
    /// Half of the answer, and the connection breaks.
    Cut,
    /// The connection closes without an answer.
    Disconnect,
    /// HTTP 200 with the page of a login form.
    LoginPage,
}

impl Failure {
    /// A status with Snowflake's body: `message`, `request_id`, and no
    /// `Retry-After`.
    pub fn snowflake(status: u16, message: &str) -> Self {
        Self::Status {
            status,
            body: json!({"message": message, "request_id": "0a1b-2c3d"}),
            retry_after: None,
        }
    }

    /// A status with OpenAI's body.
    pub fn openai(status: u16, code: &str, message: &str) -> Self {
        Self::Status {
            status,
            body: json!({"error": {"message": message, "type": "invalid_request_error", "code": code}}),
            retry_after: None,
        }
    }

    /// An expired session token: HTTP 200 and a code.
    pub fn expired_session() -> Self {
        Self::InsideSuccess(json!({
            "code": "390112",
            "message": "Your session has expired. Please login again.",
            "success": false,
            "data": null,
        }))
    }
}
