//! Tokens of a grant, renewed by one at a time. For callers whose clients act on a grant.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use outbound::{Token, TokenKind, TokenSource};
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};
use tracing::Instrument;

use super::{Grant, OAuthApp, TokenStore};
use crate::{Credentials, Error, GongConfig, Result};

/// The tokens of one company's grant, for any number of clients.
#[derive(Debug)]
pub struct OAuthTokens<S> {
    app: OAuthApp,
    store: S,
}

/// What is good once has to be kept once Gong was asked, even when nobody waits any more: a
/// request that is dropped between Gong's reply and the store would lose the grant.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let done = tokio::spawn(work.in_current_span()).await;
    done.map_err(|error| {
        Error::new(ErrorKind::Internal, "the renewal was interrupted").with_source(error)
    })?
}

impl<S: TokenStore> OAuthTokens<S> {
    /// Tokens of the grant in a store.
    pub fn new(app: OAuthApp, store: S) -> Self {
        Self { app, store }
    }

    /// Makes a grant of a code and stores it, also when the caller stops waiting.
    ///
    /// # Errors
    /// Those of [`OAuthApp::exchange`] and of the store.
    pub async fn authorize(self: &Arc<Self>, code: &str) -> Result<()> {
        let lock = self.store.lock().await?;
        let (tokens, code) = (Arc::clone(self), code.to_owned());
        to_its_end(async move {
            let _lock = lock;
            let grant = tokens.app.exchange(&code).await?;
            tokens.store.save(&grant).await
        })
        .await
    }

    /// The configuration of a client that uses the grant: its address, its token, and where
    /// the next ones come from.
    ///
    /// # Errors
    /// [`Auth`](ErrorKind::Auth) when there is no grant, and those of renewing it.
    pub async fn config(self: &Arc<Self>) -> Result<GongConfig> {
        let grant = self.other_than(None).await?;
        let credentials = Credentials::bearer(grant.access_token.expose_secret());
        let config = GongConfig::new(&grant.api_base_url, credentials)?;
        Ok(config.with_token_source(Arc::new(ClientTokens {
            tokens: self.clone(),
            given: Mutex::new(grant.access_token),
        })))
    }

    /// A grant that is good now, with another access token than the refused one.
    async fn other_than(self: &Arc<Self>, refused: Option<&SecretString>) -> Result<Grant> {
        let lock = self.store.lock().await?;
        let stored = self.stored().await?;
        // Another one in the store is one that somebody else has renewed.
        if !is(&stored, refused) && !stored.is_over(Timestamp::now()) {
            return Ok(stored);
        }
        let (tokens, refused) = (Arc::clone(self), refused.cloned());
        to_its_end(async move {
            let _lock = lock;
            tokens.renewed(stored, refused.as_ref()).await
        })
        .await
    }

    async fn renewed(&self, before: Grant, refused: Option<&SecretString>) -> Result<Grant> {
        match self.app.refresh(before.refresh_token.expose_secret()).await {
            Ok(mut grant) => {
                if grant.refresh_token.expose_secret().is_empty() {
                    grant.refresh_token = before.refresh_token;
                }
                if grant.api_base_url.is_empty() {
                    grant.api_base_url = before.api_base_url;
                }
                // Before it is used: what renewed it is worthless from now on.
                self.store.save(&grant).await?;
                Ok(grant)
            }
            Err(error) if error.kind() == ErrorKind::Auth => {
                // Somebody without the lock may have been faster.
                let now = self.stored().await?;
                match is(&now, Some(&before.access_token)) || is(&now, refused) {
                    false => Ok(now),
                    true => Err(error.context("an administrator has to grant access again")),
                }
            }
            // Whether the token was used up is not known; a second try could not tell either.
            Err(error) => Err(error.exhausted()),
        }
    }

    async fn stored(&self) -> Result<Grant> {
        self.store.load().await?.ok_or_else(|| {
            let message = "no grant is stored: an administrator has to give it";
            Error::new(ErrorKind::Auth, message)
        })
    }
}

fn is(grant: &Grant, token: Option<&SecretString>) -> bool {
    token.is_some_and(|token| token.expose_secret() == grant.access_token.expose_secret())
}

/// The tokens of one client.
#[derive(Debug)]
struct ClientTokens<S> {
    tokens: Arc<OAuthTokens<S>>,
    /// What this client was given last: when it asks again, that has been refused.
    given: Mutex<SecretString>,
}

impl<S> ClientTokens<S> {
    fn given(&self) -> MutexGuard<'_, SecretString> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<S: TokenStore> TokenSource for ClientTokens<S> {
    async fn token(&self) -> outbound::Result<Token> {
        let refused = self.given().clone();
        let grant = self.tokens.other_than(Some(&refused)).await;
        let grant = grant.map_err(outbound::Error::from_below)?;
        *self.given() = grant.access_token.clone();
        Token::new(TokenKind::OAuth, grant.access_token)
    }
}
