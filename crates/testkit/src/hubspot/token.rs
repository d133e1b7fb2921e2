//! The accepted token, and what happens to others.

use secrecy::{ExposeSecret, SecretString};

/// Shortest text that can be a token. The simulator's own: what the real one checks
/// before it answers 530 is not known.
const LEAST_TOKEN_BYTES: usize = 10;

#[derive(Debug)]
pub(super) struct Token {
    accepted: SecretString,
    has_expired: bool,
}

/// What a request's `Authorization` is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Accepted,
    /// None, another scheme, or another token.
    Unknown,
    Expired,
    /// No token of HubSpot's looks like this.
    Impossible,
}

impl Token {
    pub(super) fn new(accepted: &str) -> Self {
        Self {
            accepted: SecretString::from(accepted),
            has_expired: false,
        }
    }

    pub(super) fn expire(&mut self) {
        self.has_expired = true;
    }

    pub(super) fn judge(&self, authorization: Option<&str>) -> Verdict {
        let Some(token) = authorization.and_then(|header| header.strip_prefix("Bearer ")) else {
            return Verdict::Unknown;
        };
        // The characters of RFC 6750.
        let is_possible = token.len() >= LEAST_TOKEN_BYTES
            && token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte));
        match () {
            () if !is_possible => Verdict::Impossible,
            () if token != self.accepted.expose_secret() => Verdict::Unknown,
            () if self.has_expired => Verdict::Expired,
            () => Verdict::Accepted,
        }
    }
}
