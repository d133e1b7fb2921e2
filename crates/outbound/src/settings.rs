//! The limits of a client, and how it connects.

use std::fmt::{self, Debug};
use std::time::Duration;

use reqwest::Certificate;

use crate::{Error, Result, Variables};

/// Names a file of certificate authorities.
const ROOT_CERTIFICATES: &str = "GONG_SNOWFLAKE_ROOT_CERTIFICATES";

/// Limits of a client, and how its connections are made.
#[derive(Clone)]
pub struct HttpSettings {
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_response_bytes: usize,
    pub(crate) user_agent: String,
    pub(crate) root_certificates: Vec<Certificate>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            attempt_timeout: Duration::from_secs(60),
            max_response_bytes: 64 * 1024 * 1024,
            user_agent: concat!("gong-snowflake/", env!("CARGO_PKG_VERSION")).to_owned(),
            root_certificates: Vec::new(),
        }
    }
}

impl HttpSettings {
    /// Trusts certificate authorities beside those of the system, such as a company's own:
    /// certificates in PEM, one or more. Programs can name them in `SSL_CERT_FILE` instead.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the field `root_certificates` when there
    /// is no certificate in the text, or one that cannot be read.
    pub fn with_root_certificates(mut self, pem: &[u8]) -> Result<Self> {
        let refused = |why: &str| Error::config("root_certificates", why);
        let read = Certificate::from_pem_bundle(pem)
            .map_err(|error| refused("cannot be read as PEM").with_source(error))?;
        if read.is_empty() {
            return Err(refused("holds no certificate in PEM"));
        }
        self.root_certificates.extend(read);
        Ok(self)
    }

    /// Trusts those in the file that `GONG_SNOWFLAKE_ROOT_CERTIFICATES` names, if it is set.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the variable when the file cannot be read,
    /// or [holds none](Self::with_root_certificates).
    pub fn trusting_named<F, E>(self, variables: &Variables<F>) -> Result<Self, E>
    where
        F: Fn(&'static str) -> Result<Option<String>, E>,
        E: From<Error>,
    {
        let Some(path) = variables.trimmed(ROOT_CERTIFICATES)? else {
            return Ok(self);
        };
        let unreadable = |error| {
            let message = format!("{path} cannot be read: {error}");
            Error::config(ROOT_CERTIFICATES, message)
        };
        let read = std::fs::read(&path).map_err(unreadable);
        let trusting = read.and_then(|pem| self.with_root_certificates(&pem));
        trusting.map_err(|error| error.with_field(ROOT_CERTIFICATES).into())
    }
}

resilience::setters! {
    HttpSettings {
        /// Time to connect, TLS included. Default 10 s.
        with_connect_timeout(connect_timeout: Duration);
        /// Longest silence while a reply is awaited or arrives. Default 60 s.
        with_read_timeout(read_timeout: Duration);
        /// Time for one attempt, from connecting to the last byte. Default 60 s.
        with_attempt_timeout(attempt_timeout: Duration);
        /// Largest reply that is read, in bytes after decompression. Default 64 MiB.
        with_max_response_bytes(max_response_bytes: usize);
        /// The `User-Agent` header. Default `gong-snowflake/` and the version.
        with_user_agent(user_agent: impl Into<String>) = user_agent.into();
    }
}

impl Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("max_response_bytes", &self.max_response_bytes)
            .field("user_agent", &self.user_agent)
            .field("root_certificates", &self.root_certificates.len())
            .finish()
    }
}

/// Gives a configuration, inside its `impl`, the setters of the [`HttpSettings`] in one of
/// its fields.
#[macro_export]
macro_rules! http_settings {
    ($field:ident) => {
        /// All limits and settings of connections at once. For callers that share them
        /// among clients.
        #[must_use]
        pub fn with_http(mut self, settings: $crate::HttpSettings) -> Self {
            self.$field = settings;
            self
        }

        /// Time to connect, TLS included. Default 10 s.
        #[must_use]
        pub fn with_connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$field = self.$field.with_connect_timeout(timeout);
            self
        }

        /// Longest silence while a reply is awaited or arrives.
        #[must_use]
        pub fn with_read_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$field = self.$field.with_read_timeout(timeout);
            self
        }

        /// Time for one attempt, from connecting to the last byte.
        #[must_use]
        pub fn with_attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$field = self.$field.with_attempt_timeout(timeout);
            self
        }

        /// Largest reply that is read, in bytes after decompression.
        #[must_use]
        pub fn with_max_response_bytes(mut self, bytes: usize) -> Self {
            self.$field = self.$field.with_max_response_bytes(bytes);
            self
        }

        /// The `User-Agent` header. Default `gong-snowflake/` and the version.
        #[must_use]
        pub fn with_user_agent(mut self, user_agent: impl Into<String>) -> Self {
            self.$field = self.$field.with_user_agent(user_agent);
            self
        }

        /// Trusts certificate authorities beside those of the system, such as a company's
        /// own: certificates in PEM, one or more. Programs can name them in
        /// `SSL_CERT_FILE` instead.
        ///
        /// # Errors
        /// `Config` on the field `root_certificates` when there is no certificate in the
        /// text or one that cannot be read.
        pub fn with_root_certificates(mut self, pem: &[u8]) -> $crate::Result<Self> {
            self.$field = self.$field.with_root_certificates(pem)?;
            Ok(self)
        }
    };
}
