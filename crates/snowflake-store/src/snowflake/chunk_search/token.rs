//! How a search proves who asks.

use std::fmt::{self, Debug};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::HeaderValue;
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::{Error, Result};

/// A token for Snowflake's REST interface. `Debug` shows only its kind.
#[derive(Clone)]
pub struct SearchToken {
    kind: SearchTokenKind,
    secret: SecretString,
}

/// What a [`SearchToken`] is, which Snowflake is told in the header
/// `X-Snowflake-Authorization-Token-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SearchTokenKind {
    /// A programmatic access token.
    ProgrammaticAccessToken,
    /// An OAuth access token.
    OAuth,
    /// A JWT signed with the user's key, valid for an hour at most.
    KeyPairJwt,
}

impl SearchTokenKind {
    /// Snowflake's name for it.
    pub(super) fn header(self) -> &'static str {
        match self {
            Self::ProgrammaticAccessToken => "PROGRAMMATIC_ACCESS_TOKEN",
            Self::OAuth => "OAUTH",
            Self::KeyPairJwt => "KEYPAIR_JWT",
        }
    }
}

impl SearchToken {
    /// A token of a kind.
    ///
    /// # Errors
    /// `Config` on the field `token` when it is empty or cannot stand in a header.
    pub fn new(kind: SearchTokenKind, secret: impl Into<SecretString>) -> Result<Self> {
        let secret = secret.into();
        let text = secret.expose_secret();
        if text.is_empty() || !text.chars().all(|symbol| symbol.is_ascii_graphic()) {
            return Err(
                Error::new(ErrorKind::Config, "is empty or holds what no token has")
                    .with_field("token"),
            );
        }
        Ok(Self { kind, secret })
    }

    /// What it is.
    pub fn kind(&self) -> SearchTokenKind {
        self.kind
    }

    /// The `Authorization` header, marked so that the HTTP library hides it.
    pub(super) fn authorization(&self) -> Result<HeaderValue> {
        let text = format!("Bearer {}", self.secret.expose_secret());
        let mut header = HeaderValue::from_str(&text).map_err(|_| {
            Error::new(ErrorKind::Config, "cannot stand in a header").with_field("token")
        })?;
        header.set_sensitive(true);
        Ok(header)
    }
}

impl Debug for SearchToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SearchToken")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Where tokens come from that expire.
///
/// # Contract
/// Called before the first request and after a token was refused; each call is to give
/// a token that is good now. Calls do not overlap. An error ends the request; only
/// `Transient` and `RateLimited` ones are tried again.
#[async_trait]
pub trait SearchTokens: Debug + Send + Sync + 'static {
    /// A token that is good now.
    async fn token(&self) -> Result<SearchToken>;
}

/// The token in use, and how it is replaced.
#[derive(Debug)]
pub(super) struct Held {
    source: Option<Arc<dyn SearchTokens>>,
    /// The token, and how many came before it: requests that were refused together
    /// replace it once.
    token: Mutex<(Option<SearchToken>, u64)>,
}

impl Held {
    pub(super) fn fixed(token: SearchToken) -> Self {
        Self {
            source: None,
            token: Mutex::new((Some(token), 0)),
        }
    }

    pub(super) fn from_source(source: Arc<dyn SearchTokens>) -> Self {
        Self {
            source: Some(source),
            token: Mutex::default(),
        }
    }

    /// The token to send, and its number.
    pub(super) async fn current(&self) -> Result<(SearchToken, u64)> {
        let mut held = self.token.lock().await;
        let (token, number) = &mut *held;
        match (&token, &self.source) {
            (Some(token), _) => Ok((token.clone(), *number)),
            (None, Some(source)) => Ok((token.insert(source.token().await?).clone(), *number)),
            (None, None) => Err(Error::new(ErrorKind::Config, "is not set").with_field("token")),
        }
    }

    /// Drops a token that was refused; returns whether another one can be had.
    pub(super) async fn refuse(&self, refused: u64) -> bool {
        if self.source.is_none() {
            return false;
        }
        let mut held = self.token.lock().await;
        if held.1 == refused {
            *held = (None, refused + 1);
        }
        true
    }
}
