//! What the pool does about what goes wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::time::Duration;

use resilience::{ErrorKind, Failure};
use snowflake_sql::{Remedy, SnowflakePool, SqlPool};
use support::{
    CHECKPOINT, LOGIN_PATH, MERGE, SELECT, config, double, in_force, on_statement, pool,
};
use testkit::snowflake::{Answer, Column, Fault, FaultEffect, StatementEnd};

#[tokio::test]
async fn an_expired_session_is_replaced_and_the_statement_repeated() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    pool.query(&SELECT).await.unwrap();
    state.expire_sessions();
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 2);
    let ends: Vec<StatementEnd> = state.statements().iter().map(|record| record.end).collect();
    assert_eq!(
        ends,
        [
            StatementEnd::Executed,
            StatementEnd::Lost,
            StatementEnd::Executed
        ]
    );
}

#[tokio::test]
async fn expiry_in_the_middle_of_a_transaction_repeats_it_whole_and_doubles_nothing() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement(
        "INSERT INTO STATE",
        FaultEffect::ExpiredSession,
    ));
    let statements = [
        MERGE.bind("page 1"),
        MERGE.bind("page 2"),
        CHECKPOINT.bind("done"),
    ];
    let answers = pool(&snowflake).transaction(&statements).await.unwrap();
    assert_eq!(answers.len(), 3);
    let merge = "MERGE INTO CALLS USING ?";
    assert_eq!(
        in_force(&state),
        [merge, merge, "INSERT INTO STATE SELECT ?"]
    );
    assert_eq!(
        state.texts(),
        [
            "BEGIN",
            merge,
            merge,
            "INSERT INTO STATE SELECT ?", // refused: 390112
            "BEGIN",
            merge,
            merge,
            "INSERT INTO STATE SELECT ?",
            "COMMIT",
        ]
    );
    assert_eq!(state.logins().len(), 2);
    assert_eq!(state.open_transactions(), 0);
}

#[tokio::test]
async fn a_lost_reply_to_commit_repeats_the_transaction() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("COMMIT", FaultEffect::LostReply));
    pool(&snowflake)
        .transaction(&[MERGE.bind("page"), CHECKPOINT.bind("done")])
        .await
        .unwrap();
    // It was committed twice: the statements are such that this is no harm.
    assert_eq!(in_force(&state).len(), 4);
    let texts = state.texts();
    assert_eq!(texts.iter().filter(|text| *text == "COMMIT").count(), 2);
    assert!(texts.contains(&"ROLLBACK".to_owned()), "{texts:?}");
    assert_eq!(state.open_transactions(), 0);
}

#[tokio::test]
async fn what_is_not_repeatable_is_not_sent_again_after_a_lost_reply() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = pool(&snowflake);
    state.inject(on_statement("INSERT", FaultEffect::LostReply));
    let once = CHECKPOINT.bind("once").not_repeatable();
    let error = pool.query(&once).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(
        error.is_exhausted(),
        "a retry further out must leave it alone"
    );
    assert_eq!(in_force(&state).len(), 1);

    state.inject(on_statement("COMMIT", FaultEffect::LostReply));
    let error = pool
        .transaction(&[MERGE.bind("page"), once.clone()])
        .await
        .unwrap_err();
    assert!(error.is_exhausted());
    assert_eq!(in_force(&state).len(), 3);

    // A session that was refused before the statement began is another matter.
    state.expire_sessions();
    pool.query(&once).await.unwrap();
    assert_eq!(in_force(&state).len(), 4);
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    for effect in [
        FaultEffect::Status(503),
        FaultEffect::Status(500),
        FaultEffect::Status(429),
        FaultEffect::Status(408),
        FaultEffect::Disconnect,
        FaultEffect::LostReply,
        FaultEffect::CutReply,
        FaultEffect::error("000625", "Statement has locked table 'T'"),
        FaultEffect::error("000603", "SQL execution internal error"),
        FaultEffect::error("390505", "Too many requests"),
    ] {
        let snowflake = double().await;
        let state = snowflake.state();
        state.answer("FROM T", Answer::rows([Column::text("A")], [[Some("x")]]));
        state.inject(on_statement("FROM T", effect.clone()).times(2));
        let rows = pool(&snowflake).query(&SELECT).await;
        assert_eq!(rows.map(|rows| rows.len()).ok(), Some(1), "{effect:?}");
        assert_eq!(state.statements().len(), 3, "{effect:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_ends_after_the_attempts_and_is_marked() {
    let snowflake = double().await;
    snowflake
        .state()
        .inject(on_statement("FROM T", FaultEffect::Status(503)).always());
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.is_exhausted());
    assert_eq!(snowflake.state().statements().len(), 4);
}

