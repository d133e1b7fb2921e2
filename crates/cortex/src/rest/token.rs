//! How a request proves who sends it.

use std::fmt::{self, Debug};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::HeaderValue;
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result};

/// A secret, and what kind of secret it is. `Debug` shows only the kind.
#[derive(Clone)]
pub struct Token {
    kind: TokenKind,
    secret: SecretString,
}

/// What a [`Token`] is. Snowflake is told in the header
/// `X-Snowflake-Authorization-Token-Type`; other endpoints are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// An API key, or a token whose kind the endpoint finds out by itself.
    Plain,
    /// A JWT signed with a key pair, valid for an hour at most.
    KeyPairJwt,
    /// An OAuth access token.
    OAuth,
    /// A Snowflake programmatic access token.
    ProgrammaticAccessToken,
    /// A Snowflake session token, as SQL sessions have. An expired one is answered
    /// with HTTP 200 and a code, which counts as [`Auth`](ErrorKind::Auth) here.
    Session,
}

impl TokenKind {
    /// Snowflake's name for it, when it is told.
    pub(super) fn header(self) -> Option<&'static str> {
        match self {
            Self::KeyPairJwt => Some("KEYPAIR_JWT"),
            Self::OAuth => Some("OAUTH"),
            Self::ProgrammaticAccessToken => Some("PROGRAMMATIC_ACCESS_TOKEN"),
            Self::Plain | Self::Session => None,
        }
    }

    /// Reads Snowflake's name, in any case.
    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::KeyPairJwt, Self::OAuth, Self::ProgrammaticAccessToken]
            .into_iter()
            .find(|kind| {
                let known = kind.header();
                known.is_some_and(|known| known.eq_ignore_ascii_case(name.trim()))
            })
    }
}

impl Token {
    /// A token of a kind.
    ///
    /// # Errors
    /// `Config` on the field `token` when it is empty or cannot stand in a header.
    pub fn new(kind: TokenKind, secret: impl Into<SecretString>) -> Result<Self> {
        let secret = secret.into();
        let text = secret.expose_secret();
        let refused = |message: &str| {
            let error = Error::new(ErrorKind::Config, message);
            Err(error.with_field("token"))
        };
        if text.is_empty() {
            return refused("is empty");
        }
        if text
            .chars()
            .any(|symbol| !symbol.is_ascii_graphic() || symbol == '"')
        {
            return refused("holds white space or other characters that no token has");
        }
        Ok(Self { kind, secret })
    }

    /// What it is.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The `Authorization` header, marked so that the HTTP library hides it.
    pub(super) fn authorization(&self) -> Result<HeaderValue> {
        let secret = self.secret.expose_secret();
        let text = match self.kind {
            TokenKind::Session => format!("Snowflake Token=\"{secret}\""),
            _ => format!("Bearer {secret}"),
        };
        let mut header = HeaderValue::from_str(&text).map_err(|_| {
            Error::new(ErrorKind::Config, "cannot stand in a header").with_field("token")
        })?;
        header.set_sensitive(true);
        Ok(header)
    }

    /// Whether a text gives it away.
    pub(super) fn is_repeated_in(&self, text: &str) -> bool {
        text.contains(self.secret.expose_secret())
    }
}

impl Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Where tokens that expire come from.
///
/// # Contract
/// Called before the first request, and again after the endpoint has refused the last
/// token; every call is to give a token that is good now. Calls do not overlap. An
/// error ends the request; only `Transient` and `RateLimited` ones are tried again.
#[async_trait]
pub trait TokenSource: Debug + Send + Sync + 'static {
    /// A token that is good now.
    async fn token(&self) -> Result<Token>;
}

/// The token in use.
#[derive(Debug)]
pub(super) struct Credentials {
    source: Option<Arc<dyn TokenSource>>,
    held: tokio::sync::Mutex<Held>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Held {
    pub(super) token: Option<Token>,
    /// Counts renewals, so that requests that were refused together renew once.
    generation: u64,
}

impl Credentials {
    pub(super) fn fixed(token: Option<Token>) -> Self {
        Self {
            source: None,
            held: tokio::sync::Mutex::new(Held {
                token,
                generation: 0,
            }),
        }
    }

    pub(super) fn from_source(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source: Some(source),
            held: tokio::sync::Mutex::default(),
        }
    }

    /// The token to send.
    pub(super) async fn current(&self) -> Result<Held> {
        let mut held = self.held.lock().await;
        if let (None, Some(source)) = (&held.token, &self.source) {
            held.token = Some(source.token().await?);
        }
        Ok(held.clone())
    }

    /// A newer token than one that was refused; `None` when there is no source of
    /// them.
    pub(super) async fn renewed(&self, refused: &Held) -> Result<Option<Held>> {
        let Some(source) = &self.source else {
            return Ok(None);
        };
        let mut held = self.held.lock().await;
        if held.generation == refused.generation {
            *held = Held {
                token: Some(source.token().await?),
                generation: refused.generation + 1,
            };
        }
        Ok(Some(held.clone()))
    }
}
