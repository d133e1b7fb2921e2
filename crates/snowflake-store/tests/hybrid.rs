//! Two stores that act as one: the contract of every store, who answers and why, and what is
//! recorded of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use calls::reading::Reading;
use calls::{CallId, Provenance};
use resilience::{Answered, BreakerState, CircuitBreaker, CircuitBreakerConfig, ErrorKind, Route};
use snowflake_store::{
    CallQuery, CallReader, CallReading, Hybrid, Insights, Landing, LandingPage, Result,
    SqliteConfig, SqliteStore, TransformScope, serving,
};
use tempfile::TempDir;
use testkit::conformance::store::{CallDocument, MAX_DOCUMENT_BYTES, transcript_document};
use testkit::faulty::{FaultySource, SourceFault};

type OneFile = Hybrid<SqliteStore, SqliteStore>;

/// Two stores on one file, so that what is written through the one is read through the other.
async fn one_file(route: Route) -> (OneFile, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let config = SqliteConfig::new(folder.path().join("calls.db"))
            .with_max_document_bytes(MAX_DOCUMENT_BYTES);
        SqliteStore::open_with(config)
    };
    let (primary, fallback) = (open().await.unwrap(), open().await.unwrap());
    (Hybrid::new(primary, fallback).with_route(route), folder)
}

async fn primary_answers() -> (OneFile, TempDir) {
    one_file(Route::default()).await
}

async fn half_and_half() -> (OneFile, TempDir) {
    one_file(Route::default().with_primary_share(0.5)).await
}

async fn both_answer() -> (OneFile, TempDir) {
    one_file(Route::default().with_shadow_share(1.0)).await
}

testkit::store_conformance!(primary_first, primary_answers);
testkit::store_conformance!(a_share_each, half_and_half);
testkit::store_conformance!(in_shadow, both_answer);

type Faulty = Arc<FaultySource<Arc<SqliteStore>>>;

/// A primary that can fail, a fallback, and what stands on them.
struct Pair {
    primary: Faulty,
    fallback: Faulty,
    hybrid: Arc<Hybrid<Faulty, Faulty>>,
}

impl Pair {
    async fn new(route: Route) -> Self {
        let (primary, fallback) = (faulty(&["1", "2"]).await, faulty(&["1", "2"]).await);
        let hybrid = Hybrid::new(Arc::clone(&primary), Arc::clone(&fallback))
            .named("snowflake", "sqlite")
            .with_route(route);
        Self {
            primary,
            fallback,
            hybrid: Arc::new(hybrid),
        }
    }

    /// Reads call 1, then 2, as one task does.
    async fn two_calls(&self) -> (Result<usize>, serving::Served) {
        serving::by_one("1", || async {
            let first = self.hybrid.call_detail(&"1".into()).await?;
            let second = self.hybrid.call_detail(&"2".into()).await?;
            Ok(first.into_iter().chain(second).count())
        })
        .await
    }
}

async fn faulty(ids: &[&str]) -> Faulty {
    let store = SqliteStore::in_memory().await.unwrap();
    let lines = [("v-rep", 0, 3_000, "We begin on Monday.")];
    let calls = ids.iter().map(|id| CallDocument::new(id).document());
    let transcripts = ids.iter().map(|id| transcript_document(id, &lines));
    let page = LandingPage::new("run")
        .with_calls(calls.collect())
        .with_transcripts(transcripts.collect());
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    store.transform(scope).await.unwrap();
    Arc::new(FaultySource::new(Arc::new(store), 7))
}

fn with_breaker(failures_to_open: u32) -> Route {
    let config = CircuitBreakerConfig {
        failures_to_open,
        open_for: Duration::from_secs(30),
    };
    Route::default().with_breaker(Arc::new(CircuitBreaker::new(config)))
}

#[tokio::test]
async fn a_healthy_primary_answers_alone() {
    let pair = Pair::new(Route::default()).await;
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap(), 2);
    assert_eq!(served.sources(), ["snowflake"]);
    assert_eq!(served.degraded(), Vec::<String>::new());
    assert_eq!(pair.fallback.requests(), 0);
}

