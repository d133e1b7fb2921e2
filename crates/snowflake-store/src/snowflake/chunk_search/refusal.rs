//! What a search that is not answered means.

use std::error::Error as StdError;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use resilience::ErrorKind;
use serde::Deserialize;

use crate::Error;

/// What Snowflake writes into a refusal. Its words stay out of messages: they may repeat
/// what was searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    code: Option<String>,
    request_id: Option<String>,
}

/// A status that is no success.
pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let (kind, meaning, field) = match status.as_u16() {
        401 => (
            ErrorKind::Auth,
            "the token is wrong, expired or revoked",
            Some("token"),
        ),
        403 => (
            ErrorKind::Permission,
            "the role of the token needs USAGE on the service, its schema and its database",
            Some("search_service"),
        ),
        404 => (
            ErrorKind::Config,
            "no such service, or none that the role may see",
            Some("search_service"),
        ),
        300..=399 => (
            ErrorKind::Config,
            "a redirection; check the address",
            Some("base_url"),
        ),
        429 => (ErrorKind::RateLimited, "too many searches", None),
        408 | 425 | 500.. => (ErrorKind::Transient, "not available for now", None),
        _ => (ErrorKind::InvalidInput, "the search was not accepted", None),
    };
    let message = format!("answered {}: {meaning}", status.as_u16());
    error(kind, message, &told, field).with_retry_after(retry_after(headers))
}

/// A code in the place of results, in the body of a success.
pub(super) fn inside_success(body: &[u8]) -> Option<Error> {
    let told: Told = serde_json::from_slice(body).ok()?;
    let number: u32 = told.code.as_deref()?.trim().parse().ok()?;
    Some(if (390_100..390_400).contains(&number) {
        let message = "the token is expired or not valid".to_owned();
        error(ErrorKind::Auth, message, &told, Some("token"))
    } else {
        let message = "failed inside a success".to_owned();
        error(ErrorKind::Transient, message, &told, None)
    })
}

fn error(kind: ErrorKind, message: String, told: &Told, field: Option<&str>) -> Error {
    let mut message = format!("search service: {message}");
    for (what, text) in [("code", &told.code), ("request", &told.request_id)] {
        if let Some(text) = text.as_deref().filter(|text| is_identifier(text)) {
            message.push_str(&format!(" ({what} {text})"));
        }
    }
    match field {
        Some(field) => Error::new(kind, message).with_field(field),
        None => Error::new(kind, message),
    }
}

/// Codes and ids, and not what only stands in their place.
fn is_identifier(text: &str) -> bool {
    text.len() <= 80
        && text
            .chars()
            .all(|symbol| symbol.is_ascii_alphanumeric() || "_-.:".contains(symbol))
}

/// In seconds, the form that Snowflake would use if it sent one.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// A connection that failed; without the address, which names the account.
pub(super) fn broken(failure: reqwest::Error) -> Error {
    let failure = failure.without_url();
    let says = |words: &str| {
        let first: &dyn StdError = &failure;
        std::iter::successors(Some(first), |error: &&dyn StdError| (*error).source())
            .any(|cause| cause.to_string().contains(words))
    };
    let (kind, message) = if failure.is_builder() {
        (ErrorKind::Internal, "the request cannot be built")
    } else if says("invalid peer certificate") {
        (ErrorKind::Config, "the certificate is not trusted")
    } else if failure.is_timeout() {
        (ErrorKind::Transient, "no answer in time")
    } else if failure.is_connect() {
        (ErrorKind::Transient, "cannot connect")
    } else {
        (ErrorKind::Transient, "the reply was cut off")
    };
    Error::new(kind, format!("search service: {message}")).with_source(failure)
}
