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
    allow(dead_code, reason = "what a login needs is read by logins alone")
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

    /// One more session parameter, such as `USE_CACHED_RESULT`, set at login.
    #[must_use]
    pub fn with_session_parameter(mut self, name: impl Into<String>, value: Value) -> Self {
        self.session_parameters.push((name.into(), value));
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

resilience::setters! {
    SnowflakeConfig {
        /// The warehouse that statements run on; without one the user's default.
        ///
        /// Names of warehouse, database, schema and role are sent as they are given;
        /// Snowflake reads them as it reads identifiers.
        with_warehouse(warehouse: impl Into<String>) = Some(warehouse.into());
        /// The database of unqualified names.
        with_database(database: impl Into<String>) = Some(database.into());
        /// The schema of unqualified names.
        with_schema(schema: impl Into<String>) = Some(schema.into());
        /// The role of the session; without one the user's default.
        with_role(role: impl Into<String>) = Some(role.into());
        /// What `QUERY_HISTORY` and the views of AI usage show with every statement.
        with_query_tag(query_tag: QueryTag) = Some(query_tag);
        /// After how long the server ends a statement (`STATEMENT_TIMEOUT_IN_SECONDS`).
        /// Default 15 minutes; whole seconds, at least one.
        ///
        /// It is set at login, for all statements of a session. A
        /// [shorter one](crate::Statement::with_timeout) of a statement is kept by the
        /// client, which cancels the statement; for a longer one the pool logs in a
        /// session of its own.
        with_statement_timeout(statement_timeout: Duration) = statement_timeout.max(Duration::from_secs(1));
        /// After how long the server gives up on a statement that waits for the
        /// warehouse (`STATEMENT_QUEUED_TIMEOUT_IN_SECONDS`). Default 10 minutes.
        with_queue_timeout(queue_timeout: Duration) = queue_timeout.max(Duration::from_secs(1));
        /// How long to wait for what Snowflake answers at once (a login, a
        /// cancellation), and how much longer than its time limits for a statement.
        /// Default 60 s.
        with_network_timeout(network_timeout: Duration);
        /// How many sessions there are at most. Default 4.
        with_pool_size(pool_size: NonZeroUsize);
        /// After how long a session is replaced by a new one, when nobody uses it.
        /// Default 50 minutes: the token of a session is valid for an hour, and the
        /// connector cannot renew it.
        ///
        /// What is left of the hour is for the longest transaction. One that is open when
        /// the token ends is repeated on a new session, but nobody can roll the old one
        /// back any more: its locks stay until Snowflake ends the idle session. So a
        /// lifetime plus the longest transaction should stay below an hour.
        with_session_lifetime(session_lifetime: Duration);
        /// Asks `SELECT 1`, which needs no warehouse, on sessions that nobody has used
        /// for so long, so that a session policy does not end them (by default it would
        /// after four hours; an account may say five minutes). Default: nothing is asked,
        /// and a session that has ended is replaced when it is next needed.
        with_keep_alive(keep_alive: Option<Duration>);
        /// When the pool retries transient failures. Default: six attempts within
        /// half an hour.
        with_retry(retry: RetryPolicy);
        /// Time for one call of the pool with everything in it: waiting for a session,
        /// logins, attempts and pauses. What is still running then is cancelled.
        /// Default 2 hours.
        with_overall_limit(overall_limit: Duration);
    }
}

pub(crate) fn config_error(field: &str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Config, message).with_field(field)
}
