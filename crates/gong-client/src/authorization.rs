//! The `Authorization` header, and keeping it out of sight.

use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::Result;
use crate::config::{Credentials, GongConfig, config_error};

/// What every request proves itself with. It has no `Debug`.
pub(crate) struct Authorization {
    /// Marked as sensitive, so that the HTTP library hides it too.
    header: HeaderValue,
    /// What must never come out, should a server repeat it.
    secrets: Vec<SecretString>,
}

impl Authorization {
    /// Made once, by the HTTP library's own encoding.
    pub(crate) fn new(http: &reqwest::Client, config: &GongConfig) -> Result<Self> {
        let request = http.get(config.base_url.clone());
        let (request, mut secrets) = match &config.credentials {
            Credentials::Basic {
                access_key,
                access_key_secret,
            } => (
                request.basic_auth(
                    access_key.expose_secret(),
                    Some(access_key_secret.expose_secret()),
                ),
                vec![access_key.clone(), access_key_secret.clone()],
            ),
            Credentials::Bearer(token) => (
                request.bearer_auth(token.expose_secret()),
                vec![token.clone()],
            ),
        };
        let mut header = request
            .build()
            .ok()
            .and_then(|request| request.headers().get(AUTHORIZATION).cloned())
            .ok_or_else(|| config_error("credentials", "cannot be sent in a header"))?;
        header.set_sensitive(true);
        let encoded = header.to_str().ok().and_then(|value| value.split_once(' '));
        secrets.extend(encoded.map(|(_, encoded)| SecretString::from(encoded.to_owned())));
        Ok(Self { header, secrets })
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// Whether a text gives any part of the credentials away.
    pub(crate) fn is_repeated_in(&self, text: &str) -> bool {
        self.secrets
            .iter()
            .any(|secret| text.contains(secret.expose_secret()))
    }
}
