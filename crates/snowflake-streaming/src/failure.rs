//! What a failed request means.

use outbound::{Reply, Token, identifier};
use resilience::ErrorKind;
use serde::Deserialize;

use crate::Error;

/// Snowflake's words for a failure, kept as the source of an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {status}{}", .code.as_deref().map(|code| format!(", {code}")).unwrap_or_default())]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// Such as `STALE_CONTINUATION_TOKEN_SEQUENCER`.
    pub(crate) code: Option<String>,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    code: Option<String>,
}

/// Reads a reply other than a success. Snowflake's message is left out: it may repeat
/// what a row holds.
pub(crate) fn refusal(reply: &Reply<'_>, body: &[u8], token: &Token) -> Error {
    let body: Option<Body> = serde_json::from_slice(body).ok();
    let code = body.and_then(|body| body.code);
    let code = code.filter(|code| identifier(code).is_some() && !token.is_repeated_in(code));
    let (kind, advice) = match reply.status() {
        401 => (ErrorKind::Auth, "the token is wrong or has expired"),
        403 => (
            ErrorKind::Permission,
            "the role needs USAGE on database and schema, INSERT on the table, and OPERATE on a pipe that is not its default one",
        ),
        404 => (
            ErrorKind::NotFound,
            "check the names of database, schema and table",
        ),
        // The channel was opened by somebody else, or the tokens do not follow on.
        400 | 409 | 410 if code.as_deref().is_some_and(speaks_of_the_channel) => {
            (ErrorKind::Transient, "the channel must be reopened")
        }
        413 => (ErrorKind::InvalidInput, "the request is too large"),
        300..=399 => (ErrorKind::Config, "a redirect; check the address"),
        429 => (ErrorKind::RateLimited, "too many requests"),
        408 | 500.. => (ErrorKind::Transient, "Snowflake failed temporarily"),
        _ => (ErrorKind::InvalidInput, "Snowflake refused the request"),
    };
    let refusal = Refusal {
        status: reply.status(),
        code,
    };
    Error::new(kind, format!("{}: {refusal}; {advice}", reply.endpoint()))
        .with_retry_after(reply.retry_after())
        .with_source(refusal)
}

/// The reference names one of them, and says to open the channel again.
fn speaks_of_the_channel(code: &str) -> bool {
    code.contains("CONTINUATION_TOKEN") || code.contains("CHANNEL") || code.contains("SEQUENCER")
}
