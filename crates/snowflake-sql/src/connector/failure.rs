//! The connector's errors as ours. Its own words may repeat replies, and with them
//! what people said, so none of them is passed on.

use std::error::Error as StdError;

use resilience::ErrorKind;
use snowflake_connector_rs::{Error as ConnectorError, ErrorKind as ConnectorKind};

use crate::fault::{refused, refused_login};
use crate::{Error, Remedy, SqlFault};

/// Whether the statement may still be running: nobody heard how it ended.
pub(super) fn leaves_open(error: &ConnectorError) -> bool {
    matches!(
        error.kind(),
        ConnectorKind::Network | ConnectorKind::Timeout | ConnectorKind::Protocol
    )
}

/// A failed login.
pub(super) fn of_login(error: &ConnectorError) -> Error {
    if error.kind() == ConnectorKind::Auth {
        // The other errors of this kind are about the key.
        return match error.to_string().starts_with("authentication rejected") {
            true => refused_login(error.snowflake_message()),
            false => Error::new(
                ErrorKind::Config,
                "cannot be used: the passphrase is wrong, or it is no RSA key in PKCS#8",
            )
            .with_field("private_key"),
        };
    }
    of_statement(error).context("login")
}

/// A failed statement.
pub(super) fn of_statement(error: &ConnectorError) -> Error {
    let own = |kind, message: &str| Error::new(kind, message.to_owned());
    match error.kind() {
        ConnectorKind::Server | ConnectorKind::Cancelled => refused(
            error.snowflake_code(),
            error.snowflake_message(),
            error.query_id(),
        ),
        ConnectorKind::SessionExpired => refused(
            error.snowflake_code().or(Some("390112")),
            error.snowflake_message(),
            error.query_id(),
        ),
        ConnectorKind::Timeout => unanswered(error, "Snowflake did not answer in time"),
        ConnectorKind::Network => of_network(error),
        ConnectorKind::Protocol => of_protocol(error),
        ConnectorKind::Config => {
            own(ErrorKind::Config, "the address cannot be used").with_field("base_url")
        }
        ConnectorKind::BindEncode => own(ErrorKind::InvalidInput, "a value cannot be bound"),
        ConnectorKind::Decode => own(ErrorKind::Decode, "a row cannot be read"),
        _ => own(ErrorKind::Internal, "the connector failed"),
    }
}

/// What is worth another attempt, with the query id as far as it is known.
fn unanswered(error: &ConnectorError, message: &str) -> Error {
    passing(ErrorKind::Transient, error, message)
}

fn passing(kind: ErrorKind, error: &ConnectorError, message: &str) -> Error {
    match error.query_id() {
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

fn of_network(error: &ConnectorError) -> Error {
    // The status has no accessor; these are the words before it.
    let shown = error.to_string();
    let status = |prefix: &str| {
        let digits = shown.strip_prefix(prefix)?.get(..3)?;
        digits.parse::<u16>().ok()
    };
    if let Some(status) = status("chunk download failed with HTTP ") {
        // The addresses of the parts expire; running the statement again renews them.
        return unanswered(
            error,
            &format!("a part of the result answered HTTP {status}"),
        );
    }
    match status("HTTP ") {
        Some(429) => passing(ErrorKind::RateLimited, error, "Snowflake answered HTTP 429"),
        Some(status @ (408 | 500..=599)) => {
            unanswered(error, &format!("Snowflake answered HTTP {status}"))
        }
        Some(status @ (403 | 404)) => Error::new(
            ErrorKind::Config,
            format!("HTTP {status}: there is no such account at this address, or it is not reached from here"),
        )
        .with_field("account"),
        Some(status @ 300..=399) => Error::new(
            ErrorKind::Config,
            format!("HTTP {status}: a redirection; check the address"),
        )
        .with_field("base_url"),
        Some(401) => Error::new(ErrorKind::Auth, "Snowflake answered HTTP 401"),
        Some(status) => Error::new(ErrorKind::Decode, format!("Snowflake answered HTTP {status}")),
        None => of_transport(error),
    }
}

/// Below HTTP. Causes are looked at and not repeated: they hold addresses, and those of
/// a result's parts let anybody read it.
fn of_transport(error: &ConnectorError) -> Error {
    let first: Option<&(dyn StdError + 'static)> = error.source();
    let causes: Vec<String> = std::iter::successors(first, |cause| (*cause).source())
        .map(ToString::to_string)
        .collect();
    let says = |text: &str| causes.iter().any(|cause| cause.contains(text));
    if says("invalid peer certificate") {
        return Error::new(ErrorKind::Config, "the server's certificate is not trusted")
            .with_field("base_url");
    }
    if says("dns error") {
        return Error::new(
            ErrorKind::Transient,
            "the host is not known; check the account",
        );
    }
    let message = match says("Connect") {
        true => "cannot connect to Snowflake",
        false => "the connection to Snowflake was cut",
    };
    unanswered(error, message)
}

fn of_protocol(error: &ConnectorError) -> Error {
    let shown = error.to_string();
    if shown.starts_with("unsupported result format") {
        return Error::new(
            ErrorKind::Unsupported,
            "Snowflake answered in Arrow, and this connector reads JSON alone; the session \
             parameter that chooses the format must not be set for the user or the account",
        );
    }
    let missing = shown.strip_prefix("missing required field in Snowflake response: ");
    let id = error
        .query_id()
        .map(|id| format!(" (query {id})"))
        .unwrap_or_default();
    match missing {
        Some(field) => Error::new(
            ErrorKind::Decode,
            format!("is missing in Snowflake's reply{id}"),
        )
        .with_field(field),
        None => Error::new(
            ErrorKind::Decode,
            format!("Snowflake's reply cannot be understood{id}"),
        ),
    }
}
