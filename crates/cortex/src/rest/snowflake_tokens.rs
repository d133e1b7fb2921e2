//! Tokens from where Snowflake's sessions have theirs.

use std::sync::Arc;

use async_trait::async_trait;
use resilience::ErrorKind;
use secrecy::ExposeSecret;

use super::token::{Token, TokenKind, TokenSource};
use crate::{Error, Result};

/// Tokens from where Snowflake's sessions have theirs: signed with the key pair of a
/// [`SnowflakeConfig`](snowflake_sql::SnowflakeConfig), for one.
///
/// ```
/// use std::sync::Arc;
/// use cortex::rest::SnowflakeTokens;
/// use snowflake_sql::{Credentials, SnowflakeConfig};
///
/// let credentials = Credentials::programmatic_access_token("SECRET");
/// let sessions = SnowflakeConfig::new("myorg-sales", "GONG_ENRICH", credentials)?;
/// let source = Arc::new(SnowflakeTokens::from(sessions.token_source()?));
/// // EndpointConfig::new(address)?.with_token_source(source)
/// # drop(source);
/// # Ok::<(), snowflake_sql::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SnowflakeTokens(Arc<dyn snowflake_sql::TokenSource>);

impl From<Arc<dyn snowflake_sql::TokenSource>> for SnowflakeTokens {
    fn from(source: Arc<dyn snowflake_sql::TokenSource>) -> Self {
        Self(source)
    }
}

#[async_trait]
impl TokenSource for SnowflakeTokens {
    async fn token(&self) -> Result<Token> {
        let token = self.0.token().await.map_err(|error| {
            let named = Error::new(error.kind(), error.message())
                .with_field(error.field().unwrap_or("token"))
                .with_retry_after(error.retry_after());
            named.with_source(error)
        })?;
        let kind = match token.kind() {
            snowflake_sql::TokenKind::KeyPairJwt => TokenKind::KeyPairJwt,
            snowflake_sql::TokenKind::OAuth => TokenKind::OAuth,
            snowflake_sql::TokenKind::ProgrammaticAccess => TokenKind::ProgrammaticAccessToken,
            other => {
                let error = format!("is {}, which REST does not take", other.as_str());
                return Err(Error::new(ErrorKind::Unsupported, error).with_field("token"));
            }
        };
        Token::new(kind, token.secret().expose_secret())
    }
}
