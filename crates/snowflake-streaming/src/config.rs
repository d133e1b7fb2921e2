//! Which channel, and how to reach it.

use std::sync::Arc;
use std::time::Duration;

use outbound::{HttpSettings, TokenSource};
use resilience::RetryPolicy;
use url::Url;

use crate::{Error, Result};

/// Which channel, and how to get to it.
#[derive(Debug, Clone)]
pub struct ChannelConfig {
    /// The account's address, such as `https://myorg-account.snowflakecomputing.com`.
    pub account_url: Url,
    /// What the first requests prove themselves with; everything behind them uses a token
    /// that is good for streaming alone. Asked when the channel is opened and whenever
    /// that token has expired, so a backfill may outlive any single token.
    pub tokens: Arc<dyn TokenSource>,
    /// Database, as it is stored (upper case unless it was quoted).
    pub database: String,
    /// Schema.
    pub schema: String,
    /// Table that rows go into, by its default pipe `<TABLE>-STREAMING`.
    pub table: String,
    /// Name of the channel. Channels of one table are apart: each has its own offsets.
    pub channel: String,
    /// When to retry. Default: the workspace's.
    pub retry: RetryPolicy,
    /// Limits of a request, and private certificate authorities. Default: 60 s and 64 MiB.
    pub http: HttpSettings,
    /// How long [`flush`](crate::RowChannel::flush) waits. Default 5 min; a commit
    /// takes 5 to 10 s as Snowflake says.
    pub commit_timeout: Duration,
    /// How often `flush` asks. Default 1 s.
    pub poll: Duration,
}

impl ChannelConfig {
    /// A configuration with the defaults.
    pub fn new(
        account_url: Url,
        tokens: Arc<dyn TokenSource>,
        [database, schema, table]: [impl Into<String>; 3],
        channel: impl Into<String>,
    ) -> Self {
        Self {
            account_url,
            tokens,
            database: database.into(),
            schema: schema.into(),
            table: table.into(),
            channel: channel.into(),
            retry: RetryPolicy::default(),
            http: HttpSettings::default(),
            commit_timeout: Duration::from_secs(300),
            poll: Duration::from_secs(1),
        }
    }

    /// # Errors
    /// `Config`, naming the field.
    pub(crate) fn validate(&self) -> Result<()> {
        outbound::check_base_url(&self.account_url)
            .map_err(|why| Error::config("account_url", why.to_string()))?;
        for (field, name) in [
            ("database", &self.database),
            ("schema", &self.schema),
            ("table", &self.table),
            ("channel", &self.channel),
        ] {
            if name.is_empty() || name.chars().any(|c| c == '/' || c.is_control()) {
                let message = "is empty, or holds a slash or a control character";
                return Err(Error::config(field, message));
            }
        }
        Ok(())
    }
}
