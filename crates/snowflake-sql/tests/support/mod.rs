//! What the tests on the protocol double share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub(crate) mod captured;
#[cfg(feature = "connector")]
mod pools;

use std::time::Duration;

#[cfg(feature = "connector")]
#[allow(unused_imports)] // each test program takes what it needs
pub(crate) use pools::{metered, pool, pool_of};
use resilience::{ErrorKind, RetryPolicy};
use snowflake_sql::{Credentials, SnowflakeConfig, SqlText, Statement};
use testkit::snowflake::{Fault, FaultEffect, SnowflakeDouble, SnowflakeState, StatementEnd};

pub(crate) const TOKEN: &str = "pat-0f3c9a77-not-to-be-printed";
pub(crate) const QUERY_PATH: &str = "/queries/v1/query-request";
pub(crate) const LOGIN_PATH: &str = "/session/v1/login-request";

pub(crate) const SELECT: Statement = Statement::new("select", SqlText::fixed("SELECT A FROM T"));
pub(crate) const MERGE: Statement =
    Statement::new("merge", SqlText::fixed("MERGE INTO CALLS USING ?"));
pub(crate) const CHECKPOINT: Statement =
    Statement::new("checkpoint", SqlText::fixed("INSERT INTO STATE SELECT ?"));

/// Code and words of a refused login, its kind, and what the error advises.
pub(crate) const REFUSED_LOGINS: [(&str, &str, ErrorKind, &str); 3] = [
    (
        "390100",
        "Incorrect username or password was specified.",
        ErrorKind::Auth,
        "credentials",
    ),
    (
        "390144",
        "JWT token is invalid. [7fb8]",
        ErrorKind::Auth,
        "RSA_PUBLIC_KEY_FP",
    ),
    (
        "390189",
        "Role 'X' specified in the connect string does not exist or not authorized.",
        ErrorKind::Permission,
        "grant the role",
    ),
];

/// Retries at once, so that tests do not wait.
pub(crate) fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(4)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(2))
        .with_jitter(false)
}

pub(crate) fn config(double: &SnowflakeDouble) -> SnowflakeConfig {
    SnowflakeConfig::new(
        "myorg-sales",
        "GONG_LOADER",
        Credentials::programmatic_access_token(TOKEN),
    )
    .unwrap()
    .with_base_url(&double.url())
    .unwrap()
    .with_retry(quick())
}

pub(crate) async fn double() -> SnowflakeDouble {
    SnowflakeDouble::builder().start().await.unwrap()
}

/// A fault on statements whose text contains `part`.
pub(crate) fn on_statement(part: &str, effect: FaultEffect) -> Fault<FaultEffect> {
    Fault::new(effect)
        .on_path(QUERY_PATH)
        .when_body_contains(part)
}

/// The texts of what is in force.
pub(crate) fn in_force(state: &SnowflakeState) -> Vec<String> {
    state
        .committed()
        .into_iter()
        .map(|record| record.text)
        .collect()
}

/// Waits, at most some seconds, until something is so.
pub(crate) async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

pub(crate) fn is_running(state: &SnowflakeState, part: &str) -> bool {
    state
        .statements()
        .iter()
        .any(|record| record.text.contains(part) && record.end == StatementEnd::Running)
}
