//! A token from the platform that a program runs on.

use std::fmt;

use async_trait::async_trait;
use outbound::{
    Attempts, Error, HttpClient, HttpSettings, Result, SecretString, Token, TokenKind, TokenSource,
    Url,
};
use resilience::ErrorKind;
use secrecy::ExposeSecret;

/// What spans call its client.
const NAME: &str = "token endpoint";

/// A token that a platform gives the programs on it, at an endpoint: the metadata service of
/// a cloud, or the service that signs tokens for jobs. It is asked whenever a token is
/// needed, so that nothing secret is stored anywhere.
///
/// Snowflake takes such a token as OAuth, by a security integration of type
/// `EXTERNAL_OAUTH` that trusts the platform's signatures.
///
/// ```
/// use snowflake_sql::{Credentials, TokenEndpoint};
///
/// // A managed identity of Azure answers with JSON.
/// let url = "http://169.254.169.254/metadata/identity/oauth2/token\
///            ?api-version=2018-02-01&resource=api://snowflake";
/// let source = TokenEndpoint::new(url)?
///     .with_header("Metadata", "true")
///     .with_field("access_token");
/// let credentials = Credentials::oauth_from(source);
/// # let _ = credentials;
/// # Ok::<(), snowflake_sql::outbound::Error>(())
/// ```
pub struct TokenEndpoint {
    http: HttpClient,
    base: Url,
    url: Url,
    header: Option<(String, SecretString)>,
    field: Option<String>,
}

impl TokenEndpoint {
    /// The address that answers a `GET` with a token. Nothing is sent yet.
    ///
    /// # Errors
    /// `Config` on the field `token_url` when it is no address, or one that is neither
    /// encrypted nor of this machine or its metadata service.
    pub fn new(url: &str) -> Result<Self> {
        let refuse = |why: String| Error::config("token_url", why);
        let url: Url = url
            .trim()
            .parse()
            .map_err(|_| refuse("is not an address".to_owned()))?;
        let mut base = url.clone();
        base.set_query(None);
        base.set_path("/");
        let http = HttpClient::new(NAME, &base, &HttpSettings::default());
        Ok(Self {
            http: http.map_err(|error| refuse(error.message().to_owned()))?,
            base,
            url,
            header: None,
            field: None,
        })
    }

    /// Limits, and private certificate authorities.
    ///
    /// # Errors
    /// `Config` when TLS cannot be set up.
    pub fn with_http(mut self, settings: &HttpSettings) -> Result<Self> {
        self.http = HttpClient::new(NAME, &self.base, settings)?;
        Ok(self)
    }

    /// A header that the endpoint wants, such as `Metadata: true` or an authorization.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.header = Some((name.into(), SecretString::from(value.into())));
        self
    }

    /// The field of the JSON reply that holds the token. Without it, the reply is the token.
    #[must_use]
    pub fn with_field(mut self, name: impl Into<String>) -> Self {
        self.field = Some(name.into());
        self
    }
}

impl fmt::Debug for TokenEndpoint {
    /// Without the query and the header, which may authenticate.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenEndpoint")
            .field("host", &self.url.host_str())
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl TokenSource for TokenEndpoint {
    /// # Errors
    /// `Transient` when the endpoint does not answer, `RateLimited` when it wants fewer
    /// requests, `Auth` when it refuses, `Config` when it sends elsewhere, `Decode` on the field
    /// `token_url` when the reply holds no token.
    async fn token(&self) -> Result<Token> {
        let attempts = Attempts::of("the token endpoint");
        let mut request = self.http.get(self.url.clone());
        if let Some((name, value)) = &self.header {
            request = request.header(name, value.expose_secret());
        }
        let mut reply = self.http.send(&attempts, request).await?;
        let status = reply.status();
        if !reply.is_success() {
            let kind = match status {
                300..=399 => ErrorKind::Config,
                429 => ErrorKind::RateLimited,
                500.. => ErrorKind::Transient,
                _ => ErrorKind::Auth,
            };
            let message = format!("the token endpoint answered {status}");
            let error = Error::new(kind, message).with_field("token_url");
            return Err(error.with_retry_after(reply.retry_after()));
        }
        let no_token = || {
            Error::new(ErrorKind::Decode, "the token endpoint gave no token")
                .with_field("token_url")
        };
        let body = String::from_utf8(reply.whole().await?).map_err(|_| no_token())?;
        let token = match &self.field {
            None => body,
            Some(field) => {
                let reply: serde_json::Value =
                    serde_json::from_str(&body).map_err(|_| no_token())?;
                let token = reply.get(field).and_then(serde_json::Value::as_str);
                token.ok_or_else(no_token)?.to_owned()
            }
        };
        Token::new(TokenKind::OAuth, token.trim()).map_err(|_| no_token())
    }
}
