//! However a program ends and whoever reads it, stdout ends with one JSON object, and the
//! exit code matches what was done.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::commands;

use std::fs::OpenOptions;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use commands::{Run, World, finish, program};
use serde_json::Value;
use testkit::gong::{Fault, FaultEffect};

const CALLS: &str = "/v2/calls/extensive";

fn ingest(world: &World) -> Command {
    let mut command = Command::new(program("ingest"));
    command
        .args(["--mode", "full", "--store"])
        .arg(format!("sqlite:{}", world.database().display()))
        .env("GONG_BASE_URL", world.gong.url())
        .env("GONG_ACCESS_KEY", testkit::gong::DEFAULT_ACCESS_KEY)
        .env(
            "GONG_ACCESS_KEY_SECRET",
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        )
        .env("GONG_REQUESTS_PER_SECOND", "0")
        .env_remove("RUST_LOG")
        .env_remove("HUBSPOT_TOKEN");
    command
}

/// Gong does not answer the second request in this test's time.
fn hang(world: &World) {
    let hang = FaultEffect::Hang(Duration::from_secs(120));
    world
        .gong
        .state()
        .inject(Fault::new(hang).on_path(CALLS).after(1).always());
}

async fn until_it_hangs(world: &World) {
    while world.gong.state().traffic().requests_for(CALLS) < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap()
            .success()
    );
}

