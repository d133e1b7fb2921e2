//! Names of this machine in requests.
//!
//! A page in a browser can send requests to a service on the reader's own machine, and make
//! its own name point there. Such requests carry that name.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Whether a request was sent to a name of this machine, and not by a page from elsewhere.
pub(crate) fn is_loopback_name(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host_is_here = text(HOST).is_some_and(is_here);
    let origin_is_here = text(ORIGIN).is_none_or(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        authority.is_some_and(is_here)
    });
    host_is_here && origin_is_here
}

/// `localhost`, `127.…` or `::1`, with or without a port.
fn is_here(authority: &str) -> bool {
    let name = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => authority.split(':').next(),
    };
    name.is_some_and(|name| {
        let address = name.parse::<std::net::IpAddr>();
        name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn names_of_this_machine_are_known() {
        for here in [
            "localhost:8080",
            "LOCALHOST",
            "127.0.0.1",
            "127.0.0.2:1",
            "[::1]:80",
        ] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in [
            "localhost.evil.example",
            "10.0.0.1",
            "",
            "127.0.0.1.evil",
            "[::2]",
        ] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn a_page_from_elsewhere_is_told_by_its_origin() {
        let mut headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("localhost"))]);
        assert!(is_loopback_name(&headers));
        headers.insert(ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(!is_loopback_name(&headers));
        headers.insert(ORIGIN, HeaderValue::from_static("http://localhost:3000"));
        assert!(is_loopback_name(&headers));
    }
}
