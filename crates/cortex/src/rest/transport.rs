//! What a failed connection means.

use std::error::Error as StdError;

use resilience::ErrorKind;

use crate::Error;

/// Reads an error of the HTTP library, without the address in it.
pub(super) fn broken(error: reqwest::Error, endpoint: &str, host: &str) -> Error {
    let error = error.without_url();
    let says = |words: &str| causes(&error).any(|cause| cause.to_string().contains(words));
    let (kind, message) = if error.is_builder() {
        let message = "the request cannot be built".to_owned();
        (ErrorKind::Internal, message)
    } else if says("invalid peer certificate") {
        let message = format!("the certificate of {host} is not trusted");
        (ErrorKind::Config, message)
    } else if says("dns error") {
        let message = format!("the host {host} is not known; check the address");
        (ErrorKind::Transient, message)
    } else if error.is_timeout() {
        let message = format!("{host} did not answer in time");
        (ErrorKind::Transient, message)
    } else if error.is_connect() {
        let message = format!("cannot connect to {host}");
        (ErrorKind::Transient, message)
    } else {
        (ErrorKind::Transient, "the reply was cut off".to_owned())
    };
    Error::new(kind, format!("{endpoint}: {message}")).with_source(error)
}

fn causes<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e dyn StdError> {
    let first: &'e dyn StdError = error;
    std::iter::successors(Some(first), |error: &&'e dyn StdError| {
        let error: &'e dyn StdError = *error;
        error.source()
    })
}
