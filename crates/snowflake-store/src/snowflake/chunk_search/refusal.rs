//! What a failed search means.

use outbound::{Error, Reply, Token, identifier};
use resilience::ErrorKind;
use serde::Deserialize;

/// What spans and messages call the service.
pub(super) const NAME: &str = "search service";

/// What Snowflake writes into a refusal. Its words stay out of messages: they may repeat
/// what was searched for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    code: Option<String>,
    request_id: Option<String>,
}

/// A status other than success.
pub(super) fn of_status(reply: &Reply<'_>, body: &[u8], token: &Token) -> Error {
    let told: Told = serde_json::from_slice(body).unwrap_or_default();
    let (kind, meaning, field) = match reply.status() {
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
            "a redirect; check the address",
            Some("base_url"),
        ),
        429 => (ErrorKind::RateLimited, "too many searches", None),
        408 | 425 | 500.. => (ErrorKind::Transient, "temporarily unavailable", None),
        _ => (ErrorKind::InvalidInput, "the search was not accepted", None),
    };
    let message = format!("answered {}: {meaning}", reply.status());
    error(kind, message, &told, token, field).with_retry_after(reply.retry_after())
}

/// A code in the place of results, in the body of a success.
pub(super) fn inside_success(body: &[u8], token: &Token) -> Option<Error> {
    let told: Told = serde_json::from_slice(body).ok()?;
    let number: u32 = told.code.as_deref()?.trim().parse().ok()?;
    Some(if (390_100..390_400).contains(&number) {
        let message = "the token is expired or not valid".to_owned();
        error(ErrorKind::Auth, message, &told, token, Some("token"))
    } else {
        let message = "an error in a successful reply".to_owned();
        error(ErrorKind::Transient, message, &told, token, None)
    })
}

fn error(
    kind: ErrorKind,
    message: String,
    told: &Told,
    token: &Token,
    field: Option<&str>,
) -> Error {
    let mut message = format!("{NAME}: {message}");
    let may_be_shown = |text: &&str| identifier(text).is_some() && !token.is_repeated_in(text);
    for (what, text) in [("code", &told.code), ("request", &told.request_id)] {
        if let Some(text) = text.as_deref().filter(may_be_shown) {
            message.push_str(&format!(" ({what} {text})"));
        }
    }
    match field {
        Some(field) => Error::new(kind, message).with_field(field),
        None => Error::new(kind, message),
    }
}
