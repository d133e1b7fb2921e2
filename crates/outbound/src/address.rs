//! Addresses of services: where a client may send its token.

use std::net::Ipv4Addr;

use url::{Host, Url};

/// Why an address is refused. No message repeats it: it may hold credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// It cannot be read as one.
    #[error("is not a URL such as {example}")]
    NotAnAddress {
        /// One that is.
        example: &'static str,
    },
    /// It is of another scheme, or names no host.
    #[error("must begin with https:// and name a host")]
    NoHost,
    /// It holds a user or a password.
    #[error("must not contain credentials")]
    Credentials,
    /// It holds what belongs to single requests.
    #[error("must not contain a query or fragment")]
    QueryOrFragment,
    /// Anybody on the way could read along.
    #[error("must use https, except for a loopback address")]
    PlainHttp,
}

/// Reads the address of a service from a setting.
///
/// ```
/// use outbound::{BaseUrlError, parse_base_url};
///
/// let example = "https://us-12345.api.gong.io";
/// assert!(parse_base_url(" https://us-12345.api.gong.io/v2 ", example).is_ok());
/// assert!(parse_base_url("http://127.0.0.1:8080", example).is_ok());
/// assert_eq!(parse_base_url("http://api.gong.io", example), Err(BaseUrlError::PlainHttp));
/// ```
///
/// # Errors
/// As [`check_base_url`], and when it is not an address; `example` is shown then.
pub fn parse_base_url(text: &str, example: &'static str) -> Result<Url, BaseUrlError> {
    let url = text.trim().parse();
    let url = url.map_err(|_| BaseUrlError::NotAnAddress { example })?;
    check_base_url(&url)?;
    Ok(url)
}

/// Whether requests and the token that they carry may go to an address.
///
/// # Errors
/// What is wrong with it.
pub fn check_base_url(url: &Url) -> Result<(), BaseUrlError> {
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(BaseUrlError::NoHost);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BaseUrlError::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BaseUrlError::QueryOrFragment);
    }
    if url.scheme() == "http" && !is_loopback(url) {
        return Err(BaseUrlError::PlainHttp);
    }
    Ok(())
}

/// The address of a path, which begins with a slash and is escaped already, below a base.
pub fn address(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// Where clouds tell a machine who it is. Its host answers, and no network in between.
const METADATA_SERVICE: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// Whether requests to an address stay on this machine, as those of tests do, or go to the
/// cloud's metadata service: they need neither encryption nor a proxy.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback() || address == METADATA_SERVICE,
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Url, BaseUrlError> {
        parse_base_url(text, "https://example.com")
    }

    #[test]
    fn only_this_machine_is_talked_to_in_the_open() {
        for here in [
            "http://localhost:1",
            "http://LOCALHOST.",
            "http://169.254.169.254",
            "http://127.8.9.1",
            "http://[::1]:80",
        ] {
            assert!(parse(here).is_ok(), "{here}");
        }
        for elsewhere in [
            "http://localhost.example.com",
            "http://10.0.0.1",
            "http://[2001:db8::1]",
        ] {
            assert_eq!(
                parse(elsewhere),
                Err(BaseUrlError::PlainHttp),
                "{elsewhere}"
            );
        }
    }

    #[test]
    fn what_is_no_base_is_refused_without_being_repeated() {
        for (text, why) in [
            ("ftp://127.0.0.1", BaseUrlError::NoHost),
            ("data:text/plain,secret", BaseUrlError::NoHost),
            ("https://user:secret@example.com", BaseUrlError::Credentials),
            (
                "https://example.com?key=secret",
                BaseUrlError::QueryOrFragment,
            ),
            ("https://example.com#secret", BaseUrlError::QueryOrFragment),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
        let error = parse("secret").unwrap_err();
        assert_eq!(
            error.to_string(),
            "is not a URL such as https://example.com"
        );
    }
}
