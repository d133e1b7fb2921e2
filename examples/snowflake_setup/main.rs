//! Sets up Snowflake for the store, or prints the scripts that do.
//!
//! ```sh
//! # Account-level scripts with your names filled in, to read and run as administrator:
//! cargo run --example snowflake_setup -- print setup --database SALES --warehouse GONG_WH
//! # What the account lacks, by name, and what to run:
//! cargo run --example snowflake_setup -- check --role ingest
//! # Tables, streams, procedures and tasks, with the owner's credentials in the environment:
//! cargo run --example snowflake_setup -- apply
//! # The same, and models that read calls within Snowflake, by the settings in [cortex]:
//! cargo run --example snowflake_setup -- apply --with ai
//! # What each role may do with them, to run as owner:
//! cargo run --example snowflake_setup -- print grants --database SALES
//! ```
//!
//! `print` needs no account. Its output is for Snowsight, `snow sql -f` or `snowsql -f`, and
//! begins with the role and schema it is for.
//! Everything works on Standard Edition, but for the masking policies of `optional`.
//! Exit codes: 0, done; 1, Snowflake failed, and `apply` can continue, or a check failed; 2, a
//! setting is wrong.

mod ai;
mod check;
mod names;
mod scripts;
#[path = "../shared/mod.rs"]
mod shared;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use gong_snowflake::snowflake_store::{self, SnowflakeMigration, Upkeep, snowflake_migrations};
use gong_snowflake::{Settings, StoreOptions};

use names::Names;
use shared::configuration::Configuration;

/// Sets up Snowflake for the store, or prints the scripts that do.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    configuration: Configuration,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Asks the account what it has and lacks: clock, role, warehouse, edition, models, where
    /// models may be asked, privileges.
    Check(check::Check),
    /// Applies the migrations that have not been applied yet.
    Apply {
        /// Parts that few need; several times for several.
        #[arg(long = "with", value_enum, value_name = "PART")]
        parts: Vec<Part>,
    },
    /// Prints SQL.
    Print {
        /// Which SQL.
        #[arg(value_enum)]
        what: What,
        #[command(flatten)]
        names: Box<Names>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Models that read calls within Snowflake, by a task that somebody resumes.
    Ai,
    /// Tables for landing from Gong's own share (Gong Data Cloud).
    GongShare,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Database, warehouse, roles and account settings, for an administrator.
    Setup,
    /// Tables, views, streams and procedures, as `apply` runs and records them.
    Migrations,
    /// What each role may do with them.
    Grants,
    /// Tasks, which start suspended, their runs, costs and limits on spending; search service,
    /// notices, alert and masking where their options are given.
    Optional,
    /// Where models may be asked that the account's region does not serve.
    CrossRegion,
    /// Takes Cortex from everybody but the roles of `setup`, whatever their work.
    RestrictCortex,
    /// Views with days of --report-time-zone, a semantic view, and a Cortex agent, which needs
    /// the search service of `optional --search-service`.
    Analysts,
    /// Who may read Gong's own share, and write what is landed from it; after
    /// `apply --with gong-share`.
    GongShare,
    /// Scripts that undo migrations, latest first; a comment says what is lost.
    Down,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    if let Command::Print { what, names } = &arguments.command {
        return match print(*what, names) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => shared::fail(&error, 2),
        };
    }
    let settings = match arguments.configuration.settings().load().await {
        Ok(settings) => settings,
        Err(error) => return shared::fail(&error, 2),
    };
    match arguments.command {
        Command::Check(check) => check::run(check, &settings).await,
        Command::Apply { parts } => apply(&settings, &parts).await,
        Command::Print { .. } => ExitCode::SUCCESS, // Done above, without settings.
    }
}

async fn apply(settings: &Settings, parts: &[Part]) -> ExitCode {
    let store = match settings.snowflake_store(&StoreOptions::new("setup")) {
        Ok(store) => store,
        Err(error) => return shared::fail(&error, 2),
    };
    match store.migrate().await {
        Ok(count) => shared::say(format_args!("{count} migrations applied")),
        Err(error) if error.is_retryable() => return shared::fail(&error, 1),
        Err(error) => return shared::fail(&error, 2),
    }
    if parts.contains(&Part::GongShare)
        && let Err(error) = store.prepare_gong_share().await
    {
        return shared::fail(&error, 1);
    }
    match store.health().await {
        Ok(health) => shared::say(format_args!(
            "{}: schema version {}",
            health.engine, health.schema_version
        )),
        Err(error) => return shared::fail(&error, 1),
    }
    match parts.contains(&Part::Ai) {
        true => ai::apply(&store, settings).await,
        false => ExitCode::SUCCESS,
    }
}

fn print(what: What, names: &Names) -> Result<(), snowflake_store::Error> {
    names.check()?;
    if !matches!(what, What::Setup | What::CrossRegion | What::RestrictCortex) {
        names.print(scripts::SESSION);
    }
    match what {
        What::Setup => {
            names.print(scripts::SETUP);
            if names.has_share() {
                names.print(scripts::HUBSPOT_SHARE);
            }
        }
        What::Migrations => print_migrations()?,
        What::Grants => names.print(scripts::GRANTS),
        What::Optional => names.print_optional(),
        What::CrossRegion => names.print(scripts::CROSS_REGION),
        What::RestrictCortex => names.print(scripts::RESTRICT_CORTEX),
        What::Analysts => names.print(scripts::ANALYSTS),
        What::GongShare => names.print_gong_share()?,
        What::Down => names.print(scripts::DOWN),
    }
    Ok(())
}

fn print_migrations() -> Result<(), snowflake_store::Error> {
    shared::say(format_args!("\n{}", SnowflakeMigration::history_script()));
    for migration in snowflake_migrations()? {
        shared::say(format_args!(
            "-- {}\n\n{}",
            migration.name,
            migration.script()
        ));
    }
    Ok(())
}
