//! What observers hear.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use snowflake_sql::SqlPool;
use support::{MERGE, SELECT, double, eventually, is_running, metered, on_statement};
use testkit::snowflake::{Answer, Column, FaultEffect};

#[tokio::test]
async fn observers_hear_of_every_statement_and_every_repetition() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("COMMIT", FaultEffect::Status(503)));
    state.answer(
        "FROM T",
        Answer::rows([Column::text("A")], [[Some("four")], [None]]),
    );
    let (pool, metrics) = metered(&snowflake);
    pool.transaction(&[MERGE.bind("12345")]).await.unwrap();
    pool.query(&SELECT).await.unwrap();
    let snapshot = metrics.snapshot();
    assert_eq!(snapshot.sent(), state.statements().len() as u64);
    let of = |name: &str| snapshot.statements[name].clone();
    assert_eq!((of("commit").sent, of("commit").failed), (2, 1));
    assert_eq!(of("transaction").repeated, 1);
    assert_eq!(
        (of("merge").sent, of("merge").rows, of("merge").bound_bytes),
        (2, 2, 10)
    );
    assert_eq!((of("select").rows, of("select").bytes), (2, 4));
    assert_eq!(
        of("select").last_query_id.as_deref(),
        Some(state.statements().last().unwrap().query_id.as_str())
    );
    assert_eq!(metrics.take(), snapshot);
    assert!(metrics.snapshot().statements.is_empty());
}

#[tokio::test]
async fn a_statement_whose_caller_goes_away_is_counted_as_abandoned() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.inject(on_statement("FROM T", FaultEffect::Endless));
    let (pool, metrics) = metered(&snowflake);
    let task = tokio::spawn(async move { pool.query(&SELECT).await });
    eventually("it runs", || is_running(&state, "FROM T")).await;
    task.abort();
    eventually("it is counted", || {
        let snapshot = metrics.snapshot();
        snapshot
            .statements
            .get("select")
            .is_some_and(|select| select.abandoned == 1)
    })
    .await;
}
