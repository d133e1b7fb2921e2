//! Results in JSON: what DML and many other statements answer in.

use snowflake_sql::{SqlPool, SqlText, Statement};
use testkit::snowflake::{Answer, Column};

use crate::{MERGE, SELECT, double, pool};

#[tokio::test]
async fn cells_come_in_the_spelling_that_rows_documents() {
    let snowflake = double().await;
    let columns = [
        Column::text("T"),
        Column::integer("N"),
        Column::new("B", "boolean"),
        Column::new("D", "date"),
        Column::new("TZ", "timestamp_tz"),
        Column::new("V", "variant"),
        // Types that `snowflake-api` does not know.
        Column::new("E", "vector"),
        Column::new("NEW", "decfloat"),
    ];
    let cells = [
        "\"quoted\" \u{1f600}\n",
        "12",
        "1",
        "20666",
        "1785574800.000000000 1560",
        "{\n  \"a\": [undefined]\n}",
        "[1.5,2.5]",
        "1e-40",
    ];
    let nulls = cells.map(|_| None);
    let answer = Answer::rows(columns, [cells.map(Some), nulls]);
    snowflake.state().answer("FROM T", answer);
    let rows = pool(&snowflake).query(&SELECT).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!(row.text("t").unwrap(), Some("\"quoted\" \u{1f600}\n"));
    assert_eq!(row.integer("N").unwrap(), Some(12));
    assert_eq!(row.boolean("B").unwrap(), Some(true));
    assert_eq!(row.text("D").unwrap(), Some("2026-08-01"));
    let instant = row.timestamp("TZ").unwrap().unwrap();
    assert_eq!(instant.to_string(), "2026-08-01T09:00:00Z");
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
    let pool = pool(&snowflake);
    for inline in [0, 37] {
        let numbers: Vec<[Option<String>; 1]> =
            (0..300).map(|n: u32| [Some(n.to_string())]).collect();
        // The first parts arrive last.
        let answer = Answer::rows([Column::integer("N")], numbers).in_parts(inline, 10);
        snowflake.state().answer("FROM T", answer);
        let rows = pool.query(&SELECT).await.unwrap();
        let numbers = rows.iter().map(|row| row.integer("N").unwrap().unwrap());
        assert!(numbers.eq(0..300), "{inline} inline");
    }
    assert_eq!(snowflake.state().statements().len(), 2);
}

#[tokio::test]
async fn statements_without_rows_say_what_they_did() {
    let snowflake = double().await;
    let pool = pool(&snowflake);
    let state = snowflake.state();
    state.answer("MERGE", Answer::affected("inserted", 7));
    assert_eq!(pool.query(&MERGE.bind("x")).await.unwrap().affected(), 7);
    let create = Statement::new("create", SqlText::fixed("CREATE TABLE X (A NUMBER)"));
    let rows = pool.query(&create).await.unwrap();
    let status = rows.first().unwrap().required_text("status").unwrap();
    assert_eq!(status, "Statement executed successfully.");
    assert!(pool.query(&SELECT).await.unwrap().is_empty());
}
