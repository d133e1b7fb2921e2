//! Who may ask.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

/// The accepted `Authorization` headers.
#[derive(Debug)]
pub(super) struct Credentials {
    basic: SecretString,
    bearer: SecretString,
}

impl Credentials {
    pub(super) fn new(key: &str, secret: &str, token: &str) -> Self {
        let bearer = SecretString::from(format!("Bearer {token}"));
        let mut credentials = Self {
            basic: SecretString::default(),
            bearer,
        };
        credentials.set_basic(key, secret);
        credentials
    }

    pub(super) fn set_basic(&mut self, key: &str, secret: &str) {
        let encoded = STANDARD.encode(format!("{key}:{secret}"));
        self.basic = SecretString::from(format!("Basic {encoded}"));
    }

    pub(super) fn accept(&self, authorization: &str) -> bool {
        [&self.basic, &self.bearer]
            .iter()
            .any(|known| known.expose_secret() == authorization)
    }
}
