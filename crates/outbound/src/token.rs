//! How a request authenticates, and where its token comes from.

use std::fmt::{self, Debug};
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result, gives_away};

/// A secret that a request proves its sender with, and what kind of secret it is.
/// `Debug` shows only the kind.
///
/// A token is a [`TokenSource`] too, of nothing but itself: for those that live for months.
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    /// What is sent, and then what that was made of: none of it may come out.
    secrets: Arc<[SecretString]>,
}

/// What a [`Token`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// An API key, or a token whose kind the other side finds out by itself.
    Plain,
    /// A user and a password, for the scheme `Basic`; see [`Token::basic`].
    Basic,
    /// A JSON web token signed with the user's key, good for an hour at most.
    KeyPairJwt,
    /// An OAuth access token.
    OAuth,
    /// A programmatic access token of Snowflake.
    ProgrammaticAccess,
    /// A Snowflake session token, as SQL sessions have.
    Session,
}

impl TokenKind {
    /// Those that Snowflake is told.
    const NAMED: [(Self, &'static str); 3] = [
        (Self::KeyPairJwt, "KEYPAIR_JWT"),
        (Self::OAuth, "OAUTH"),
        (Self::ProgrammaticAccess, "PROGRAMMATIC_ACCESS_TOKEN"),
    ];

    /// Snowflake's name for it, as the header `X-Snowflake-Authorization-Token-Type`
    /// takes it; `None` for kinds that need none.
    pub fn snowflake_name(self) -> Option<&'static str> {
        let named = Self::NAMED.iter().find(|(kind, _)| *kind == self);
        named.map(|(_, name)| *name)
    }

    /// Reads [Snowflake's name](Self::snowflake_name), in any case.
    pub fn from_snowflake_name(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter();
        let mut named = named.filter(|(_, known)| known.eq_ignore_ascii_case(name.trim()));
        named.next().map(|(kind, _)| *kind)
    }
}

impl Token {
    /// A token of a kind.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the field `token` when it is empty or
    /// holds what no token has, such as the line break that it was copied with.
    pub fn new(kind: TokenKind, secret: impl Into<SecretString>) -> Result<Self> {
        let secret = secret.into();
        let text = secret.expose_secret();
        if text.is_empty() {
            return Err(Error::config("token", "is empty"));
        }
        let is_part = |symbol: char| symbol.is_ascii_graphic() && symbol != '"';
        if !text.chars().all(is_part) {
            let message = "holds what no token has: white space, quotes, control characters or \
                           letters beyond ASCII";
            return Err(Error::config("token", message));
        }
        let secrets = [secret].into();
        Ok(Self { kind, secrets })
    }

    /// A user and a password, encoded for the scheme `Basic`.
    pub fn basic(user: &SecretString, password: &SecretString) -> Self {
        let pair = format!("{}:{}", user.expose_secret(), password.expose_secret());
        let encoded = SecretString::from(BASE64_STANDARD.encode(pair));
        Self {
            kind: TokenKind::Basic,
            secrets: [encoded, user.clone(), password.clone()].into(),
        }
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// What is sent.
    pub fn secret(&self) -> &SecretString {
        // Neither constructor leaves it out.
        &self.secrets[0]
    }

    /// The `Authorization` header, marked so that the HTTP library hides it.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the field `token` when it cannot stand
    /// in a header, which [`new`](Self::new) has ruled out.
    #[cfg(feature = "http")]
    pub fn header(&self) -> Result<reqwest::header::HeaderValue> {
        let secret = self.secret().expose_secret();
        let text = match self.kind {
            TokenKind::Basic => format!("Basic {secret}"),
            TokenKind::Session => format!("Snowflake Token=\"{secret}\""),
            _ => format!("Bearer {secret}"),
        };
        let mut header = reqwest::header::HeaderValue::from_str(&text)
            .map_err(|_| Error::config("token", "cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Whether a text gives it away: as it is, escaped, encoded, in other case or in part.
    pub fn is_repeated_in(&self, text: &str) -> bool {
        let mut secrets = self.secrets.iter();
        secrets.any(|secret| gives_away(text, secret))
    }

    /// A server's words as a message may repeat them: [printable](crate::printable), and
    /// not at all when they give the token away.
    pub fn redacted(&self, words: &str, most: usize) -> String {
        match self.is_repeated_in(words) {
            true => "[left out, because it repeats the credentials]".to_owned(),
            false => crate::printable(words, most),
        }
    }

    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.secret().expose_secret() == other.secret().expose_secret()
    }
}

impl Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Where tokens come from.
///
/// # Contract
/// - Every call gives a token that is good now: a source that keeps one replaces it
///   before it expires. Whoever holds a token between requests asks again when it is
///   refused; a source that gives the refused one again has no other, and the refusal
///   is final.
/// - **Calls** may overlap.
/// - **Errors** end the login or the request; only retryable ones are retried.
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

resilience::forward_pointers! {
    TokenSource {
        async fn token(&self) -> Result<Token>;
    }
}
