//! Turns the connector's errors into ours. Its own words may repeat replies, and with
//! them what people said, so none of them is passed on.

use std::error::Error as StdError;

use resilience::ErrorKind;
use snowflake_connector_rs::{Error as ConnectorError, ErrorKind as ConnectorKind};

use crate::Error;
use crate::fault::{answered, cut, part_answered, passing, refused, refused_login};

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
                "cannot be used: the passphrase is wrong, or it is not an RSA key in PKCS#8",
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

/// Without an answer, with the query id as far as it is known.
fn unanswered(error: &ConnectorError, message: &str) -> Error {
    passing(ErrorKind::Transient, error.query_id(), message)
}

fn of_network(error: &ConnectorError) -> Error {
    // The status has no accessor; these are the words before it.
    let shown = error.to_string();
    let status = |prefix: &str| {
        let digits = shown.strip_prefix(prefix)?.get(..3)?;
        digits.parse::<u16>().ok()
    };
    if let Some(status) = status("chunk download failed with HTTP ") {
        return part_answered(status, error.query_id());
    }
    match status("HTTP ") {
        Some(status) => answered(status, error.query_id()),
        None => cut(error.source(), error.query_id()),
    }
}

fn of_protocol(error: &ConnectorError) -> Error {
    let shown = error.to_string();
    if shown.starts_with("unsupported result format") {
        return Error::new(
            ErrorKind::Unsupported,
            "Snowflake answered in Arrow, but this connector reads only JSON; do not set the \
             session parameter that chooses the format for the user or the account",
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
            format!("cannot parse Snowflake's reply{id}"),
        ),
    }
}
