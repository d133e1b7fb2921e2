//! The service over HTTP, from outside.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::io::Write;
use std::net::TcpStream;

use gong_snowflake::agents::task::Task;
use serde_json::{Map, Value, json};

use support::http::{Response, receive, send};
use support::{Served, TOKEN, World, by_silent_model, is_whole, program, serve};

const JSON: &str = "Content-Type: application/json";

fn authorized() -> String {
    format!("Authorization: Bearer {TOKEN}")
}

fn ask(served: &Served, task: &Value) -> Response {
    let headers = [JSON, &authorized()];
    send(
        served.address(),
        "POST /tasks",
        &headers,
        task.to_string().as_bytes(),
    )
}

fn get(served: &Served, path: &str) -> Response {
    send(
        served.address(),
        &format!("GET {path}"),
        &[&authorized()],
        b"",
    )
}

#[tokio::test]
async fn every_task_is_answered_and_counted() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    for spec in Task::specs() {
        let mut task: Map<String, Value> = world.task(spec);
        let answer = loop {
            let answer = ask(&served, &Value::Object(task.clone()));
            match world.completed(task, &answer.json()) {
                Some(completed) => task = completed,
                None => break answer,
            }
        };
        let envelope = answer.json();
        assert_eq!(answer.status, 200, "{}: {envelope}", spec.name);
        assert_eq!(envelope["task_type"], spec.name);
        assert_eq!(envelope["success"], true);
        assert_eq!(
            envelope["request_id"].as_str(),
            answer.header("x-request-id")
        );
    }
    let counted = get(&served, "/metrics").body;
    for spec in Task::specs() {
        let name = spec.name;
        let line = format!("gong_snowflake_tasks_total{{task=\"{name}\",outcome=\"ok\"}} 1\n");
        assert!(counted.contains(&line), "{name}: {counted}");
    }
}

#[tokio::test]
async fn only_the_token_opens_what_is_not_for_everybody() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    for (line, status) in [
        ("GET /health", 200),
        ("GET /ready", 200),
        ("GET /metrics", 401),
        ("GET /openapi.json", 401),
        ("POST /tasks", 401),
    ] {
        for headers in [&[][..], &["Authorization: Bearer wrong"][..]] {
            let answer = send(served.address(), line, headers, b"");
            assert_eq!(answer.status, status, "{line}: {}", answer.body);
            if status == 401 {
                assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
                assert_eq!(answer.json()["error"]["code"], "unauthorized");
                is_whole(&answer.json());
            }
        }
    }
    assert_eq!(get(&served, "/metrics").status, 200);
    served.terminate();
    let (_, stdout, stderr) = served.ended();
    assert!(!stdout.contains(TOKEN) && !stderr.contains(TOKEN));
}

/// A balancer that takes the process away would take the fallback away, too.
#[tokio::test]
async fn a_store_that_is_down_leaves_a_process_with_a_fallback_ready() {
    let world = World::new().await;
    let down = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", down.local_addr().unwrap());
    drop(down);
    let mut command = program("serve");
    command
        .args(["--store", "snowflake", "--fallback-store", &world.store()])
        .args(["--listen", "127.0.0.1:0"])
        .env("GONG_SNOWFLAKE_TOKEN", TOKEN)
        .env("GONG_SNOWFLAKE_PRIMARY_TIMEOUT", "1s")
        .env("SNOWFLAKE_BASE_URL", &url)
        .env("SNOWFLAKE_ACCOUNT", "myorg-sales")
        .env("SNOWFLAKE_USER", "loader")
        .env("SNOWFLAKE_PASSWORD", "none")
        .env("SNOWFLAKE_WAREHOUSE", "W")
        .env("SNOWFLAKE_DATABASE", "D");
    let served = Served::start(&mut command);
    let ready = send(served.address(), "GET /ready", &[], b"");
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert_eq!(ready.json()["status"], "degraded");
    let listed = ask(&served, &json!({"task_type": "list_calls"})).json();
    assert_eq!(listed["data_source"], "sqlite", "{listed}");
}

