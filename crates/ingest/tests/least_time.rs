//! How long syncs take under Gong's limit of requests, and how many requests they need, beside
//! the least that is possible:
//!
//! ```sh
//! cargo test --release -p gong-snowflake-ingest --test all least_time -- --ignored --nocapture
//! ```
//!
//! The simulated Gong enforces the limit with 429; the client keeps to it by itself. The time
//! is real. The least time is that of the requests that were sent, the first at once. A full
//! sync that takes 3 % more, or any 429, fails: run it on an idle machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use calls::Timestamp;
use gong_client::{Credentials, GongClient, GongConfig, SharedLimiter};
use ingest::{GongSync, SyncSettings};
use jiff::ToSpan;
use snowflake_store::{SqliteStore, SyncMode};
use testkit::gong::{
    BulkCalls, DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongLimits, GongSimulator,
};

/// Sentences of a call: enough to be one, and few enough that the limit is what is waited for.
const SENTENCES: usize = 20;

/// Requests per second.
const RATE: f64 = 3.0;

/// Of the least time, what a sync of 5,000 calls may take.
const MOST: f64 = 1.03;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement of two minutes"]
async fn syncs_wait_for_the_limit_and_for_nothing_else() {
    let calls = std::env::var("CALLS").map_or(5_000, |text| text.parse().unwrap());
    let rate = RATE;
    let limits = GongLimits {
        requests_per_second: Some(rate),
        ..GongLimits::default()
    };
    let gong = GongSimulator::builder()
        .bulk(BulkCalls::new(calls, SENTENCES))
        .limits(limits)
        .start()
        .await
        .unwrap();
    let store = Arc::new(SqliteStore::in_memory().await.unwrap());
    let days = |days: i64| Timestamp::now() - (days * 24).hours();
    let runs = [
        ("full", SyncSettings::new(SyncMode::Full)),
        ("incremental", SyncSettings::new(SyncMode::Incremental)),
        (
            "incremental, look-back only",
            SyncSettings::new(SyncMode::Incremental)
                .with_sweep_calls(0)
                .with_relist_requests(0),
        ),
        (
            "backfill of 30 days",
            SyncSettings::new(SyncMode::Backfill).with_from(Some(days(30))),
        ),
    ];
    println!("| mode | calls | requests | least | seconds | least | over | 429 |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, settings) in runs {
        // Each run is a process of its own: it begins with a full second's worth, which the
        // run before may have spent.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let client = Arc::new(client(&gong.url(), rate));
        gong.state().reset_traffic();
        let started = Instant::now();
        let report = GongSync::new(client, store.clone(), settings)
            .run()
            .await
            .unwrap();
        let seconds = started.elapsed().as_secs_f64();
        let traffic = gong.state().traffic();
        let requests = traffic.requests();
        let possible = gong_client::Quota::requests_for_calls(report.calls_seen, true);
        #[allow(clippy::cast_precision_loss)]
        let least = requests.saturating_sub(1) as f64 / rate;
        println!(
            "| {name} | {} | {requests} | {possible} | {seconds:.1} | {least:.1} | {:.1} % | {} |",
            report.calls_seen,
            (seconds / least - 1.0) * 100.0,
            traffic.too_many_requests,
        );
        assert_eq!(traffic.too_many_requests, 0, "{name}");
        // The others are short: what a start costs is more than 3 % of them.
        assert!(
            name != "full" || seconds <= MOST * least,
            "{seconds} of {least}"
        );
    }
    two_processes(&gong, rate).await;
}

/// Two limiters over one file are two processes to it.
async fn two_processes(gong: &GongSimulator, rate: f64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limiter.json");
    gong.state().reset_traffic();
    let started = Instant::now();
    let work = (0..2).map(|_| {
        let limiter = SharedLimiter::new(rate, None)
            .across_processes(&file)
            .unwrap();
        let config = config(&gong.url(), rate).with_shared_limiter(Arc::new(limiter));
        let client = GongClient::new(config).unwrap();
        async move {
            for _ in 0..20 {
                client.settings().workspaces().await.unwrap();
            }
        }
    });
    futures_util::future::join_all(work).await;
    let seconds = started.elapsed().as_secs_f64();
    let traffic = gong.state().traffic();
    println!(
        "\ntwo that share a file: {} requests in {seconds:.1} s, at most {} in a second, {} times 429",
        traffic.requests(),
        traffic.peak_requests_in_a_second,
        traffic.too_many_requests,
    );
    assert_eq!(traffic.too_many_requests, 0);
}

fn config(url: &str, rate: f64) -> GongConfig {
    let key = Credentials::basic(DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET);
    let config = GongConfig::new(url, key).unwrap();
    config.with_requests_per_second(rate).unwrap()
}

fn client(url: &str, rate: f64) -> GongClient {
    GongClient::new(config(url, rate)).unwrap()
}
