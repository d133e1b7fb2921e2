//! What goes wrong, and what the pool makes of it.

use std::time::Duration;

use resilience::ErrorKind;
use snowflake_sql::{Remedy, SnowflakePool, SqlPool};
use testkit::snowflake::{Answer, Column, FaultEffect};

use crate::{MERGE, SELECT, config, double, on_statement, pool};

#[tokio::test]
async fn refusals_keep_code_query_id_and_remedy() {
    let snowflake = double().await;
    let pool = pool(&snowflake);
    for (code, kind, remedy) in [
        ("002003", ErrorKind::NotFound, Remedy::GiveUp),
        ("003001", ErrorKind::Permission, Remedy::GiveUp),
        ("001003", ErrorKind::Internal, Remedy::GiveUp),
        ("100038", ErrorKind::InvalidInput, Remedy::GiveUp),
        ("090073", ErrorKind::QuotaExhausted, Remedy::GiveUp),
    ] {
        snowflake
            .state()
            .answer("FROM T", Answer::error(code, "words"));
        let error = pool.query(&SELECT).await.unwrap_err();
        assert_eq!((error.kind(), error.remedy()), (kind, remedy), "{code}");
        let fault = error.fault().unwrap();
        assert_eq!(fault.code.as_deref(), Some(code));
        assert!(fault.query_id.is_some(), "{code}");
    }
    assert_eq!(snowflake.state().logins().len(), 1);
}

#[tokio::test]
async fn what_passes_is_repeated_on_a_session_that_is_known_to_be_free() {
    for (effect, logins) in [
        // Without an answer the statement may be running on the old session.
        (FaultEffect::Status(503), 2),
        (FaultEffect::Disconnect, 2),
        (FaultEffect::LostReply, 2),
        (FaultEffect::CutReply, 2),
        (FaultEffect::ExpiredSession, 2),
        (FaultEffect::Status(429), 1),
        (FaultEffect::error("000625", "a lock is held"), 1),
    ] {
        let snowflake = double().await;
        let state = snowflake.state();
        state.answer("FROM T", Answer::rows([Column::text("A")], [[Some("x")]]));
        state.inject(on_statement("FROM T", effect.clone()));
        let rows = pool(&snowflake).query(&SELECT).await.unwrap();
        assert_eq!(rows.len(), 1, "{effect:?}");
        assert_eq!(state.logins().len(), logins, "{effect:?}");
        assert_eq!(state.statements().len(), 2, "{effect:?}");
    }
}

#[tokio::test]
async fn a_session_that_expires_in_a_transaction_loses_nothing() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("page 2", FaultEffect::ExpiredSession));
    let both = [MERGE.bind("page 1"), MERGE.bind("page 2")];
    pool(&snowflake).transaction(&both).await.unwrap();
    let sessions: Vec<u64> = state.committed().iter().map(|it| it.session).collect();
    assert_eq!(sessions, [2, 2]);
}

#[tokio::test]
async fn a_statement_over_45_seconds_is_refused_clearly_and_not_repeated() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("FROM T", FaultEffect::Slow { polls: 1 }).always());
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.remedy(), Remedy::GiveUp);
    assert!(error.to_string().contains("45 s"), "{error}");
    assert!(error.fault().unwrap().query_id.is_some());
    assert_eq!(state.statements().len(), 1);
}

#[tokio::test]
async fn the_servers_own_limit_of_45_seconds_reads_the_same() {
    let timed_out = Answer::error("000630", "Statement reached its statement timeout of 45 s");
    let snowflake = double().await;
    let state = snowflake.state();
    state.answer("FROM T", timed_out.clone());
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(state.statements().len(), 1);

    // A shorter limit can be raised to it.
    let snowflake = double().await;
    let state = snowflake.state();
    state.answer("FROM T", timed_out);
    let config = config(&snowflake).with_statement_timeout(Duration::from_secs(10));
    let pool = SnowflakePool::on_snowflake_api(config).unwrap();
    pool.query(&SELECT).await.unwrap_err();
    let limits: Vec<u64> = state
        .logins()
        .iter()
        .map(|login| {
            login.parameters["STATEMENT_TIMEOUT_IN_SECONDS"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(limits, [10, 20]);
}

#[tokio::test]
async fn a_reply_that_is_none_is_a_matter_of_decoding() {
    let snowflake = double().await;
    snowflake
        .state()
        .inject(on_statement("FROM T", FaultEffect::NotJson));
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn nobody_listening_is_transient() {
    let gone = double().await;
    let pool = pool(&gone);
    drop(gone);
    let error = pool.query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("cannot connect"), "{error}");
}
