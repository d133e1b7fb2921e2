//! Tokens of a grant, renewed by one at a time. For callers of [`GongConfig::with_token_source`].

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use outbound::{Token, TokenKind, TokenSource};
use resilience::ErrorKind;
use secrecy::{ExposeSecret, SecretString};

use super::{Grant, OAuthApp, TokenStore};
use crate::{Credentials, Error, GongConfig, Result};

/// The tokens of one company's grant.
#[derive(Debug)]
pub struct OAuthTokens<S> {
    app: OAuthApp,
    store: S,
    /// What was given last: asked again, it has been refused.
    given: Mutex<Option<SecretString>>,
}

impl<S: TokenStore> OAuthTokens<S> {
    /// Tokens of the grant in a store.
    pub fn new(app: OAuthApp, store: S) -> Self {
        Self {
            app,
            store,
            given: Mutex::default(),
        }
    }

    /// Makes a grant of a code and stores it.
    ///
    /// # Errors
    /// Those of [`OAuthApp::exchange`] and of the store.
    pub async fn authorize(&self, code: &str) -> Result<()> {
        let _lock = self.store.lock().await?;
        let grant = self.app.exchange(code).await?;
        self.store.save(&grant).await
    }

    /// The configuration of a client that uses the grant: its address, its token, and this as
    /// the source of the next.
    ///
    /// # Errors
    /// [`Auth`](ErrorKind::Auth) when there is no grant, and those of renewing it.
    pub async fn config(self: &Arc<Self>) -> Result<GongConfig> {
        let grant = self.current().await?;
        let credentials = Credentials::bearer(grant.access_token.expose_secret());
        let config = GongConfig::new(&grant.api_base_url, credentials)?;
        Ok(config.with_token_source(self.clone()))
    }

    /// A grant that is good now, and other than the one that was given before.
    async fn current(&self) -> Result<Grant> {
        let _lock = self.store.lock().await?;
        let stored = self.stored().await?;
        let grant = match self.was_given(&stored) || stored.is_over(Timestamp::now()) {
            true => self.renewed(stored).await?,
            false => stored,
        };
        *self.given.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(grant.access_token.clone());
        Ok(grant)
    }

    async fn renewed(&self, before: Grant) -> Result<Grant> {
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
                let same =
                    now.refresh_token.expose_secret() == before.refresh_token.expose_secret();
                match same {
                    false if !self.was_given(&now) => Ok(now),
                    _ => Err(error.context("an administrator has to grant access again")),
                }
            }
            // Whether the token was used up is not known; a second try could not tell either.
            Err(error) => Err(error.exhausted()),
        }
    }

    async fn stored(&self) -> Result<Grant> {
        self.store.load().await?.ok_or_else(|| {
            Error::new(
                ErrorKind::Auth,
                "no grant is stored: an administrator has to give it",
            )
        })
    }

    fn was_given(&self, grant: &Grant) -> bool {
        let given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let given = given.as_ref().map(ExposeSecret::expose_secret);
        given == Some(grant.access_token.expose_secret())
    }
}

#[async_trait]
impl<S: TokenStore> TokenSource for OAuthTokens<S> {
    async fn token(&self) -> outbound::Result<Token> {
        let grant = self.current().await.map_err(outbound::Error::from_below)?;
        Token::new(TokenKind::OAuth, grant.access_token)
    }
}
