//! What an endpoint's refusal means, wherever it appears: in a status, in the body of a
//! successful reply, or in the middle of a stream.

use std::time::Duration;

use outbound::{Reply, identifier, printable};
use resilience::ErrorKind;
use serde_json::Value;

use crate::Error;

/// Longest part of the endpoint's own words that a message repeats, in characters.
const MOST_WORDS: usize = 300;

/// Snowflake's code for what HTTP calls 429.
const TOO_MANY_REQUESTS: u64 = 390_505;

/// A refusal, read.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// `None` for one inside a success.
    status: Option<u16>,
    retry_after: Option<Duration>,
    code: Option<String>,
    kind: Option<String>,
    parameter: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

impl Refusal {
    /// One with a status other than success.
    pub(super) fn of_status(reply: &Reply<'_>, body: &[u8]) -> Self {
        let read = match serde_json::from_slice::<Value>(body) {
            Ok(body) => Self::of_body(&body),
            Err(_) => Self {
                message: std::str::from_utf8(body)
                    .ok()
                    .filter(|text| !text.trim_start().starts_with('<'))
                    .map(str::to_owned),
                ..Self::default()
            },
        };
        Self {
            status: Some(reply.status()),
            retry_after: reply.retry_after(),
            ..read
        }
    }

    /// One inside a success: `{"error": …}`, or Snowflake's `{"code", "message"}` with
    /// a code that is a number. `None` when the body is something else.
    pub(super) fn inside_success(body: &Value) -> Option<Self> {
        let has_error = body.get("error").is_some_and(|error| !error.is_null());
        let is_envelope = body.get("choices").is_none()
            && body.get("data").is_none_or(Value::is_null)
            && body.get("code").is_some()
            && body.get("message").is_some();
        (has_error || is_envelope).then(|| Self::of_body(body))
    }

    /// OpenAI puts everything into `error`, Snowflake at the top, some servers write
    /// `error` as text.
    fn of_body(body: &Value) -> Self {
        let inner = body.get("error").filter(|error| error.is_object());
        let inner = inner.unwrap_or(body);
        let text = |holder: &Value, names: &[&str]| {
            names.iter().find_map(|name| match holder.get(*name) {
                Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            })
        };
        Self {
            code: text(inner, &["code", "error_code"]),
            kind: text(inner, &["type"]),
            parameter: text(inner, &["param"]),
            message: text(inner, &["message", "error", "detail"]),
            request_id: text(body, &["request_id", "requestId"]),
            ..Self::default()
        }
    }

    /// The error for the caller. `may_repeat` says whether the endpoint's own words may
    /// go into a message: they may hold a part of what was sent.
    pub(super) fn into_error(
        self,
        endpoint: &str,
        longest_wait: Duration,
        may_repeat: impl Fn(&str) -> bool,
    ) -> Error {
        let (kind, meaning, field) = self.meaning(longest_wait);
        let mut message = match self.status {
            Some(status) => format!("{endpoint}: answered {status}"),
            None => format!("{endpoint}: an error in a successful reply"),
        };
        let named = |text| identifier(text).filter(|text| may_repeat(text));
        if let Some(code) = self.code.as_deref().and_then(named) {
            message.push_str(&format!(" with code {code}"));
        }
        if !meaning.is_empty() {
            message.push_str(&format!(": {meaning}"));
        }
        if let Some(words) = self.message.as_deref()
            && may_repeat(words)
        {
            message.push_str(&format!(": {}", printable(words, MOST_WORDS)));
        }
        if let Some(parameter) = self.parameter.as_deref().and_then(named) {
            message.push_str(&format!(" (parameter {parameter})"));
        }
        if let Some(id) = self.request_id.as_deref().and_then(named) {
            message.push_str(&format!(" (request {id})"));
        }
        let error = Error::new(kind, message).with_retry_after(self.retry_after);
        match field {
            Some(field) => error.with_field(field),
            None => error,
        }
    }

