//! Tokens that expire, and where a new one comes from.

mod file;
#[cfg(feature = "key-pair-jwt")]
mod key_pair;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};

pub use file::TokenFile;
#[cfg(feature = "key-pair-jwt")]
pub use key_pair::KeyPairTokens;

use crate::config::config_error;
use crate::{Credentials, Error, Result};

/// A secret that a request proves its sender with, and what kind of secret it is.
/// `Debug` shows only the kind.
///
/// A token is a [`TokenSource`] too, of nothing but itself: for programmatic access
/// tokens, which live for months.
#[derive(Debug, Clone)]
pub struct Token {
    kind: TokenKind,
    secret: SecretString,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// A JSON web token signed with the user's key, good for an hour at most.
    KeyPairJwt,
    /// An OAuth access token.
    OAuth,
    /// A programmatic access token.
    ProgrammaticAccess,
}

impl TokenKind {
    /// Snowflake's name for it, as the header `X-Snowflake-Authorization-Token-Type`
    /// takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyPairJwt => "KEYPAIR_JWT",
            Self::OAuth => "OAUTH",
            Self::ProgrammaticAccess => "PROGRAMMATIC_ACCESS_TOKEN",
        }
    }
}

impl Token {
    /// A token of a kind.
    ///
    /// # Errors
    /// `Config` on the field `token` when it is empty or holds what no token has.
    pub fn new(kind: TokenKind, secret: impl Into<SecretString>) -> Result<Self> {
        let secret = secret.into();
        check(secret.expose_secret())?;
        Ok(Self { kind, secret })
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The secret itself.
    pub fn secret(&self) -> &SecretString {
        &self.secret
    }
}

/// Refuses what cannot be a token, such as one that was copied with its line break.
pub(crate) fn check(token: &str) -> Result<()> {
    if token.is_empty() {
        return Err(config_error("token", "is empty"));
    }
    if !token.chars().all(|symbol| symbol.is_ascii_graphic()) {
        return Err(config_error(
            "token",
            "holds what no token has: white space, control characters or letters beyond ASCII",
        ));
    }
    Ok(())
}

/// Where tokens come from.
///
/// # Contract
/// - Every call gives a token that is good now: a source that keeps one replaces it
///   before it expires. Whoever holds a token between requests asks again when it is
///   refused, so a refused token must not come twice.
/// - **Calls** may overlap.
/// - **Errors** end the login or the request; only retryable ones are tried again.
/// - **Cancellation**: dropping a future leaves the source usable.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait TokenSource: Debug + Send + Sync + 'static {
    /// A token that is good now.
    async fn token(&self) -> Result<Token>;
}

#[async_trait]
impl TokenSource for Token {
    async fn token(&self) -> Result<Token> {
        Ok(self.clone())
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    async fn token(&self) -> Result<Token> {
        (**self).token().await
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<T: TokenSource + ?Sized> TokenSource for Box<T> {
    async fn token(&self) -> Result<Token> {
        (**self).token().await
    }
}

impl crate::SnowflakeConfig {
    /// The tokens that prove to REST interfaces who logs in here: signed with the key
    /// pair, or the programmatic access token, or OAuth's.
    ///
    /// # Errors
    /// `Unsupported` for a password, which no REST interface takes; `Config` on the field
    /// `private_key` when the key cannot be opened.
    pub fn token_source(&self) -> Result<Arc<dyn TokenSource>> {
        Ok(match &self.credentials {
            #[cfg(feature = "key-pair-jwt")]
            Credentials::KeyPair { pem, passphrase } => {
                let account = &self.account;
                let passphrase = passphrase.as_ref();
                Arc::new(KeyPairTokens::new(account, &self.user, pem, passphrase)?)
            }
            #[cfg(not(feature = "key-pair-jwt"))]
            Credentials::KeyPair { .. } => {
                return Err(unsupported("signing tokens needs the feature key-pair-jwt"));
            }
            Credentials::ProgrammaticAccessToken(secret) => {
                Arc::new(Token::new(TokenKind::ProgrammaticAccess, secret.clone())?)
            }
            Credentials::OAuth(secret) => Arc::new(Token::new(TokenKind::OAuth, secret.clone())?),
            Credentials::OAuthFrom(source) => Arc::clone(source),
            Credentials::Password(_) => {
                return Err(unsupported("REST interfaces take tokens, and no password"));
            }
        })
    }
}

fn unsupported(why: &str) -> Error {
    Error::new(ErrorKind::Unsupported, why).with_field("credentials")
}
