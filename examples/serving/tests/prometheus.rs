//! A real Prometheus scrapes `serve` and `daemon`, by the shipped rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::http::send;
use support::{Served, TOKEN, World, program, serve};
use testkit::gong::{DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator};

/// A server that ends with this value.
struct Prometheus {
    child: Child,
    address: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    /// `None` where there is no such program.
    fn start(folder: &std::path::Path, targets: &[&str]) -> Option<Self> {
        let program = std::env::var_os("GONG_SNOWFLAKE_PROMETHEUS").unwrap_or("prometheus".into());
        // It takes no port 0; this one was free a moment ago.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/monitoring");
        let shipped = std::fs::read_to_string(format!("{docs}/prometheus.yml")).unwrap();
        let config = shipped
            .replace("rules.yml", &format!("{docs}/rules.yml"))
            .replace("scrape_interval: 30s", "scrape_interval: 1s")
            .replace(
                "\"127.0.0.1:9464\", \"127.0.0.1:8080\"",
                &targets.join(", "),
            );
        std::fs::write(folder.join("prometheus.yml"), config).unwrap();
        std::fs::write(folder.join("token"), TOKEN).unwrap();
        let child = Command::new(program)
            .arg(format!(
                "--config.file={}",
                folder.join("prometheus.yml").display()
            ))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Some(Self {
            child: child.ok()?,
            address,
        })
    }

    /// The result of a query, once it has one.
    async fn query(&self, query: &str) -> Value {
        let started = Instant::now();
        loop {
            if std::net::TcpStream::connect(&self.address).is_ok() {
                let line = format!("GET /api/v1/{query}");
                let answer = send(&self.address, &line, &[], b"");
                if answer.status == 200 {
                    let body: Value = serde_json::from_str(body(&answer.body)).unwrap();
                    let data = body["data"].clone();
                    if data["result"] != serde_json::json!([]) {
                        return data;
                    }
                }
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{query}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// The JSON of an answer that may come in chunks.
fn body(text: &str) -> &str {
    let (first, last) = (text.find('{').unwrap(), text.rfind('}').unwrap());
    &text[first..=last]
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_reads_what_serve_and_daemon_measure() {
    let world = World::new().await;
    let served = Served::start(&mut serve(&world, &[]));
    let gong = GongSimulator::builder().start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut daemon = program("daemon");
    daemon
        .args(["--listen", "127.0.0.1:0", "--every", "1s"])
        .args([
            "--store",
            &format!("sqlite:{}", folder.path().join("d.db").display()),
        ])
        .env("GONG_BASE_URL", gong.url())
        .env("GONG_ACCESS_KEY", DEFAULT_ACCESS_KEY)
        .env("GONG_ACCESS_KEY_SECRET", DEFAULT_ACCESS_KEY_SECRET)
        .env("GONG_SNOWFLAKE_TOKEN", TOKEN);
    let daemon = Served::start(&mut daemon);
    let authorization = format!("Authorization: Bearer {TOKEN}");
    let task = br#"{"task_type": "list_calls"}"#;
    let headers = [authorization.as_str(), "Content-Type: application/json"];
    assert_eq!(
        send(served.address(), "POST /tasks", &headers, task).status,
        200
    );

    let targets = [daemon.address(), served.address()];
    let Some(prometheus) = Prometheus::start(folder.path(), &targets) else {
        eprintln!("skipped: prometheus is not on the path");
        return;
    };
    let tasks = "query?query=gong_snowflake_tasks_total%7Boutcome%3D%22ok%22%7D";
    let tasks = prometheus.query(tasks).await;
    assert_eq!(tasks["result"][0]["metric"]["task"], "list_calls");
    assert_eq!(tasks["result"][0]["value"][1], "1");
    let up = prometheus.query("query?query=sum(up)%3D%3D2").await;
    assert_eq!(up["result"][0]["value"][1], "2", "both are scraped");
    prometheus
        .query("query?query=gong_snowflake_job_runs_total%7Bstep%3D%22sync%22%7D")
        .await;
    let rules = prometheus.query("rules").await;
    let rules = rules["groups"][0]["rules"].as_array().unwrap().clone();
    assert_eq!(rules.len(), 12);
    assert!(
        rules.iter().all(|rule| rule["health"] != "err"),
        "{rules:?}"
    );
}
