//! Asks the account whether everything is there.

use std::process::ExitCode;

use clap::Args;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool};
use gong_snowflake::snowflake_store::{
    AccountCheck, AccountNeeds, CheckOutcome, GrantedRole, check_account,
};

use super::shared;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// What the role in SNOWFLAKE_ROLE is there for, to check its privileges: ingest, enrich
    /// or agent.
    #[arg(long)]
    role: Option<GrantedRole>,
    /// A model that will be asked; several times for several.
    #[arg(
        long = "model",
        env = "CORTEX_MODEL",
        default_value = "claude-haiku-4-5"
    )]
    models: Vec<String>,
    /// JSON in place of a table.
    #[arg(long)]
    json: bool,
}

/// Exit code 1 when a check failed, 2 when a setting is wrong.
pub(super) async fn run(check: Check) -> ExitCode {
    let config = match SnowflakeConfig::from_env() {
        Ok(config) => config.with_query_tag(QueryTag::new("gong-snowflake").with_step("check")),
        Err(error) => return shared::fail(&error, 2),
    };
    let pool = SnowflakePool::new(config);
    let mut needs = AccountNeeds::default();
    needs.models = check.models;
    needs.role = check.role;
    let checks = match check_account(&pool, &needs, Timestamp::now()).await {
        Ok(checks) => checks,
        Err(error) => return shared::fail(&error, 1),
    };
    match check.json {
        true => shared::say(format_args!("{:#}", serde_json::json!(checks))),
        false => table(&checks),
    }
    let has_failed = checks
        .iter()
        .any(|check| check.outcome == CheckOutcome::Failed);
    ExitCode::from(u8::from(has_failed))
}

fn table(checks: &[AccountCheck]) {
    for check in checks {
        shared::say(format_args!(
            "{:<15} {:<9} {}",
            check.check, check.outcome, check.cause
        ));
        if let Some(remedy) = &check.remedy {
            shared::say(format_args!("{:<25} {remedy}", ""));
        }
    }
}
