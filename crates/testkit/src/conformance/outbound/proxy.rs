//! Proxies from the environment: never used for loopback, always for other hosts.
//!
//! Environment variables belong to a process, so the suite runs in its own, where
//! `SSL_CERT_FILE` names an authority as well.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use resilience::ErrorKind;

use super::authority::Authority;
use super::server::Server;
use super::{Client, failure, settings};

const RUNS_THE_SUITE: &str = "GONG_SNOWFLAKE_OUTBOUND_SUITE";
const VARIABLES: [&str; 6] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];
/// Never resolves, by RFC 6761.
const ELSEWHERE: &str = "outbound.invalid";

/// Set in the process that has the variables: the address of a server whose authority
/// `SSL_CERT_FILE` names.
pub(super) fn trusted_server() -> Option<String> {
    std::env::var(RUNS_THE_SUITE).ok()
}

/// Runs a test of this program again, with variables that name a proxy, and looks at what
/// the proxy was asked for.
pub(super) async fn run_behind_one(client: &Client, test: &str) {
    let authority = Authority::new("Named by a variable");
    let trusted = Server::secure(client, authority.vouch_for("127.0.0.1")).await;
    let certificate = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(&certificate, authority.pem()).expect("a file");
    let proxy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", proxy.local_addr().expect("an address"));
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    // Ends with the process: it waits for connections.
    std::thread::spawn(move || {
        for stream in proxy.incoming().flatten() {
            let mut line = String::new();
            if BufReader::new(stream).read_line(&mut line).is_ok() {
                log.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(line);
            }
        }
    });
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([test, "--exact", "--nocapture", "--test-threads=1"]);
    command.env(RUNS_THE_SUITE, &trusted.url);
    command.env("SSL_CERT_FILE", certificate.path());
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    for variable in VARIABLES {
        command.env(variable, &address);
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("a thread").expect("this program runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{why}"
    );
    let asked = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let tunnel = format!("CONNECT {ELSEWHERE}:443 ");
    assert!(!asked.is_empty(), "hosts elsewhere are asked by the proxy");
    let past = asked.iter().find(|line| !line.starts_with(&tunnel));
    assert_eq!(past, None, "requests to this machine go past the proxy");
}

/// Asks a host elsewhere, which the proxy does not lead to.
pub(super) async fn leave_the_machine(client: &Client) {
    let url = format!("https://{ELSEWHERE}");
    let error = failure(client, &url, settings(), "a host elsewhere").await;
    assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
}
