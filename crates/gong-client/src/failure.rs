//! What an unsuccessful reply means.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use resilience::ErrorKind;
use serde_json::Value;

use crate::Error;
use crate::headers::retry_after;

/// Longest part of Gong's own words that a message repeats.
const MAX_WORDS: usize = 500;

/// An unsuccessful reply, read.
pub(crate) struct Refusal {
    status: StatusCode,
    retry_after: Option<Duration>,
    /// Gong's `errors[]`; `None` when the body is not Gong's.
    errors: Option<String>,
    request_id: Option<String>,
}

impl Refusal {
    /// What `is_secret` says of is left out: a server, or something between, may
    /// repeat a request in its answer.
    pub(crate) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        is_secret: impl Fn(&str) -> bool,
    ) -> Self {
        let printable = |text: &str| match is_secret(text) {
            true => "[left out, because it repeats the credentials]".to_owned(),
            false => printable(text),
        };
        let body: Option<Value> = serde_json::from_slice(body).ok();
        let errors = body
            .as_ref()
            .and_then(|body| body.get("errors"))
            .and_then(Value::as_array)
            .map(|errors| {
                let errors: Vec<&str> = errors.iter().filter_map(Value::as_str).collect();
                printable(&errors.join("; "))
            });
        let request_id = body
            .as_ref()
            .and_then(|body| body.get("requestId"))
            .and_then(Value::as_str)
            .map(printable);
        Self {
            status,
            retry_after: retry_after(headers),
            errors,
            request_id,
        }
    }

    /// Whether it is Gong's way to say that nothing matches a filter: a 404 with
    /// `No … found … provided filters`, with or without a full stop.
    pub(crate) fn is_empty_result(&self) -> bool {
        self.status == StatusCode::NOT_FOUND
            && self.errors.as_deref().is_some_and(|text| {
                text.find("No ")
                    .and_then(|at| text[at..].find("found").map(|found| at + found))
                    .is_some_and(|found| text[found..].contains("provided filters"))
            })
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The error for the caller. `longest_wait` divides a pause from a used-up quota.
    pub(crate) fn into_error(self, endpoint: &str, host: &str, longest_wait: Duration) -> Error {
        let (kind, meaning) = self.meaning(host, longest_wait);
        let mut message = format!("{endpoint}: Gong answered {}", self.status.as_u16());
        if let Some(meaning) = meaning {
            message = format!("{message}: {meaning}");
        }
        match self.errors.as_deref() {
            Some("") | None => {}
            Some(errors) => message = format!("{message}: {errors}"),
        }
        if let Some(id) = &self.request_id {
            message = format!("{message} (request {id})");
        }
        Error::new(kind, message).with_retry_after(self.retry_after)
    }

    fn meaning(&self, host: &str, longest_wait: Duration) -> (ErrorKind, Option<String>) {
        let status = self.status.as_u16();
        match status {
            401 => match self.missing_scope() {
                Some(scope) => (
                    ErrorKind::Permission,
                    Some(format!("the key lacks the scope {scope}")),
                ),
                None => (
                    ErrorKind::Auth,
                    Some(format!(
                        "the access key, its secret or the address may be wrong: every tenant \
                         has an address of its own, and {host} was asked"
                    )),
                ),
            },
            402 => (
                ErrorKind::QuotaExhausted,
                Some("Gong credits are used up".to_owned()),
            ),
            403 => (
                ErrorKind::Permission,
                Some(
                    "not allowed; if the key has trusted addresses (Trusted IPs), this machine \
                     is not among them"
                        .to_owned(),
                ),
            ),
            404 if self.errors.is_none() => (
                ErrorKind::NotFound,
                Some(format!(
                    "not in Gong's words; check the address: {host} was asked"
                )),
            ),
            404 | 410 => (ErrorKind::NotFound, None),
            405 | 501 => (ErrorKind::Unsupported, None),
            408 | 425 => (ErrorKind::Transient, None),
            429 => match self.retry_after {
                Some(wait) if wait > longest_wait => (
                    ErrorKind::QuotaExhausted,
                    Some(format!("come back in {} s", wait.as_secs())),
                ),
                _ => (ErrorKind::RateLimited, None),
            },
            300..400 => (
                ErrorKind::Config,
                Some(format!(
                    "a redirection; check the address: {host} was asked"
                )),
            ),
            400..500 => (ErrorKind::InvalidInput, None),
            500..600 => (ErrorKind::Transient, None),
            _ => (ErrorKind::Decode, Some("an unexpected status".to_owned())),
        }
    }

    /// The scope in `You don't have permission to use '…' in your app.`
    fn missing_scope(&self) -> Option<&str> {
        let (_, rest) = self.errors.as_deref()?.split_once("permission to use '")?;
        rest.split_once('\'').map(|(scope, _)| scope)
    }
}

/// Text that cannot break a log line or flood it.
fn printable(text: &str) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = clean.clone().take(MAX_WORDS).collect();
    if clean.count() > MAX_WORDS {
        short.push('…');
    }
    short
}
