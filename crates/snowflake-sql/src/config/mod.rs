//! Where Snowflake is, who asks, and within which limits.
//!
//! For callers that know their account and network; the defaults suit most.

mod account;
mod base_url;
mod credentials;
mod environment;
mod query_tag;

use std::num::NonZeroUsize;
use std::time::Duration;

use resilience::{ErrorKind, RetryPolicy};
use serde_json::Value;
use url::Url;

use crate::{Error, Result};
pub use account::Account;
pub use credentials::Credentials;
pub use query_tag::QueryTag;

/// Everything a [`SnowflakePool`](crate::SnowflakePool) needs to know.
///
/// ```
/// use snowflake_sql::{Credentials, QueryTag, SnowflakeConfig};
///
/// let config = SnowflakeConfig::new(
///     "myorg-sales",
///     "GONG_LOADER",
///     Credentials::programmatic_access_token("SECRET"),
/// )?
/// .with_warehouse("GONG_WH")
/// .with_database("SALES")
/// .with_query_tag(QueryTag::new("gong-snowflake").with_step("ingest"));
/// assert_eq!(config.base_url().as_str(), "https://myorg-sales.snowflakecomputing.com/");
/// assert!(!format!("{config:?}").contains("SECRET"));
/// # Ok::<(), snowflake_sql::Error>(())
/// ```
#[derive(Debug, Clone)]
#[cfg_attr(
    not(any(feature = "connector", feature = "snowflake-api")),
    expect(dead_code, reason = "what a login needs is read by logins alone")
)]
pub struct SnowflakeConfig {
    pub(crate) account: Account,
    pub(crate) user: String,
    pub(crate) credentials: Credentials,
    pub(crate) warehouse: Option<String>,
    pub(crate) database: Option<String>,
    pub(crate) schema: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) base_url: Url,
    pub(crate) query_tag: Option<QueryTag>,
    pub(crate) session_parameters: Vec<(String, Value)>,
    pub(crate) statement_timeout: Duration,
    pub(crate) queue_timeout: Duration,
    pub(crate) network_timeout: Duration,
    pub(crate) pool_size: NonZeroUsize,
    pub(crate) session_lifetime: Duration,
    pub(crate) keep_alive: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    pub(crate) overall_limit: Duration,
}

impl SnowflakeConfig {
    /// A configuration for an account, as [`Account`] reads it.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config), naming `account`, `user` or the part of the
    /// credentials at fault.
    pub fn new(account: &str, user: impl Into<String>, credentials: Credentials) -> Result<Self> {
        let account: Account = account.parse()?;
        let user = user.into();
        if user.trim().is_empty() {
            return Err(config_error("user", "is empty"));
        }
        credentials.validate()?;
        Ok(Self {
            base_url: base_url::of_account(&account)?,
            account,
            user,
            credentials,
            warehouse: None,
            database: None,
            schema: None,
            role: None,
            query_tag: None,
            session_parameters: Vec::new(),
            statement_timeout: Duration::from_secs(15 * 60),
            queue_timeout: Duration::from_secs(10 * 60),
            network_timeout: Duration::from_secs(60),
            pool_size: NonZeroUsize::MIN.saturating_add(3),
            session_lifetime: Duration::from_secs(50 * 60),
            keep_alive: None,
            retry: RetryPolicy::default().with_total_budget(Duration::from_secs(30 * 60)),
            overall_limit: Duration::from_secs(2 * 60 * 60),
        })
    }

    /// The warehouse that statements run on; without one the user's default.
    ///
    /// Names of warehouse, database, schema and role are sent as they are given;
    /// Snowflake reads them as it reads identifiers.
    #[must_use]
    pub fn with_warehouse(mut self, name: impl Into<String>) -> Self {
        self.warehouse = Some(name.into());
        self
    }

    /// The database of unqualified names.
    #[must_use]
    pub fn with_database(mut self, name: impl Into<String>) -> Self {
        self.database = Some(name.into());
        self
    }

    /// The schema of unqualified names.
    #[must_use]
    pub fn with_schema(mut self, name: impl Into<String>) -> Self {
        self.schema = Some(name.into());
        self
    }

    /// The role of the session; without one the user's default.
    #[must_use]
    pub fn with_role(mut self, name: impl Into<String>) -> Self {
        self.role = Some(name.into());
        self
    }

    /// An address in place of the account's own: a private link, or a test server.
    ///
    /// # Errors
    /// [`Config`](ErrorKind::Config) naming `base_url`. Plain `http` is accepted for
    /// loopback addresses only.
    pub fn with_base_url(mut self, base_url: &str) -> Result<Self> {
        self.base_url = base_url::parse(base_url)?;
        Ok(self)
    }

