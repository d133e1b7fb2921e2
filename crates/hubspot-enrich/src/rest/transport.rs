//! What a failed connection means.

use std::error::Error as StdError;

use resilience::ErrorKind;

use crate::Error;

/// Reads an error of the HTTP library. The address is taken out of it, and its causes
/// decide what the caller can do.
pub(super) fn broken(error: reqwest::Error, endpoint: &str, host: &str) -> Error {
    let error = error.without_url();
    let (kind, message) = if error.is_builder() {
        let message = "the request cannot be built".to_owned();
        (ErrorKind::Internal, message)
    } else if any_cause(&error, "invalid peer certificate") {
        let message = format!("the certificate of {host} is not trusted");
        (ErrorKind::Config, message)
    } else if any_cause(&error, "dns error") {
        let message = format!("the host {host} is not known; check the address");
        (ErrorKind::Transient, message)
    } else if error.is_timeout() {
        (
            ErrorKind::Transient,
            format!("{host} did not answer in time"),
        )
    } else if error.is_connect() {
        let message = format!("cannot connect to {host}: {}", root_cause(&error));
        (ErrorKind::Transient, message)
    } else {
        let message = format!("the reply was cut off: {}", root_cause(&error));
        (ErrorKind::Transient, message)
    };
    Error::new(kind, format!("{endpoint}: {message}")).with_source(error)
}

fn causes<'a>(error: &'a reqwest::Error) -> impl Iterator<Item = &'a dyn StdError> {
    let first: &'a dyn StdError = error;
    std::iter::successors(Some(first), |error: &&'a dyn StdError| {
        let error: &'a dyn StdError = *error;
        error.source()
    })
}

fn any_cause(error: &reqwest::Error, words: &str) -> bool {
    causes(error).any(|cause| cause.to_string().contains(words))
}

fn root_cause(error: &reqwest::Error) -> String {
    let last = causes(error).last();
    last.map(ToString::to_string).unwrap_or_default()
}
