//! `ingest` from a simulated Gong into SQLite, and `analyze` on what it stored.

use std::path::{Path, PathBuf};
use std::process::Child;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::process;
use crate::workspace::Workspace;

const ACCESS_KEY: &str = "example-key";
const ACCESS_KEY_SECRET: &str = "example-secret";

/// What an `ingest` that changes nothing reports as zero.
const CHANGES: [&str; 4] = [
    "calls_inserted",
    "calls_updated",
    "calls_deleted",
    "transcripts_inserted",
];

/// Syncs twice in full and once incrementally, then runs tasks on the result.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let gong = SimulatedGong::start(workspace)?;
    let folder = workspace.target.join("xtask-examples");
    let store = format!("sqlite:{}", fresh_database(&folder)?.display());

    let full = ingest(workspace, &gong, &store, "full")?;
    ensure!(count(&full, "calls_inserted")? > 0, "no call came: {full}");
    ensure!(count(&full, "dead_letters")? == 0, "dead letters: {full}");
    for mode in ["full", "incremental"] {
        let again = ingest(workspace, &gong, &store, mode)?;
        for change in CHANGES {
            ensure!(
                count(&again, change)? == 0,
                "{mode} changed something: {again}"
            );
        }
    }

    let batch = json!({"task_type": "batch_analysis", "limit": 3});
    let batch = analyze(workspace, &store, &batch, 0)?;
    let call_id = find_string(&batch, "call_id").context("no call in the batch")?;
    let task = json!({"task_type": "analyze_call", "call_id": call_id});
    let analysis = analyze(workspace, &store, &task, 0)?;
    ensure!(analysis["success"] == true, "not analysed: {analysis}");

    let without_call = json!({"task_type": "analyze_call"});
    let refused = analyze(workspace, &store, &without_call, 2)?;
    ensure!(
        refused["success"] == false && refused["error"]["field"] == "call_id",
        "a task without its call is not refused for that: {refused}"
    );
    Ok(())
}

/// Runs `ingest` and returns the JSON object of its last line.
fn ingest(
    workspace: &Workspace,
    gong: &SimulatedGong,
    store: &str,
    mode: &str,
) -> anyhow::Result<Value> {
    let arguments = ["--mode", mode, "--store", store, "--gong-url", &gong.url];
    let mut command = super::example(workspace, "ingest", &arguments);
    command
        .env("GONG_ACCESS_KEY", ACCESS_KEY)
        .env("GONG_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET)
        .env("GONG_REQUESTS_PER_SECOND", "0");
    let printed = process::output(&mut command)?;
    let last = printed.lines().last().context("ingest printed nothing")?;
    println!("{last}");
    serde_json::from_str(last).with_context(|| last.to_owned())
}

/// Runs a task and returns the response.
fn analyze(
    workspace: &Workspace,
    store: &str,
    task: &Value,
    exit_code: i32,
) -> anyhow::Result<Value> {
    let mut command = super::example(workspace, "analyze", &["--store", store, "-"]);
    let output = process::feed(&mut command, &task.to_string())?;
    let printed = process::text(output.stdout)?;
    ensure!(
        output.status.code() == Some(exit_code),
        "analyze ended with {} and not {exit_code}: {printed}",
        output.status
    );
    serde_json::from_str(&printed).with_context(|| printed.clone())
}

fn count(report: &Value, name: &str) -> anyhow::Result<u64> {
    report[name]
        .as_u64()
        .with_context(|| format!("no {name} in {report}"))
}

/// The first string under a name, anywhere in a response.
fn find_string<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match value {
        Value::Object(fields) => fields
            .get(name)
            .and_then(Value::as_str)
            .or_else(|| fields.values().find_map(|inner| find_string(inner, name))),
        Value::Array(items) => items.iter().find_map(|inner| find_string(inner, name)),
        _ => None,
    }
}

/// The path of a database that is not there yet.
fn fresh_database(folder: &Path) -> anyhow::Result<PathBuf> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    Ok(folder.join("calls.db"))
}

/// The `gong_simulator` example as a process of its own, on loopback.
struct SimulatedGong {
    process: Child,
    url: String,
}

impl SimulatedGong {
    fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let arguments = [
            "--synthetic",
            "7",
            "--key",
            ACCESS_KEY,
            "--secret",
            ACCESS_KEY_SECRET,
        ];
        let mut command = super::example(workspace, "gong_simulator", &arguments);
        let (process, first_line) = process::start(&mut command)?;
        let mut gong = Self {
            process,
            url: String::new(),
        };
        let ready: Value = serde_json::from_str(&first_line)
            .with_context(|| format!("simulator: {first_line}"))?;
        gong.url = ready["url"].as_str().context("no url")?.to_owned();
        Ok(gong)
    }
}

impl Drop for SimulatedGong {
    fn drop(&mut self) {
        // It ends by itself when its stdin closes; this is for one that hangs.
        drop(self.process.stdin.take());
        if let Err(error) = self.process.kill().and_then(|()| self.process.wait()) {
            eprintln!("the simulator could not be stopped: {error}");
        }
    }
}
