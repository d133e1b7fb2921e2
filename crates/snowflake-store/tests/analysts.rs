//! What is offered to analysts names what is there.
#![cfg(feature = "snowflake")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::collections::BTreeSet;
use std::sync::Arc;

use snowflake_sql::{Row, Rows, SnowflakePool, SqlPool, SqlText, Statement};
use snowflake_store::split_statements;

const DBT: &str = include_str!("../sql/snowflake/dbt/sources.yml");
const VIEWS: &str = include_str!("../sql/snowflake/optional/analysts.sql");
const SEMANTIC: &str = include_str!("../sql/snowflake/optional/semantic_view.sql");

/// `TABLE.COLUMN` of each column in the file for dbt.
fn of_dbt() -> Vec<String> {
    let (mut table, mut columns) = ("", Vec::new());
    for line in DBT.lines() {
        if let Some(name) = line.strip_prefix("      - name: ") {
            table = name;
        } else if let Some(name) = line.strip_prefix("          - name: ") {
            columns.push(format!("{table}.{name}"));
        }
    }
    assert!(columns.len() > 200, "{}", columns.len());
    columns
}

async fn run(pool: &dyn SqlPool, text: &str) -> Rows {
    let text = SqlText::fixed(String::from(text).leak());
    let answer = pool.query(&Statement::new("test", text)).await;
    answer.unwrap_or_else(|error| panic!("{error:?}"))
}

/// A migrated schema with the views, without the grants on them.
async fn schema() -> Option<(Arc<SnowflakePool>, fakesnow::Server)> {
    let (pool, server) = fakesnow::migrated().await?;
    let views = VIEWS.replace("{report_time_zone}", "America/Los_Angeles");
    for statement in split_statements(&views) {
        if !statement.starts_with("GRANT") {
            run(&*pool, &statement.replace(" COPY GRANTS AS", " AS")).await;
        }
    }
    Some((pool, server))
}

async fn columns_of(pool: &dyn SqlPool) -> BTreeSet<String> {
    let text = "SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS \
                WHERE TABLE_SCHEMA = 'CALLS'";
    let rows = run(pool, text).await;
    let cell = |row: Row<'_>, name: &str| row.required_text(name).unwrap().to_ascii_uppercase();
    rows.iter()
        .map(|row| format!("{}.{}", cell(row, "TABLE_NAME"), cell(row, "COLUMN_NAME")))
        .collect()
}

