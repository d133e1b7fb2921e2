//! Pools of the default kind of sessions, which a build may be without.

use std::num::NonZeroUsize;
use std::sync::Arc;

use snowflake_sql::{SnowflakePool, StatementMetrics};
use testkit::snowflake::SnowflakeDouble;

use super::config;

pub(crate) fn pool(double: &SnowflakeDouble) -> SnowflakePool {
    SnowflakePool::new(config(double))
}

pub(crate) fn pool_of(double: &SnowflakeDouble, sessions: usize) -> SnowflakePool {
    SnowflakePool::new(config(double).with_pool_size(NonZeroUsize::new(sessions).unwrap()))
}

pub(crate) fn metered(double: &SnowflakeDouble) -> (SnowflakePool, Arc<StatementMetrics>) {
    let metrics = Arc::new(StatementMetrics::default());
    let observer = Arc::clone(&metrics) as Arc<_>;
    (SnowflakePool::observed(config(double), observer), metrics)
}