#[tokio::test]
async fn what_two_stores_answer_differently_is_counted() {
    let (world, other) = (World::new().await, World::new().await);
    let mut command = serve(&world, &["--fallback-store", &other.store()]);
    let served = Served::start(command.env("GONG_SNOWFLAKE_SHADOW_SHARE", "100"));
    let listed = ask(&served, &json!({"task_type": "list_calls"}));
    assert_eq!(listed.status, 200, "{}", listed.body);
    let counted = get(&served, "/metrics").body;
    let line = r#"gong_snowflake_shadow_requests_total{method="find_calls",difference="#;
    assert!(counted.contains(line), "{counted}");
}

#[tokio::test]
async fn errors_have_the_envelope_and_a_status() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    let named = "X-Request-Id: my-request";
    let too_long = vec![b' '; (1 << 20) + 1];
    let auth = authorized();
    // Request line, headers, body; status and code.
    type Case<'a> = (&'a str, &'a [&'a str], &'a [u8], u16, &'a str);
    let cases: [Case<'_>; 9] = [
        ("POST /tasks", &[JSON], b"{", 400, "invalid_json"),
        (
            "POST /tasks",
            &[JSON],
            b"{\"task_type\":\"sing\"}",
            400,
            "unknown_task_type",
        ),
        (
            "POST /tasks",
            &[JSON],
            b"{\"task_type\":\"analyze_call\"}",
            400,
            "missing_field",
        ),
        (
            "POST /tasks",
            &[JSON],
            b"{\"task_type\":\"analyze_call\",\"call_id\":\"1\"}",
            404,
            "call_not_found",
        ),
        ("POST /tasks", &[JSON], &too_long, 413, "body_too_large"),
        (
            "POST /tasks",
            &["Content-Type: text/plain"],
            b"{}",
            415,
            "unsupported_media_type",
        ),
        ("POST /tasks", &[], b"{}", 415, "unsupported_media_type"),
        ("GET /tasks", &[], b"", 405, "method_not_allowed"),
        ("GET /nothing", &[], b"", 404, "unknown_path"),
    ];
    for (line, headers, body, status, code) in cases {
        let mut all = headers.to_vec();
        all.extend([named, &auth]);
        let answer = send(served.address(), line, &all, body);
        let envelope = answer.json();
        assert_eq!(answer.status, status, "{line} {code}: {envelope}");
        assert_eq!(envelope["error"]["code"], code);
        assert_eq!(envelope["success"], false);
        assert_eq!(envelope["request_id"], "my-request");
        is_whole(&envelope);
        assert_eq!(answer.header("x-request-id"), Some("my-request"));
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_is_given_up() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &["--task-seconds", "1"]));
    let mut stream = TcpStream::connect(served.address()).unwrap();
    let head = format!(
        "POST /tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{JSON}\r\n{}\r\nContent-Length: 9\r\n\r\n{{",
        authorized()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let answer = receive(stream);
    assert_eq!(answer.status, 504);
    assert_eq!(answer.json()["error"]["code"], "timed_out");
    is_whole(&answer.json());
}

#[tokio::test]
async fn a_task_that_takes_too_long_is_answered_as_that_task() {
    let world = World::new().await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let served = Served::start(&mut by_silent_model(
        serve(&world, &["--task-seconds", "1", "--analyse-every", "0"]),
        &silent,
    ));
    let call_id = &world.values()["call_id"];
    let task = json!({"task_type": "analyze_call", "call_id": call_id, "request_id": "r-1"});
    let answer = ask(&served, &task);
    let envelope = answer.json();
    assert_eq!(answer.status, 504, "{envelope}");
    assert_eq!(envelope["error"]["code"], "timed_out");
    assert_eq!(envelope["task_type"], "analyze_call");
    assert_eq!(envelope["request_id"], "r-1");
    is_whole(&envelope);
}

