//! The token that callers must show.

use std::fmt;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::envelope::Refusal;
use crate::host::is_loopback_name;

/// The environment variable that holds the token.
pub(crate) const TOKEN_VARIABLE: &str = "GONG_SNOWFLAKE_TOKEN";

/// Who may ask: whoever shows the token, or, without one, programs of this machine.
///
/// Only the token's digest is kept. Digests are compared, in constant time, so that neither
/// the time nor the length tells how much of a guess is right.
#[derive(Clone)]
pub struct Bearer(Option<[u8; 32]>);

impl Bearer {
    /// Asks for a token; `None` when it is empty or could not stand in a header.
    pub fn new(token: &str) -> Option<Self> {
        let can_be_sent = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        can_be_sent.then(|| Self(Some(Sha256::digest(token).into())))
    }

    /// Asks for none. Requests must name this machine as their host, which the pages of a
    /// browser cannot make it do.
    pub fn none() -> Self {
        Self(None)
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(expected) = &self.0 else {
            return is_loopback_name(headers);
        };
        let shown = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map_or("", |(_, token)| token.trim());
        let shown: [u8; 32] = Sha256::digest(shown).into();
        shown.ct_eq(expected).into()
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bearer")
            .field("asks", &self.0.is_some())
            .finish_non_exhaustive()
    }
}

/// Turns away whoever may not ask.
pub(crate) async fn check(
    State(bearer): State<Arc<Bearer>>,
    request: Request,
    next: Next,
) -> Response {
    if bearer.admits(request.headers()) {
        return next.run(request).await;
    }
    if bearer.0.is_none() {
        return Refusal::FORBIDDEN_HOST.into();
    }
    let mut response = Response::from(Refusal::UNAUTHORIZED);
    let challenge = HeaderValue::from_static("Bearer");
    response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn showing(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_the_whole_token_is_admitted() {
        let bearer = Bearer::new("right-token").unwrap();
        for right in ["Bearer right-token", "bearer  right-token"] {
            assert!(bearer.admits(&showing(right)), "{right}");
        }
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer right-toke",
            "Bearer right-token2",
            "Basic right-token",
            "right-token",
        ] {
            assert!(!bearer.admits(&showing(wrong)), "{wrong}");
        }
        assert!(!bearer.admits(&HeaderMap::new()));
    }

    #[test]
    fn what_cannot_be_sent_is_no_token() {
        for token in ["", "with space", "line\nbreak", "größe"] {
            assert!(Bearer::new(token).is_none(), "{token}");
        }
    }

    #[test]
    fn debug_shows_no_token() {
        let shown = format!("{:?}", Bearer::new("right-token").unwrap());
        assert_eq!(shown, "Bearer { asks: true, .. }");
    }
}