#[tokio::test]
async fn a_task_is_answered_by_one_store_when_the_primary_dies_in_it() {
    let pair = Pair::new(Route::default()).await;
    pair.primary.set_fault(Some(SourceFault::DiesAfter(1)));
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap(), 2);
    assert_eq!(served.sources(), ["sqlite"]);
    assert_eq!(
        served.degraded(),
        ["sqlite answered in place of snowflake, which failed: transient"]
    );
    assert_eq!(pair.primary.requests(), 2, "left alone after it failed");
    assert_eq!(pair.fallback.requests(), 3, "the second call, then both");
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_hangs_costs_a_task_one_timeout() {
    let limit = Duration::from_secs(10);
    let pair = Pair::new(Route::default().with_primary_timeout(limit)).await;
    pair.primary.set_fault(Some(SourceFault::Hangs));
    let started = tokio::time::Instant::now();
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap(), 2);
    assert_eq!(started.elapsed(), limit);
    assert_eq!(served.by()[0].answered, Answered::FallbackAfterTimeout);
}

#[tokio::test(start_paused = true)]
async fn a_primary_that_keeps_failing_is_left_alone_and_found_again() {
    let pair = Pair::new(with_breaker(2)).await;
    pair.primary.set_fault(Some(SourceFault::Fails));
    for _ in 0..5 {
        assert_eq!(pair.two_calls().await.0.unwrap(), 2);
    }
    assert_eq!(pair.primary.requests(), 2);
    let route = pair.hybrid.route();
    assert_eq!(route.breaker_state(), Some(BreakerState::Open));
    let stats = route.stats();
    assert_eq!(
        (stats.fallback_after_failure, stats.fallback_for_breaker),
        (2, 3)
    );

    pair.primary.set_fault(None);
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(pair.two_calls().await.1.sources(), ["snowflake"]);
    assert_eq!(route.breaker_state(), Some(BreakerState::Closed));
}

#[tokio::test]
async fn an_error_that_waiting_does_not_mend_is_the_answer() {
    let pair = Pair::new(Route::default()).await;
    pair.primary.set_fault(Some(SourceFault::Refuses));
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap_err().kind(), ErrorKind::Permission);
    assert_eq!(served.sources(), ["snowflake"]);
}

#[tokio::test]
async fn a_task_goes_one_way_by_its_key() {
    let pair = Pair::new(Route::default().with_primary_share(0.3)).await;
    let mut to_primary = 0;
    for key in (0..200).map(|number| number.to_string()) {
        let ids: [CallId; 2] = ["1".into(), "2".into()];
        let read = || async {
            for id in &ids {
                pair.hybrid.call_detail(id).await?;
            }
            pair.hybrid.find_calls(&CallQuery::default()).await
        };
        let (_, served) = serving::by_one(&key, read).await;
        let (_, again) = serving::by_one(&key, read).await;
        assert_eq!(served.sources().len(), 1, "{key}");
        assert_eq!(served, again);
        assert_eq!(served.degraded(), Vec::<String>::new());
        to_primary += usize::from(served.sources() == ["snowflake"]);
    }
    assert!((40..80).contains(&to_primary), "{to_primary}");
}

#[tokio::test]
async fn what_a_task_spawns_is_part_of_it() {
    let pair = Pair::new(Route::default()).await;
    pair.primary.set_fault(Some(SourceFault::DiesAfter(1)));
    let spawned = || async {
        for id in ["1", "2"] {
            let hybrid = Arc::clone(&pair.hybrid);
            let read = async move { hybrid.call_detail(&id.into()).await };
            let read = tokio::spawn(serving::of_this_task(read));
            read.await.unwrap()?;
        }
        Ok::<_, snowflake_store::Error>(())
    };
    let (read, served) = serving::by_one("1", spawned).await;
    read.unwrap();
    assert_eq!(served.sources(), ["sqlite"]);
    assert_eq!(pair.fallback.requests(), 3, "the second call, then both");
}