#[tokio::test]
async fn a_statement_that_is_cut_off_is_cancelled_before_it_is_repeated() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("FROM T", FaultEffect::Endless));
    // The first poll is cut: nobody hears of the statement any more.
    state.inject(Fault::new(FaultEffect::Disconnect).on_path("/result"));
    pool(&snowflake).query(&SELECT).await.unwrap();
    let ends: Vec<StatementEnd> = state.statements().iter().map(|record| record.end).collect();
    assert_eq!(ends, [StatementEnd::Cancelled, StatementEnd::Executed]);
}

#[tokio::test]
async fn a_login_that_fails_for_now_is_repeated_and_a_refused_one_is_not() {
    let snowflake = double().await;
    let state = snowflake.state();
    let fault = |effect| Fault::new(effect).on_path(LOGIN_PATH);
    state.inject(fault(FaultEffect::Status(503)).times(2));
    pool(&snowflake).query(&SELECT).await.unwrap();
    state.reset_log();

    state.inject(
        fault(FaultEffect::error(
            "390144",
            "JWT token is invalid. [7fb87e37]",
        ))
        .always(),
    );
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(error.fault().unwrap().code.as_deref(), Some("390144"));
    assert_eq!(state.logins().len(), 1);
}

#[tokio::test]
async fn a_timeout_of_the_server_is_tried_once_more_with_a_longer_one() {
    let snowflake = double().await;
    let state = snowflake.state();
    let timeout = FaultEffect::error(
        "000630",
        "Statement reached its statement or warehouse timeout of 20 second(s) and was canceled.",
    );
    state.inject(on_statement("FROM T", timeout.clone()));
    let config = config(&snowflake).with_statement_timeout(Duration::from_secs(20));
    let pool = SnowflakePool::new(config);
    pool.query(&SELECT).await.unwrap();
    let limits: Vec<u64> = state
        .logins()
        .iter()
        .map(|login| {
            login.parameters["STATEMENT_TIMEOUT_IN_SECONDS"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(limits, [20, 40]);

    state.inject(on_statement("FROM T", timeout).always());
    state.reset_log();
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(error.remedy(), Remedy::LongerTimeout);
    assert!(error.is_exhausted());
    assert_eq!(state.statements().len(), 2);
}

#[tokio::test]
async fn a_longer_limit_of_a_statement_gets_a_session_that_has_it() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = support::pool_of(&snowflake, 1);
    pool.query(&SELECT).await.unwrap();
    pool.query(&SELECT.with_timeout(Duration::from_secs(3_600)))
        .await
        .unwrap();
    pool.query(&SELECT.with_timeout(Duration::from_secs(3_600)))
        .await
        .unwrap();
    // A statement that says nothing does not get the longer limit.
    pool.query(&SELECT).await.unwrap();
    let limits: Vec<_> = state
        .logins()
        .iter()
        .map(|login| login.parameters["STATEMENT_TIMEOUT_IN_SECONDS"].clone())
        .collect();
    assert_eq!(limits, [900, 3_600, 900]);
}

#[tokio::test]
async fn a_shorter_limit_of_a_statement_is_kept_by_the_client_which_cancels() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("FROM T", FaultEffect::Endless).always());
    let impatient = SELECT.with_timeout(Duration::from_millis(40));
    let error = pool(&snowflake).query(&impatient).await.unwrap_err();
    assert_eq!(error.remedy(), Remedy::LongerTimeout);
    // Once with its limit, once with twice that; both were ended on the server.
    let ends: Vec<StatementEnd> = state.statements().iter().map(|record| record.end).collect();
    assert_eq!(ends, [StatementEnd::Cancelled; 2]);
}

#[tokio::test]
async fn a_failed_transaction_is_rolled_back_and_its_session_used_again() {
    let snowflake = double().await;
    let state = snowflake.state();
    let pool = support::pool_of(&snowflake, 1);
    state.answer(
        "INSERT INTO STATE",
        Answer::error("100072", "NULL result in a non-nullable column"),
    );
    let error = pool
        .transaction(&[MERGE.bind("page"), CHECKPOINT.bind(None::<&str>)])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(state.texts().last().unwrap(), "ROLLBACK");
    assert!(in_force(&state).is_empty());
    pool.query(&SELECT).await.unwrap();
    assert_eq!(state.logins().len(), 1);
}

#[tokio::test]
async fn no_statements_are_no_transaction() {
    let snowflake = double().await;
    assert!(pool(&snowflake).transaction(&[]).await.unwrap().is_empty());
    assert_eq!(snowflake.state().requests(), 0);
}
