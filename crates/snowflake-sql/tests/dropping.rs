//! What is dropped leaves nothing behind on the server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::time::Duration;

use resilience::ErrorKind;
use snowflake_sql::{SnowflakePool, SqlPool, SqlSession};
use support::{
    MERGE, SELECT, config, double, eventually, in_force, is_running, on_statement, pool_of,
};
use testkit::snowflake::{FaultEffect, StatementEnd};

#[tokio::test]
async fn dropping_a_statement_cancels_it_on_the_server() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool_of(&snowflake, 1);
    state.inject(on_statement("FROM T", FaultEffect::Endless));
    let task = tokio::spawn({
        let pool = pool.clone();
        async move { pool.query(&SELECT).await }
    });
    eventually("it runs", || is_running(&state, "FROM T")).await;
    task.abort();
    eventually("it is cancelled", || !state.cancelled().is_empty()).await;
    // The session is as good as before.
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 1);
}

#[tokio::test]
async fn dropping_a_transaction_rolls_it_back_before_anybody_else_gets_the_session() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool_of(&snowflake, 1);
    state.inject(on_statement("page 2", FaultEffect::Endless));
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.transaction(&[MERGE.bind("page 1"), MERGE.bind("page 2")])
                .await
        }
    });
    eventually("it runs", || is_running(&state, "MERGE")).await;
    task.abort();
    pool.query(&SELECT).await.unwrap();
    assert_eq!(in_force(&state), ["SELECT A FROM T"]);
    let merge = "MERGE INTO CALLS USING ?";
    assert_eq!(
        state.texts(),
        ["BEGIN", merge, merge, "ROLLBACK", "SELECT A FROM T"]
    );
    assert_eq!(state.cancelled().len(), 1);
    assert_eq!(state.logins().len(), 1);
}

#[tokio::test]
async fn a_session_that_is_given_back_with_an_open_transaction_is_rolled_back_first() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool_of(&snowflake, 1);
    let mut session = pool.session().await.unwrap();
    session.begin().await.unwrap();
    session.run(&MERGE.bind("half")).await.unwrap();
    drop(session);
    pool.query(&SELECT).await.unwrap();
    assert_eq!(in_force(&state), ["SELECT A FROM T"]);
    assert_eq!(state.open_transactions(), 0);
}

#[tokio::test]
async fn a_session_whose_rollback_fails_is_thrown_away() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool_of(&snowflake, 1);
    let mut session = pool.session().await.unwrap();
    session.begin().await.unwrap();
    state.expire_sessions();
    drop(session);
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 2);
}

#[tokio::test]
async fn a_transaction_with_a_dropped_statement_cannot_go_on() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool_of(&snowflake, 1);
    let mut session = pool.session().await.unwrap();
    session.begin().await.unwrap();
    state.inject(on_statement("MERGE", FaultEffect::Endless));
    let dropped =
        tokio::time::timeout(Duration::from_millis(50), session.run(&MERGE.bind("x"))).await;
    assert!(dropped.is_err());
    for refused in [
        session.run(&SELECT).await.map(|_| ()),
        session.commit().await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Cancelled);
    }
    session.rollback().await.unwrap();
    session.run(&SELECT).await.unwrap();
    assert_eq!(in_force(&state), ["SELECT A FROM T"]);
    assert_eq!(state.cancelled().len(), 1);
}

#[tokio::test]
async fn transactions_on_a_session_are_opened_and_closed_once() {
    let snowflake = double().await;
    let pool = pool_of(&snowflake, 1);
    let mut session = pool.session().await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(
        session.commit().await.unwrap_err().kind(),
        ErrorKind::Internal
    );
    session.begin().await.unwrap();
    assert_eq!(
        session.begin().await.unwrap_err().kind(),
        ErrorKind::Internal
    );
    session.commit().await.unwrap();
    assert_eq!(snowflake.state().texts(), ["BEGIN", "COMMIT"]);
}

#[tokio::test]
async fn the_overall_limit_ends_everything_and_cancels_what_runs() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("FROM T", FaultEffect::Endless).always());
    let pool = SnowflakePool::new(config(&snowflake).with_overall_limit(Duration::from_millis(80)));
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("gave up"), "{error}");
    eventually("it is cancelled", || {
        state
            .statements()
            .iter()
            .all(|record| record.end == StatementEnd::Cancelled)
    })
    .await;
}
