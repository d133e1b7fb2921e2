//! Writes what a store holds as Parquet files, and keeps them up to date.
//!
//! ```sh
//! cargo run --release --example export -- --store sqlite:calls.db --out exported
//! duckdb -c "SELECT primary_user_name, COUNT(*) FROM 'exported/calls/**/*.parquet' GROUP BY 1"
//! ```
//!
//! Run again, it writes the months in which a call is new, changed, deleted or erased, and leaves
//! the others. docs/export.md lists the tables. The last line of stdout is one JSON object: what
//! was written. Exit codes: 0, the folder is up to date; 1, the store or the folder failed: the
//! next run goes on; 2, a setting is wrong.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use exporting::Exported;
use gong_snowflake::{Settings, StoreLocation, StoreOptions};
use serde_json::json;
use tracing_subscriber::EnvFilter;

/// Writes what a store holds as Parquet files.
#[derive(Debug, Parser)]
struct Arguments {
    /// A TOML file with settings, instead of the one that GONG_SNOWFLAKE_CONFIG names;
    /// docs/configuration.md lists them.
    #[arg(long, value_name = "FILE.toml")]
    config: Option<PathBuf>,
    /// Where calls are stored: sqlite:PATH or snowflake. Default: sqlite:gong-snowflake.db.
    #[arg(long)]
    store: Option<StoreLocation>,
    /// The folder of the files.
    #[arg(long)]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            if !error.use_stderr() {
                return ExitCode::SUCCESS;
            }
            let message = error.to_string();
            let first = message.lines().next().unwrap_or_default();
            return refuse(first.trim_start_matches("error: "), 2);
        }
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    match run(&arguments).await {
        Ok(exported) => {
            let stderr = &mut std::io::stderr();
            for (table, rows) in &exported.rows {
                let _ = writeln!(stderr, "{rows:>9}  {table}");
            }
            let _ = writeln!(std::io::stdout(), "{}", json!(exported));
            ExitCode::SUCCESS
        }
        Err((error, code)) => {
            let mut message = error.to_string();
            let mut cause = error.source();
            while let Some(inner) = cause {
                message = format!("{message}: {inner}");
                cause = inner.source();
            }
            let _ = writeln!(std::io::stderr(), "error: {message}");
            refuse(&message, code)
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Exported, (Box<dyn Error>, u8)> {
    let mut settings = Settings::builder().with_environment();
    if let Some(path) = &arguments.config {
        settings = settings.with_file(path);
    }
    let settings = settings.with_option("store.location", arguments.store.as_ref(), "--store");
    let wrong = |error: gong_snowflake::Error| (error.into(), 2);
    let settings = settings.load().await.map_err(wrong)?;
    let options = StoreOptions::new("export").reading();
    let store = settings.open_store(&options).await.map_err(wrong)?;
    let exported = exporting::export(&*store, &arguments.out).await;
    exported.map_err(|error| (error.into(), 1))
}

fn refuse(message: &str, code: u8) -> ExitCode {
    let _ = writeln!(
        std::io::stdout(),
        "{}",
        json!({"error": {"message": message}})
    );
    ExitCode::from(code)
}
