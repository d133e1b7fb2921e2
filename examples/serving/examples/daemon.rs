//! Keeps a store current: syncs, enriches, reads and retains on intervals.
//!
//! ```sh
//! export GONG_BASE_URL=https://us02-12345.api.gong.io   # your tenant's own address
//! export GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=…
//! cargo run --release --example daemon -- --store sqlite:calls.db --every 15m
//! ```
//!
//! Its settings are those of `ingest`, with intervals per job (docs/configuration.md);
//! docs/daemon.md says how jobs go together.
//!
//! Each run is one JSON line on stdout; progress goes to stderr. SIGTERM and SIGINT stop
//! within a page, give the lease back and end with exit code 0; the next start carries on.
//! A second signal ends it at once, with 1.
//!
//! With `--once` each job runs once, and the exit code is the worst: 0, all is done; 3,
//! something is open, such as dead letters; 1, a job failed or was stopped, and the next run
//! resumes; 2, a setting is wrong. Without it: 0, stopped; 1 and 2 before it begins.

use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gong_snowflake::ingest::schedule::{
    EnrichJob, Job, JobRun, RunOutcome, Schedule, StreamsJob, SyncJob,
};
use gong_snowflake::ingest::{Enricher, Event, Progress};
use gong_snowflake::resilience::{ErrorKind, Failure};
use gong_snowflake::snowflake_store::{CallStore, CancellationToken, SyncMode};
use gong_snowflake::{Backlog, FallbackStore, RetainBoth, Settings, StoreOptions, SyncBesideShare};
use serving::{Failed, Listening, Meters, ReaderArguments, StorePlace, TokenArguments};

/// Keeps a store current: syncs, enriches, reads and retains on intervals.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(flatten)]
    place: StorePlace,
    /// Pause between two rounds of sync, enrichment and reading, such as 90s, 15m or 2h, in
    /// place of the settings' own for each.
    #[arg(long, value_name = "INTERVAL")]
    every: Option<String>,
    /// What to sync beside calls, separated by commas, as of `ingest`; or all, or none.
    #[arg(long, value_name = "STREAMS")]
    streams: Option<String>,
    /// Runs each job once and ends.
    #[arg(long)]
    once: bool,
    /// Where /health, /ready, /jobs and /metrics are served; nowhere by default.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    token: TokenArguments,
    #[command(flatten)]
    reader: ReaderArguments,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let _telemetry = serving::start_logging();
    let stop = CancellationToken::new();
    tokio::spawn(serving::stop_on_signals(stop.clone()));
    match run(&arguments, &stop).await {
        Ok(code) => ExitCode::from(code),
        Err(failed) => failed.say(),
    }
}

async fn run(arguments: &Arguments, stop: &CancellationToken) -> Result<u8, Failed> {
    let every = arguments.every.as_ref();
    let settings = arguments
        .reader
        .onto(arguments.place.settings())
        .with_option("sync.streams", arguments.streams.as_ref(), "--streams")
        .with_option("daemon.sync_every", every, "--every")
        .with_option("daemon.enrich_every", every, "--every")
        .with_option("daemon.read_every", every, "--every");
    let settings = serving::load(settings).await?;
    if let FallbackStore::Store(_) = settings.store.fallback {
        tracing::warn!(
            "GONG_SNOWFLAKE_FALLBACK_STORE: that store is retained here, and not synced"
        );
    }
    let store = settings.open_store(&StoreOptions::new("daemon")).await;
    let store = store.map_err(refused)?;
    let schedule = schedule(&settings, &store)?;
    if arguments.once {
        let runs = schedule.run_once(stop).await;
        let worst = runs
            .iter()
            .map(exit_code)
            .max_by_key(|code| severity(*code));
        return Ok(worst.unwrap_or_default());
    }
    let Some(address) = arguments.listen else {
        schedule.run(stop).await;
        return Ok(0);
    };
    let bearer = arguments.token.bearer(&settings, address)?;
    let meters = Meters::install()?;
    serving::measure_store(&*store).await;
    let listening = Listening::on(address).await?;
    tell(format_args!("listening on http://{}", listening.address()));
    let router = serving::watching(schedule.health(), meters, bearer);
    let served = listening.serve(router, stop.cancelled(), Duration::ZERO);
    // A probe that is cut off at the end is no failure.
    let _ = tokio::join!(served, schedule.run(stop));
    Ok(0)
}