    fn meaning(&self, longest_wait: Duration) -> (ErrorKind, &'static str, Option<&'static str>) {
        let told = self.told();
        let says = |words: &[&str]| words.iter().any(|word| told.contains(word));
        // In a stream, the code is the status that it came too late for.
        let status = match (self.status, self.number()) {
            (None | Some(200), Some(number @ 400..600)) => u16::try_from(number).ok(),
            (status, _) => status,
        };
        if self
            .number()
            .is_some_and(|number| (390_100..390_400).contains(&number))
        {
            return (ErrorKind::Auth, "the token is expired or not valid", None);
        }
        if self.number() == Some(TOO_MANY_REQUESTS)
            || says(&["throttled", "rate_limit", "rate limit"])
        {
            return (ErrorKind::RateLimited, "too many requests or tokens", None);
        }
        if says(&[
            "insufficient_quota",
            "budget exceeded",
            "billing_hard_limit",
        ]) {
            return (ErrorKind::QuotaExhausted, "the budget is used up", None);
        }
        if says(&["context_length", "context length", "context window"]) {
            return (
                ErrorKind::InvalidInput,
                "the prompt is longer than the model reads; smaller chunks may fit",
                Some("chunk_tokens"),
            );
        }
        if says(&[
            "content_filter",
            "content_policy",
            "content management policy",
        ]) {
            return (
                ErrorKind::Unsupported,
                "the endpoint refuses the content",
                None,
            );
        }
        if matches!(status, Some(400 | 404 | 422)) && self.is_about_the_model(&told) {
            return (
                ErrorKind::Config,
                "the model is unknown here, retired or not allowed",
                Some("model"),
            );
        }
        by_status(status, self.retry_after, longest_wait)
    }

    /// Everything that the endpoint says, in lower case.
    fn told(&self) -> String {
        [&self.code, &self.kind, &self.message]
            .into_iter()
            .flatten()
            .map(|text| text.to_lowercase())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn is_about_the_model(&self, told: &str) -> bool {
        told.contains("model_not_found")
            || (told.contains("model")
                && [
                    "unknown model",
                    "not found",
                    "does not exist",
                    "not available",
                    "unavailable",
                    "not supported",
                    "not allowed",
                    "deprecated",
                    "legacy",
                ]
                .iter()
                .any(|words| told.contains(words)))
            || self.parameter.as_deref() == Some("model")
    }

    fn number(&self) -> Option<u64> {
        self.code.as_deref()?.trim().parse().ok()
    }
}

fn by_status(
    status: Option<u16>,
    retry_after: Option<Duration>,
    longest_wait: Duration,
) -> (ErrorKind, &'static str, Option<&'static str>) {
    let (kind, meaning) = match status {
        None | Some(200) => (ErrorKind::Transient, ""),
        Some(401) => (ErrorKind::Auth, "the token is wrong, expired or revoked"),
        Some(402) => (ErrorKind::QuotaExhausted, "the budget is used up"),
        Some(403) => (
            ErrorKind::Permission,
            "the user's default role needs SNOWFLAKE.CORTEX_USER or \
             SNOWFLAKE.CORTEX_REST_API_USER, and access to the model",
        ),
        Some(404) => (ErrorKind::Config, "not found; check the address"),
        Some(405 | 501) => (ErrorKind::Unsupported, ""),
        Some(408 | 425) => (ErrorKind::Transient, ""),
        Some(413) => (ErrorKind::InvalidInput, "the request is too large"),
        Some(429) => match retry_after {
            Some(wait) if wait > longest_wait => (ErrorKind::QuotaExhausted, "a quota is used up"),
            _ => (ErrorKind::RateLimited, "too many requests or tokens"),
        },
        Some(300..400) => (ErrorKind::Config, "a redirect; check the address"),
        Some(400..500) => (ErrorKind::InvalidInput, "the request was not accepted"),
        Some(503) => (ErrorKind::Transient, "not available, or timed out"),
        Some(500..600) => (ErrorKind::Transient, ""),
        Some(_) => (ErrorKind::Decode, "an unexpected status"),
    };
    let field = match status {
        Some(404 | 300..400) => Some("base_url"),
        _ => None,
    };
    (kind, meaning, field)
}
