//! Snowflake: the login, and what the account has and lacks.

use std::sync::Arc;

use gong_snowflake::Settings;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::cortex::sql::CortexSqlConfig;
use gong_snowflake::snowflake_sql::{Error, QueryTag, SnowflakeConfig, SnowflakePool};
use gong_snowflake::snowflake_store::{AccountNeeds, CheckOutcome, check_account};

use super::report::{Checks, Outcome, is_set};

pub(super) fn config(settings: &Settings) -> Result<SnowflakeConfig, Error> {
    let tag = QueryTag::new("gong-snowflake").with_step("live_check");
    Ok(SnowflakeConfig::from_variables(|name| Ok(settings.variable(name)))?.with_query_tag(tag))
}

pub(super) async fn check(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("snowflake");
    if !is_set(&settings, "SNOWFLAKE_ACCOUNT") {
        return checks.without("SNOWFLAKE_ACCOUNT");
    }
    let config = match config(&settings) {
        Ok(config) => config,
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
    let mut needs = AccountNeeds::default();
    let cortex = CortexSqlConfig::from_variables(|name| Ok(settings.variable(name)));
    match cortex {
        Ok(cortex) => needs.models.push(cortex.model().to_owned()),
        Err(error) => checks.failed("settings", &error),
    }
    let pool = SnowflakePool::new(config);
    match check_account(&pool, &needs, Timestamp::now()).await {
        Ok(found) => {
            for one in found {
                let outcome = match one.outcome {
                    CheckOutcome::Passed => Outcome::Passed,
                    CheckOutcome::Failed => Outcome::Failed,
                    _ => Outcome::NotConfigured,
                };
                checks.add(one.check, outcome, one.cause, one.remedy);
            }
        }
        Err(error) => checks.failed("account", &error),
    }
    checks
}
