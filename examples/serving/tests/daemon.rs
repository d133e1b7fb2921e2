//! The daemon as users start it: stopped and killed at random moments a hundred times it loses
//! nothing, doubles nothing and leaves no lease behind; it runs once, and is watched.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gong_snowflake::snowflake_store::SqliteStore;
use serde_json::Value;
use support::http::send;
use support::mirror;
use support::{Served, TOKEN, program};
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const ENDS: u32 = 100;

/// A simulated Gong and where the daemon stores it.
struct World {
    gong: GongSimulator,
    folder: tempfile::TempDir,
    rng: fastrand::Rng,
    /// Calls that Gong does not serve yet.
    late: Vec<testkit::SimulatedCall>,
}

impl World {
    async fn start(deals: usize) -> Self {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            deals,
            sentences: 10..=30,
            ..SyntheticConfig::default()
        });
        let mut calls = org.calls;
        let late = calls.split_off(calls.len() / 2);
        // Small pages make many moments between and within transactions.
        let gong = GongSimulator::builder().calls(calls).page_size(5);
        Self {
            gong: gong.start().await.unwrap(),
            folder: tempfile::tempdir().unwrap(),
            rng: fastrand::Rng::with_seed(2_026),
            late,
        }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("calls.db")
    }

    fn daemon(&self, arguments: &[&str]) -> Command {
        let mut command = program("daemon");
        command
            .args(["--store", &format!("sqlite:{}", self.database().display())])
            .args(["--every", "1s"])
            .args(arguments)
            .env("GONG_INGESTION_FIRST_SYNC_DAYS", "3650")
            // Calls come late by weeks: each sync is to find them, not one of the next.
            .env("GONG_INGESTION_LOOKBACK_DAYS", "3650")
            .env("GONG_BASE_URL", self.gong.url())
            .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
            .env("GONG_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
            .env("GONG_REQUESTS_PER_SECOND", "0")
            .env("GONG_DAILY_REQUESTS", "0")
            .env_remove("HUBSPOT_TOKEN")
            .env_remove("HUBSPOT_SHARE_DATABASE");
        command
    }

    /// Something changes at Gong, so that every start has work to do.
    fn change(&mut self, round: u32) {
        let state = self.gong.state();
        if let Some(call) = self.late.pop() {
            state.add_call(call).unwrap();
        }
        let id = self.rng.choice(state.call_ids()).unwrap();
        match self.rng.u8(0..12) {
            0 => {
                state.delete_call(&id);
            }
            1 => drop(state.withhold_transcript(&id)),
            2 => drop(state.release_transcript(&id)),
            _ => state.retitle_call(&id, &format!("Title {round}")).unwrap(),
        }
    }

    /// Names of the leases that a process holds, or that any does.
    fn leases(&self, process: Option<u32>) -> Vec<String> {
        let other = rusqlite::Connection::open(self.database()).unwrap();
        let sql = "SELECT NAME FROM GONG_LEASES WHERE ?1 IS NULL OR PID = ?1";
        let Ok(mut names) = other.prepare(sql) else {
            // Stopped before it had made the table.
            return Vec::new();
        };
        let names = names.query_map([process], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }
}

fn signal(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
    assert!(sent.success());
}

/// Waits, but not for ever.
fn ended(mut child: Child) -> std::process::ExitStatus {
    let asked = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(asked.elapsed() < Duration::from_secs(60), "it does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_ends_at_random_moments_lose_and_double_nothing() {
    let mut world = World::start(30).await;
    let (mut stopped, mut killed) = (0, 0);
    for round in 0..ENDS {
        world.change(round);
        let mut command = world.daemon(&[]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let moment = Duration::from_millis(world.rng.u64(20..700));
        tokio::time::sleep(moment).await;
        if world.rng.bool() {
            signal(&child, "-TERM");
            let process = child.id();
            let status = ended(child);
            // A signal that comes before it listens for signals ends it as any program.
            let code = status.code().or(status.signal().map(|number| -number));
            assert!(matches!(code, Some(0 | -15)), "{status:?}");
            if code == Some(0) {
                let left = world.leases(Some(process));
                assert_eq!(left, [""; 0], "after {moment:?}");
                stopped += 1;
            }
        } else {
            signal(&child, "-KILL");
            ended(child);
            killed += 1;
        }
    }
    eprintln!("stopped {stopped} times, killed {killed} times of {ENDS}");
    assert!(stopped > 20 && killed > 20);

    let last = world.daemon(&["--once"]).output().unwrap();
    let told = String::from_utf8_lossy(&last.stdout).into_owned();
    assert!(
        last.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&last.stderr)
    );
    assert_eq!(world.leases(None), [""; 0]);
    let store = SqliteStore::open(world.database()).await.unwrap();
    let differences = mirror::differences(&store, &world.gong.state().served()).await;
    assert_eq!(differences, [""; 0]);
    assert_eq!(doubled(&world.database()), 0);
}

/// Sentences that are stored twice.
fn doubled(database: &Path) -> i64 {
    let other = rusqlite::Connection::open(database).unwrap();
    let sql = "SELECT COUNT(*) - COUNT(DISTINCT CALL_ID || ' ' || START_MS || ' ' || \
               SPEAKER_ID || ' ' || TRANSCRIPT_TEXT) FROM STG_GONG_CALL_TRANSCRIPTS";
    other.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn once_runs_each_job_and_ends_with_the_worst_exit_code() {
    let world = World::start(4).await;
    let runs = |output: &std::process::Output| -> Vec<(String, String)> {
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        let run = |line: &str| {
            let run: Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| run[field].as_str().unwrap().to_owned();
            (text("job"), text("outcome"))
        };
        lines.lines().map(run).collect()
    };
    let expect = |outcomes: [&str; 3]| {
        let jobs = ["sync", "read", "retain"].into_iter().zip(outcomes);
        let owned = |(job, outcome): (&str, &str)| (job.to_owned(), outcome.to_owned());
        jobs.map(owned).collect::<Vec<_>>()
    };
    let first = world.daemon(&["--once"]).output().unwrap();
    assert_eq!(runs(&first), expect(["done", "done", "done"]));
    assert_eq!(first.status.code(), Some(0));

    world.gong.state().rotate_access_key("another", "key");
    let refused = world.daemon(&["--once"]).output().unwrap();
    assert_eq!(runs(&refused), expect(["failed", "done", "done"]));
    assert_eq!(refused.status.code(), Some(1));

    for wrong in [
        ["--every", "0s"],
        ["--exclude-title", "*x"],
        ["--store", "file"],
    ] {
        let output = world.daemon(&wrong).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fallback_store_is_retained_as_well() {
    let world = World::start(2).await;
    let other = world.folder.path().join("b.db");
    let location = format!("sqlite:{}", other.display());
    let retain = |output: &std::process::Output| -> Value {
        let lines = String::from_utf8(output.stdout.clone()).unwrap();
        let runs = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let mut runs = runs.filter(|run: &Value| run["job"] == "retain");
        runs.next().unwrap()
    };
    let calls = |database: &Path| -> i64 {
        let sql = "SELECT COUNT(*) FROM STG_GONG_CALLS";
        let database = rusqlite::Connection::open(database).unwrap();
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let both = || {
        let mut command = world.daemon(&["--once"]);
        command.env("GONG_SNOWFLAKE_FALLBACK_STORE", &location);
        command.output().unwrap()
    };

    // A path with a typing error is no new store, and holds up nothing else.
    let alone = both();
    let run = retain(&alone);
    assert_eq!(run["outcome"], "failed", "{run}");
    assert_eq!(run["field"], "fallback-store", "{run}");
    let message = run["message"].as_str().unwrap();
    assert!(
        message.contains("there is no such file") && message.contains("the store itself is done"),
        "{run}"
    );
    assert!(!other.exists());
    assert_eq!(alone.status.code(), Some(2));
    let stored = calls(&world.database());
    assert!(stored > 0);

    // Each store keeps by its own policy.
    std::fs::copy(world.database(), &other).unwrap();
    assert_eq!(calls(&other), stored);
    let policy = "UPDATE GONG_DATA_RETENTION_POLICY SET RETENTION_DAYS = 1 \
                  WHERE TABLE_NAME = 'STG_GONG_CALLS'";
    let changed = rusqlite::Connection::open(&other).unwrap();
    assert_eq!(changed.execute(policy, []).unwrap(), 1);
    drop(changed);
    let done = both();
    let run = retain(&done);
    assert_eq!(run["outcome"], "done", "{run}");
    let tables = run["detail"].as_array().unwrap();
    let removed = tables.iter().find(|one| {
        let names = (one["store"].as_str(), one["table"].as_str());
        names == (Some("fallback-store"), Some("STG_GONG_CALLS"))
    });
    assert_eq!(removed.unwrap()["removed"], stored, "{run}");
    assert_eq!((calls(&other), calls(&world.database())), (0, stored));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_for_stores_in_snowflake() {
    let world = World::start(1).await;
    let mut command = world.daemon(&["--once"]);
    command.env("GONG_SHARE_DATABASE", "GONG_SHARE");
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("GONG_SHARE_DATABASE Gong's share is read within Snowflake")
            || told.contains("Gong's share is read within Snowflake: --store snowflake"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_watched_without_showing_calls() {
    let world = World::start(4).await;
    let served = Served::start(
        world
            .daemon(&["--listen", "127.0.0.1:0"])
            .env("GONG_SNOWFLAKE_TOKEN", TOKEN),
    );
    let get =
        |path: &str, headers: &[&str]| send(served.address(), &format!("GET {path}"), headers, b"");
    let authorization = format!("Authorization: Bearer {TOKEN}");
    let asked = [authorization.as_str()];
    assert_eq!(get("/health", &[]).status, 200);
    assert_eq!(get("/metrics", &[]).status, 401);
    assert_eq!(get("/jobs", &[]).status, 401);
    let is_done = |counted: &str| {
        ["sync", "read", "retain"].iter().all(|job| {
            counted.contains(&format!(
                "gong_snowflake_job_runs_total{{step=\"{job}\",outcome=\"done\"}}"
            ))
        })
    };
    let started = Instant::now();
    let mut counted = String::new();
    while !is_done(&counted) {
        assert!(started.elapsed() < Duration::from_secs(60), "{counted}");
        tokio::time::sleep(Duration::from_millis(50)).await;
        counted = get("/metrics", &asked).body;
    }
    for series in [
        "gong_snowflake_stream_fresh_timestamp_seconds{stream=\"calls\"}",
        "gong_snowflake_calls_landed_total{change=\"inserted\"}",
        "gong_snowflake_sentences_staged_total",
        "gong_snowflake_dead_letters 0",
        "gong_snowflake_http_requests_total{client=\"gong\",status=\"2xx\"}",
        "gong_snowflake_http_request_duration_seconds_bucket{client=\"gong\",le=\"0.1\"}",
    ] {
        assert!(counted.contains(series), "{series}\n{counted}");
    }
    let jobs = get("/jobs", &asked).json();
    assert_eq!(jobs[0]["job"], "sync");
    assert_eq!(get("/ready", &[]).json()["status"], "ok");
    served.terminate();
    let (status, _, stderr) = served.ended();
    assert_eq!(status.code(), Some(0), "{stderr}");
    assert!(!stderr.contains(TOKEN) && !stderr.contains(DEFAULT_ACCESS_KEY_SECRET));
}
