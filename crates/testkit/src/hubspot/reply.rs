//! Replies before they go on the wire.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::limits::LimitPolicy;
use super::wire::{PORTAL_ID, with_milliseconds};

/// Status, headers and body.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) retry_after: Option<u64>,
    pub(super) limit_headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    pub(super) records: usize,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let records = body["results"].as_array().map_or(0, Vec::len);
        Self {
            status,
            content_type: "application/json;charset=utf-8",
            retry_after: None,
            limit_headers: Vec::new(),
            body: body.to_string().into_bytes(),
            records,
        }
    }

    pub(super) fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    /// A batch: 200 when all of it went well, 207 with `errors` otherwise.
    pub(super) fn batch(results: Vec<Value>, errors: Vec<Value>) -> Self {
        let now = with_milliseconds(Timestamp::now());
        let mut body = json!({
            "status": "COMPLETE",
            "results": results,
            "startedAt": now,
            "completedAt": now,
        });
        if errors.is_empty() {
            return Self::ok(&body);
        }
        body["numErrors"] = errors.len().into();
        body["errors"] = errors.into();
        Self::json(207, &body)
    }

    /// A page of Cloudflare's, which stands before HubSpot.
    pub(super) fn cloudflare(status: u16, title: &str) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html>\n<head><title>api.hubapi.com | {status}: {title}</title></head>\n\
             <body><h1>Error {status}</h1><p>{title}</p><p>Cloudflare</p></body>\n</html>\n"
        );
        Self {
            content_type: "text/html; charset=UTF-8",
            body: page.into_bytes(),
            ..Self::json(status, &Value::Null)
        }
    }

    /// The page of the server behind, for paths that nobody serves.
    pub(super) fn unknown_path() -> Self {
        let page = "<html>\n<head>\n<meta http-equiv=\"Content-Type\" \
                    content=\"text/html;charset=utf-8\"/>\n<title>Error 404 Not Found</title>\n\
                    </head>\n<body><h2>HTTP ERROR 404 Not Found</h2></body>\n</html>\n";
        Self {
            content_type: "text/html;charset=utf-8",
            body: page.as_bytes().to_vec(),
            ..Self::json(404, &Value::Null)
        }
    }

    /// A 429. Most seen have no `category`, and those of searches not always a
    /// `policyName`: then the message alone tells.
    pub(super) fn too_many_requests(
        policy: LimitPolicy,
        retry_after: Option<u64>,
        says_more: bool,
        correlation_id: &str,
    ) -> Self {
        let mut body = json!({
            "status": "error",
            "message": policy.message(),
            "errorType": "RATE_LIMIT",
            "correlationId": correlation_id,
        });
        if says_more {
            body["category"] = "RATE_LIMITS".into();
        }
        if says_more || policy != LimitPolicy::Secondly {
            body["policyName"] = policy.name().into();
        }
        if policy == LimitPolicy::TenSecondlyRolling {
            let group = "publicapi:private_app-api-calls-ten-secondly";
            body["groupName"] = format!("{group}:1:{PORTAL_ID}").into();
        }
        Self {
            retry_after,
            ..Self::json(429, &body)
        }
    }
}

/// An error in HubSpot's shape.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: u16,
    message: String,
    more: Map<String, Value>,
}

impl Problem {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            more: Map::new(),
        }
    }

    /// A request that makes no sense.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message).with("category", "VALIDATION_ERROR")
    }

    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.more.insert(key.to_owned(), value.into());
        self
    }

    pub(super) fn unauthenticated() -> Self {
        let message = "Authentication credentials not found. This API supports OAuth 2.0 \
                       authentication and you can find more details at \
                       https://developers.hubspot.com/docs/methods/auth/oauth-overview";
        Self::new(401, message).with("category", "INVALID_AUTHENTICATION")
    }

    pub(super) fn expired_token() -> Self {
        let message = "The OAuth token used to make this call expired 5 minute(s) ago.";
        Self::new(401, message).with("category", "EXPIRED_AUTHENTICATION")
    }

    pub(super) fn missing_scopes(scopes: &[&str]) -> Self {
        let message = "This app hasn't been granted all required scopes to make this call. \
                       Read more about required scopes here: https://developers.hubspot.com/scopes.";
        let errors = json!([{
            "message": "One or more of the following scopes are required.",
            "context": {"requiredGranularScopes": scopes},
        }]);
        Self::new(403, message)
            .with("errors", errors)
            .with(
                "links",
                json!({"scopes": "https://developers.hubspot.com/scopes"}),
            )
            .with("category", "MISSING_SCOPES")
    }

    /// A record that there is not. For ids of digits there is no category.
    pub(super) fn not_found(id: &str) -> Self {
        if id.bytes().all(|digit| digit.is_ascii_digit()) {
            return Self::new(404, "resource not found");
        }
        Self::new(404, "Object not found.  objectId are usually numeric.")
            .with("context", json!({"id": [id]}))
            .with("category", "OBJECT_NOT_FOUND")
    }

    pub(super) fn reply(self, correlation_id: &str) -> Reply {
        let mut body = json!({
            "status": "error",
            "message": self.message,
            "correlationId": correlation_id,
        });
        for (key, value) in self.more {
            body[key] = value;
        }
        Reply::json(self.status, &body)
    }
}
