//! The programs that serve, at level `trace` with a secret in every setting that they take: no log
//! or answer shows any of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{World, program};

const SECRETS: [&str; 5] = [
    "a-serving-token-that-nobody-may-see",
    "a-gong-key-that-nobody-may-see",
    "a-gong-secret-that-nobody-may-see",
    "a-password-that-nobody-may-see",
    "a-model-key-that-nobody-may-see",
];

/// As the dialog of a rule shows one; its private half was thrown away.
const PUBLIC_KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0DTgPVBzabNlFC4a1Hqg\
    i5sngKZ8M0AMHk9HPWN9/9igVPYEMlLznrgMhkhT2XaBvcOlF5FC96Z+b8Dv54u6\
    dCCONlJZtz/b687jnSOPjRNQEpDfXYuCHVJbeZv3E8BCpVtRpYILto1VKEbw+8ly\
    JOC8KmJJLRr9j4kd1UIk0FSs8czlQ9IHqjD//YZhLue4Cxt/7LgnbFzz6OFvYLsW\
    bt9L7f4JJM48V8adzBatNMr4HSP2Pl4GDw9g3QMWMcIlIIrfcqhoUCXqX3DxgQCc\
    b7FaF88eG4ZGkr83cRWQ1PTedxm0GL5tVp3Xjw9jmNxeefYxzhUzqrMx7rgZ+OXE\
    vwIDAQAB";

/// A program with all settings set.
fn with_secrets(world: &World, example: &str) -> Command {
    let [token, key, secret, password, model] = SECRETS;
    let mut command = program(example);
    command
        .env("RUST_LOG", "trace")
        .env("GONG_SNOWFLAKE_STORE", world.store())
        .env("GONG_SNOWFLAKE_LISTEN", "127.0.0.1:0")
        .env("GONG_SNOWFLAKE_TOKEN", token)
        .env("GONG_BASE_URL", "http://127.0.0.1:1")
        .env("GONG_ACCESS_KEY", key)
        .env("GONG_ACCESS_KEY_SECRET", secret)
        .env("GONG_SNOWFLAKE_FALLBACK_STORE", "gong")
        .env("SNOWFLAKE_PASSWORD", password)
        .env("CORTEX_API_KEY", model);
    command
}

/// Starts a program, asks with the right token and with another, stops it, and gives all that
/// was said.
fn said(mut command: Command, path: &str) -> String {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    let address = loop {
        let from = said.len();
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "{said}");
        if let Some((_, url)) = said[from..].split_once("listening on http://") {
            break url.trim().split('/').next().unwrap().to_owned();
        }
    };
    // What is not read blocks who writes it.
    let reading = std::thread::spawn(move || {
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).unwrap();
        rest
    });
    let body = r#"{"task_type":"list_calls"}"#;
    for token in [SECRETS[0], "another-token"] {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        stream.read_to_string(&mut said).unwrap();
    }
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child.wait().unwrap();
    said + &reading.join().unwrap()
}

/// `level` is the finest at which the program itself logs, whatever its libraries do.
fn shows_none(said: &str, level: &str) {
    assert!(said.contains(level), "the log is off: {said}");
    for secret in SECRETS {
        assert!(!said.contains(secret), "{secret} is shown");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_that_serves_shows_a_secret() {
    let world = World::new().await;
    shows_none(&said(with_secrets(&world, "serve"), "/tasks"), "DEBUG");
    let mut mcp = with_secrets(&world, "mcp_server");
    mcp.args(["--http", "127.0.0.1:0"]);
    shows_none(&said(mcp, "/mcp"), "DEBUG");
    let mut daemon = with_secrets(&world, "daemon");
    daemon.args(["--listen", "127.0.0.1:0"]);
    shows_none(&said(daemon, "/jobs"), "DEBUG");
    let mut webhook = with_secrets(&world, "webhook");
    webhook
        .env("GONG_WEBHOOK_LISTEN", "127.0.0.1:0")
        .env("GONG_WEBHOOK_URL", "https://hooks.example.com/gong")
        .env("GONG_WEBHOOK_PUBLIC_KEY", PUBLIC_KEY);
    shows_none(&said(webhook, "/gong"), " WARN ");
}

#[test]
fn no_program_is_left_out() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(examples).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["daemon.rs", "mcp_server.rs", "serve.rs", "webhook.rs"]
    );
}