#[tokio::test]
async fn without_a_token_only_this_machine_may_ask() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &["--without-token"]));
    let task = json!({"task_type": "list_calls"}).to_string();
    let ask = |headers: &[&str]| {
        let mut all = vec![JSON];
        all.extend(headers);
        send(served.address(), "POST /tasks", &all, task.as_bytes()).status
    };
    assert_eq!(ask(&[]), 200);
    assert_eq!(ask(&["Host: localhost"]), 200);
    assert_eq!(ask(&["Host: rebound.example"]), 403);
    assert_eq!(
        ask(&["Host: localhost", "Origin: https://page.example"]),
        403
    );
}

#[tokio::test]
async fn wrong_settings_end_the_program_with_code_2() {
    let world = World::new().await;
    let missing = "sqlite:/nowhere/calls.db";
    let cases: [(&[&str], Option<&str>, &str); 5] = [
        (&[], None, "GONG_SNOWFLAKE_TOKEN"),
        (&[], Some(""), "GONG_SNOWFLAKE_TOKEN"),
        (&[], Some("two words"), "GONG_SNOWFLAKE_TOKEN"),
        (
            &["--without-token", "--listen", "0.0.0.0:0"],
            None,
            "--without-token",
        ),
        (&["--store", missing], Some("token"), "does not exist"),
    ];
    for (arguments, token, told) in cases {
        let mut command = program("serve");
        if !arguments.contains(&"--store") {
            command.args(["--store", &world.store()]);
        }
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(arguments);
        if let Some(token) = token {
            command.env("GONG_SNOWFLAKE_TOKEN", token);
        }
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(told), "{stderr}");
        assert!(!stderr.contains("two words"));
    }
}

#[tokio::test]
async fn a_signal_lets_the_task_under_way_finish() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    let task = json!({"task_type": "list_calls"}).to_string();
    let mut stream = TcpStream::connect(served.address()).unwrap();
    let head = format!(
        "POST /tasks HTTP/1.1\r\nHost: x\r\n{JSON}\r\n{}\r\nContent-Length: {}\r\n\r\n",
        authorized(),
        task.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // It is under way: the body is waited for.
    while !get(&served, "/metrics")
        .body
        .contains("tasks_in_flight 1\n")
    {}
    served.terminate();
    // No longer taken: it is stopping.
    while TcpStream::connect(served.address()).is_ok() {}
    stream.write_all(task.as_bytes()).unwrap();
    assert_eq!(receive(stream).status, 200);
    let (status, stdout, _) = served.ended();
    assert_eq!(status.code(), Some(0));
    assert_eq!(stdout, "");
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off_and_told() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &["--stop-seconds", "0"]));
    let mut stream = TcpStream::connect(served.address()).unwrap();
    let head = format!(
        "POST /tasks HTTP/1.1\r\nHost: x\r\n{JSON}\r\n{}\r\nContent-Length: 9\r\n\r\n",
        authorized()
    );
    stream.write_all(head.as_bytes()).unwrap();
    while !get(&served, "/metrics")
        .body
        .contains("tasks_in_flight 1\n")
    {}
    served.terminate();
    let (status, _, stderr) = served.ended();
    assert_eq!(status.code(), Some(1));
    assert!(stderr.contains("cut off"), "{stderr}");
}

#[tokio::test]
async fn the_document_describes_every_task_and_path() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    let document = get(&served, "/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    let mapping = &document["components"]["schemas"]["Task"]["discriminator"]["mapping"];
    for spec in Task::specs() {
        let reference = mapping[spec.name].as_str().unwrap();
        let schema = document.pointer(reference.trim_start_matches('#')).unwrap();
        assert_eq!(schema["properties"]["task_type"]["const"], spec.name);
        for field in spec.fields() {
            assert!(
                schema["properties"].get(field.name).is_some(),
                "{}",
                field.name
            );
        }
    }
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let line = format!("{} {path}", method.to_uppercase());
            let status = send(served.address(), &line, &[&authorized()], b"").status;
            assert!(![404, 405].contains(&status), "{line}: {status}");
        }
    }
    // Every reference leads somewhere.
    let mut references = Vec::new();
    collect(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect(inner, references)),
        _ => {}
    }
}
