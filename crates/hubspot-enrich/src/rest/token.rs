//! The token that requests carry.

use outbound::{Token, TokenKind};
use secrecy::SecretString;

use crate::Result;

/// What stands in the `Authorization: Bearer` header: a service key, the token of a
/// private app, or an OAuth access token (valid for half an hour). `Debug` hides it.
#[derive(Debug, Clone)]
pub struct AccessToken(Token);

impl AccessToken {
    /// Checks that it can be sent at all.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) for an empty token and for one with white space or
    /// characters outside ASCII.
    pub fn new(token: impl Into<String>) -> Result<Self> {
        let token = SecretString::from(token.into());
        Ok(Self(Token::new(TokenKind::Plain, token)?))
    }
}

impl From<AccessToken> for Token {
    fn from(token: AccessToken) -> Self {
        token.0
    }
}
