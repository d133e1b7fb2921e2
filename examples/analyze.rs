//! Runs one task on a store and prints the JSON response.
//!
//! ```sh
//! echo '{"task_type":"analyze_call","call_id":"7782342274025937895"}' |
//!   cargo run --release --example analyze -- --store sqlite:calls.db -
//! ```
//!
//! A task that compares calls (`coach_rep`, `find_similar_calls`, `search_calls`,
//! `team_overview`) first analyses every call that has no analysis yet. This happens once,
//! in one process at a time, and is reported on stderr; other processes answer with what is
//! there. Tasks that only read open the store read-only. On Snowflake, stderr also shows what
//! each statement cost.
//!
//! `--fallback-store sqlite:PATH|snowflake|gong` says who answers when the store fails in
//! passing, takes too long or keeps failing; `--primary-share 25` sends a quarter of the tasks
//! to the store and the others to the fallback, and `--shadow` asks both and tells on stderr how
//! often they differ. The answer says who gave it, and why.
//!
//! `--backend` says who reads the calls, with the settings of docs/language.md; what it fails
//! to read this process reads, unless `--fallback none`. `--redact` keeps names, companies,
//! addresses and numbers of those who take part from it.
//!
//! Stdout is one JSON object, whichever way the program ends. Exit codes: 0, done; 1, a store
//! or backend failed; 2, the task or a setting is wrong.

mod shared;

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Parser;
use gong_snowflake::agents::task::{Task, refusal};
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_sql::StatementMetrics;
use gong_snowflake::{Agents, FallbackStore, Settings, StoreLocation, StoreOptions};
use tokio_util::sync::CancellationToken;

use shared::backlog::analyse_what_is_new;
use shared::configuration::{Reader, StoreConfiguration};
use shared::ending::{self, Ending, Refusal, tell};

/// The task, once it was read: whatever ends the program answers it.
static TASK: OnceLock<Vec<u8>> = OnceLock::new();

/// Runs one task on a store and prints the JSON response.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    store: StoreConfiguration,
    #[command(flatten)]
    reader: Reader,
    /// Who answers when the store does not: sqlite:PATH, snowflake, gong or none, the default.
    #[arg(long)]
    fallback_store: Option<FallbackStore>,
    /// Tasks in a hundred that go to the store; the fallback answers the others.
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    primary_share: Option<u8>,
    /// Asks the fallback too, and tells on stderr how often it differs.
    #[arg(long)]
    shadow: bool,
    /// A file with the task, or - for stdin.
    task: PathBuf,
}

impl Arguments {
    async fn settings(&self) -> Result<Settings, gong_snowflake::Error> {
        let shadow_share = self.shadow.then_some(100);
        self.reader
            .onto(self.store.settings())
            .with_option(
                "store.fallback",
                self.fallback_store.as_ref(),
                "--fallback-store",
            )
            .with_option("store.primary_share", self.primary_share, "--primary-share")
            .with_option("store.shadow_share", shadow_share, "--shadow")
            .load()
            .await
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match ending::arguments::<Arguments>(refused) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    shared::start_logging();
    ending::run(|stop| run(arguments, stop), refused).await
}

async fn run(arguments: Arguments, stop: CancellationToken) -> Ending {
    let bytes = match read_task(&arguments.task) {
        Ok(bytes) => TASK.get_or_init(|| bytes),
        Err(error) => {
            let message = format!("cannot read {}: {error}", arguments.task.display());
            return reply("unreadable_task", &message, Some("task"), 2);
        }
    };
    let settings = match arguments.settings().await {
        Ok(settings) => settings,
        Err(error) => return not_opened(&error),
    };
    if let StoreLocation::Sqlite(path) = &settings.store.location
        && !path.exists()
    {
        // Opening would create it, and an empty store answers nothing.
        let message = format!("{} does not exist", path.display());
        return reply("store_failed", &message, Some("store"), 2);
    }
    let metrics = Arc::new(StatementMetrics::default());
    let options = StoreOptions::new("analyze").with_observer(metrics.clone());
    let answered = answer(&settings, options, bytes);
    let ending = match stop.run_until_cancelled(answered).await {
        Some(ending) => ending,
        None => reply("cancelled", "stopped by request", None, 1),
    };
    shared::say_cost(&metrics);
    ending
}

/// Runs the task, and what has to be done before it.
async fn answer(settings: &Settings, options: StoreOptions, bytes: &[u8]) -> Ending {
    // A task that cannot be read is answered by the dispatcher.
    let task = Task::from_json(bytes).ok();
    let rests_on_all = task
        .as_ref()
        .and_then(Task::spec)
        .is_some_and(|spec| spec.rests_on_all_insights);
    let keeps = rests_on_all
        || matches!(
            task,
            Some(Task::AnalyzeCall { .. } | Task::BatchAnalysis { .. })
        );
    let options = match keeps {
        true => options,
        false => options.reading(),
    };
    let agents = match Agents::open(settings, &options).await {
        Ok(agents) => agents,
        Err(error) => return not_opened(&error),
    };
    if rests_on_all && let Err(error) = analyse_what_is_new(&agents, settings, "analyze").await {
        tell!(
            "answering with what was analysed before: {}",
            shared::describe(error.as_ref())
        );
    }
    let (response, code) = agents.dispatcher().run_json(bytes).await;
    if let Some(report) = agents
        .shadow_report()
        .filter(|_| settings.store.shadow_share.share() > 0.0)
    {
        tell!("shadow: {}", serde_json::json!(report));
    }
    agents.shutdown().await;
    Ending {
        line: format!("{response:#}"),
        complaint: None,
        code,
    }
}

/// Agents that cannot be opened. If a store is busy or out of reach, no setting is wrong.
fn not_opened(error: &gong_snowflake::Error) -> Ending {
    let (setting, field) = (error.kind(), error.field());
    let of_store = matches!(field, Some("store" | "fallback-store"));
    let code = match setting {
        ErrorKind::Config | ErrorKind::InvalidInput | ErrorKind::Corrupt => 2,
        _ if of_store => 1,
        _ => 2,
    };
    let what = match of_store {
        true => "store_failed",
        false => "bad_setting",
    };
    reply(what, error.message(), field, code).with_complaint(shared::describe(error))
}

/// An answer to the task in the envelope of every reply.
fn reply(code: &str, message: &str, field: Option<&str>, exit: u8) -> Ending {
    let task = TASK.get().map_or(b"{}".as_slice(), Vec::as_slice);
    let json_field = field.map(ending::json_field);
    let reply = refusal(task, code, message, json_field.as_deref());
    let mut ending = Ending::new(&reply, exit).with_complaint(match field {
        Some(field) => format!("{field}: {message}"),
        None => message.to_owned(),
    });
    ending.line = format!("{reply:#}");
    ending
}

/// What ends the program before it begins, or from outside.
fn refused(refusal: Refusal, exit: u8) -> Ending {
    reply(
        refusal.kind,
        &refusal.message,
        refusal.field.as_deref(),
        exit,
    )
}

fn read_task(path: &PathBuf) -> std::io::Result<Vec<u8>> {
    if path.as_os_str() == "-" {
        let mut task = Vec::new();
        std::io::stdin().read_to_end(&mut task)?;
        return Ok(task);
    }
    std::fs::read(path)
}
