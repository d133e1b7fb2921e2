//! Where Gong is, with which credentials, and within which limits.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use outbound::{HttpSettings, Token, TokenKind, TokenSource};
use resilience::RetryPolicy;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{Error, Result, SharedLimiter};

/// Gong's default limit for a whole company: requests per second.
const DEFAULT_REQUESTS_PER_SECOND: f64 = 3.0;
/// Gong's default limit for a whole company: requests per day.
const DEFAULT_DAILY_REQUESTS: u64 = 10_000;

/// How a request authenticates. `Debug` shows neither key nor secret.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An access key and its secret, made by a technical administrator.
    Basic {
        /// The access key.
        access_key: SecretString,
        /// Its secret.
        access_key_secret: SecretString,
    },
    /// An OAuth access token, valid for a day by default.
    Bearer(SecretString),
}

impl Credentials {
    /// An access key and its secret.
    pub fn basic(access_key: impl Into<String>, access_key_secret: impl Into<String>) -> Self {
        Self::Basic {
            access_key: SecretString::from(access_key.into()),
            access_key_secret: SecretString::from(access_key_secret.into()),
        }
    }

    /// An OAuth access token.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::Bearer(SecretString::from(token.into()))
    }

    /// What requests carry.
    pub(crate) fn token(&self) -> Result<Token> {
        Ok(match self {
            Self::Basic {
                access_key,
                access_key_secret,
            } => Token::basic(access_key, access_key_secret),
            Self::Bearer(token) => Token::new(TokenKind::OAuth, token.clone())?,
        })
    }

    fn validate(&self) -> Result<()> {
        let parts = match self {
            Self::Basic {
                access_key,
                access_key_secret,
            } => {
                vec![
                    ("access_key", access_key),
                    ("access_key_secret", access_key_secret),
                ]
            }
            Self::Bearer(token) => vec![("bearer_token", token)],
        };
        for (field, secret) in parts {
            let text = secret.expose_secret();
            if text.is_empty() {
                return Err(Error::config(field, "is empty"));
            }
            if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(Error::config(
                    field,
                    "contains white space or control characters",
                ));
            }
        }
        Ok(())
    }
}

/// Everything a [`GongClient`](crate::GongClient) needs to know.
///
/// ```
/// use gong_client::{Credentials, GongConfig};
///
/// let config = GongConfig::new(
///     "https://us02-16381.api.gong.io",
///     Credentials::basic("KEY", "SECRET"),
/// )?
/// .with_requests_per_second(1.5)?;
/// assert!(!format!("{config:?}").contains("SECRET"));
/// # Ok::<(), gong_client::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GongConfig {
    pub(crate) base_url: Url,
    pub(crate) credentials: Credentials,
    requests_per_second: f64,
    daily_requests: Option<u64>,
    shared_limiter: Option<Arc<SharedLimiter>>,
    pub(crate) token_source: Option<Arc<dyn TokenSource>>,
    pub(crate) http: HttpSettings,
    pub(crate) retry: RetryPolicy,
}

impl GongConfig {
    /// A configuration for the tenant whose API is at `base_url`.
    ///
    /// There is no default address: every Gong tenant has its own, shown under
    /// `app.gong.io/company/api-authentication`, and the generic one refuses the
    /// valid keys of some tenants. An attempt may take 300 s, with 60 s of silence, and
    /// give 256 MiB.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config), naming `base_url` or the part of the
    /// credentials at fault. Plain `http` is accepted for loopback addresses only.
    pub fn new(base_url: &str, credentials: Credentials) -> Result<Self> {
        credentials.validate()?;
        Ok(Self {
            base_url: parse_base_url(base_url)?,
            credentials,
            requests_per_second: DEFAULT_REQUESTS_PER_SECOND,
            daily_requests: Some(DEFAULT_DAILY_REQUESTS),
            shared_limiter: None,
            token_source: None,
            http: HttpSettings::default()
                .with_attempt_timeout(Duration::from_secs(300))
                .with_max_response_bytes(256 * 1024 * 1024),
            retry: RetryPolicy::default(),
        })
    }

    /// The address of the tenant's API, without credentials, path or trailing slash.
    pub fn base_url(&self) -> &str {
        self.base_url.as_str().trim_end_matches('/')
    }

    /// Requests per second on the client's side; 0 means no such limit. Default 3,
    /// Gong's own limit for all keys of a company together.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) when it is negative or not a number.
    pub fn with_requests_per_second(mut self, rate: f64) -> Result<Self> {
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(Error::config(
                "requests_per_second",
                "must be a number of 0 or more",
            ));
        }
        self.requests_per_second = rate;
        Ok(self)
    }

    /// The limits set so far, kept together with all processes that name the same file.
    ///
    /// # Errors
    /// Those of [`SharedLimiter::across_processes`].
    pub(crate) fn with_limits_file(self, file: impl AsRef<Path>) -> Result<Self> {
        let limiter = SharedLimiter::new(self.requests_per_second, self.daily_requests);
        let limiter = limiter.across_processes(file)?;
        Ok(self.with_shared_limiter(Arc::new(limiter)))
    }

    pub(crate) fn limiter(&self) -> Arc<SharedLimiter> {
        self.shared_limiter.clone().unwrap_or_else(|| {
            Arc::new(SharedLimiter::new(
                self.requests_per_second,
                self.daily_requests,
            ))
        })
    }

    outbound::http_settings!(http);
}

resilience::setters! {
    GongConfig {
        /// Requests in any twenty-four hours on the client's side; `None` means no
        /// such limit. Default 10,000, Gong's own limit for a company.
        with_daily_requests(daily_requests: Option<u64>);
        /// Limits that other clients of the company keep too, in place of those above. For
        /// callers that have several clients, or several processes.
        with_shared_limiter(shared_limiter: Arc<SharedLimiter>) = Some(shared_limiter);
        /// Where another token comes from when Gong refuses the present one, as it does with
        /// OAuth tokens after a day: asked once, then the request is sent again, and a second
        /// refusal is final. Default: none, and a refusal is final.
        with_token_source(token_source: Arc<dyn TokenSource>) = Some(token_source);
        /// When to retry. Its `longest_retry_after` also decides which 429 is
        /// waited for and which ends as
        /// [`QuotaExhausted`](resilience::ErrorKind::QuotaExhausted).
        /// For callers that are in more or less of a hurry.
        with_retry(retry: RetryPolicy);
    }
}

fn parse_base_url(text: &str) -> Result<Url> {
    let mut url = outbound::parse_base_url(text, "https://us-12345.api.gong.io")
        .map_err(|why| Error::config("base_url", why.to_string()))?;
    // The address is often copied out of an example request.
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/v2")
        .unwrap_or(path)
        .trim_end_matches('/')
        .to_owned();
    url.set_path(&path);
    Ok(url)
}
