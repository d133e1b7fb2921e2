//! How fast calls are ingested and answers come back, on the embedded default.
//!
//! Run by `cargo xtask bench`. Every throughput figure comes with its
//! floor: the same bytes fetched by the same client and discarded, in the same
//! run, against the same simulator. Simulator, floor and sync are separate
//! processes, so that the peak memory is the sync's alone.
//!
//! ```sh
//! cargo bench --bench end_to_end -- --calls 20000 --sentences 300
//! ```

mod analysis;
mod at_scale;
mod child;
mod fetching;
mod timing;

use std::error::Error;

use clap::{Parser, ValueEnum};
use serde_json::{Value, json};

/// Measures ingestion and analysis.
#[derive(Debug, Clone, Parser)]
struct Arguments {
    /// Calls to ingest.
    #[arg(long, default_value_t = 20_000)]
    calls: usize,
    /// Sentences of each.
    #[arg(long, default_value_t = 300)]
    sentences: usize,
    /// Analyses to time.
    #[arg(long, default_value_t = 1_000)]
    analyses: usize,
    /// Times the whole is repeated; medians are shown.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// Measures tasks on a store of this many analysed calls, and batches of 10, 100 and
    /// 1,000 calls, in place of all else. Some 250 calls a second are read on two cores.
    #[arg(long)]
    at_scale: Option<usize>,
    /// What this process does; the parent starts the others.
    #[arg(long, value_enum, default_value = "parent", hide = true)]
    role: Role,
    /// Where the simulator is.
    #[arg(long, hide = true)]
    url: Option<String>,
    /// Where the store is, or stays with `--at-scale`.
    #[arg(long)]
    store: Option<std::path::PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Parent,
    Simulator,
    Floor,
    Sync,
    Analysis,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments = Arguments::parse();
    match arguments.role {
        Role::Parent => match arguments.at_scale {
            Some(calls) => at_scale(&arguments, calls).await,
            None => parent(&arguments),
        },
        Role::Simulator => fetching::serve(arguments.calls, arguments.sentences).await,
        Role::Floor => child::answer(fetching::floor(url(&arguments)?).await?),
        Role::Sync => child::answer(fetching::sync(url(&arguments)?, store(&arguments)?).await?),
        Role::Analysis => child::answer(analysis::measure(arguments.analyses).await?),
    }
}

async fn at_scale(arguments: &Arguments, calls: usize) -> Outcome<()> {
    let batches = at_scale::batches().await?;
    println!("{:#}", json!({"batches_s": batches}));
    let folder = tempfile::tempdir()?;
    let path = arguments.store.clone();
    let path = path.unwrap_or_else(|| folder.path().join("calls.db"));
    let tasks = at_scale::tasks(&path, calls).await?;
    println!("{:#}", json!({"at_scale": tasks}));
    Ok(())
}

fn url(arguments: &Arguments) -> Outcome<&str> {
    arguments.url.as_deref().ok_or_else(|| "no --url".into())
}

fn store(arguments: &Arguments) -> Outcome<&std::path::Path> {
    arguments
        .store
        .as_deref()
        .ok_or_else(|| "no --store".into())
}

fn parent(arguments: &Arguments) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let mut rounds = Vec::new();
    for round in 0..arguments.rounds {
        let simulator = child::Simulator::start(arguments.calls, arguments.sentences)?;
        let floor = child::run(&["--role", "floor", "--url", simulator.url()])?;
        let path = folder.path().join(format!("{round}.db"));
        let path = path.to_string_lossy().into_owned();
        let sync = child::run(&["--role", "sync", "--url", simulator.url(), "--store", &path])?;
        for leftover in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{leftover}"));
        }
        rounds.push((floor, sync));
    }
    let analyses = arguments.analyses.to_string();
    let analysis = child::run(&["--role", "analysis", "--analyses", &analyses])?;
    print_results(arguments, &mut rounds, &analysis);
    Ok(())
}

fn print_results(arguments: &Arguments, rounds: &mut [(Value, Value)], analysis: &Value) {
    let seconds = |value: &Value| value["seconds"].as_f64().unwrap_or(f64::NAN);
    rounds.sort_by(|a, b| seconds(&a.1).total_cmp(&seconds(&b.1)));
    let (floor, sync) = &rounds[rounds.len() / 2];
    #[allow(clippy::cast_precision_loss)]
    let calls = arguments.calls as f64;
    println!(
        "{} calls of {} sentences, {:.0} MB of JSON",
        arguments.calls,
        arguments.sentences,
        floor["bytes"].as_f64().unwrap_or_default() / 1e6,
    );
    println!(
        "fetched and thrown away   {:>9.0} calls/s",
        calls / seconds(floor)
    );
    println!(
        "landed and transformed    {:>9.0} calls/s",
        calls / seconds(sync)
    );
    println!(
        "ratio to the floor        {:>9.2}",
        seconds(sync) / seconds(floor)
    );
    println!(
        "peak memory of the sync   {:>9.0} MB",
        sync["peak_mb"].as_f64().unwrap_or(f64::NAN)
    );
    for (name, key) in [
        ("with stored insights", "stored"),
        ("insights computed", "computed"),
    ] {
        let times = &analysis[key];
        println!(
            "analysis, {name:<21} p50 {:.2} ms, p99 {:.2} ms",
            times["p50_ms"].as_f64().unwrap_or(f64::NAN),
            times["p99_ms"].as_f64().unwrap_or(f64::NAN),
        );
    }
    println!(
        "{}",
        json!({"floor": floor, "sync": sync, "analysis": analysis})
    );
}
