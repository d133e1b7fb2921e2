//! Lists dead letters, and retires those that a person has looked into.
//!
//! ```sh
//! cargo run --release --example letters -- --store sqlite:calls.db
//! cargo run --release --example letters -- --store sqlite:calls.db retire transcripts call:7782342274025937895
//! ```
//!
//! Prints one JSON object per line. Runs neither count nor retry a retired letter; if its
//! document lands after all, the letter goes. Payloads contain what was said in a call, so
//! they are printed only with `--payloads`. Exit codes: 0, done; 1, the
//! store failed; 2, there is no such letter or a setting is wrong.

mod shared;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use gong_snowflake::StoreOptions;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::snowflake_store::{CallStore, DeadLetterRecord, DeadLettersQuery, Stream};
use serde_json::json;

use shared::configuration::StoreConfiguration;

/// Lists dead letters, and retires those that a person has looked into.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    /// Also print what was received.
    #[arg(long)]
    payloads: bool,
    /// Also print retired letters.
    #[arg(long)]
    retired: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Retires a letter.
    Retire {
        /// calls or transcripts.
        #[arg(value_parser = stream)]
        stream: Stream,
        /// Its key, as listed: call:…, record:… or window:….
        key: String,
    },
}

fn stream(text: &str) -> Result<Stream, String> {
    Stream::parse(text).ok_or_else(|| format!("{text:?} is neither calls nor transcripts"))
}

/// Letters read from the store at a time.
const AT_ONCE: usize = 500;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    let settings = match arguments.store.settings().load().await {
        Ok(settings) => settings,
        Err(error) => return shared::fail(&error, 2),
    };
    let store = match settings.open_store(&StoreOptions::new("letters")).await {
        Ok(store) => store,
        Err(error) => return shared::fail(&error, 1),
    };
    let done = match &arguments.action {
        None => list(&store, &arguments).await.map(|()| true),
        Some(Action::Retire { stream, key }) => {
            let retired = store
                .retire_dead_letter(*stream, key, Timestamp::now())
                .await;
            retired.map_err(Into::into)
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            shared::ending::tell!("error: key: there is no such letter");
            ExitCode::from(2)
        }
        Err(error) => shared::fail(error.as_ref(), 1),
    }
}

async fn list(store: &Arc<dyn CallStore>, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut query = DeadLettersQuery {
        limit: AT_ONCE,
        retired: arguments.retired,
        ..DeadLettersQuery::default()
    };
    loop {
        let page = store.dead_letters(&query).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        query.after = Some(last.position());
        for record in &page {
            shared::say(line(record, arguments.payloads));
        }
    }
}

fn line(record: &DeadLetterRecord, payloads: bool) -> serde_json::Value {
    let letter = &record.letter;
    let mut line = json!({
        "stream": letter.stream.as_str(),
        "key": letter.fault.key(),
        "reason": letter.reason,
        "attempts": record.attempts,
        "first_failed_at": record.first_failed_at,
        "last_failed_at": record.last_failed_at,
        "retired_at": record.retired_at,
        "run": letter.run_id,
    });
    if payloads {
        line["payload"] = json!(letter.payload);
    }
    line
}
