//! What the examples share: logs, errors and progress on stderr, and how they end.
#![allow(dead_code, reason = "each example uses its part")]

pub(crate) mod backlog;
pub(crate) mod configuration;
pub(crate) mod ending;
pub(crate) mod page;
pub(crate) mod upkeep;

use std::error::Error;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use gong_snowflake::ingest::{Event, Progress};
use gong_snowflake::snowflake_sql::StatementMetrics;
use gong_snowflake::snowflake_store::CallStore;
use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;

use ending::tell;

/// Logs to stderr; warnings unless `RUST_LOG` says otherwise. Colours are for terminals, and
/// a log that cannot be written is no reason to fail.
pub(crate) fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .log_internal_errors(false)
        .init();
}

/// Prints a line, if anybody reads: what the program does goes on behind `| head`.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// An error and its causes in one line. A cause that the line above it quotes already is left out.
pub(crate) fn describe(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = inner.source();
    }
    text
}

/// Says what went wrong and gives the exit code.
pub(crate) fn fail(error: &(dyn Error + 'static), code: u8) -> ExitCode {
    tell!("error: {}", describe(error));
    ExitCode::from(code)
}

/// Says on stderr when a run last ended well, and what waits.
pub(crate) async fn say_freshness(store: &dyn CallStore) {
    let Ok(fresh) = store.freshness().await else {
        return;
    };
    let finished = fresh.last_finished_at;
    tell!(
        "last finished run: {}; {} calls to transform, {} dead letters, {} unresolved errors",
        finished.map_or("none".to_owned(), |at| at.to_string()),
        fresh.calls_to_transform,
        fresh.dead_letters,
        fresh.unresolved_errors,
    );
}

/// Says on stderr what the statements cost, when there were any.
pub(crate) fn say_cost(metrics: &StatementMetrics) {
    let snapshot = metrics.snapshot();
    if snapshot.statements.is_empty() {
        return;
    }
    tell!(
        "{:<34} {:>6} {:>9} {:>9} {:>11} {:>11} {:>6} {:>6}",
        "statement",
        "sent",
        "seconds",
        "rows",
        "bytes",
        "bound",
        "again",
        "failed"
    );
    for (name, of_name) in &snapshot.statements {
        tell!(
            "{name:<34} {:>6} {:>9.3} {:>9} {:>11} {:>11} {:>6} {:>6}",
            of_name.sent,
            of_name.total.as_secs_f64(),
            of_name.rows,
            of_name.bytes,
            of_name.bound_bytes,
            of_name.repeated,
            of_name.failed,
        );
    }
    tell!(
        "{} statements; last query {}",
        snapshot.sent(),
        snapshot.last_query_id.as_deref().unwrap_or("unknown"),
    );
}

/// Shows a sync as a bar on a terminal and as a line a window elsewhere.
pub(crate) fn show_progress() -> Progress {
    if !std::io::stderr().is_terminal() {
        return Progress::new(|event| match event {
            Event::RunStarted {
                window, resumed, ..
            } => {
                let verb = if *resumed { "resuming" } else { "reading" };
                tell!("{verb} calls from {} to {}", window.from, window.to);
            }
            Event::WindowDone { window } => tell!("done to {}", window.to),
            Event::DeadLettered { reason } => tell!("put aside: {reason}"),
            _ => {}
        });
    }
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template(
        "{spinner} {pos}/{len} calls  {per_sec}  {elapsed_precise}  {msg}",
    );
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    Progress::new(move |event| match event {
        Event::RunStarted { resumed: true, .. } => bar.set_message("resuming"),
        Event::WindowStarted { expected, .. } => bar.inc_length(*expected),
        Event::PageLanded { calls, .. } => bar.inc(*calls as u64),
        Event::WindowDone { window } => bar.set_message(format!("done to {}", window.to)),
        Event::DeadLettered { reason } => bar.println(format!("put aside: {reason}")),
        _ => {}
    })
}