#[tokio::test]
async fn every_column_that_dbt_is_told_of_is_there() {
    let Some((pool, _server)) = schema().await else {
        return;
    };
    let there = columns_of(&*pool).await;
    let listed = of_dbt().into_iter();
    let lacking: Vec<String> = listed.filter(|name| !there.contains(name)).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[tokio::test]
async fn the_semantic_view_names_columns_that_are_there() {
    let Some((pool, _server)) = schema().await else {
        return;
    };
    let there = columns_of(&*pool).await;
    let tables = [
        ("CALLS", "VW_REPORT_CALLS"),
        ("DEALS", "CRM_DEALS"),
        ("ITEMS", "VW_REPORT_ITEMS"),
    ];
    let mut seen = 0;
    // Facts and dimensions: `TABLE.NAME AS COLUMN`. Metrics are made of these.
    let before_metrics = SEMANTIC.split("METRICS (").next().unwrap();
    let lines = before_metrics.lines().map(str::trim);
    for (named, column) in lines.filter_map(|line| line.split_once(" AS ")) {
        let Some((table, _)) = named.split_once('.') else {
            continue;
        };
        let (_, of) = tables
            .iter()
            .find(|(alias, _)| *alias == table)
            .expect(named);
        let end = column.find(|c: char| !c.is_ascii_uppercase() && c != '_');
        let column = &column[..end.unwrap_or(column.len())];
        assert!(there.contains(&format!("{of}.{column}")), "{of}.{column}");
        seen += 1;
    }
    assert_eq!(seen, 21);
    // A name that is a column's too stands for the expression in all others, which must then be
    // that column: a fact of a column whose name a metric has would be made of the metric.
    for (alias, of) in tables {
        for (at, _) in SEMANTIC.match_indices(&format!("{alias}.")) {
            let definition = SEMANTIC[at + alias.len() + 1..].split_once(" AS ");
            let Some((name, made_of)) = definition.filter(|(name, _)| !name.contains('\n')) else {
                continue;
            };
            if there.contains(&format!("{of}.{name}")) {
                let itself = made_of.strip_prefix(name);
                let is_itself = itself.is_some_and(|rest| !rest.starts_with(['_', '.', '(']));
                assert!(is_itself, "{alias}.{name} AS {made_of:.30}");
            }
        }
    }
    // Metrics: of facts and dimensions, or of columns.
    let metrics = SEMANTIC.split("METRICS (").nth(1).unwrap();
    for (alias, of) in tables {
        for (at, _) in metrics.match_indices(&format!("{alias}.")) {
            let rest = &metrics[at + alias.len() + 1..];
            let end = rest.find(|c: char| !c.is_ascii_uppercase() && c != '_');
            let name = &rest[..end.unwrap()];
            let is_named = SEMANTIC.contains(&format!("{alias}.{name} AS "));
            let is_there = is_named || there.contains(&format!("{of}.{name}"));
            assert!(is_there, "{alias}.{name}");
        }
    }
}

#[tokio::test]
async fn a_call_late_in_the_evening_belongs_to_the_day_of_the_reader() {
    let Some((pool, _server)) = schema().await else {
        return;
    };
    let insert = "INSERT INTO STG_GONG_CALLS (CALL_ID, CALL_DATETIME_UTC, CALL_DURATION_SECONDS, \
        CALL_DIRECTION, CALL_MEDIA, CALL_SCOPE, IS_PRIVATE, PRIMARY_USER_NAME, OTHER_CRM_LINKS, \
        CRM_REFERENCES, TRACKERS, STAGED_AT) \
        SELECT '1', '2026-09-01 05:30:00'::TIMESTAMP_NTZ, 60, 'Outbound', 'Audio', 'External', FALSE, \
        'Rep', 0, PARSE_JSON('[]'), PARSE_JSON('[]'), '2026-09-01T06:00:00Z'::TIMESTAMP_LTZ";
    run(&*pool, insert).await;
    let text =
        "SELECT CALL_DATE::VARCHAR AS DAY_OF, CALL_MONTH::VARCHAR AS MONTH_OF FROM VW_REPORT_CALLS";
    let rows = run(&*pool, text).await;
    let row = rows.first().unwrap();
    assert_eq!(row.required_text("DAY_OF").unwrap(), "2026-08-31");
    assert_eq!(row.required_text("MONTH_OF").unwrap(), "2026-08-01");
    let rows = run(&*pool, "SELECT CALL_COUNT FROM VW_REPORT_MONTHS").await;
    let row = rows.first().unwrap();
    assert_eq!(row.integer("CALL_COUNT").unwrap(), Some(1));
}

#[tokio::test]
async fn items_of_a_reading_stay_while_a_model_is_asked_and_until_its_answer_is_checked() {
    let Some((pool, _server)) = schema().await else {
        return;
    };
    let call = "INSERT INTO STG_GONG_CALLS (CALL_ID, CALL_DATETIME_UTC, CALL_DURATION_SECONDS, \
        CALL_DIRECTION, CALL_MEDIA, CALL_SCOPE, IS_PRIVATE, OTHER_CRM_LINKS, CRM_REFERENCES, \
        TRACKERS, STAGED_AT, SENTENCES_SHA) \
        SELECT '1', '2026-09-01 05:30:00'::TIMESTAMP_NTZ, 60, 'Outbound', 'Audio', 'External', FALSE, \
        0, PARSE_JSON('[]'), PARSE_JSON('[]'), '2026-09-01T06:00:00Z'::TIMESTAMP_LTZ, 'sha'";
    run(&*pool, call).await;
    let reading = |by: &str, read_at: &str, is_retryable: bool, reading: &str| {
        format!(
            "INSERT INTO CALL_READINGS (CALL_ID, TRANSCRIPT_SHA, BACKEND, MODEL, READ_AT, \
             DEAL_HEALTH_WHY, SUMMARY, REQUESTS, FAILED, IS_RETRYABLE, READING) \
             SELECT '1', 'sha', '{by}', 'm', '{read_at}'::TIMESTAMP_LTZ, PARSE_JSON('[]'), '', 1, \
             PARSE_JSON('[]'), {is_retryable}, PARSE_JSON('{reading}')"
        )
    };
    let step = |what: &str| format!(r#"{{"next_steps": [{{"what": "{what}"}}]}}"#);
    let whats = async || -> Vec<String> {
        let rows = run(&*pool, "SELECT WHAT FROM VW_REPORT_ITEMS").await;
        let what = |row: Row<'_>| row.required_text("WHAT").unwrap().to_owned();
        rows.iter().map(what).collect()
    };
    run(
        &*pool,
        &reading("early", "2026-09-02T00:00:00Z", false, &step("Call")),
    )
    .await;
    run(
        &*pool,
        &reading("later", "2026-09-03T00:00:00Z", false, &step("Write")),
    )
    .await;
    run(
        &*pool,
        &reading("asked", "2026-09-04T00:00:00Z", true, "{}"),
    )
    .await;
    assert_eq!(whats().await, ["Write"]);
    run(&*pool, "DELETE FROM CALL_READINGS WHERE NOT IS_RETRYABLE").await;
    assert!(whats().await.is_empty());
}