    /// The address that requests go to.
    pub fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// What `QUERY_HISTORY` and the views of AI usage show with every statement.
    #[must_use]
    pub fn with_query_tag(mut self, tag: QueryTag) -> Self {
        self.query_tag = Some(tag);
        self
    }

    /// One more session parameter, such as `USE_CACHED_RESULT`, set at login.
    #[must_use]
    pub fn with_session_parameter(mut self, name: impl Into<String>, value: Value) -> Self {
        self.session_parameters.push((name.into(), value));
        self
    }

    /// After how long the server ends a statement (`STATEMENT_TIMEOUT_IN_SECONDS`).
    /// Default 15 minutes; whole seconds, at least one.
    ///
    /// It is set at login, for all statements of a session. A
    /// [shorter one](crate::Statement::with_timeout) of a statement is kept by the
    /// client, which cancels the statement; for a longer one the pool logs in a
    /// session of its own.
    #[must_use]
    pub fn with_statement_timeout(mut self, timeout: Duration) -> Self {
        self.statement_timeout = timeout.max(Duration::from_secs(1));
        self
    }

    /// After how long the server gives up on a statement that waits for the
    /// warehouse (`STATEMENT_QUEUED_TIMEOUT_IN_SECONDS`). Default 10 minutes.
    #[must_use]
    pub fn with_queue_timeout(mut self, timeout: Duration) -> Self {
        self.queue_timeout = timeout.max(Duration::from_secs(1));
        self
    }

    /// How long to wait for what Snowflake answers at once (a login, a
    /// cancellation), and how much longer than its time limits for a statement.
    /// Default 60 s.
    #[must_use]
    pub fn with_network_timeout(mut self, timeout: Duration) -> Self {
        self.network_timeout = timeout;
        self
    }

    /// How many sessions there are at most. Default 4.
    #[must_use]
    pub fn with_pool_size(mut self, sessions: NonZeroUsize) -> Self {
        self.pool_size = sessions;
        self
    }

    /// After how long a session is replaced by a new one, when nobody uses it.
    /// Default 50 minutes: the token of a session is valid for an hour, and the
    /// connector cannot renew it.
    ///
    /// What is left of the hour is for the longest transaction. One that is open when
    /// the token ends is repeated on a new session, but nobody can roll the old one
    /// back any more: its locks stay until Snowflake ends the idle session. So a
    /// lifetime plus the longest transaction should stay below an hour.
    #[must_use]
    pub fn with_session_lifetime(mut self, lifetime: Duration) -> Self {
        self.session_lifetime = lifetime;
        self
    }

    /// Asks `SELECT 1`, which needs no warehouse, on sessions that nobody has used
    /// for so long, so that a session policy does not end them (by default it would
    /// after four hours; an account may say five minutes). Default: nothing is asked,
    /// and a session that has ended is replaced when it is next needed.
    #[must_use]
    pub fn with_keep_alive(mut self, after: Option<Duration>) -> Self {
        self.keep_alive = after;
        self
    }

    /// When the pool retries transient failures. Default: six attempts within
    /// half an hour.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Time for one call of the pool with everything in it: waiting for a session,
    /// logins, attempts and pauses. What is still running then is cancelled.
    /// Default 2 hours.
    #[must_use]
    pub fn with_overall_limit(mut self, limit: Duration) -> Self {
        self.overall_limit = limit;
        self
    }

    /// The session parameters of a login whose statements may run for `limit`.
    #[cfg(any(feature = "connector", feature = "snowflake-api"))]
    pub(crate) fn parameters(&self, limit: Duration) -> Vec<(String, Value)> {
        let seconds =
            |duration: Duration| Value::from(duration.as_secs_f64().ceil().max(1.0) as u64);
        let mut parameters = vec![
            // What an account or a user may have set otherwise, and statements depend on:
            // a statement alone is a transaction, instants are read by their form, and
            // JSON is compact.
            ("TIMEZONE".to_owned(), Value::from("UTC")),
            ("AUTOCOMMIT".to_owned(), Value::from(true)),
            ("TIMESTAMP_INPUT_FORMAT".to_owned(), Value::from("AUTO")),
            ("JSON_INDENT".to_owned(), Value::from(0)),
            ("STATEMENT_TIMEOUT_IN_SECONDS".to_owned(), seconds(limit)),
            (
                "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS".to_owned(),
                seconds(self.queue_timeout),
            ),
        ];
        if let Some(tag) = &self.query_tag {
            parameters.push(("QUERY_TAG".to_owned(), Value::from(tag.to_string())));
        }
        parameters.extend(self.session_parameters.iter().cloned());
        parameters
    }
}

pub(crate) fn config_error(field: &str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message).with_field(field)
}
