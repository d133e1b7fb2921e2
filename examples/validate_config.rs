//! Tries every setting for real, before work rests on it.
//!
//! ```sh
//! cargo run --release --example validate_config                # a table
//! cargo run --release --example validate_config -- --json      # for programs
//! cargo run --release --example validate_config -- --show      # what is set, and from where
//! ```
//!
//! Gong lists calls, Snowflake gives a session, HubSpot lists stages, the model writes a word, the
//! store opens, the clocks agree, and the disk has room. What no setting asks for is not tried.
//! docs/configuration.md lists the settings.
//!
//! `--json` prints a list of `{check, outcome, cause, remedy}`; an outcome is `passed`, `failed` or
//! `not_configured`. Settings that cannot be read are the one check `settings` that failed.
//! The table ends with what it comes to: that all works, what failed, or that no account is set.
//! Exit codes: 0, nothing failed; 1, a check failed; 2, a setting is wrong.

mod shared;

use std::process::ExitCode;

use clap::Parser;
use gong_snowflake::validation::{Check, Checked, Outcome, validate};
use gong_snowflake::{Error, Settings};
use serde_json::json;

use shared::configuration::{Reader, StoreConfiguration};
use shared::upkeep::counted;

/// Tries every setting for real, before work rests on it.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    #[command(flatten)]
    reader: Reader,
    /// JSON in place of a table.
    #[arg(long, conflicts_with_all = ["show", "reference"])]
    json: bool,
    /// Prints what is set and where that comes from, secrets hidden, and tries nothing.
    #[arg(long, conflicts_with = "reference")]
    show: bool,
    /// Prints docs/configuration.md.
    #[arg(long)]
    reference: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    if arguments.reference {
        shared::say(Settings::reference().trim_end());
        return ExitCode::SUCCESS;
    }
    let settings = arguments.reader.onto(arguments.store.settings());
    let settings = match settings.load().await {
        Ok(settings) => settings,
        Err(error) => return refused(&error, arguments.json),
    };
    if arguments.show {
        for described in settings.describe() {
            shared::say(described);
        }
        return ExitCode::SUCCESS;
    }
    let checked = validate(&settings).await;
    match arguments.json {
        true => shared::say(format_args!("{:#}", json!(checked))),
        false => table(&checked),
    }
    let has_failed = checked.iter().any(|one| one.outcome == Outcome::Failed);
    ExitCode::from(u8::from(has_failed))
}

/// Settings that cannot be read.
fn refused(error: &Error, as_json: bool) -> ExitCode {
    if as_json {
        let failed = json!({
            "check": "settings",
            "outcome": Outcome::Failed,
            "cause": error.to_string(),
            "remedy": "correct it as docs/configuration.md describes",
        });
        shared::say(format_args!("{:#}", json!([failed])));
    }
    shared::fail(error, 2)
}

fn table(checked: &[Checked]) {
    for one in checked {
        shared::say(format_args!(
            "{:<21} {:<15} {}",
            one.check.as_str(),
            one.outcome.as_str(),
            one.cause
        ));
        if let Some(remedy) = &one.remedy {
            shared::say(format_args!("{:<37} {remedy}", ""));
        }
    }
    shared::say(verdict(checked));
}

/// What the table comes to.
fn verdict(checked: &[Checked]) -> String {
    let failed = checked.iter().filter(|one| one.outcome == Outcome::Failed);
    let failed = failed.count() as u64;
    if failed > 0 {
        return format!("{} failed.", counted(failed, "check"));
    }
    let is_of_account = |one: &Checked| {
        matches!(
            one.check,
            Check::GongCredentials
                | Check::SnowflakeConnection
                | Check::GongShare
                | Check::HubspotShare
                | Check::HubspotApi
                | Check::CortexFunctions
        )
    };
    let mut tried = checked.iter().filter(|one| one.outcome == Outcome::Passed);
    match tried.any(is_of_account) {
        true => "Whatever is set works.".to_owned(),
        false => "No account was checked: set GONG_BASE_URL and a key, or what else \
                  docs/configuration.md lists."
            .to_owned(),
    }
}
