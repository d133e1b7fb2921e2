//! What an administrator has granted. For callers that keep it in a store of their own.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Access to one company. `Debug` shows no token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Grant {
    /// What requests carry.
    pub access_token: SecretString,
    /// What renews it, once.
    pub refresh_token: SecretString,
    /// The company's address: with another one Gong calls the token revoked.
    pub api_base_url: String,
    /// When the access token ends, where Gong has said so.
    pub expires_at: Option<Timestamp>,
    /// The scopes, separated by spaces.
    pub scope: Option<String>,
}

impl Grant {
    /// A grant that came by other ways.
    pub fn new(
        access_token: impl Into<String>,
        refresh_token: impl Into<String>,
        api_base_url: impl Into<String>,
    ) -> Self {
        Self {
            access_token: SecretString::from(access_token.into()),
            refresh_token: SecretString::from(refresh_token.into()),
            api_base_url: api_base_url.into(),
            expires_at: None,
            scope: None,
        }
    }

    /// As JSON with its tokens in the clear, for a store that keeps secrets.
    pub fn to_secret_json(&self) -> SecretString {
        let stored = Stored {
            access_token: self.access_token.expose_secret().to_owned(),
            refresh_token: self.refresh_token.expose_secret().to_owned(),
            api_base_url: self.api_base_url.clone(),
            expires_at: self.expires_at,
            scope: self.scope.clone(),
        };
        // Strings and an instant can always be written.
        SecretString::from(serde_json::to_string(&stored).unwrap_or_default())
    }

    /// What [`to_secret_json`](Self::to_secret_json) wrote; `None` for anything else.
    pub fn from_secret_json(json: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(json).ok()?;
        Some(Self {
            access_token: SecretString::from(stored.access_token),
            refresh_token: SecretString::from(stored.refresh_token),
            api_base_url: stored.api_base_url,
            expires_at: stored.expires_at,
            scope: stored.scope,
        })
    }

    /// Whether the access token is over, or will be before a request has arrived.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        const MARGIN: i64 = 60;
        self.expires_at
            .is_some_and(|end| end.as_second() - MARGIN <= now.as_second())
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    access_token: String,
    refresh_token: String,
    api_base_url: String,
    expires_at: Option<Timestamp>,
    scope: Option<String>,
}
