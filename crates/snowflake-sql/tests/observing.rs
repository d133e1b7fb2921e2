//! What observers hear.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::Arc;
use std::time::Duration;

use snowflake_sql::{Metered, SqlPool, SqlSession, StatementMetrics};
use support::{MERGE, SELECT, double, eventually, is_running, metered, on_statement, pool};
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

#[tokio::test]
async fn any_other_pool_is_measured_from_outside() {
    let snowflake = double().await;
    let metrics = Arc::new(StatementMetrics::default());
    let metered = Metered::new(pool(&snowflake), Arc::clone(&metrics) as Arc<_>);
    metered.query(&SELECT).await.unwrap();
    let answers = metered
        .transaction(&[MERGE.bind("page 1"), MERGE.bind("page 2")])
        .await
        .unwrap();
    assert_eq!(answers.len(), 2);
    let mut session = metered.session().await.unwrap();
    session.begin().await.unwrap();
    session.run(&MERGE.bind("page 3")).await.unwrap();
    session.rollback().await.unwrap();
    let snapshot = metrics.snapshot();
    let sent: Vec<(&str, u64)> = snapshot
        .statements
        .iter()
        .map(|(name, summary)| (*name, summary.sent))
        .collect();
    assert_eq!(
        sent,
        [
            ("begin", 1),
            ("merge", 1),
            ("rollback", 1),
            ("select", 1),
            ("transaction", 1)
        ]
    );
    assert_eq!(snapshot.statements["transaction"].rows, 2);
    assert!(snapshot.statements["merge"].total > Duration::ZERO);
}