#[tokio::test]
async fn what_the_fallback_cannot_do_the_primary_does() {
    let pair = Pair::new(Route::default().with_primary_share(0.0)).await;
    pair.fallback.set_fault(Some(SourceFault::Unable));
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap(), 2);
    assert_eq!(served.sources(), ["snowflake"]);
}

#[tokio::test]
async fn when_neither_answers_the_error_says_both() {
    let pair = Pair::new(Route::default()).await;
    pair.primary.set_fault(Some(SourceFault::Fails));
    pair.fallback.set_fault(Some(SourceFault::Unable));
    let error = pair.two_calls().await.0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(
        error.message(),
        "snowflake failed: transient, and sqlite cannot: no such questions here"
    );
}

fn reading_of(id: &str, sha: String) -> CallReading {
    CallReading {
        call_id: id.into(),
        transcript_sha: sha,
        provenance: Provenance::new("local", "model-1"),
        read_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        requests: 0,
        reading: Reading::default(),
    }
}

async fn kept(source: &Faulty, id: &str) -> usize {
    let ids: [CallId; 1] = [id.into()];
    source.readings(&ids, None).await.unwrap().len()
}

#[tokio::test]
async fn what_is_understood_is_kept_where_the_call_is_asked_for() {
    let pair = Pair::new(Route::default()).await;
    let detail = pair.primary.call_detail(&"1".into()).await.unwrap();
    let sha = detail.unwrap().transcript_sha.unwrap();
    let reading = [reading_of("1", sha)];
    assert_eq!(pair.hybrid.save_readings(&reading).await.unwrap(), 1);
    assert_eq!(kept(&pair.primary, "1").await, 1);
    assert_eq!(kept(&pair.fallback, "1").await, 0);

    pair.primary.set_fault(Some(SourceFault::Hangs));
    let limit = Duration::from_millis(50);
    let patient = Hybrid::new(Arc::clone(&pair.primary), Arc::clone(&pair.fallback))
        .with_route(Route::default().with_primary_timeout(limit));
    assert_eq!(patient.save_readings(&reading).await.unwrap(), 1);
    assert_eq!(kept(&pair.fallback, "1").await, 1);
}

#[tokio::test]
async fn differences_are_counted_by_kind_and_without_words() {
    let route = Route::default().with_shadow_share(1.0);
    let pair = Pair::new(route).await;
    let other = faulty(&["2", "3"]).await;
    let hybrid = Hybrid::new(Arc::clone(&pair.primary), other)
        .with_route(Route::default().with_shadow_share(1.0));
    for id in ["1", "2", "3"] {
        hybrid.call_detail(&id.into()).await.unwrap();
    }
    let all = CallQuery {
        limit: 10,
        ..CallQuery::default()
    };
    hybrid.find_calls(&all).await.unwrap();
    let report = hybrid.shadow_report();
    assert_eq!(report.different(), 3);
    let shown = serde_json::to_value(&report).unwrap();
    assert_eq!(
        shown,
        serde_json::json!({
            "call_detail": {"requests": 3, "same": 1,
                            "differences": {"only_primary": 1, "only_fallback": 1}},
            "find_calls": {"requests": 1, "same": 0, "differences": {"members": 1}},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_shadow_that_hangs_holds_up_no_answer_for_good() {
    let limit = Duration::from_secs(10);
    let route = Route::default()
        .with_shadow_share(1.0)
        .with_primary_timeout(limit);
    let pair = Pair::new(route).await;
    pair.fallback.set_fault(Some(SourceFault::Hangs));
    let started = tokio::time::Instant::now();
    let (read, served) = pair.two_calls().await;
    assert_eq!(read.unwrap(), 2);
    assert_eq!(started.elapsed(), limit * 2);
    assert_eq!(served.sources(), ["snowflake"]);
    assert_eq!(pair.hybrid.shadow_report().methods.len(), 0);
}
