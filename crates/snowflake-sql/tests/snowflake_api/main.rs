//! Sessions on `snowflake-api`, against the double of the session protocol.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arrow;
mod faults;
mod login;
mod results;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod transactions;
mod values;

use std::num::NonZeroUsize;

use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use testkit::snowflake::SnowflakeDouble;

use support::{
    LOGIN_PATH, MERGE, REFUSED_LOGINS, SELECT, TOKEN, double, eventually, on_statement, quick,
};

fn config_with(double: &SnowflakeDouble, credentials: Credentials) -> SnowflakeConfig {
    SnowflakeConfig::new("myorg-sales", "gong_loader", credentials)
        .unwrap()
        .with_base_url(&double.url())
        .unwrap()
        .with_pool_size(NonZeroUsize::MIN)
        .with_retry(quick())
}

fn config(double: &SnowflakeDouble) -> SnowflakeConfig {
    config_with(double, Credentials::programmatic_access_token(TOKEN))
}

fn pool(double: &SnowflakeDouble) -> SnowflakePool {
    SnowflakePool::on_snowflake_api(config(double)).unwrap()
}
