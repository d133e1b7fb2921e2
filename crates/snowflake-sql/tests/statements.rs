//! What is sent, and what is made of the answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use resilience::ErrorKind;
use rust_decimal::Decimal;
use snowflake_sql::{Bind, Remedy, SqlPool, SqlText, Statement};
use support::{SELECT, double, on_statement, pool};
use testkit::snowflake::{Answer, BoundValue, Column, FaultEffect};

#[tokio::test]
async fn values_travel_as_binds_in_their_wire_types() {
    let snowflake = double().await;
    let statement = Statement::new("all", SqlText::fixed("SELECT ?, ?, ?, ?, ?, ?, ?"))
        .bind("'; DROP TABLE CALLS; --")
        .bind(i64::MIN)
        .bind(0.1_f64)
        .bind(Decimal::new(-1_234_500, 4))
        .bind(true)
        .bind(
            "2026-08-01T09:00:00.123456789Z"
                .parse::<jiff::Timestamp>()
                .unwrap(),
        )
        .bind(None::<&str>);
    pool(&snowflake).query(&statement).await.unwrap();
    let sent = snowflake.state().statements().remove(0);
    assert_eq!(sent.text, "SELECT ?, ?, ?, ?, ?, ?, ?");
    let bound = |kind: &str, value: Option<&str>| BoundValue {
        kind: kind.to_owned(),
        value: value.map(str::to_owned),
    };
    assert_eq!(
        sent.binds,
        [
            bound("TEXT", Some("'; DROP TABLE CALLS; --")),
            bound("FIXED", Some("-9223372036854775808")),
            bound("REAL", Some("0.1")),
            bound("FIXED", Some("-123.4500")),
            bound("BOOLEAN", Some("true")),
            bound("TIMESTAMP_LTZ", Some("1785574800123456789")),
            bound("TEXT", None),
        ]
    );
}

#[tokio::test]
async fn a_number_that_is_not_finite_is_refused_before_anything_is_sent() {
    let snowflake = double().await;
    let statement = SELECT.bind(1_i64).bind(Bind::Float(f64::NAN));
    let error = pool(&snowflake).query(&statement).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.field(), Some("bind 2"));
    assert!(snowflake.state().statements().is_empty());
}

#[tokio::test]
async fn cells_come_in_the_spelling_that_rows_documents() {
    let snowflake = double().await;
    let columns = [
        Column::text("T"),
        Column::integer("N"),
        Column::new("B", "boolean"),
        Column::new("D", "date"),
        Column::new("NTZ", "timestamp_ntz"),
        Column::new("LTZ", "timestamp_ltz"),
        Column::new("TZ", "timestamp_tz"),
        Column::new("V", "variant"),
        Column::new("E", "vector"),
        Column::new("NEW", "decfloat"),
    ];
    let cells = [
        "\"quoted\" \u{1f600}\n",
        "12",
        "1",
        "20666",
        "1785574800.5",
        "1785574800.000000000",
        "1785574800.000000000 1560",
        "{\n  \"a\": [undefined]\n}",
        "[1.5,2.5]",
        "1e-40",
    ];
    let nulls = cells.map(|_| None);
    snowflake
        .state()
        .answer("FROM T", Answer::rows(columns, [cells.map(Some), nulls]));
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!(row.text("t").unwrap(), Some("\"quoted\" \u{1f600}\n"));
    assert_eq!(row.integer("N").unwrap(), Some(12));
    assert_eq!(row.boolean("B").unwrap(), Some(true));
    assert_eq!(row.text("D").unwrap(), Some("2026-08-01"));
    let instant = row.timestamp("LTZ").unwrap().unwrap();
    assert_eq!(instant.to_string(), "2026-08-01T09:00:00Z");
    assert_eq!(row.timestamp("TZ").unwrap(), Some(instant));
    assert_eq!(row.text("NTZ").unwrap(), Some("2026-08-01T09:00:00.5Z"));
    let json: serde_json::Value = row.json("V").unwrap().unwrap();
    assert_eq!(json, serde_json::json!({"a": [null]}));
    assert_eq!(row.json::<Vec<f32>>("E").unwrap(), Some(vec![1.5, 2.5]));
    assert_eq!(row.text("NEW").unwrap(), Some("1e-40"));
    let empty = rows.iter().nth(1).unwrap();
    for column in rows.columns() {
        assert_eq!(empty.text(column).unwrap(), None, "{column}");
    }
    assert!(rows.query_id().is_some_and(|id| id.starts_with("01b2")));
}

