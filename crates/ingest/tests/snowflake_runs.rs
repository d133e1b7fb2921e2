//! A sync into Snowflake: how many statements it takes, what waits for what, and a session
//! that ends in the middle of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use calls::Timestamp;
use gong_client::GongClient;
use ingest::{GongSync, Progress, SyncReport};
use resilience::RetryPolicy;
use serde_json::{Value, json};
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use snowflake_store::{SnowflakeStore, SnowflakeStoreConfig, SyncMode};
use testkit::SimulatedCall;
use testkit::gong::GongSimulator;
use testkit::snowflake::{
    Answer, Column, SnowflakeDouble, SnowflakeDoubleBuilder, StatementRecord,
};
use world::{call_at, client, number_text, settings};

/// What the double would take for a statement, were time counted.
const MILLISECONDS_A_STATEMENT: usize = 150;

const PAGE: usize = 100;

fn store(snowflake: &SnowflakeDouble) -> SnowflakeStore {
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap()
        .with_pool_size(NonZeroUsize::new(6).unwrap())
        .with_retry(RetryPolicy::default().with_base(Duration::from_millis(1)));
    let pool = Arc::new(SnowflakePool::new(config));
    SnowflakeStore::new(pool, SnowflakeStoreConfig::default()).unwrap()
}

/// A double that keeps what a run asks for beside its pages: its lease, and the state of
/// an empty store.
fn double() -> SnowflakeDoubleBuilder {
    let lease: Mutex<Value> = Mutex::default();
    SnowflakeDouble::builder().answering(move |statement| {
        let mut lease = lease.lock().unwrap();
        let text = &statement.text;
        if text.contains("MERGE INTO GONG_LEASES") {
            let bound = statement.binds[0].value.as_deref().unwrap();
            *lease = serde_json::from_str(bound).unwrap();
            return None;
        }
        if text.contains("SELECT OWNER, HOST, PID") {
            let columns = [
                Column::text("OWNER"),
                Column::text("HOST"),
                Column::integer("PID"),
                Column::text("STARTED"),
                Column::new("EXPIRES_AT", "timestamp_ltz"),
            ];
            let text = |name: &str| lease[name].as_str().map(str::to_owned);
            let pid = lease["pid"].to_string();
            let until = "4102444800.000000000".to_owned();
            let row = [
                text("owner"),
                text("host"),
                Some(pid),
                text("started"),
                Some(until),
            ];
            return Some(Answer::rows(columns, [row]));
        }
        if text.contains("AS LAST_FINISHED_AT") {
            let counts = ["CALLS_TO_TRANSFORM", "DEAD_LETTERS", "UNRESOLVED_ERRORS"];
            let mut columns = vec![Column::new("LAST_FINISHED_AT", "timestamp_ltz")];
            columns.extend(counts.map(Column::integer));
            let none = counts.map(|_| Some("0".to_owned()));
            let row = std::iter::once(None).chain(none);
            return Some(Answer::rows(columns, [row.collect::<Vec<_>>()]));
        }
        None
    })
}

async fn gong(calls: impl IntoIterator<Item = SimulatedCall>) -> (GongSimulator, Arc<GongClient>) {
    let gong = GongSimulator::builder()
        .calls(calls)
        .page_size(PAGE)
        .start()
        .await
        .unwrap();
    let client = Arc::new(client(&gong.url()));
    (gong, client)
}

/// Calls one after the other on one day, so that they are one window.
fn calls(count: usize, transcript_bytes: usize) -> Vec<SimulatedCall> {
    let first: Timestamp = "2026-06-01T00:00:00Z".parse().unwrap();
    (1..=count)
        .map(|number| {
            let after = jiff::SignedDuration::from_secs(i64::try_from(number).unwrap());
            let mut call = call_at(number, first + after);
            if transcript_bytes > 0 {
                call.transcript = Some(transcript(number, transcript_bytes));
            }
            call
        })
        .collect()
}

/// Talk that does not repeat itself, so that it compresses as talk does.
fn transcript(number: usize, bytes: usize) -> Value {
    const WORDS: [&str; 24] = [
        "we", "need", "the", "contract", "before", "you", "know", "quarter", "pricing", "team",
        "that", "would", "help", "because", "last", "time", "rollout", "took", "longer", "than",
        "anyone", "expected", "so", "security",
    ];
    let mut seed = number as u64;
    let mut next = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let (mut sentences, mut length) = (Vec::new(), 0);
    while length < bytes {
        let words: Vec<&str> = (0..6 + next() % 12)
            .map(|_| WORDS[next() % WORDS.len()])
            .collect();
        let start = sentences.len() * 4_000;
        let sentence = json!({"start": start, "end": start + 3_500, "text": words.join(" ")});
        length += sentence.to_string().len();
        sentences.push(sentence);
    }
    json!({
        "callId": number_text(number),
        "transcript": [{"speakerId": "11", "topic": null, "sentences": sentences}],
    })
}

fn job(client: &Arc<GongClient>, store: SnowflakeStore) -> GongSync {
    GongSync::new(client.clone(), Arc::new(store), settings(SyncMode::Full))
}

fn is(statement: &StatementRecord, start: &str) -> bool {
    statement.text.trim_start().starts_with(start)
}

