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