#[tokio::test]
async fn rows_in_parts_come_whole_and_in_order() {
    let snowflake = double().await;
    let numbers: Vec<[Option<String>; 1]> =
        (0..1_000).map(|n: u32| [Some(n.to_string())]).collect();
    // 37 rows inline, then 97 parts, of which the first ones arrive last.
    let answer = Answer::rows([Column::integer("N")], numbers).in_parts(37, 10);
    snowflake.state().answer("FROM T", answer);
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    let seen: Vec<i64> = rows
        .iter()
        .map(|row| row.integer("N").unwrap().unwrap())
        .collect();
    assert_eq!(seen, (0..1_000).collect::<Vec<i64>>());
    assert_eq!(snowflake.state().parts_sent(), 97);
    assert_eq!(snowflake.state().statements().len(), 1);
}

#[tokio::test]
async fn no_row_inline_is_no_row_lost() {
    let snowflake = double().await;
    let answer = Answer::rows([Column::text("A")], [[Some("x")], [Some("y")]]).in_parts(0, 1);
    snowflake.state().answer("FROM T", answer);
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    let seen: Vec<&str> = rows
        .iter()
        .map(|row| row.required_text("A").unwrap())
        .collect();
    assert_eq!(seen, ["x", "y"]);
}

#[tokio::test]
async fn a_statement_over_45_seconds_is_polled_for() {
    let snowflake = double().await;
    let state = snowflake.state();
    state.answer(
        "FROM T",
        Answer::rows([Column::text("A")], [[Some("late")]]),
    );
    state.inject(on_statement("FROM T", FaultEffect::Slow { polls: 1 }));
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    assert_eq!(rows.first().unwrap().required_text("A").unwrap(), "late");
    assert_eq!(state.statements().len(), 1, "it was sent once");
}

#[tokio::test]
async fn dml_says_how_many_rows_it_touched() {
    let snowflake = double().await;
    let columns =
        ["inserted", "updated"].map(|what| Column::integer(format!("number of rows {what}")));
    snowflake
        .state()
        .answer("MERGE", Answer::rows(columns, [[Some("7"), Some("3")]]));
    let rows = pool(&snowflake)
        .query(&support::MERGE.bind("x"))
        .await
        .unwrap();
    assert_eq!(rows.affected(), 10);
}

#[tokio::test]
async fn a_refusal_carries_code_query_id_and_advice() {
    let snowflake = double().await;
    snowflake.state().answer(
        "FROM T",
        Answer::error(
            "002003",
            "SQL compilation error:\nObject 'T' does not exist or not authorized.",
        ),
    );
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let fault = error.fault().unwrap();
    assert_eq!(fault.code.as_deref(), Some("002003"));
    assert_eq!(
        fault.query_id.as_deref(),
        Some("01b2c3d4-0000-0000-0000-000000000000")
    );
    assert_eq!(fault.remedy, Remedy::GiveUp);
    let shown = error.to_string();
    assert!(
        shown.contains("'T'") && shown.contains("migrations"),
        "{shown}"
    );
    assert_eq!(
        snowflake.state().statements().len(),
        1,
        "no use to try again"
    );
}

#[tokio::test]
async fn a_value_that_snowflake_repeats_does_not_come_out() {
    let snowflake = double().await;
    snowflake.state().answer(
        "FROM T",
        Answer::error("100038", "Numeric value 'what Ada said' is not recognized"),
    );
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", error.fault());
    assert!(!shown.contains("Ada"), "{shown}");
}

#[tokio::test]
async fn arrow_is_an_error_that_says_so() {
    let snowflake = double().await;
    snowflake
        .state()
        .inject(on_statement("FROM T", FaultEffect::Arrow));
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("Arrow"), "{error}");
}

#[tokio::test]
async fn a_reply_that_is_not_snowflakes_is_not_quoted() {
    let snowflake = double().await;
    snowflake
        .state()
        .inject(on_statement("FROM T", FaultEffect::NotJson));
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        !format!("{error} {error:?}").contains("gateway"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_cell_that_is_not_what_its_column_says_names_the_column() {
    let snowflake = double().await;
    let answer = Answer::rows([Column::new("D", "date")], [[Some("what Ada said")]]);
    snowflake.state().answer("FROM T", answer);
    let error = pool(&snowflake).query(&SELECT).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Decode, Some("D"))
    );
    assert!(!error.to_string().contains("Ada"), "{error}");
}
