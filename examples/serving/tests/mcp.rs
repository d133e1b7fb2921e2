//! The tools, asked by the protocol's own Python client, and by what is no client.
//!
//! `cargo xtask test` installs the client; without it, its tests are skipped and say so.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::io::Write;
use std::process::{Command, Stdio};

use gong_snowflake::agents::task::Task;
use serde_json::{Value, json};

use support::http::send;
use support::{Served, TOKEN, World, by_silent_model, is_whole, program};

/// The Pythons that have the client, in its present version and in the one before.
const PYTHON: &str = "GONG_SNOWFLAKE_MCP_PYTHON";
const PYTHON_1: &str = "GONG_SNOWFLAKE_MCP_1_PYTHON";

#[tokio::test]
async fn a_client_lists_the_tools_and_calls_each_on_stdio() {
    let world = World::new().await;
    for (python, mode) in [(PYTHON, "auto"), (PYTHON, "legacy"), (PYTHON_1, "legacy")] {
        let server = program("mcp_server");
        let settings = json!({
            "mode": mode,
            "values": world.values(),
            "command": server.get_program().to_str().unwrap(),
            "arguments": ["--store", world.store()],
        });
        ask(python, &settings);
    }
}

#[tokio::test]
async fn a_client_lists_the_tools_and_calls_each_over_http() {
    let world = World::new().await;
    let served = Served::start(&mut on_http(&world));
    for mode in ["auto", "legacy"] {
        let settings = json!({
            "mode": mode,
            "values": world.values(),
            "url": served.url,
            "token": TOKEN,
        });
        ask(PYTHON, &settings);
    }
    served.terminate();
    let (status, stdout, stderr) = served.ended();
    assert_eq!(status.code(), Some(0), "{stderr}");
    assert_eq!(stdout, "");
}

#[tokio::test]
async fn only_callers_with_the_token_and_a_known_name_reach_the_tools() {
    let world = World::new().await;
    let served = Served::start(&mut on_http(&world));
    let token = format!("Authorization: Bearer {TOKEN}");
    let accept = "Accept: application/json, text/event-stream";
    let status = |headers: &[&str]| {
        let mut all = vec!["Content-Type: application/json", accept];
        all.extend(headers);
        let list = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
        send(served.address(), "POST /mcp", &all, list.as_bytes()).status
    };
    assert_eq!(status(&[]), 401);
    assert_eq!(status(&["Authorization: Bearer wrong"]), 401);
    assert_eq!(status(&[&token, "Host: rebound.example"]), 403);
    assert_eq!(status(&[&token, "Origin: https://page.example"]), 403);
    assert!(![401, 403].contains(&status(&[&token])));
}

#[tokio::test]
async fn an_address_of_other_machines_needs_a_name() {
    let world = World::new().await;
    let mut command = program("mcp_server");
    command.args(["--store", &world.store(), "--http", "0.0.0.0:0"]);
    let output = command.env("GONG_SNOWFLAKE_TOKEN", TOKEN).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("--allow-host"), "{stderr}");
}

/// Whatever a client sends, nothing but the protocol is on stdout.
#[tokio::test]
async fn stdout_carries_the_protocol_alone() {
    let world = World::new().await;
    let mut command = program("mcp_server");
    command
        .args(["--store", &world.store()])
        .env("RUST_LOG", "trace");
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
    let lines = [
        hello,
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "list_calls", "arguments": {"limit": 1}}}),
        json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "sing"}}),
    ];
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut answers = Vec::new();
    for line in &lines {
        writeln!(stdin, "{line}").unwrap();
        if line.get("id").is_some() {
            let mut answer = String::new();
            std::io::BufRead::read_line(&mut stdout, &mut answer).unwrap();
            answers.push(serde_json::from_str::<Value>(&answer).unwrap());
        }
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(answers[1]["result"]["isError"], false);
    assert_eq!(answers[2]["error"]["code"], -32602);
}

#[tokio::test]
async fn a_tool_that_takes_too_long_is_answered_in_the_envelope() {
    let world = World::new().await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = program("mcp_server");
    command.args([
        "--store",
        &world.store(),
        "--task-seconds",
        "1",
        "--analyse-every",
        "0",
    ]);
    let mut command = by_silent_model(command, &silent);
    let hello = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}});
    let arguments = json!({"call_id": world.values()["call_id"], "request_id": "r-1"});
    let lines = [
        hello,
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call",
            "params": {"name": "analyze_call", "arguments": arguments}}),
    ];
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut answer = Value::Null;
    for line in &lines {
        writeln!(stdin, "{line}").unwrap();
        if line.get("id").is_some() {
            let mut read = String::new();
            std::io::BufRead::read_line(&mut stdout, &mut read).unwrap();
            answer = serde_json::from_str(&read).unwrap();
        }
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let result = &answer["result"];
    assert_eq!(result["isError"], true, "{answer}");
    let text = result["content"][0]["text"].as_str().unwrap();
    let envelope: Value = serde_json::from_str(text).unwrap();
    assert_eq!(envelope["error"]["code"], "timed_out", "{envelope}");
    assert_eq!(envelope["task_type"], "analyze_call");
    assert_eq!(envelope["request_id"], "r-1");
    is_whole(&envelope);
}

fn on_http(world: &World) -> Command {
    let mut command = program("mcp_server");
    command
        .args(["--store", &world.store(), "--http", "127.0.0.1:0"])
        .env("GONG_SNOWFLAKE_TOKEN", TOKEN);
    command
}

/// Has the client of a Python call every tool, and checks that all were answered.
fn ask(python: &str, settings: &Value) {
    let Some(python) = std::env::var_os(python) else {
        println!("skipped: {python} does not say which Python has the client");
        return;
    };
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/python/mcp_client.py");
    let mut child = Command::new(python)
        .arg(client)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(settings.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {stderr}", settings["mode"]);
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let answers = seen["answers"].as_object().unwrap();
    let mut listed: Vec<&str> = answers.keys().map(String::as_str).collect();
    let mut tasks: Vec<&str> = Task::specs().map(|spec| spec.name).collect();
    listed.sort_unstable();
    tasks.sort_unstable();
    assert_eq!(listed, tasks);
    for (name, answer) in answers {
        assert_eq!(answer["is_error"], false, "{name}: {answer}");
        assert_eq!(answer["envelope"]["task_type"], name.as_str());
    }
    assert_eq!(seen["wrong"]["is_error"], true);
    let told = seen["wrong"]["text"].as_str().unwrap();
    assert!(told.contains("call_not_found"), "{told}");
}
