//! Gong's own share: whether what is read of it is there.

use std::sync::Arc;

use gong_snowflake::Settings;
use gong_snowflake::snowflake_sql::SnowflakePool;
use gong_snowflake::snowflake_store::{SnowflakeStore, SnowflakeStoreConfig};

use super::report::{Checks, Outcome};

const DATABASE: &str = "GONG_SHARE_DATABASE";

pub(super) async fn check(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("gong_share");
    let share = match settings.gong_share() {
        Ok(Some(share)) => share,
        Ok(None) => return checks.without(DATABASE),
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
    let Ok(config) = super::snowflake::config(&settings) else {
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
