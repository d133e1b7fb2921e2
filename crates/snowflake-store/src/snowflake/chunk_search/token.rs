//! How a search proves who asks.

use std::sync::Arc;

use reqwest::header::HeaderValue;
use resilience::ErrorKind;
use secrecy::ExposeSecret;
use snowflake_sql::{Token, TokenSource};
use tokio::sync::Mutex;

use crate::snowflake::failure::of_sql;
use crate::{Error, Result};

/// The `Authorization` header, marked so that the HTTP library hides it.
pub(super) fn authorization(token: &Token) -> Result<HeaderValue> {
    let text = format!("Bearer {}", token.secret().expose_secret());
    let mut header = HeaderValue::from_str(&text).map_err(|_| {
        Error::new(ErrorKind::Config, "cannot stand in a header").with_field("token")
    })?;
    header.set_sensitive(true);
    Ok(header)
}

/// The token in use, and how it is replaced.
#[derive(Debug)]
pub(super) struct Held {
    source: Option<Arc<dyn TokenSource>>,
    /// The token, and how many came before it: requests that were refused together
    /// replace it once.
    token: Mutex<(Option<Token>, u64)>,
}

impl Held {
    pub(super) fn fixed(token: Token) -> Self {
        Self {
            source: None,
            token: Mutex::new((Some(token), 0)),
        }
    }

    pub(super) fn from_source(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source: Some(source),
            token: Mutex::default(),
        }
    }

    /// The token to send, and its number.
    pub(super) async fn current(&self) -> Result<(Token, u64)> {
        let mut held = self.token.lock().await;
        let (token, number) = &mut *held;
        match (&token, &self.source) {
            (Some(token), _) => Ok((token.clone(), *number)),
            (None, Some(source)) => {
                let new = source.token().await.map_err(of_sql)?;
                Ok((token.insert(new).clone(), *number))
            }
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
