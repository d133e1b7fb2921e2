//! The token that requests carry, and where the next one comes from.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::config::config_error;
use crate::{Error, Result};

/// What stands in the `Authorization: Bearer` header: a service key, the token of a
/// private app, or an OAuth access token (valid for half an hour). `Debug` hides it.
#[derive(Debug, Clone)]
pub struct AccessToken(SecretString);

impl AccessToken {
    /// Checks that it can be sent at all.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) for an empty token and for one with white space or
    /// characters outside ASCII.
    pub fn new(token: impl Into<String>) -> Result<Self> {
        let token = SecretString::from(token.into());
        let text = token.expose_secret();
        if text.is_empty() {
            return Err(config_error("token", "is empty"));
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message = "holds white space, control or non-ASCII characters";
            return Err(config_error("token", message));
        }
        Ok(Self(token))
    }

    fn header(&self) -> Result<HeaderValue> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", self.0.expose_secret()))
            .map_err(|_| config_error("token", "cannot be sent in a header"))?;
        header.set_sensitive(true);
        Ok(header)
    }
}

type Renewal = Pin<Box<dyn Future<Output = Result<AccessToken>> + Send>>;

/// Asked for another token when HubSpot refuses the present one.
#[derive(Clone)]
pub(super) struct TokenSource(Arc<dyn Fn() -> Renewal + Send + Sync>);

impl TokenSource {
    pub(super) fn new<Fut>(source: impl Fn() -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = Result<AccessToken>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(source())))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

/// The present token, and how often it was renewed.
struct Carried {
    token: AccessToken,
    header: HeaderValue,
    renewals: u64,
}

/// The token of all requests of one client.
pub(super) struct Authorization {
    carried: RwLock<Carried>,
    source: Option<TokenSource>,
    /// Held while the source is asked: of many requests that are refused at once, one asks.
    renewing: Mutex<()>,
}

impl Authorization {
    pub(super) fn new(token: AccessToken, source: Option<TokenSource>) -> Result<Self> {
        Ok(Self {
            carried: RwLock::new(Carried {
                header: token.header()?,
                token,
                renewals: 0,
            }),
            source,
            renewing: Mutex::new(()),
        })
    }

    /// The header, and a number that tells this token from later ones.
    pub(super) fn header(&self) -> (HeaderValue, u64) {
        let carried = self.carried.read().unwrap_or_else(PoisonError::into_inner);
        (carried.header.clone(), carried.renewals)
    }

    /// Whether words repeat the token.
    pub(super) fn is_in(&self, words: &str) -> bool {
        let carried = self.carried.read().unwrap_or_else(PoisonError::into_inner);
        words.contains(carried.token.0.expose_secret())
    }

    /// Another token in place of the one with this number; `false` when nobody gives any.
    ///
    /// # Errors
    /// Those of the source.
    pub(super) async fn renew(&self, number: u64) -> Result<bool> {
        let Some(TokenSource(source)) = &self.source else {
            return Ok(false);
        };
        let _renewing = self.renewing.lock().await;
        if self.header().1 != number {
            return Ok(true);
        }
        let token = source()
            .await
            .map_err(|error: Error| error.context("renewing the token"))?;
        let header = token.header()?;
        let mut carried = self.carried.write().unwrap_or_else(PoisonError::into_inner);
        *carried = Carried {
            token,
            header,
            renewals: number + 1,
        };
        tracing::debug!("HubSpot's token was renewed");
        Ok(true)
    }
}

/// Why an attempt failed, and whether it did for the token that it carried.
pub(super) struct Unanswered {
    pub(super) error: Error,
    /// The number of a token that HubSpot refused with 401.
    pub(super) refused_token: Option<u64>,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self {
            error,
            refused_token: None,
        }
    }
}
