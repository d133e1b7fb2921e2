//! Transactions, and what is left of a statement that nobody waits for.

use std::time::Duration;

use resilience::ErrorKind;
use snowflake_sql::{Remedy, SqlPool};
use testkit::snowflake::{FaultEffect, StatementEnd};

use crate::{MERGE, SELECT, double, eventually, on_statement, pool};

#[tokio::test]
async fn a_transaction_is_all_or_nothing() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    let both = [MERGE.bind("page 1"), MERGE.bind("page 2")];
    assert_eq!(pool.transaction(&both).await.unwrap().len(), 2);
    assert_eq!(state.committed().len(), 2);
    let merge = "MERGE INTO CALLS USING ?";
    assert_eq!(state.texts(), ["BEGIN", merge, merge, "COMMIT"]);

    state.reset_log();
    let refused = FaultEffect::error("100072", "NULL result in a non-nullable column");
    state.inject(on_statement("page 2", refused));
    let error = pool.transaction(&both).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(state.committed().is_empty());
    assert_eq!(state.texts(), ["BEGIN", merge, merge, "ROLLBACK"]);
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 0, "the session is as good as before");
}

#[tokio::test]
async fn a_session_knows_its_transaction() {
    let snowflake = double().await;
    let mut session = pool(&snowflake).session().await.unwrap();
    session.rollback().await.unwrap();
    assert!(snowflake.state().texts().is_empty());
    assert_eq!(
        session.commit().await.unwrap_err().kind(),
        ErrorKind::Internal
    );
    session.begin().await.unwrap();
    assert_eq!(
        session.begin().await.unwrap_err().kind(),
        ErrorKind::Internal
    );
    session.run(&MERGE.bind("x")).await.unwrap();
    session.rollback().await.unwrap();
    assert!(snowflake.state().committed().is_empty());
}

#[tokio::test]
async fn a_transaction_that_is_dropped_ends_with_its_session() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    state.inject(on_statement(
        "page 2",
        FaultEffect::Late(Duration::from_secs(60)),
    ));
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            pool.transaction(&[MERGE.bind("page 1"), MERGE.bind("page 2")])
                .await
        }
    });
    eventually("it runs", || state.statements().len() == 3).await;
    assert_eq!(state.open_transactions(), 1);
    task.abort();
    // It cannot be cancelled, so nothing else may run on its session.
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 2);
    eventually("it is closed", || state.open_transactions() == 0).await;
    let in_force: Vec<String> = state.committed().into_iter().map(|it| it.text).collect();
    assert_eq!(in_force, ["SELECT A FROM T"]);
    assert!(!state.texts().contains(&"ROLLBACK".to_owned()));
}

#[tokio::test]
async fn a_limit_of_a_statement_gives_its_session_up() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    let mut session = pool.session().await.unwrap();
    session.begin().await.unwrap();
    state.inject(on_statement(
        "FROM T",
        FaultEffect::Late(Duration::from_secs(60)),
    ));
    let hasty = SELECT.with_timeout(Duration::from_millis(30));
    let error = session.run(&hasty).await.unwrap_err();
    assert_eq!(error.remedy(), Remedy::LongerTimeout);
    assert!(error.to_string().contains("cannot cancel"), "{error}");
    for outcome in [
        session.run(&SELECT).await.map(|_| ()),
        session.commit().await,
        session.rollback().await,
    ] {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    }
    drop(session);
    eventually("it is closed", || state.open_transactions() == 0).await;
    let late = state
        .statements()
        .into_iter()
        .find(|it| it.text.contains("FROM T"));
    assert_eq!(late.unwrap().end, StatementEnd::Executed);
    assert!(state.committed().is_empty());
}

#[tokio::test]
async fn a_pool_that_is_dropped_closes_its_sessions() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    pool.query(&SELECT).await.unwrap();
    let before = state.requests();
    drop(pool);
    eventually("it says so", || state.requests() == before + 1).await;
}
