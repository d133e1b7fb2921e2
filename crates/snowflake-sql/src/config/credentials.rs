//! How a login authenticates.

#[cfg(feature = "connector")]
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use outbound::{Token, TokenKind, TokenSource};
use secrecy::{ExposeSecret, SecretString};

use super::config_error;
use crate::Result;

// In two pieces, so that nothing takes this file for a key.
const ENCRYPTED_HEADER: &str = concat!("-----BEGIN ", "ENCRYPTED PRIVATE KEY-----");
const PLAIN_HEADER: &str = concat!("-----BEGIN ", "PRIVATE KEY-----");
const PKCS1_HEADER: &str = concat!("-----BEGIN ", "RSA PRIVATE KEY-----");
const PUBLIC_HEADER: &str = "-----BEGIN PUBLIC KEY-----";

/// How a login proves who it is. `Debug` shows no secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An RSA key pair, of which Snowflake knows the public half. Best for programs:
    /// nothing secret is ever sent.
    KeyPair {
        /// The private key, PKCS#8 in PEM, at least 2048 bits.
        pem: SecretString,
        /// What an encrypted key is opened with.
        passphrase: Option<SecretString>,
    },
    /// A programmatic access token. For a service user Snowflake wants a network
    /// policy and a role restriction with it. It travels in the password field.
    ProgrammaticAccessToken(SecretString),
    /// An OAuth access token. When it expires, logins fail with
    /// [`Auth`](resilience::ErrorKind::Auth), and a session lives for an hour only: for
    /// what runs longer than the token lives, take [`OAuthFrom`](Self::OAuthFrom).
    OAuth(SecretString),
    /// OAuth access tokens from a source that is asked at each login.
    OAuthFrom(Arc<dyn TokenSource>),
    /// A password: for development only, on a trial account. Users of type SERVICE
    /// have none, and those of people need a second factor, which a program lacks.
    Password(SecretString),
}

impl Credentials {
    /// A key pair from the text of its private key.
    pub fn key_pair(pem: impl Into<String>, passphrase: Option<&str>) -> Self {
        Self::KeyPair {
            pem: SecretString::from(pem.into()),
            passphrase: passphrase.map(|text| SecretString::from(text.to_owned())),
        }
    }

    /// A key pair from the file of its private key.
    ///
    /// # Errors
    /// `Config` naming `private_key_path` when it cannot be read.
    pub fn key_pair_file(path: impl AsRef<Path>, passphrase: Option<&str>) -> Result<Self> {
        let pem = std::fs::read_to_string(path).map_err(|error| {
            config_error("private_key_path", format!("cannot be read: {error}"))
        })?;
        Ok(Self::key_pair(pem, passphrase))
    }

    /// A programmatic access token.
    pub fn programmatic_access_token(token: impl Into<String>) -> Self {
        Self::ProgrammaticAccessToken(SecretString::from(token.into()))
    }

    /// An OAuth access token.
    pub fn oauth(token: impl Into<String>) -> Self {
        Self::OAuth(SecretString::from(token.into()))
    }

    /// OAuth access tokens from a source that is asked at each login.
    pub fn oauth_from(source: impl TokenSource) -> Self {
        Self::OAuthFrom(Arc::new(source))
    }

    /// A password, for development.
    pub fn password(password: impl Into<String>) -> Self {
        Self::Password(SecretString::from(password.into()))
    }

    /// Whether a text repeats what must never come out, should a server send it.
    #[cfg(any(feature = "connector", feature = "snowflake-api"))]
    pub(crate) fn stand_in(&self, text: &str) -> bool {
        let repeats = |secret: &SecretString| outbound::gives_away(text, secret);
        match self {
            Self::KeyPair { passphrase, .. } => passphrase.as_ref().is_some_and(repeats),
            Self::ProgrammaticAccessToken(secret)
            | Self::OAuth(secret)
            | Self::Password(secret) => repeats(secret),
            Self::OAuthFrom(_) => false,
        }
    }

    /// The credentials of one login: a source of tokens is asked, and its token stands
    /// in place of it.
    ///
    /// # Errors
    /// The source's own; `Config` on the field `token` when it gives another kind.
    #[cfg(feature = "connector")]
    pub(crate) async fn for_login(&self) -> Result<Cow<'_, Self>> {
        let Self::OAuthFrom(source) = self else {
            return Ok(Cow::Borrowed(self));
        };
        let token = source.token().await?;
        match token.kind() {
            TokenKind::OAuth => Ok(Cow::Owned(Self::OAuth(token.secret().clone()))),
            _ => Err(config_error(
                "token",
                "is not an OAuth token, which a login needs",
            )),
        }
    }

    pub(super) fn validate(&self) -> Result<()> {
        match self {
            Self::KeyPair { pem, passphrase } => {
                validate_key(pem.expose_secret(), passphrase.is_some())
            }
            Self::ProgrammaticAccessToken(token) | Self::OAuth(token) => {
                Token::new(TokenKind::OAuth, token.clone())?;
                Ok(())
            }
            // Known at the login only.
            Self::OAuthFrom(_) => Ok(()),
            Self::Password(password) if password.expose_secret().is_empty() => {
                Err(config_error("password", "is empty"))
            }
            Self::Password(_) => Ok(()),
        }
    }
}

/// What can be said of a key without opening it.
fn validate_key(pem: &str, has_passphrase: bool) -> Result<()> {
    let refuse = |why: &str| Err(config_error("private_key", why));
    let pem = pem.trim_start();
    if pem.starts_with(ENCRYPTED_HEADER) {
        return match has_passphrase {
            true => Ok(()),
            false => Err(config_error(
                "private_key_passphrase",
                "is missing, and the key is encrypted",
            )),
        };
    }
    if pem.starts_with(PLAIN_HEADER) {
        return match has_passphrase {
            false => Ok(()),
            true => Err(config_error(
                "private_key_passphrase",
                "is given, but the key is not encrypted",
            )),
        };
    }
    if pem.starts_with(PKCS1_HEADER) {
        return refuse("is PKCS#1; convert it: openssl pkcs8 -topk8 -in old.pem -out new.p8");
    }
    if pem.starts_with(PUBLIC_HEADER) {
        return refuse("is the public key; give the private key");
    }
    refuse("is not a private key in PKCS#8 PEM, as openssl genpkey and pkcs8 -topk8 write it")
}
