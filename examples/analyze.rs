//! Runs one task on a store and prints the JSON response.
//!
//! ```sh
//! echo '{"task_type":"analyze_call","call_id":"7782342274025937895"}' |
//!   cargo run --release --example analyze -- --store sqlite:calls.db -
//! ```
//!
//! A task that compares calls (`coach_rep`, `find_similar_calls`, `search_calls`,
//! `team_overview`) first has every call analysed that was not yet; that is said
//! on stderr and happens once. What each statement cost on Snowflake is said there too.
//!
//! Exit codes: 0, done; 1, a store or backend failed; 2, the task is wrong.

mod shared;

use std::error::Error;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use gong_snowflake::agents::insights::analyse_backlog;
use gong_snowflake::agents::task::{Dispatcher, Task};
use gong_snowflake::cortex::{LanguageBackend, LocalLanguage};
use gong_snowflake::snowflake_sql::StatementMetrics;
use gong_snowflake::snowflake_store::CallStore;
use gong_snowflake::{StoreLocation, StoreOptions};

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
    let metrics = Arc::new(StatementMetrics::default());
    let options = StoreOptions::new("analyze").with_observer(metrics.clone());
    let store = match arguments.store.open_with(&options).await {
        Ok(store) => store,
        Err(error) => return refused(&error),
    };
    let code = answer(store, &task).await;
    shared::say_cost(&metrics);
    code
}

/// Runs the task, and what has to be done before it.
async fn answer(store: Arc<dyn CallStore>, task: &[u8]) -> ExitCode {
    let language: Arc<dyn LanguageBackend> = Arc::new(LocalLanguage::default());
    // A task that cannot be read is answered by the dispatcher.
    if Task::from_json(task).is_ok_and(|task| task.rests_on_all_insights())
        && let Err(error) = analyse_what_is_new(&store, &language).await
    {
        return shared::fail(error.as_ref(), 1);
    }
    let (response, code) = Dispatcher::new(store, language).run_json(task).await;
    shared::say(format_args!("{response:#}"));
    ExitCode::from(code)
}

async fn analyse_what_is_new(
    store: &Arc<dyn CallStore>,
    language: &Arc<dyn LanguageBackend>,
) -> Result<(), Box<dyn Error>> {
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let report = analyse_backlog(
        Arc::clone(store),
        Arc::clone(language),
        workers,
        |progress| {
            eprintln!("analysed {} calls that were new", progress.analysed);
        },
    )
    .await?;
    for failure in report.failed {
        eprintln!("not analysed: {}: {}", failure.call_id, failure.reason);
    }
    Ok(())
}

/// A store that cannot be opened, said on stderr and in the form of every reply.
fn refused(error: &gong_snowflake::snowflake_store::Error) -> ExitCode {
    let reply = serde_json::json!({"success": false, "error": {
        "code": "store_failed",
        "message": error.message(),
        "field": error.field().unwrap_or("store"),
    }});
    shared::say(format_args!("{reply:#}"));
    shared::fail(error, 2)
}

fn read_task(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut task = Vec::new();
        std::io::stdin().read_to_end(&mut task)?;
        return Ok(task);
    }
    std::fs::read(path)
}
