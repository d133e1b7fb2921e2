//! Tries everything that needs an account, and reports what held: for those who have one, to
//! send back.
//!
//! ```sh
//! # With the variables of docs/live.md in the environment; what is not set is not tried:
//! cargo run --release --example live_check
//! ```
//!
//! The report goes to stdout, and as JSON into `live_check.json`. It holds counts, times, kinds
//! of errors and versions: no word of a call, no title, no name or address of a person, no
//! secret. Values of settings stand in it as their names, `<SNOWFLAKE_ACCOUNT>`.
//!
//! Nothing of yours is written: one made-up call goes into a schema of its own, which is
//! dropped. Models get one sentence each (`--no-models` leaves that out). A check that fails
//! stops no other.
//! Exit codes: 0, nothing failed; 1, a check failed; 2, an argument or a setting is wrong.

mod gong;
mod gong_share;
mod hubspot;
mod language;
mod report;
mod scratch;
#[path = "../shared/mod.rs"]
mod shared;
mod snowflake;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

use report::Report;
use shared::configuration::Configuration;

/// Tries everything that needs an account, and reports what held.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    configuration: Configuration,
    /// Where the report goes as JSON.
    #[arg(long, default_value = "live_check.json", value_name = "FILE")]
    json: PathBuf,
    /// Ask no model: the only part that is billed by tokens.
    #[arg(long)]
    no_models: bool,
    /// Make no schema for the made-up call.
    #[arg(long)]
    no_scratch: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    let settings = match arguments.configuration.settings().load().await {
        Ok(settings) => Arc::new(settings),
        Err(error) => return shared::fail(&error, 2),
    };
    let with = || Arc::clone(&settings);
    let mut report = Report::new(&settings);
    report.isolated("gong", gong::check(with())).await;
    report.isolated("snowflake", snowflake::check(with())).await;
    if !arguments.no_scratch {
        report.isolated("scratch", scratch::check(with())).await;
    }
    if !arguments.no_models {
        report
            .isolated("cortex_sql", language::by_sql(with()))
            .await;
        report.isolated("endpoint", language::by_rest(with())).await;
    }
    let of_gong = gong_share::check(with());
    report.isolated("gong_share", of_gong).await;
    report.isolated("hubspot", hubspot::by_rest(with())).await;
    let of_hubspot = hubspot::by_share(with());
    report.isolated("hubspot_share", of_hubspot).await;
    shared::say(&report);
    if let Err(error) = std::fs::write(&arguments.json, report.json()) {
        return shared::fail(&error, 2);
    }
    ExitCode::from(u8::from(report.has_failed()))
}
