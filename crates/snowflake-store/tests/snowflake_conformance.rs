//! `SnowflakeStore` keeps the contract on a Snowflake stand-in, where one is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fakesnow;

use std::sync::Arc;

use snowflake_store::{ReadCache, SnowflakeStore, Upkeep};
use testkit::conformance::store::NOT_ON_FAKESNOW;

async fn usual() -> Option<(SnowflakeStore, fakesnow::Server)> {
    fakesnow::store().await
}

/// As if the reply to every commit were lost, with one row per statement and nothing
/// remembered: nothing may depend on what travels together, or be written twice.
async fn adverse() -> Option<(SnowflakeStore, fakesnow::Server)> {
    let (pool, server) = fakesnow::pool()?;
    let config = fakesnow::config()
        .with_read_cache(ReadCache::Off)
        .with_statement_bytes(1);
    let pool = Arc::new(fakesnow::Repeating(pool));
    let store = SnowflakeStore::new(pool, config).unwrap();
    store.migrate().await.unwrap();
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

testkit::store_conformance!(snowflake, usual, except NOT_ON_FAKESNOW);
testkit::store_conformance!(snowflake_adverse, adverse, except NOT_REPEATED);
