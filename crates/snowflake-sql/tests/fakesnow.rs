//! The pool on a server that runs SQL; see `testkit::fakesnow` for what it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use resilience::ErrorKind;
use rust_decimal::Decimal;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement};
use testkit::fakesnow::FakeSnow;

fn statement(text: &'static str) -> Statement {
    Statement::new("test", SqlText::fixed(text))
}

fn pool(server: &FakeSnow, database: &str) -> SnowflakePool {
    let config = SnowflakeConfig::new("fakesnow", "tester", Credentials::password("any"))
        .unwrap()
        .with_base_url(server.base_url().as_str())
        .unwrap()
        .with_database(database)
        .with_schema("PUBLIC");
    SnowflakePool::new(config)
}

#[tokio::test]
async fn values_come_back_as_they_were_bound() {
    let Some(server) = FakeSnow::available().unwrap() else {
        return;
    };
    let pool = pool(&server, "SQL_VALUES");
    pool.query(&statement(
        "CREATE OR REPLACE TABLE T (S VARCHAR, I NUMBER(38, 0), F FLOAT, D NUMBER(20, 4), \
         B BOOLEAN, NTZ TIMESTAMP_NTZ, DAY DATE, V VARIANT, NOTHING VARCHAR)",
    ))
    .await
    .unwrap();
    let hostile = "'; DROP TABLE T; -- \u{1f600} \\ \" ? :1";
    let insert = statement(
        "INSERT INTO T SELECT ?, ?, ?, CAST(? AS NUMBER(20, 4)), ?, TO_TIMESTAMP_NTZ(?), \
         TO_DATE(?), PARSE_JSON(?), ?",
    )
    .bind(hostile)
    .bind(i64::MAX)
    .bind(0.1_f64)
    // As text: fakesnow takes whole numbers alone for FIXED.
    .bind("123.4567")
    .bind(true)
    .bind("2026-08-01 09:00:00.25")
    .bind("2026-08-01")
    .bind(r#"{"a":[1,"two"]}"#)
    .bind(None::<&str>);
    assert_eq!(pool.query(&insert).await.unwrap().affected(), 1);
    let rows = pool.query(&statement("SELECT * FROM T")).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!(row.text("S").unwrap(), Some(hostile));
    assert_eq!(row.integer("I").unwrap(), Some(i64::MAX));
    assert_eq!(row.float("F").unwrap(), Some(0.1));
    assert_eq!(row.decimal("D").unwrap(), Some(Decimal::new(1_234_567, 4)));
    assert_eq!(row.boolean("B").unwrap(), Some(true));
    assert_eq!(row.text("NTZ").unwrap(), Some("2026-08-01T09:00:00.25Z"));
    assert_eq!(row.text("DAY").unwrap(), Some("2026-08-01"));
    let json: serde_json::Value = row.json("V").unwrap().unwrap();
    assert_eq!(json, serde_json::json!({"a": [1, "two"]}));
    assert_eq!(row.text("NOTHING").unwrap(), None);
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing() {
    let Some(server) = FakeSnow::available().unwrap() else {
        return;
    };
    let pool = pool(&server, "SQL_TRANSACTIONS");
    pool.query(&statement("CREATE OR REPLACE TABLE T (N NUMBER(38, 0))"))
        .await
        .unwrap();
    let insert = |number: i64| statement("INSERT INTO T SELECT ?").bind(number);
    pool.transaction(&[insert(1), insert(2)]).await.unwrap();
    let error = pool
        .transaction(&[insert(3), statement("INSERT INTO MISSING SELECT 4")])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(error.fault().unwrap().query_id.is_some());
    let mut session = pool.session().await.unwrap();
    session.begin().await.unwrap();
    session.run(&insert(5)).await.unwrap();
    drop(session);
    let rows = pool
        .query(&statement("SELECT N FROM T ORDER BY N"))
        .await
        .unwrap();
    let numbers: Vec<_> = rows.iter().map(|row| row.integer("N").unwrap()).collect();
    assert_eq!(numbers, [Some(1), Some(2)]);
}
