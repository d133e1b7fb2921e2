//! What an unsuccessful reply means.

use std::time::Duration;

use outbound::{Reply, Token};
use resilience::ErrorKind;
use serde_json::Value;

use crate::Error;

/// Longest part of Gong's own words that a message repeats.
const MAX_WORDS: usize = 500;

/// An unsuccessful reply, read.
pub(crate) struct Refusal {
    status: u16,
    retry_after: Option<Duration>,
    /// Gong's `errors[]`; `None` when the body is not Gong's.
    errors: Option<String>,
    request_id: Option<String>,
}

impl Refusal {
    /// Words that give the credentials away are left out: a server, or something between,
    /// may repeat a request in its answer.
    pub(crate) fn read(reply: &Reply<'_>, body: &[u8], token: &Token) -> Self {
        let shown = |words: &str| token.redacted(words, MAX_WORDS);
        let body: Option<Value> = serde_json::from_slice(body).ok();
        let errors = body
            .as_ref()
            .and_then(|body| body.get("errors"))
            .and_then(Value::as_array)
            .map(|errors| {
                let errors: Vec<&str> = errors.iter().filter_map(Value::as_str).collect();
                shown(&errors.join("; "))
            });
        let request_id = body
            .as_ref()
            .and_then(|body| body.get("requestId"))
            .and_then(Value::as_str)
            .map(shown);
        Self {
            status: reply.status(),
            retry_after: reply.retry_after(),
            errors,
            request_id,
        }
    }

    /// Whether it is Gong's way to say that nothing matches a filter: a 404 with
    /// `No … found … provided filters`, with or without a full stop.
    pub(crate) fn is_empty_result(&self) -> bool {
        self.status == 404
            && self.errors.as_deref().is_some_and(|text| {
                text.find("No ")
                    .and_then(|at| text[at..].find("found").map(|found| at + found))
                    .is_some_and(|found| text[found..].contains("provided filters"))
            })
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The error for the caller. `longest_wait` divides a pause from a used-up quota.
    pub(crate) fn into_error(self, endpoint: &str, host: &str, longest_wait: Duration) -> Error {
        let (kind, meaning) = self.meaning(host, longest_wait);
        let mut message = format!("{endpoint}: Gong answered {}", self.status);
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
        match self.status {
            401 => match self.missing_scope() {
                Some(scope) => (
                    ErrorKind::Permission,
                    Some(format!("the key lacks the scope {scope}")),
                ),
                None => (
                    ErrorKind::Auth,
                    Some(format!(
                        "the access key, its secret or the address may be wrong: every tenant \
                         has its own address, and the request went to {host}"
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
                    "the reply is not from Gong's API; check the address: the request went to \
                     {host}"
                )),
            ),
            404 | 410 => (ErrorKind::NotFound, None),
            405 | 501 => (ErrorKind::Unsupported, None),
            408 | 425 => (ErrorKind::Transient, None),
            429 => match self.retry_after {
                Some(wait) if wait > longest_wait => (
                    ErrorKind::QuotaExhausted,
                    Some(format!("retry in {} s", wait.as_secs())),
                ),
                _ => (ErrorKind::RateLimited, None),
            },
            300..400 => (
                ErrorKind::Config,
                Some(format!(
                    "a redirect; check the address: the request went to {host}"
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
