//! Runs the examples against a simulated Gong.
#![allow(dead_code, reason = "each test program uses its part")]

pub(crate) mod account;
pub(crate) mod tables;

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gong_snowflake::gong_client::{Credentials, GongClient, GongConfig};
use gong_snowflake::resilience::RetryPolicy;
use serde_json::Value;
use testkit::gong::GongSimulator;
use testkit::hubspot::HubSpotSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const KEY: &str = testkit::gong::DEFAULT_ACCESS_KEY;
const SECRET: &str = testkit::gong::DEFAULT_ACCESS_KEY_SECRET;

/// A client of a simulated Gong, which keeps to no limit and repeats at once.
pub(crate) fn gong_client(url: &str) -> GongClient {
    let credentials = Credentials::basic(KEY, SECRET);
    let retry = RetryPolicy::default()
        .with_base(Duration::from_millis(2))
        .with_cap(Duration::from_millis(10));
    let config = GongConfig::new(url, credentials)
        .unwrap()
        .with_requests_per_second(0.0)
        .unwrap()
        .with_daily_requests(None)
        .with_retry(retry);
    GongClient::new(config).unwrap()
}

/// Snowflake that takes connections and answers none, and how many it took.
pub(crate) fn silent_snowflake() -> (String, Arc<AtomicUsize>) {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for connection in silent.incoming() {
            held.push(connection);
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (url, taken)
}

/// What a program said, and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn last_line(&self) -> Value {
        let line = self
            .stdout
            .lines()
            .last()
            .unwrap_or_else(|| panic!("{}", self.stderr));
        serde_json::from_str(line).unwrap()
    }

    pub(crate) fn holds_no_secret(&self) {
        for secret in [
            KEY,
            SECRET,
            testkit::hubspot::DEFAULT_TOKEN,
            "c2ltdWxhdG9yLWtleTpzaW11bGF0b3Itc2VjcmV0",
        ] {
            assert!(!self.stdout.contains(secret) && !self.stderr.contains(secret));
        }
    }
}

/// A simulated Gong with a small company, and a folder for a store.
pub(crate) struct World {
    pub(crate) gong: GongSimulator,
    pub(crate) folder: tempfile::TempDir,
    org: SyntheticOrg,
}

impl World {
    pub(crate) async fn start() -> Self {
        let config = SyntheticConfig {
            deals: 8,
            ..SyntheticConfig::default()
        };
        Self::of(SyntheticOrg::generate(&config)).await
    }

    pub(crate) async fn of(org: SyntheticOrg) -> Self {
        let gong = GongSimulator::builder().org(&org).start().await.unwrap();
        Self {
            gong,
            folder: tempfile::tempdir().unwrap(),
            org,
        }
    }

    /// HubSpot with the company's deals, contacts and companies.
    pub(crate) async fn hubspot(&self) -> HubSpotSimulator {
        let builder = HubSpotSimulator::builder().org(&self.org);
        builder.start().await.unwrap()
    }

    pub(crate) fn calls(&self) -> usize {
        self.org.calls.len()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("calls.db")
    }

    pub(crate) fn a_call_with_its_sentences(&self) -> (String, Vec<String>) {
        let call = self
            .org
            .calls
            .iter()
            .find(|call| call.transcript.is_some())
            .unwrap();
        let transcript = call.transcript.as_ref().unwrap();
        let sentences = transcript["transcript"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|monologue| monologue["sentences"].as_array().unwrap())
            .map(|sentence| sentence["text"].as_str().unwrap().to_owned())
            .collect();
        (call.id().unwrap().to_owned(), sentences)
    }

    /// All sentences of all calls.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let transcripts = self
            .org
            .calls
            .iter()
            .filter_map(|call| call.transcript.as_ref());
        transcripts
            .flat_map(|transcript| transcript["transcript"].as_array().unwrap())
            .flat_map(|monologue| monologue["sentences"].as_array().unwrap())
            .map(|sentence| sentence["text"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn ingest(&self, arguments: &[&str]) -> Run {
        self.ingest_with(arguments, &[])
    }

    pub(crate) fn ingest_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let store = format!("sqlite:{}", self.database().display());
        let mut all = arguments.to_vec();
        if !arguments.contains(&"--store") {
            all.extend(["--store", &store]);
        }
        run_ingest(&self.gong.url(), &all, variables)
    }
}

/// Runs `ingest` with the simulator's credentials.
pub(crate) fn ingest(url: &str, arguments: &[&str]) -> Run {
    run_ingest(url, arguments, &[])
}

fn run_ingest(url: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = Command::new(program("ingest"));
    command
        .args(arguments)
        .env("GONG_BASE_URL", url)
        .env("GONG_ACCESS_KEY", KEY)
        .env("GONG_ACCESS_KEY_SECRET", SECRET)
        .env("GONG_REQUESTS_PER_SECOND", "0")
        .env_remove("RUST_LOG")
        .env_remove("HUBSPOT_TOKEN")
        .envs(variables.iter().copied());
    finish(command, b"")
}

/// Runs `analyze` with a task on stdin.
pub(crate) fn analyze(database: &Path, task: &[u8]) -> Run {
    let mut command = Command::new(program("analyze"));
    command.args(["--store", &format!("sqlite:{}", database.display()), "-"]);
    finish(command, task)
}

pub(crate) fn finish(mut command: Command, input: &[u8]) -> Run {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has ended already reads nothing.
    let _ = process.stdin.take().unwrap().write_all(input);
    let output = process.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// An example's program. Cargo builds the examples of a package with its tests.
pub(crate) fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(name);
    assert!(program.exists(), "{} is not built", program.display());
    program
}
