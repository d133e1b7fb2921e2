//! Writes what a store holds as Parquet files, and keeps them up to date.
//!
//! ```sh
//! cargo run --release --example export -- --store sqlite:calls.db --out exported
//! duckdb -c "SELECT primary_user_name, COUNT(*) FROM 'exported/calls/**/*.parquet' GROUP BY 1"
//! ```
//!
//! Run again, it writes the months in which a call is new, changed, deleted or erased, and leaves
//! the others. docs/export.md lists the tables. The last line of stdout is one JSON object: what
//! was written, or `error` with kind, message and field. Exit codes: 0, the folder is up to date; 1, the store or the folder failed: the
//! next run goes on; 2, a setting is wrong.

use std::error::Error;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ContextKind;
use exporting::Exported;
use gong_snowflake::resilience::ErrorKind;
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
            return of_clap(&error).say();
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
        Err(refused) => {
            let _ = writeln!(std::io::stderr(), "error: {}", refused.message);
            refused.say()
        }
    }
}

async fn run(arguments: &Arguments) -> Result<Exported, Refused> {
    let mut settings = Settings::builder().with_environment();
    if let Some(path) = &arguments.config {
        settings = settings.with_file(path);
    }
    let settings = settings.with_option("store.location", arguments.store.as_ref(), "--store");
    let wrong = |error: gong_snowflake::Error, otherwise: Option<&str>| {
        let field = error.field().or(otherwise);
        Refused::new(2, error.kind(), field, &error)
    };
    let settings = settings.load().await;
    let settings = settings.map_err(|error| wrong(error, None))?;
    let options = StoreOptions::new("export").reading();
    let store = settings.open_store(&options).await;
    let store = store.map_err(|error| wrong(error, Some("store")))?;
    let exported = exporting::export(&*store, &arguments.out).await;
    exported.map_err(|error| match &error {
        exporting::Error::Store(failed) => Refused::new(1, failed.kind(), Some("store"), failed),
        _ => Refused::new(1, ErrorKind::Config, Some("out"), &error),
    })
}

/// Why the program ends without having written all.
struct Refused {
    code: u8,
    kind: ErrorKind,
    field: Option<String>,
    message: String,
}

impl Refused {
    fn new(code: u8, kind: ErrorKind, field: Option<&str>, error: &dyn Error) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            let words = inner.to_string();
            if !message.contains(&words) {
                message = format!("{message}: {words}");
            }
            cause = inner.source();
        }
        Self {
            code,
            kind,
            field: field.map(str::to_owned),
            message,
        }
    }

    /// Says it as JSON, and gives the exit code.
    fn say(&self) -> ExitCode {
        let error = json!({
            "kind": self.kind.as_str(),
            "message": self.message,
            "field": self.field,
        });
        let _ = writeln!(std::io::stdout(), "{}", json!({"error": error}));
        ExitCode::from(self.code)
    }
}

/// Arguments that are none.
fn of_clap(error: &clap::Error) -> Refused {
    // `--out <OUT>` names the field `out`.
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    let field = argument.and_then(|argument| {
        let name = argument.trim_start_matches('-').split([' ', ',']).next()?;
        Some(name.replace('-', "_"))
    });
    let text = error.to_string();
    // Up to the usage: what is missing stands below the first line.
    let lines = text.lines().take_while(|line| !line.is_empty());
    let lines: Vec<&str> = lines.map(str::trim).collect();
    Refused {
        code: 2,
        kind: ErrorKind::InvalidInput,
        field,
        message: lines.join(" ").trim_start_matches("error: ").to_owned(),
    }
}
