//! Removes what is too old from a store, as `GONG_DATA_RETENTION_POLICY` says.
//!
//! ```sh
//! cargo run --release --example retain -- --store sqlite:calls.db --dry-run
//! cargo run --release --example retain -- --store sqlite:calls.db
//! ```
//!
//! How long rows of a table are kept is a row of that table; change it with an UPDATE. Says
//! on stderr how many rows go from each table; the last line of stdout is one JSON object.
//! `--dry-run` removes nothing. Exit codes: 0, done; 1, the store failed or a sync is running:
//! try again; 2, a setting is wrong and nothing was done.

mod shared;

use std::process::ExitCode;

use clap::Parser;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::snowflake_store::ErasedRows;
use serde_json::json;

use shared::configuration::StoreConfiguration;
use shared::ending::{self, Ending, tell};
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
    let (_, store) = upkeep::open(&arguments.store, "retain").await?;
    let now = Timestamp::now();
    let outcomes = if arguments.dry_run {
        store.preview_retention(now).await
    } else {
        let lease = upkeep::alone(&store, "retain").await?;
        let outcomes = store.apply_retention(now).await;
        if let Err(error) = lease.release().await {
            tell!("the lease runs out by itself: {error}");
        }
        outcomes
    };
    let outcomes = outcomes.map_err(|error| upkeep::stopped(&error, error.field()))?;
    let tables: Vec<ErasedRows> = outcomes.into_iter().map(Into::into).collect();
    upkeep::show(
        &tables,
        if arguments.dry_run {
            "would go"
        } else {
            "are gone"
        },
    );
    let line = json!({"at": now, "dry_run": arguments.dry_run, "tables": tables});
    Ok(Ending::new(&line, 0))
}
