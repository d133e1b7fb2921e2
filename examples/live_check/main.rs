//! Tries everything on a real account, and writes a report to send back.
//!
//! ```sh
//! # The account of SNOWFLAKE_…, in a schema made for this; the owner's credentials.
//! SNOWFLAKE_SCHEMA=LIVE_CHECK cargo run --example live_check -- --out report.md
//! # With models, which costs a few thousand tokens:
//! cargo run --example live_check -- --models --out report.md
//! ```
//!
//! It lands a few synthetic calls, and deletes them in the end. The report holds what was
//! tried, whether it held, how long it took, and kinds and codes of errors: no name, no
//! address, no secret and no word of a call. Exit code 1 when something did not hold, 2 when
//! a setting is wrong. `docs/live.md` says what else somebody with an account could try.

#[path = "../shared/mod.rs"]
mod shared;
mod steps;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use gong_snowflake::StoreOptions;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::cortex::sql::{CortexSql, CortexSqlConfig};
use gong_snowflake::snowflake_sql::SnowflakePool;
use gong_snowflake::snowflake_store::{AccountNeeds, CheckOutcome, check_account};

use shared::configuration::Configuration;
use steps::Steps;

/// Tries everything on a real Snowflake account and writes a report to send back.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    configuration: Configuration,
    /// Also asks models; costs a few thousand tokens.
    #[arg(long)]
    models: bool,
    /// Where the report goes; the terminal by default.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What one step showed.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) step: &'static str,
    /// Nothing where it held.
    pub(crate) otherwise: Option<String>,
    pub(crate) took: Duration,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    let settings = match arguments.configuration.settings().load().await {
        Ok(settings) => settings,
        Err(error) => return shared::fail(&error, 2),
    };
    let options = StoreOptions::new("live_check");
    let opened = settings.snowflake_store(&options);
    let (store, pool) = match (opened, settings.snowflake_pool(&options)) {
        (Ok(store), Ok(pool)) => (store, Arc::new(pool)),
        (Err(error), _) => return shared::fail(&error, 2),
        (_, Err(error)) => return shared::fail(&error, 2),
    };
    let mut shown = account(&*pool).await;
    shown.extend(Steps::new(&store, &*pool).run().await);
    if arguments.models {
        let config = CortexSqlConfig::from_variables(|name| Ok(settings.variable(name)));
        match config.and_then(|config| CortexSql::new(pool, config)) {
            Ok(cortex) => shown.extend(steps::models(&cortex).await),
            Err(error) => return shared::fail(&error, 2),
        }
    }
    let report = report(&shown);
    match &arguments.out {
        None => shared::say(&report),
        Some(path) => {
            if let Err(error) = std::fs::write(path, &report) {
                eprintln!("{}: {error}", path.display());
                return ExitCode::from(2);
            }
        }
    }
    ExitCode::from(u8::from(shown.iter().any(|one| one.otherwise.is_some())))
}

/// What the account says of itself, without the names in it.
async fn account(pool: &SnowflakePool) -> Vec<Shown> {
    let began = Instant::now();
    let checks = check_account(pool, &AccountNeeds::default(), Timestamp::now()).await;
    let shown = |step, otherwise| Shown {
        step,
        otherwise,
        took: began.elapsed(),
    };
    match checks {
        Err(error) => vec![shown("account", Some(error.kind().as_str().to_owned()))],
        Ok(checks) => checks
            .iter()
            .map(|check| {
                let has_failed = check.outcome == CheckOutcome::Failed;
                shown(check.check, has_failed.then(|| "failed".to_owned()))
            })
            .collect(),
    }
}

fn report(shown: &[Shown]) -> String {
    let mut text = format!(
        "# Live check of gong-snowflake {}\n\n| step | held | seconds | otherwise |\n|---|---|---|---|\n",
        env!("CARGO_PKG_VERSION")
    );
    for one in shown {
        let held = if one.otherwise.is_none() {
            "yes"
        } else {
            "**no**"
        };
        let otherwise = one.otherwise.as_deref().unwrap_or("");
        let seconds = one.took.as_secs_f64();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| {} | {held} | {seconds:.1} | {otherwise} |",
            one.step
        );
    }
    let failed = shown.iter().filter(|one| one.otherwise.is_some()).count();
    let _ = writeln!(text, "\n{} of {} held.", shown.len() - failed, shown.len());
    text
}
