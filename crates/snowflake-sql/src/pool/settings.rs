//! How a pool behaves, whatever kind its sessions are.

use std::num::NonZeroUsize;
use std::time::Duration;

use resilience::RetryPolicy;

use crate::SnowflakeConfig;

/// How a pool behaves, whatever its sessions are; [`SnowflakeConfig`] explains each.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolSettings {
    /// Sessions at most.
    pub size: NonZeroUsize,
    /// After how long the server ends a statement that says nothing else.
    pub statement_timeout: Duration,
    /// After how long an unused session is replaced.
    pub session_lifetime: Duration,
    /// After how long an unused session is asked something.
    pub keep_alive: Option<Duration>,
    /// When to retry.
    pub retry: RetryPolicy,
    /// Time for one call with everything in it.
    pub overall_limit: Duration,
}

impl PoolSettings {
    /// The settings that a configuration holds.
    pub fn of(config: &SnowflakeConfig) -> Self {
        Self {
            size: config.pool_size,
            statement_timeout: config.statement_timeout,
            session_lifetime: config.session_lifetime,
            keep_alive: config.keep_alive,
            retry: config.retry,
            overall_limit: config.overall_limit,
        }
    }
}
