//! Gong's own share: whether what is read of it is there.

use std::sync::Arc;

use gong_snowflake::snowflake_sql::SnowflakePool;
use gong_snowflake::snowflake_store::{
    Error, GongShareConfig, SnowflakeStore, SnowflakeStoreConfig,
};

use super::report::{Checks, Outcome, is_set};

const DATABASE: &str = "GONG_SHARE_DATABASE";
const SCHEMA: &str = "GONG_SHARE_SCHEMA";

pub(super) async fn check() -> Checks {
    let mut checks = Checks::new("gong_share");
    if !is_set(DATABASE) {
        return checks.without(DATABASE);
    }
    let share = match share() {
        Ok(share) => share,
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
    let Ok(config) = super::snowflake::config() else {
        return checks; // `snowflake.settings` has said it.
    };
    let pool = Arc::new(SnowflakePool::new(config));
    let store = match SnowflakeStore::new(pool, SnowflakeStoreConfig::default()) {
        Ok(store) => store,
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
    match store.gong_share_lacks(&share).await {
        Ok(lacks) if lacks.is_empty() => checks.passed("columns", "all that are read"),
        Ok(lacks) => {
            let cause = format!("not there: {}", lacks.join(", "));
            checks.add("columns", Outcome::Failed, cause, None);
        }
        Err(error) => checks.failed("columns", &error),
    }
    checks
}

fn share() -> Result<GongShareConfig, Error> {
    let share = GongShareConfig::new(&std::env::var(DATABASE).unwrap_or_default())?;
    match std::env::var(SCHEMA) {
        Ok(schema) if !schema.is_empty() => share.with_schema(&schema),
        _ => Ok(share),
    }
}
