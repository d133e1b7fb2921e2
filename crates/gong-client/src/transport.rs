//! What a failed connection means.

use std::error::Error as StdError;

use resilience::ErrorKind;

use crate::Error;

/// A failure below HTTP.
pub(crate) struct Broken {
    pub(crate) error: Error,
    /// The host's name is not known; further attempts seldom change that.
    pub(crate) unknown_host: bool,
}

/// Reads an error of the HTTP library. The address is taken out of it: a cursor
/// in the query tells strangers where to read.
pub(crate) fn broken(error: reqwest::Error, endpoint: &str, host: &str) -> Broken {
    let error = error.without_url();
    let unknown_host = any_cause(&error, |text| text.contains("dns error"));
    let refused_certificate = any_cause(&error, |text| text.contains("invalid peer certificate"));
    let impossible_name = any_cause(&error, |text| text.contains("invalid dns name"));
    let (kind, message) = if error.is_builder() {
        (
            ErrorKind::Internal,
            "the request cannot be built".to_owned(),
        )
    } else if unknown_host {
        (
            ErrorKind::Transient,
            format!("the host {host} is not known; check the address"),
        )
    } else if impossible_name {
        (
            ErrorKind::Config,
            format!("{host} is not a host name; check the address"),
        )
    } else if refused_certificate {
        (
            ErrorKind::Config,
            format!("the certificate of {host} is not trusted"),
        )
    } else if error.is_timeout() {
        (
            ErrorKind::Transient,
            format!("{host} did not answer in time"),
        )
    } else if error.is_connect() {
        (
            ErrorKind::Transient,
            format!("cannot connect to {host}: {}", root_cause(&error)),
        )
    } else {
        (
            ErrorKind::Transient,
            format!("the reply was cut off: {}", root_cause(&error)),
        )
    };
    Broken {
        error: Error::new(kind, format!("{endpoint}: {message}")).with_source(error),
        unknown_host,
    }
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a dyn StdError> {
    let first: &'a dyn StdError = error;
    std::iter::successors(Some(first), |error: &&'a dyn StdError| {
        let error: &'a dyn StdError = *error;
        error.source()
    })
}

fn any_cause(error: &reqwest::Error, matches: impl Fn(&str) -> bool) -> bool {
    causes(error).any(|cause| matches(&cause.to_string()))
}

fn root_cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
