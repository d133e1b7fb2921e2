//! Removes what is too old from a store, as `GONG_DATA_RETENTION_POLICY` says.
//!
//! ```sh
//! cargo run --release --example retain -- --store sqlite:calls.db --dry-run
//! cargo run --release --example retain -- --store sqlite:calls.db
//! ```
//!
//! How long rows of a table are kept is a row of that table; change it with an UPDATE. Where
//! settings name another store as the fallback, both are cleaned, each by its own policy. Says
//! on stderr how many rows go from each table; the last line of stdout is one JSON object.
//! `--dry-run` removes nothing. Exit codes: 0, done; 1, the store failed or a sync is running:
//! try again; 2, a setting is wrong and nothing was done.

mod shared;

use std::process::ExitCode;

use clap::Parser;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::snowflake_store::RetentionOutcome;
use serde_json::{Value, json};

use shared::configuration::StoreConfiguration;
use shared::ending::{self, Ending};
use shared::upkeep;

/// Removes what is too old from a store.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    /// Remove nothing; say how many rows would go.
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match ending::arguments::<Arguments>(upkeep::refused) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    shared::start_logging();
    ending::run(|_| run(arguments), upkeep::refused).await
}

async fn run(arguments: Arguments) -> Ending {
    match retain(&arguments).await {
        Ok(ending) | Err(ending) => ending,
    }
}

async fn retain(arguments: &Arguments) -> Result<Ending, Ending> {
    let stores = upkeep::open(&arguments.store, "retain").await?;
    let now = Timestamp::now();
    let outcomes = if arguments.dry_run {
        stores.store.preview_retention(now).await
    } else {
        let leases = stores.alone("retain").await?;
        let outcomes = stores.store.apply_retention(now).await;
        leases.release().await;
        outcomes
    };
    let outcomes = outcomes.map_err(|error| upkeep::stopped(&error, error.field()))?;
    let tables = outcomes.iter();
    upkeep::show(
        tables.map(|one| (&*one.table, one.removed)),
        if arguments.dry_run {
            "would go"
        } else {
            "removed"
        },
    );
    let tables: Vec<Value> = outcomes.iter().map(removed).collect();
    let line = json!({"at": now, "dry_run": arguments.dry_run, "tables": tables});
    Ok(Ending::new(&line, 0))
}

/// Rows of a table, and of which store if it is one of two.
fn removed(outcome: &RetentionOutcome) -> Value {
    let mut line = json!({"table": outcome.table, "rows": outcome.removed});
    if let Some(store) = outcome.store {
        line["store"] = json!(store);
    }
    line
}