/// The ids of the rows that a statement binds.
fn rows(statement: &StatementRecord) -> Vec<String> {
    let bound = statement.binds[0].value.as_deref().unwrap();
    let bound: Value = serde_json::from_str(bound).unwrap();
    let rows = bound["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn lands(statement: &StatementRecord, table: &str) -> bool {
    statement.text.contains(&format!("MERGE INTO {table} AS T"))
}

/// The checkpoints of listing that are in force: which step, in their order. Where rolling
/// checks go on is not among them.
fn steps(committed: &[StatementRecord]) -> Vec<String> {
    committed
        .iter()
        .filter(|statement| statement.text.contains("INTO GONG_INGESTION_STATE"))
        .map(|statement| {
            let bound = statement.binds[0].value.as_deref().unwrap();
            serde_json::from_str::<Value>(bound).unwrap()
        })
        .filter(|bound| bound["stream"] == "calls" || bound["stream"] == "run")
        .map(|bound| bound["step"].as_str().unwrap().to_owned())
        .collect()
}

/// Every call and transcript is in force, and every step was committed once.
fn check_landed(snowflake: &SnowflakeDouble, report: &SyncReport, count: usize) {
    assert_eq!(report.calls_inserted, count as u64);
    assert_eq!(report.transcripts_inserted, count as u64);
    let committed = snowflake.state().committed();
    for table in ["GONG_CALLS_RAW", "GONG_CALL_TRANSCRIPTS_RAW"] {
        let landed = committed.iter().filter(|record| lands(record, table));
        let ids: Vec<String> = landed.flat_map(rows).collect();
        let different: HashSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), different.len()), (count, count), "{table}");
    }
    let mut expected = vec!["started".to_owned()];
    expected.extend(vec!["page".to_owned(); count.div_ceil(PAGE)]);
    expected.extend(["window_done".to_owned(), "finished".to_owned()]);
    assert_eq!(steps(&committed), expected);
    assert_eq!(snowflake.state().open_transactions(), 0);
}

/// Sequences of the first and last statement of each transaction that landed a page.
fn page_spans(statements: &[StatementRecord]) -> Vec<(u64, u64)> {
    let mut open: HashMap<u64, (u64, bool)> = HashMap::new();
    let mut spans = Vec::new();
    for statement in statements {
        if is(statement, "BEGIN") {
            open.insert(statement.session, (statement.sequence, false));
        } else if is(statement, "COMMIT") {
            if let Some((first, true)) = open.remove(&statement.session) {
                spans.push((first, statement.sequence));
            }
        } else if lands(statement, "GONG_CALLS_RAW")
            && let Some((_, is_page)) = open.get_mut(&statement.session)
        {
            *is_page = true;
        }
    }
    spans
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_window_land_at_the_same_time_and_before_its_checkpoint() {
    let snowflake = double()
        .latency(Duration::from_millis(20))
        .start()
        .await
        .unwrap();
    let (_gong, client) = gong(calls(800, 0)).await;
    let report = job(&client, store(&snowflake)).run().await.unwrap();
    check_landed(&snowflake, &report, 800);

    let statements = snowflake.state().statements();
    let spans = page_spans(&statements);
    assert_eq!(spans.len(), 8);
    let at_once = |span: &(u64, u64)| {
        let others = spans.iter();
        others
            .filter(|other| other.0 <= span.0 && span.0 <= other.1)
            .count()
    };
    let most = spans.iter().map(at_once).max().unwrap();
    assert!((2..=4).contains(&most), "{most} at once: {spans:?}");
    let done = statements
        .iter()
        .find(|statement| {
            let first = statement.binds.first().and_then(|bind| bind.value.as_ref());
            first.is_some_and(|value| value.contains("\"window_done\""))
        })
        .unwrap();
    let last = spans.iter().map(|(_, last)| *last).max().unwrap();
    assert!(
        last < done.sequence,
        "the window ends when its pages are in"
    );
}

/// The statements of a whole run over calls of 60 kB.
async fn statements_of_a_run(count: usize) -> usize {
    let snowflake = double().start().await.unwrap();
    let (_gong, client) = gong(calls(count, 60_000)).await;
    let report = job(&client, store(&snowflake)).run().await.unwrap();
    check_landed(&snowflake, &report, count);
    let statements = snowflake.state().statements();
    let bound = statements
        .iter()
        .flat_map(|statement| &statement.binds)
        .filter_map(|bind| bind.value.as_ref());
    assert!(bound.map(String::len).sum::<usize>() > count * 60_000);
    statements.len()
}

/// Were every statement sent one after the other, 150 ms each, a thousand calls would still
/// land within 20 s: what goes on at the same time only makes it less. Pages are alike, so
/// two runs of few of them tell what ten take; to land them all takes too long here.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_long_calls_take_few_enough_statements() {
    let one_page = statements_of_a_run(PAGE).await;
    let three_pages = statements_of_a_run(3 * PAGE).await;
    let of_a_page = (three_pages - one_page).div_ceil(2);
    let ten_pages = one_page + 9 * of_a_page;
    let milliseconds = ten_pages * MILLISECONDS_A_STATEMENT;
    assert!(
        milliseconds < 20_000,
        "{ten_pages} statements are {milliseconds} ms"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_in_the_middle_of_a_run_costs_nothing() {
    let snowflake = double().start().await.unwrap();
    let (_gong, client) = gong(calls(800, 0)).await;
    let (state, pages) = (snowflake.state(), Arc::new(AtomicBool::new(false)));
    // Once, between two pages: every session ends with what it has open.
    let expired = Arc::clone(&pages);
    let progress = Progress::new(move |event| {
        let landed = matches!(event, ingest::Event::PageLanded { .. });
        if landed && !expired.swap(true, Ordering::SeqCst) {
            state.expire_sessions();
        }
    });
    let sync = job(&client, store(&snowflake)).with_progress(progress);
    let report = sync.run().await.unwrap();
    assert!(pages.load(Ordering::SeqCst));
    check_landed(&snowflake, &report, 800);
    assert!(snowflake.state().logins().len() > 1, "it logged in again");
}
