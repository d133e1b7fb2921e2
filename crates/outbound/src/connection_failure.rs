//! What a failed connection means.

use std::error::Error as StdError;

use resilience::ErrorKind;

use crate::Error;

/// What rustls says before what is wrong with a certificate.
const REFUSED_CERTIFICATE: &str = "invalid peer certificate: ";

/// A failure below HTTP.
pub(crate) struct ConnectionFailure {
    pub(crate) error: Error,
    /// The host's name is not known; further attempts seldom change that.
    pub(crate) unknown_host: bool,
}

/// Nothing came for as long as silence is borne.
pub(crate) fn late(endpoint: &str, host: &str) -> ConnectionFailure {
    ConnectionFailure {
        error: Error::new(
            ErrorKind::Transient,
            format!("{endpoint}: {}", silent(host)),
        ),
        unknown_host: false,
    }
}

fn silent(host: &str) -> String {
    format!("{host} did not answer in time")
}

/// Reads an error of the HTTP library. The address is taken out of it: it may hold cursors
/// and continuation tokens.
pub(crate) fn connection_failure(
    error: reqwest::Error,
    endpoint: &str,
    host: &str,
) -> ConnectionFailure {
    let error = error.without_url();
    let says = |words: &str| causes(&error).any(|cause| cause.to_string().contains(words));
    let unknown_host = says("dns error");
    let (kind, message) = if error.is_builder() {
        let message = "the request cannot be built".to_owned();
        (ErrorKind::Internal, message)
    } else if unknown_host {
        let message = format!("the host {host} is unknown; check the address");
        (ErrorKind::Transient, message)
    } else if says("invalid dns name") {
        let message = format!("{host} is not a host name; check the address");
        (ErrorKind::Config, message)
    } else if let Some(why) = refused_certificate(&error) {
        let message = format!("the certificate of {host} is not trusted: {why}");
        (ErrorKind::Config, message)
    } else if error.is_timeout() {
        (ErrorKind::Transient, silent(host))
    } else if error.is_connect() {
        let message = format!("cannot connect to {host}: {}", root_cause(&error));
        (ErrorKind::Transient, message)
    } else {
        let message = format!("the reply was cut off: {}", root_cause(&error));
        (ErrorKind::Transient, message)
    };
    ConnectionFailure {
        error: Error::new(kind, format!("{endpoint}: {message}")).with_source(error),
        unknown_host,
    }
}

/// What is wrong with the server's certificate, when something is.
fn refused_certificate(error: &reqwest::Error) -> Option<String> {
    let mut told = causes(error).filter_map(|cause| {
        let text = cause.to_string();
        let (_, why) = text.split_once(REFUSED_CERTIFICATE)?;
        Some(why.to_owned())
    });
    let why = told.next()?;
    Some(match why.as_str() {
        "UnknownIssuer" => {
            "its issuer is unknown here; if that is a private authority, name a file \
                            with its certificate in GONG_SNOWFLAKE_ROOT_CERTIFICATES or in \
                            SSL_CERT_FILE"
                .to_owned()
        }
        _ => why,
    })
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &dyn StdError> {
    let first: &dyn StdError = error;
    std::iter::successors(Some(first), |error| (*error).source())
}

fn root_cause(error: &reqwest::Error) -> String {
    let last = causes(error).last();
    last.map(ToString::to_string).unwrap_or_default()
}
