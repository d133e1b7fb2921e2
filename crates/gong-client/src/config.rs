//! Where Gong is, who asks, and within which limits.

use std::time::Duration;

use resilience::{ErrorKind, RetryPolicy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{Error, Result};

/// Gong's default limit for a whole company: requests per second.
const DEFAULT_REQUESTS_PER_SECOND: f64 = 3.0;
/// Gong's default limit for a whole company: requests per day.
const DEFAULT_DAILY_REQUESTS: u64 = 10_000;

/// How a request proves who sends it. `Debug` shows neither key nor secret.
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
                return Err(config_error(field, "is empty"));
            }
            if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(config_error(
                    field,
                    "holds white space or control characters",
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
    pub(crate) requests_per_second: f64,
    pub(crate) daily_requests: Option<u64>,
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_response_bytes: usize,
    pub(crate) user_agent: String,
}

impl GongConfig {
    /// A configuration for the tenant whose API is at `base_url`.
    ///
    /// There is no default address: every Gong tenant has its own, shown under
    /// `app.gong.io/company/api-authentication`, and the generic one refuses the
    /// valid keys of some tenants.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config), naming `base_url` or the part of the
    /// credentials at fault. Plain `http` is accepted for loopback addresses only.
    pub fn new(base_url: &str, credentials: Credentials) -> Result<Self> {
        credentials.validate()?;
        Ok(Self {
            base_url: parse_base_url(base_url)?,
            credentials,
            requests_per_second: DEFAULT_REQUESTS_PER_SECOND,
            daily_requests: Some(DEFAULT_DAILY_REQUESTS),
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(300),
            retry: RetryPolicy::default(),
            max_response_bytes: 256 * 1024 * 1024,
            user_agent: concat!("gong-snowflake/", env!("CARGO_PKG_VERSION")).to_owned(),
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
    /// [`Config`](ErrorKind::Config) when it is negative or not a number.
    pub fn with_requests_per_second(mut self, rate: f64) -> Result<Self> {
        if !(rate.is_finite() && rate >= 0.0) {
            return Err(config_error(
                "requests_per_second",
                "must be a number of 0 or more",
            ));
        }
        self.requests_per_second = rate;
        Ok(self)
    }

    /// Requests in any twenty-four hours on the client's side; `None` means no
    /// such limit. Default 10,000, Gong's own limit for a company.
    #[must_use]
    pub fn with_daily_requests(mut self, requests: Option<u64>) -> Self {
        self.daily_requests = requests;
        self
    }

    /// Time to connect, TLS included. Default 10 s.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Longest silence while a reply arrives. Default 60 s.
    #[must_use]
    pub fn with_read_timeout(mut self, timeout: Duration) -> Self {
        self.read_timeout = timeout;
        self
    }

    /// Time for one attempt, from connecting to the last byte. Default 300 s.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// When to try again. Its `longest_retry_after` also decides which 429 is
    /// waited for and which ends as
    /// [`QuotaExhausted`](ErrorKind::QuotaExhausted).
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Largest reply that is read into memory, after decompression. Default 256 MiB.
    #[must_use]
    pub fn with_max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// The `User-Agent` header.
    #[must_use]
    pub fn with_user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Whether requests stay on this machine, as in tests.
    pub(crate) fn is_loopback(&self) -> bool {
        outbound::is_loopback(&self.base_url)
    }
}

pub(crate) fn config_error(field: &str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message).with_field(field)
}

fn parse_base_url(text: &str) -> Result<Url> {
    let mut url = outbound::parse_base_url(text, "https://us-12345.api.gong.io")
        .map_err(|why| config_error("base_url", why.to_string()))?;
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
