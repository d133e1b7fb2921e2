//! Asks the account whether everything is there.

use std::process::ExitCode;

use clap::Args;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::cortex::sql::CortexSqlConfig;
use gong_snowflake::snowflake_store::{
    AccountCheck, AccountNeeds, CheckOutcome, GrantedRole, check_account,
};
use gong_snowflake::{Settings, StoreOptions};

use super::shared;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// What the role in SNOWFLAKE_ROLE is there for, to check its privileges: owner, ingest,
    /// enrich or agent.
    #[arg(long)]
    role: Option<GrantedRole>,
    /// A model that will be asked, in place of the one that Cortex by SQL asks (CORTEX_MODEL);
    /// several times for several.
    #[arg(long = "model")]
    models: Vec<String>,
    /// JSON in place of a table.
    #[arg(long)]
    json: bool,
}

/// Exit code 1 when a check failed, 2 when a setting is wrong.
pub(super) async fn run(check: Check, settings: &Settings) -> ExitCode {
    let pool = match settings.snowflake_pool(&StoreOptions::new("check")) {
        Ok(pool) => pool,
        Err(error) => return shared::fail(&error, 2),
    };
    let mut needs = AccountNeeds::default();
    needs.models = match check.models.is_empty() {
        true => match CortexSqlConfig::from_variables(|name| Ok(settings.variable(name))) {
            Ok(config) => vec![config.model().to_owned()],
            Err(error) => return shared::fail(&error, 2),
        },
        false => check.models,
    };
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