/// The jobs that are not never to be run, in the order in which they go together.
fn schedule(settings: &Settings, store: &Arc<dyn CallStore>) -> Result<Schedule, Failed> {
    let gong = settings.gong_client().map_err(refused)?;
    let sync = settings.sync_settings(SyncMode::Incremental);
    sync.validate().map_err(refused)?;
    let crm = settings.crm().map_err(refused)?;
    let language = settings.language().map_err(refused)?;

    let every = &settings.daemon;
    let most_jitter = every.jitter.share();
    let schedule = Schedule::new(store.clone())
        .with_listener(print)
        .with_jitter(move || most_jitter * fastrand::f64());
    let share = settings.gong_share_source(&StoreOptions::new("share"));
    let mut schedule = match share.map_err(refused)? {
        Some(share) => {
            let schedule = unless_never(schedule, every.share_every, share.clone());
            let calls = SyncBesideShare::new(share, store.clone(), sync, progress());
            unless_never(schedule, every.sync_every, calls)
        }
        None => {
            let calls = SyncJob::new(gong.clone(), store.clone(), sync).with_progress(progress());
            unless_never(schedule, every.sync_every, calls)
        }
    };
    let streams = settings.stream_settings();
    if !streams.streams.is_empty() {
        let streams = StreamsJob::new(gong, store.clone(), streams);
        schedule = unless_never(schedule, every.streams_every, streams);
    }
    if let Some(crm) = crm {
        let enricher = Enricher::new(crm, store.clone());
        schedule = unless_never(schedule, every.enrich_every, EnrichJob::new(enricher));
    }
    let reading = Backlog::new(store.clone(), language);
    schedule = unless_never(schedule, every.read_every, reading);
    let retention = RetainBoth::new(settings.clone(), store.clone());
    schedule = unless_never(schedule, every.retain_every, retention);
    if let Some(credits) = settings.credits_job().map_err(refused)? {
        schedule = unless_never(schedule, every.credits_every, credits);
    }
    Ok(schedule)
}

fn unless_never(schedule: Schedule, every: Duration, job: impl Job) -> Schedule {
    match every.is_zero() {
        true => schedule,
        false => schedule.with_job(every, job),
    }
}

/// Why it does not begin.
fn refused<E: Failure>(error: E) -> Failed {
    let code = match error.kind() {
        ErrorKind::Config | ErrorKind::InvalidInput | ErrorKind::Unsupported => 2,
        ErrorKind::Corrupt => 2,
        _ => 1,
    };
    Failed::new(code, error)
}

/// A line on stdout, if anybody reads it: what is done does not depend on that.
fn print(run: &JobRun) {
    let Ok(line) = serde_json::to_string(run) else {
        return;
    };
    let mut stdout = std::io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

fn tell(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn progress() -> Progress {
    Progress::new(|event| match event {
        Event::RunStarted {
            window, resumed, ..
        } => {
            let verb = if *resumed { "resuming" } else { "reading" };
            tell(format_args!(
                "{verb} calls from {} to {}",
                window.from, window.to
            ));
        }
        Event::DeadLettered { reason } => tell(format_args!("put aside: {reason}")),
        _ => {}
    })
}

fn exit_code(run: &JobRun) -> u8 {
    match &run.outcome {
        RunOutcome::Done { .. } => 0,
        RunOutcome::Open { .. } => 3,
        RunOutcome::Failed { kind, .. } if ["config", "invalid_input"].contains(kind) => 2,
        _ => 1,
    }
}

/// How bad an exit code is: what is open is less than what was not done.
fn severity(code: u8) -> u8 {
    match code {
        0 => 0,
        3 => 1,
        1 => 2,
        _ => 3,
    }
}
