//! Runs one task on a store and prints the JSON response.
//!
//! ```sh
//! echo '{"task_type":"analyze_call","call_id":"7782342274025937895"}' |
//!   cargo run --release --example analyze -- --store sqlite:calls.db -
//! ```
//!
//! Exit codes: 0, done; 1, a store or backend failed; 2, the task is wrong.

mod shared;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use gong_snowflake::StoreLocation;
use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::cortex::LocalLanguage;

/// Runs one task on a store and prints the JSON response.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where calls are stored: sqlite:PATH or snowflake.
    #[arg(long, default_value = "sqlite:gong-snowflake.db")]
    store: StoreLocation,
    /// A file with the task, or - for stdin.
    task: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    let task = match read_task(&arguments.task) {
        Ok(task) => task,
        Err(error) => {
            eprintln!("error: cannot read {}: {error}", arguments.task.display());
            return ExitCode::from(2);
        }
    };
    if let StoreLocation::Sqlite(path) = &arguments.store
        && !path.exists()
    {
        // Opening would create it, and an empty store answers nothing.
        eprintln!("error: store: {} does not exist", path.display());
        return ExitCode::from(2);
    }
    let store = match arguments.store.open().await {
        Ok(store) => store,
        Err(error) => return shared::fail(&error, 2),
    };
    let dispatcher = Dispatcher::new(store, Arc::new(LocalLanguage::default()));
    let (response, code) = dispatcher.run_json(&task).await;
    println!("{response:#}");
    ExitCode::from(code)
}

fn read_task(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut task = Vec::new();
        std::io::stdin().read_to_end(&mut task)?;
        return Ok(task);
    }
    std::fs::read(path)
}
