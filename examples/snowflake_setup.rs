//! Sets up Snowflake for the store, or prints the scripts that do.
//!
//! ```sh
//! # Account-level scripts with your names filled in, to read and run as administrator:
//! cargo run --example snowflake_setup -- print setup --database SALES --warehouse GONG_WH
//! # Tables, streams, procedures and tasks, with the owner's credentials in the environment:
//! cargo run --example snowflake_setup -- apply
//! # What each role may do with them, to run as owner:
//! cargo run --example snowflake_setup -- print grants --database SALES
//! ```
//!
//! `print` needs no account. Its output is for Snowsight, `snow sql -f` or `snowsql -f`, and
//! begins with the role and schema it is for.
//! Exit codes: 0, done; 1, Snowflake failed, and `apply` can continue; 2, a setting is wrong.

mod shared;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use gong_snowflake::snowflake_sql::Identifier;
use gong_snowflake::snowflake_store::{self, SnowflakeMigration, snowflake_migrations};
use gong_snowflake::{StoreLocation, StoreOptions};

/// Sets up Snowflake for the store, or prints the scripts that do.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Applies the migrations that have not been applied yet.
    Apply,
    /// Prints SQL.
    Print {
        /// Which SQL.
        #[arg(value_enum)]
        what: What,
        #[command(flatten)]
        names: Box<Names>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Database, warehouse, roles and account settings, for an administrator.
    Setup,
    /// Tables, views, streams and procedures, as `apply` runs and records them.
    Migrations,
    /// What each role may do with them.
    Grants,
    /// Tasks (run either the serverless ones or those on a warehouse), costs, alert, search
    /// service, masking.
    Optional,
    /// Scripts that undo migrations, latest first; a comment says what is lost.
    Down,
}

/// The names to fill into the scripts.
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
    /// The database that HubSpot's share is mounted as, a name of your choice; without it,
    /// the script for the share is left out.
    #[arg(long)]
    hubspot_database: Option<Identifier>,
    /// Which schema of the share the secure views read: V2_DAILY or V2_LIVE.
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

/// The role and schema that the following scripts are for.
const SESSION: &[(&str, &str)] = files!["setup": "session.sql"];

const GRANTS: &[(&str, &str)] = files!["setup": "06_grants.sql"];

const OPTIONAL: &[(&str, &str)] = files![
    "optional":
    "tasks_serverless.sql",
    "tasks_cron.sql",
    "cost_views.sql",
    "spend_alert.sql",
    "cortex_search.sql",
    "governance.sql",
];

/// In the order in which they are undone. Landing, staging and the retention
/// policies have none: dropping them is a decision, not an undo.
const DOWN: &[(&str, &str)] = files![
    "down":
    "optional.sql",
    "0024_freshness.sql",
    "0023_ai_answers.sql",
    "0022_streamed_procedure.sql",
    "0021_streamed.sql",
    "0020_retention.sql",
    "0019_ai_apply.sql",
    "0018_ai_embeddings.sql",
    "0017_ai_steps.sql",
    "0016_ai_claims.sql",
    "0015_ai_queue.sql",
    "0014_ai_wanted.sql",
    "0013_ai_tables.sql",
    "0012_transform_procedure.sql",
    "0011_transform_queue.sql",
    "0010_streams.sql",
    "0005_views.sql",
    "0003_crm_mirror.sql",
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    match arguments.command {
        Command::Apply => apply().await,
        Command::Print { what, names } => match print(what, &names) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => shared::fail(&error, 2),
        },
    }
}

/// Opening a store migrates it.
async fn apply() -> ExitCode {
    let store = match StoreLocation::Snowflake
        .open_with(&StoreOptions::new("setup"))
        .await
    {
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

fn print(what: What, names: &Names) -> Result<(), snowflake_store::Error> {
    if !matches!(what, What::Setup) {
        names.print(SESSION);
    }
    match what {
        What::Setup => {
            names.print(SETUP);
            if names.hubspot_database.is_some() {
                names.print(HUBSPOT_SHARE);
            }
        }
        What::Migrations => print_migrations()?,
        What::Grants => names.print(GRANTS),
        What::Optional => names.print(OPTIONAL),
        What::Down => names.print(DOWN),
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

impl Names {
    /// Prints files with the names filled in, quoted.
    fn print(&self, files: &[(&str, &str)]) {
        for (name, template) in files {
            shared::say(format_args!("\n-- {name}\n\n{}", self.fill(template)));
        }
    }

    fn fill(&self, template: &str) -> String {
        let slots = [
            ("{database}", &self.database),
            ("{schema}", &self.schema),
            ("{warehouse}", &self.warehouse),
            ("{owner_role}", &self.owner_role),
            ("{ingest_role}", &self.ingest_role),
            ("{enrich_role}", &self.enrich_role),
            ("{agent_role}", &self.agent_role),
            ("{share_schema}", &self.share_schema),
        ];
        let share = self.hubspot_database.as_ref();
        let share = share.map(|name| ("{hubspot_database}", name));
        let filled =
            |text: String, (slot, name): (&str, &Identifier)| text.replace(slot, &name.quoted());
        slots
            .into_iter()
            .chain(share)
            .fold(template.trim_end().to_owned(), filled)
    }
}
