//! Tokens that expire, and where new ones come from.

#[cfg(feature = "token-endpoint")]
mod endpoint;
mod file;
#[cfg(feature = "key-pair-jwt")]
mod key_pair;

use std::sync::Arc;

use outbound::{Token, TokenKind, TokenSource};
use resilience::ErrorKind;

#[cfg(feature = "token-endpoint")]
pub use endpoint::TokenEndpoint;
pub use file::TokenFile;
#[cfg(feature = "key-pair-jwt")]
pub use key_pair::KeyPairTokens;

use crate::{Credentials, Error, Result};

impl crate::SnowflakeConfig {
    /// The tokens that prove to REST interfaces who logs in here: signed with the key
    /// pair, or the programmatic access token, or OAuth's.
    ///
    /// # Errors
    /// `Unsupported` for a password, which no REST interface takes; `Config` on the field
    /// `private_key` when the key cannot be opened.
    pub fn token_source(&self) -> Result<Arc<dyn TokenSource>> {
        Ok(match &self.credentials {
            #[cfg(feature = "key-pair-jwt")]
            Credentials::KeyPair { pem, passphrase } => {
                let account = &self.account;
                let passphrase = passphrase.as_ref();
                Arc::new(KeyPairTokens::new(account, &self.user, pem, passphrase)?)
            }
            #[cfg(not(feature = "key-pair-jwt"))]
            Credentials::KeyPair { .. } => {
                return Err(unsupported("signing tokens needs the feature key-pair-jwt"));
            }
            Credentials::ProgrammaticAccessToken(secret) => {
                Arc::new(Token::new(TokenKind::ProgrammaticAccess, secret.clone())?)
            }
            Credentials::OAuth(secret) => Arc::new(Token::new(TokenKind::OAuth, secret.clone())?),
            Credentials::OAuthFrom(source) => Arc::clone(source),
            Credentials::Password(_) => {
                return Err(unsupported("REST interfaces accept tokens, not passwords"));
            }
        })
    }
}

fn unsupported(why: &str) -> Error {
    Error::new(ErrorKind::Unsupported, why).with_field("credentials")
}