fn ended(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_ends_a_sync_with_its_last_line_and_the_next_one_resumes() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let world = World::start().await;
        hang(&world);
        let mut command = ingest(&world);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        until_it_hangs(&world).await;
        send(&child, signal);
        let run = ended(child);
        assert_eq!(run.code, 1, "{signal}: {}", run.stderr);
        assert_eq!(run.last_line()["error"]["kind"], "cancelled", "{signal}");

        world.gong.state().clear_faults();
        let resumed = finish(ingest(&world), b"");
        assert_eq!(resumed.code, 0, "{}", resumed.stderr);
        assert_eq!(resumed.last_line()["resumed"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once_and_after_a_kill_nobody_waits() {
    let world = World::start().await;
    hang(&world);
    let mut command = ingest(&world);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    until_it_hangs(&world).await;
    send(&child, "-INT");
    send(&child, "-TERM");
    let run = ended(child);
    assert_eq!(run.code, 1);
    assert_eq!(run.last_line()["error"]["kind"], "cancelled");

    let mut command = ingest(&world);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let seen = world.gong.state().traffic().requests_for(CALLS);
    let mut child = command.spawn().unwrap();
    while world.gong.state().traffic().requests_for(CALLS) <= seen {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    world.gong.state().clear_faults();
    let next = finish(ingest(&world), b"");
    assert_eq!(
        next.code, 0,
        "the lease of a dead process is free: {}",
        next.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_sync_says_who_is_at_work() {
    let world = World::start().await;
    hang(&world);
    let mut command = ingest(&world);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = command.spawn().unwrap();
    until_it_hangs(&world).await;
    let second = finish(ingest(&world), b"");
    assert_eq!(second.code, 1);
    let message = second.last_line()["error"]["message"].to_string();
    assert!(
        message.contains(&format!("process {}", first.id())),
        "{message}"
    );
    first.kill().unwrap();
    first.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_does_not_decide_how_a_sync_ends() {
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let world = World::start().await;
    for (code, key) in [(0, testkit::gong::DEFAULT_ACCESS_KEY_SECRET), (1, "wrong")] {
        let run = |stdout: Stdio, stderr: Stdio| {
            let mut command = ingest(&world);
            command
                .env("GONG_ACCESS_KEY_SECRET", key)
                .env("RUST_LOG", "trace");
            command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
            command.spawn().unwrap()
        };
        let full_out = run(full().into(), Stdio::null()).wait().unwrap();
        let full_err = run(Stdio::null(), full().into()).wait().unwrap();
        let mut closed = run(Stdio::piped(), Stdio::piped());
        drop((closed.stdout.take(), closed.stderr.take()));
        let codes = [full_out, full_err, closed.wait().unwrap()].map(|status| status.code());
        assert_eq!(codes, [Some(code); 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_said_as_json_too() {
    let world = World::start().await;
    let cases: [(&[&str], &str); 5] = [
        (&["--from", "yesterday"], "from"),
        (&["--mode", "sometimes"], "mode"),
        (&["--exclude-title", "*x"], "exclude_title"),
        (&["--gong-url", "http://example.com"], "gong_url"),
        (&["--store", "sqlite:/no/such/folder/calls.db"], "store"),
    ];
    for (arguments, field) in cases {
        let mut command = Command::new(program("ingest"));
        command.env("GONG_BASE_URL", world.gong.url());
        command
            .env("GONG_ACCESS_KEY", "k")
            .env("GONG_ACCESS_KEY_SECRET", "s");
        if !arguments.contains(&"--mode") {
            command.args(["--mode", "full"]);
        }
        let run = finish_with(command, arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert_eq!(run.last_line()["error"]["field"], field, "{arguments:?}");
        assert!(run.stderr.matches("store: ").count() <= 1, "{}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'), "no colours: {}", run.stderr);
    }
    let missing = world.folder.path().join("missing.db");
    let store = format!("sqlite:{}", missing.display());
    for (arguments, field) in [
        (vec!["--store", &store, "-"], "store"),
        (vec!["--store", &store, "/no/such/task.json"], "task"),
        (vec!["--store", "postgres:x", "-"], "store"),
    ] {
        let run = finish_with(Command::new(program("analyze")), &arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        let reply: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(reply["success"], false);
        assert_eq!(reply["error"]["field"], field, "{arguments:?}");
    }
    assert!(!missing.exists());
}

fn finish_with(mut command: Command, arguments: &[&str]) -> Run {
    command.args(arguments);
    finish(command, b"{}")
}

/// Whatever ends the program, what it prints answers the task that it was given.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_not_begun_or_not_done_is_still_answered_as_that_task() {
    let world = World::start().await;
    assert_eq!(finish(ingest(&world), b"").code, 0);
    let (call, _) = world.a_call_with_its_sentences();
    let task = format!(r#"{{"task_type":"analyze_call","call_id":"{call}","request_id":"r-9"}}"#);
    let is_of_task = |run: &Run, code: &str| {
        let reply: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(reply["error"]["code"], code, "{reply}");
        assert_eq!(reply["task_type"], "analyze_call", "{reply}");
        assert_eq!(reply["request_id"], "r-9", "{reply}");
    };
    let missing = format!("sqlite:{}", world.folder.path().join("no.db").display());
    let mut command = Command::new(program("analyze"));
    command.args(["--store", &missing, "-"]);
    is_of_task(&finish(command, task.as_bytes()), "store_failed");

    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let file = world.folder.path().join("task.json");
    std::fs::write(&file, &task).unwrap();
    let mut command = Command::new(program("analyze"));
    command
        .args(["--backend", "openai", "--fallback", "none", "--store"])
        .arg(format!("sqlite:{}", world.database().display()))
        .arg(&file)
        .env(
            "CORTEX_BASE_URL",
            format!("http://{}/v1", silent.local_addr().unwrap()),
        )
        .env("CORTEX_MODEL", "silent")
        .env("CORTEX_API_KEY", "a-key-of-this-test")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let asked = silent.accept().unwrap();
    send(&child, "-INT");
    is_of_task(&ended(child), "cancelled");
    drop(asked);
}

/// Queries of all kinds beside a sync: nobody fails, and each gets an answer.
#[tokio::test(flavor = "multi_thread")]
async fn many_queries_beside_a_sync_all_answer() {
    let world = World::start().await;
    assert_eq!(finish(ingest(&world), b"").code, 0);
    let (call, _) = world.a_call_with_its_sentences();
    let tasks = [
        r#"{"task_type":"list_calls"}"#.to_owned(),
        r#"{"task_type":"search_calls","query":"price"}"#.to_owned(),
        r#"{"task_type":"team_overview","days":3660}"#.to_owned(),
        format!(r#"{{"task_type":"analyze_call","call_id":"{call}"}}"#),
    ];
    let mut command = ingest(&world);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let syncs: Vec<Child> = vec![command.spawn().unwrap()];
    let store = format!("sqlite:{}", world.database().display());
    let queries: Vec<_> = (0..12)
        .map(|number| {
            let (task, store) = (tasks[number % tasks.len()].clone(), store.clone());
            std::thread::spawn(move || {
                let mut command = Command::new(program("analyze"));
                command.args(["--store", &store, "-"]);
                (finish(command, task.as_bytes()), task)
            })
        })
        .collect();
    for query in queries {
        let (run, task) = query.join().unwrap();
        assert_eq!(run.code, 0, "{task}: {} {}", run.stdout, run.stderr);
        let reply: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(reply["success"], true, "{task}");
    }
    for sync in syncs {
        let run = ended(sync);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
}
