//! A real collector receives the daemon's spans: `rotel`, where `cargo xtask test` has
//! installed it.

use std::io::Read;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::program;
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};

fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_receives_the_daemons_spans() {
    let Some(rotel) = std::env::var_os("GONG_SNOWFLAKE_ROTEL") else {
        eprintln!("skipped: GONG_SNOWFLAKE_ROTEL names no collector");
        return;
    };
    let (http, grpc) = (free_address(), free_address());
    let mut collector = Command::new(rotel)
        .args(["start", "--exporter", "blackhole", "--debug-log", "traces"])
        .args(["--debug-log-verbosity", "detailed"])
        .args(["--otlp-http-endpoint", &http, "--otlp-grpc-endpoint", &grpc])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while std::net::TcpStream::connect(&http).is_err() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "it does not listen"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let gong = GongSimulator::builder().start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    let daemon = program("daemon")
        .args(["--once", "--store", &store])
        .env("GONG_BASE_URL", gong.url())
        .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
        .env("GONG_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{http}"))
        .output()
        .unwrap();
    assert!(daemon.status.success(), "{daemon:?}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    collector.kill().unwrap();
    let mut received = String::new();
    let mut out = collector.stdout.take().unwrap();
    out.read_to_string(&mut received).unwrap();
    collector.wait().unwrap();
    for span in ["job", "sync", "request"] {
        assert!(received.contains(span), "{span}: {received}");
    }
    assert!(!received.contains(DEFAULT_ACCESS_KEY_SECRET));
}
