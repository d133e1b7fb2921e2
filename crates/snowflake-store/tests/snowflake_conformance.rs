//! `SnowflakeStore` keeps the contract on a Snowflake stand-in, where one is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::sync::Arc;

use snowflake_sql::SqlPool;
use snowflake_store::{ReadCache, SnowflakeStore, Upkeep};
use testkit::conformance::store::NOT_ON_FAKESNOW;

async fn usual() -> Option<(SnowflakeStore, fakesnow::Server)> {
    fakesnow::store().await
}

/// As if the reply to every commit were lost, with one row per statement and nothing
/// remembered: nothing may depend on what travels together, or be written twice.
async fn adverse() -> Option<(SnowflakeStore, fakesnow::Server)> {
    let (pool, server) = fakesnow::migrated().await?;
    let config = fakesnow::config()
        .with_read_cache(ReadCache::Off)
        .with_statement_bytes(1);
    let pool = Arc::new(fakesnow::Repeating(pool));
    let store = SnowflakeStore::new(pool, config).unwrap();
    Some((store, server))
}

const NOT_REPEATED: &[(&str, &str)] = &[
    NOT_ON_FAKESNOW[0],
    NOT_ON_FAKESNOW[1],
    (
        "retention_removes_deleted_calls_only",
        "a repetition has nothing left to remove, and says so",
    ),
    (
        "hostile_text_is_data",
        "32 strings in some forty statements each, done twice, take minutes; the other runs have it",
    ),
];

/// The tables, views and columns that the stand-in has, and the migrations that it knows of.
async fn catalog(pool: &dyn SqlPool) -> Vec<Vec<Vec<Option<String>>>> {
    let mut all = Vec::new();
    for text in [
        "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE FROM INFORMATION_SCHEMA.COLUMNS
         WHERE TABLE_SCHEMA = 'CALLS' ORDER BY TABLE_NAME, ORDINAL_POSITION",
        "SELECT TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES
         WHERE TABLE_SCHEMA = 'CALLS' ORDER BY TABLE_NAME",
        "SELECT VERSION, NAME, CHECKSUM FROM GONG_SCHEMA_HISTORY ORDER BY VERSION, NAME",
    ] {
        all.push(fakesnow::rows(pool, text).await);
    }
    all
}

/// The other tests of a stand-in get copies.
#[tokio::test]
async fn migrations_whose_replies_are_lost_make_what_copies_hold() {
    let Some((pool, _server)) = fakesnow::pool() else {
        return;
    };
    let repeating = Arc::new(fakesnow::Repeating(pool.clone()));
    let store = SnowflakeStore::new(repeating, fakesnow::config()).unwrap();
    assert!(store.migrate().await.unwrap() > 10);
    let migrated = catalog(&*pool).await;
    assert!(migrated.iter().all(|rows| rows.len() > 10), "{migrated:?}");

    // The first of two may be the one that copies are taken of.
    fakesnow::migrated().await.unwrap();
    let (copied, _server) = fakesnow::migrated().await.unwrap();
    assert_eq!(migrated, catalog(&*copied).await);
}

testkit::store_conformance!(snowflake, usual, except NOT_ON_FAKESNOW);
testkit::store_conformance!(snowflake_adverse, adverse, except NOT_REPEATED);
