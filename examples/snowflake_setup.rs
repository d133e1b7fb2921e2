//! Sets Snowflake up for the store, or prints what would.
//!
//! ```sh
//! # Account-level scripts with your names in them, to read and to run as administrator:
//! cargo run --example snowflake_setup -- print setup --database SALES --warehouse GONG_WH
//! # Tables, streams, procedures and tasks, with the owner's credentials in the environment:
//! cargo run --example snowflake_setup -- apply
//! ```
//!
//! `print` needs no account. Its output is for Snowsight, `snow sql -f` or `snowsql -f`.
//! Exit codes: 0; 1, Snowflake failed, and applying again goes on; 2, a setting is wrong.

mod shared;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use gong_snowflake::StoreLocation;
use gong_snowflake::snowflake_sql::{self, Identifier, Slot, SqlText};
use gong_snowflake::snowflake_store::{self, snowflake_migrations};

/// Sets Snowflake up for the store, or prints what would.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Applies the migrations that are not applied yet.
    Apply,
    /// Prints SQL.
    Print {
        /// Which SQL.
        #[arg(value_enum)]
        what: What,
        #[command(flatten)]
        names: Names,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Database, warehouse, roles and account settings, for an administrator.
    Setup,
    /// Tables, views, streams, procedures and tasks, as `apply` runs them.
    Migrations,
    /// Masking, search service, alert, tasks by the clock.
    Optional,
    /// What takes migrations back, where that loses nothing that cannot be made again.
    Down,
}

/// Names that the scripts are filled with.
#[derive(Debug, clap::Args)]
struct Names {
    #[arg(long, default_value = "GONG")]
    database: Identifier,
    #[arg(long, default_value = "CALLS")]
    schema: Identifier,
    #[arg(long, default_value = "GONG_WH")]
    warehouse: Identifier,
    #[arg(long, default_value = "GONG_OWNER")]
    owner_role: Identifier,
    #[arg(long, default_value = "GONG_INGEST")]
    ingest_role: Identifier,
    #[arg(long, default_value = "GONG_ENRICH")]
    enrich_role: Identifier,
    #[arg(long, default_value = "GONG_AGENT")]
    agent_role: Identifier,
    /// The database that HubSpot's share is mounted as, a name of your choice; without it
    /// the script for the share is left out.
    #[arg(long)]
    hubspot_database: Option<Identifier>,
    /// Which side of the share the secure views read: V2_DAILY or V2_LIVE.
    #[arg(long, default_value = "V2_DAILY")]
    share_schema: Identifier,
}

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../sql/snowflake/", $folder, "/", $name)))),+]
    };
}

const SETUP: &[(&str, &str)] = files![
    "setup":
    "01_database.sql",
    "02_roles.sql",
    "03_cortex.sql",
    "04_account.sql",
];

const HUBSPOT_SHARE: &[(&str, &str)] = files!["setup": "05_hubspot_share.sql"];

const OPTIONAL: &[(&str, &str)] = files![
    "optional":
    "cortex_search.sql",
    "cron_tasks.sql",
    "governance.sql",
    "spend_alert.sql",
];

/// In the order in which they are taken back.
const DOWN: &[(&str, &str)] = files![
    "down":
    "0022_streamed_procedure.sql",
    "0021_streamed.sql",
    "0020_cost_and_freshness.sql",
    "0019_retention.sql",
    "0018_tasks.sql",
    "0017_ai_apply.sql",
    "0016_ai_embeddings.sql",
    "0015_ai_procedures.sql",
    "0014_ai_queue.sql",
    "0013_ai_tables.sql",
    "0012_transform_procedure.sql",
    "0011_transform_queue.sql",
    "0010_streams.sql",
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    match arguments.command {
        Command::Apply => apply().await,
        Command::Print { what, names } => {
            let printed = match what {
                What::Setup => print_filled(SETUP, &names).and_then(|()| {
                    let is_mounted = names.hubspot_database.is_some();
                    print_filled(if is_mounted { HUBSPOT_SHARE } else { &[] }, &names)
                }),
                What::Optional => print_filled(OPTIONAL, &names),
                What::Down => print_filled(DOWN, &names),
                What::Migrations => match print_migrations() {
                    Ok(()) => return ExitCode::SUCCESS,
                    Err(error) => return shared::fail(&error, 2),
                },
            };
            match printed {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => shared::fail(&error, 2),
            }
        }
    }
}

/// Opening a store migrates it.
async fn apply() -> ExitCode {
    let store = match StoreLocation::Snowflake.open().await {
        Ok(store) => store,
        Err(error) if error.is_retryable() => return shared::fail(&error, 1),
        Err(error) => return shared::fail(&error, 2),
    };
    match store.health().await {
        Ok(health) => {
            shared::say(format_args!(
                "{}: schema version {}",
                health.engine, health.schema_version
            ));
            ExitCode::SUCCESS
        }
        Err(error) => shared::fail(&error, 1),
    }
}

fn print_migrations() -> Result<(), snowflake_store::Error> {
    for migration in snowflake_migrations()? {
        shared::say(format_args!("\n-- {}\n", migration.name));
        for statement in &migration.statements {
            shared::say(format_args!("{};\n", statement.as_str()));
        }
    }
    Ok(())
}

fn print_filled(
    files: &[(&'static str, &'static str)],
    names: &Names,
) -> Result<(), snowflake_sql::Error> {
    let mut slots = vec![
        ("database", Slot::Identifier(&names.database)),
        ("schema", Slot::Identifier(&names.schema)),
        ("warehouse", Slot::Identifier(&names.warehouse)),
        ("owner_role", Slot::Identifier(&names.owner_role)),
        ("ingest_role", Slot::Identifier(&names.ingest_role)),
        ("enrich_role", Slot::Identifier(&names.enrich_role)),
        ("agent_role", Slot::Identifier(&names.agent_role)),
        ("share_schema", Slot::Identifier(&names.share_schema)),
    ];
    if let Some(database) = &names.hubspot_database {
        slots.push(("hubspot_database", Slot::Identifier(database)));
    }
    for (name, template) in files {
        let used: Vec<_> = slots
            .iter()
            .copied()
            .filter(|(slot, _)| template.contains(&format!("{{{slot}}}")))
            .collect();
        let text = SqlText::template(template, &used)?;
        shared::say(format_args!("\n-- {name}\n\n{}", text.as_str().trim_end()));
    }
    Ok(())
}
