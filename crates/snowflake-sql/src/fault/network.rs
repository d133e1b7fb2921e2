//! What went wrong below Snowflake's own replies: HTTP, TLS, names and connections.

use std::error::Error as StdError;

use resilience::ErrorKind;

use crate::{Error, Remedy, SqlFault};

/// What is worth another attempt, with the query id as far as it is known.
pub(crate) fn passing(kind: ErrorKind, query_id: Option<&str>, message: &str) -> Error {
    match query_id {
        None => Error::new(kind, message),
        Some(id) => Error::of_fault(
            kind,
            SqlFault {
                code: None,
                query_id: Some(id.to_owned()),
                message: message.to_owned(),
                remedy: Remedy::Retry,
            },
        ),
    }
}

/// A part of a result that could not be had. The addresses of parts expire; running
/// the statement again renews them.
pub(crate) fn part_answered(status: u16, query_id: Option<&str>) -> Error {
    let message = format!("a part of the result answered HTTP {status}");
    passing(ErrorKind::Transient, query_id, &message)
}

/// A status that is not a reply of Snowflake's.
pub(crate) fn answered(status: u16, query_id: Option<&str>) -> Error {
    match status {
        429 => passing(
            ErrorKind::RateLimited,
            query_id,
            "Snowflake answered HTTP 429",
        ),
        408 | 500..=599 => passing(
            ErrorKind::Transient,
            query_id,
            &format!("Snowflake answered HTTP {status}"),
        ),
        403 | 404 => Error::new(
            ErrorKind::Config,
            format!(
                "HTTP {status}: there is no such account at this address, or it cannot be \
                     reached from here"
            ),
        )
        .with_field("account"),
        300..=399 => Error::new(
            ErrorKind::Config,
            format!("HTTP {status}: a redirect; check the address"),
        )
        .with_field("base_url"),
        401 => Error::new(ErrorKind::Auth, "Snowflake answered HTTP 401"),
        status => Error::new(
            ErrorKind::Decode,
            format!("Snowflake answered HTTP {status}"),
        ),
    }
}

/// Below HTTP. Causes are looked at and not repeated: they hold addresses, and those of
/// a result's parts let anybody read it.
pub(crate) fn cut(cause: Option<&(dyn StdError + 'static)>, query_id: Option<&str>) -> Error {
    let causes: Vec<String> = std::iter::successors(cause, |cause| (*cause).source())
        .map(ToString::to_string)
        .collect();
    let says = |text: &str| causes.iter().any(|cause| cause.contains(text));
    if says("invalid peer certificate") {
        let message = "the server's certificate is not trusted; for a private authority, name a file \
                       with it and the system's in SSL_CERT_FILE";
        return Error::new(ErrorKind::Config, message).with_field("base_url");
    }
    if says("dns error") {
        return Error::new(
            ErrorKind::Transient,
            "the host is unknown; check the account",
        );
    }
    // In capitals the client's own words; in small letters those of hyper's client.
    let message = match says("Connect") || says("tcp connect error") {
        true => "cannot connect to Snowflake",
        false => "the connection to Snowflake was lost",
    };
    passing(ErrorKind::Transient, query_id, message)
}
