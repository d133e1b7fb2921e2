//! Sessions on `snowflake-api`, against the double of the session protocol.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod arrow;
mod faults;
mod login;
mod results;
mod secrets;
mod transactions;
mod values;

use std::num::NonZeroUsize;
use std::time::Duration;

use resilience::RetryPolicy;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlText, Statement};
use testkit::snowflake::{Fault, FaultEffect, SnowflakeDouble};

const TOKEN: &str = "pat-5e1d07c2-not-to-be-printed";
const LOGIN_PATH: &str = "/session/v1/login-request";

const SELECT: Statement = Statement::new("select", SqlText::fixed("SELECT A FROM T"));
const MERGE: Statement = Statement::new("merge", SqlText::fixed("MERGE INTO CALLS USING ?"));

async fn double() -> SnowflakeDouble {
    SnowflakeDouble::builder().start().await.unwrap()
}

fn config_with(double: &SnowflakeDouble, credentials: Credentials) -> SnowflakeConfig {
    // Retries at once, so that tests do not wait.
    let quick = RetryPolicy {
        max_attempts: 4,
        base: Duration::from_millis(1),
        cap: Duration::from_millis(2),
        jitter: false,
        ..RetryPolicy::default()
    };
    SnowflakeConfig::new("myorg-sales", "gong_loader", credentials)
        .unwrap()
        .with_base_url(&double.url())
        .unwrap()
        .with_pool_size(NonZeroUsize::MIN)
        .with_retry(quick)
}

fn config(double: &SnowflakeDouble) -> SnowflakeConfig {
    config_with(double, Credentials::programmatic_access_token(TOKEN))
}

fn pool(double: &SnowflakeDouble) -> SnowflakePool {
    SnowflakePool::on_snowflake_api(config(double)).unwrap()
}

/// A fault on statements whose text contains `part`.
fn on_statement(part: &str, effect: FaultEffect) -> Fault<FaultEffect> {
    Fault::new(effect)
        .on_path("/queries/v1/query-request")
        .when_body_contains(part)
}

/// Waits, at most some seconds, until something is so.
async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}
