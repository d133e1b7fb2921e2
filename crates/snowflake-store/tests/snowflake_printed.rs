//! Migrations that are printed and applied by other means are known to the client.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;

use std::sync::Arc;

use snowflake_sql::{SqlPool, SqlText, Statement};
use snowflake_store::{
    SnowflakeMigration, SnowflakeServer, SnowflakeStore, SnowflakeStoreConfig, Upkeep,
    snowflake_migrations, split_statements,
};

#[tokio::test]
async fn a_schema_that_was_printed_has_nothing_left_to_apply() {
    let Some((pool, _server)) = fakesnow::pool() else {
        return;
    };
    let pool: Arc<dyn SqlPool> = pool;
    let printed = snowflake_migrations()
        .unwrap()
        .into_iter()
        .filter(|migration| migration.on_fakesnow)
        .map(|migration| migration.script());
    let script: String = [SnowflakeMigration::history_script()]
        .into_iter()
        .chain(printed)
        .collect();
    // Twice: a script that broke off runs again from its start.
    for _ in 0..2 {
        for text in split_statements(&script) {
            // A statement is made of texts that are known when the program is compiled.
            let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
            let statement = Statement::new("printed", SqlText::fixed(text));
            pool.query(&statement).await.unwrap();
        }
    }
    let config = SnowflakeStoreConfig::default().with_server(SnowflakeServer::Fakesnow);
    let store = SnowflakeStore::new(pool, config).unwrap();
    assert_eq!(store.migrate().await.unwrap(), 0);
    let latest = snowflake_migrations()
        .unwrap()
        .iter()
        .filter(|migration| migration.on_fakesnow)
        .map(|migration| migration.version)
        .max();
    assert_eq!(Some(store.health().await.unwrap().schema_version), latest);
}
