//! All of a page or nothing of it, whatever happens in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use calls::Timestamp;
use futures_util::FutureExt;
use rusqlite::Connection;
use snowflake_store::{
    CallReader, Checkpoint, CheckpointStep, DeadLetter, DeadLettersQuery, Fault, KnownCallsQuery,
    Landing, LandingPage, RunFinish, SqliteStore, Stream, SyncMode, TransformScope, Window,
};
use testkit::conformance::store::{CallDocument, transcript_document};

const CALLS: usize = 10;
const LINES: usize = 20;

fn window() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2026-02-01T00:00:00Z".parse().unwrap(),
    }
}

/// Calls with transcripts, and a checkpoint that says so.
fn page(number: usize) -> LandingPage {
    let ids: Vec<String> = (0..CALLS)
        .map(|call| format!("{number:05}-{call}"))
        .collect();
    let lines = [("v-rep", 0, 2_000, "All of it or nothing."); LINES];
    LandingPage::new("run")
        .with_calls(
            ids.iter()
                .map(|id| CallDocument::new(id).document())
                .collect(),
        )
        .with_transcripts(
            ids.iter()
                .map(|id| transcript_document(id, &lines))
                .collect(),
        )
        .with_checkpoint(Checkpoint {
            run_id: "run".to_owned(),
            mode: SyncMode::Full,
            stream: Stream::Sweep,
            window: window(),
            step: CheckpointStep::Page,
            position: Some(number.to_string()),
        })
}

async fn known(store: &SqliteStore) -> usize {
    let query = KnownCallsQuery {
        limit: usize::MAX,
        ..KnownCallsQuery::default()
    };
    let known = store.known_calls(&query).await.unwrap();
    assert!(
        known.iter().all(|call| call.has_transcript),
        "a call without its page's transcript"
    );
    known.len()
}

fn sabotage(path: &Path, statement: &str) {
    Connection::open(path)
        .unwrap()
        .execute_batch(statement)
        .unwrap();
}

#[tokio::test]
async fn a_page_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(0)).await.unwrap();
    let letter = DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Call("00001-0".into()),
        reason: "cut off".to_owned(),
        payload: None,
        run_id: "run".to_owned(),
        failed_at: Timestamp::UNIX_EPOCH,
        decoder_version: 7,
    };
    store
        .record_dead_letters(std::slice::from_ref(&letter))
        .await
        .unwrap();
    // The checkpoint is the last that a page writes.
    sabotage(
        &path,
        "CREATE TRIGGER SABOTAGE BEFORE INSERT ON GONG_INGESTION_STATE BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    let failing = page(1).with_deleted(vec!["00000-0".into()]);
    store.land(failing.clone()).await.unwrap_err();
    assert_eq!(known(&store).await, CALLS);
    assert_eq!(
        store
            .dead_letters(&DeadLettersQuery::first(10))
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        store.position(Stream::Sweep).await.unwrap().as_deref(),
        Some("0")
    );

    sabotage(&path, "DROP TRIGGER SABOTAGE");
    let landed = store.land(failing).await.unwrap();
    assert_eq!((landed.calls.inserted, landed.deleted), (CALLS as u64, 1));
    assert_eq!(
        store
            .dead_letters(&DeadLettersQuery::first(10))
            .await
            .unwrap(),
        []
    );
    assert_eq!(
        store.position(Stream::Sweep).await.unwrap().as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn a_transform_that_fails_leaves_its_batch_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(0)).await.unwrap();
    sabotage(
        &path,
        "CREATE TRIGGER SABOTAGE BEFORE INSERT ON STG_GONG_CALL_TRANSCRIPTS WHEN new.CALL_ID = '00000-7' BEGIN SELECT RAISE(ABORT, 'no'); END",
    );
    let pending = || store.transform(TransformScope::Pending { limit: 100 });
    pending().await.unwrap_err();
    assert!(
        store
            .call_detail(&"00000-0".into())
            .await
            .unwrap()
            .is_none()
    );
    sabotage(&path, "DROP TRIGGER SABOTAGE");
    let report = pending().await.unwrap();
    assert_eq!(
        (report.transformed, report.sentences),
        (CALLS as u64, (CALLS * LINES) as u64)
    );
}

#[tokio::test]
async fn a_write_whose_caller_has_gone_is_done_or_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    for number in 0..20 {
        // Polled once, and for a moment longer each time, and then dropped.
        let landing = store.land(page(number));
        let _ = tokio::time::timeout(Duration::from_micros(number as u64 * 150), landing).await;
        let _ = store.land(page(100 + number)).now_or_never();
    }
    // Dropping waits for what was handed over; opening again finds whole pages.
    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(known(&store).await % CALLS, 0);
    for number in (0..20).chain(100..120) {
        store.land(page(number)).await.unwrap();
    }
    assert_eq!(known(&store).await, 40 * CALLS);
}

#[tokio::test]
async fn what_is_finished_is_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(0)).await.unwrap();
    let finish = RunFinish {
        run_id: "run".to_owned(),
        mode: SyncMode::Full,
        window: window(),
        watermark: Some(window().to),
        counts: Default::default(),
    };
    store.finish_run(&finish).await.unwrap();
    // As after a crash: copies of the files, without closing them.
    let copy = folder.path().join("copy.db");
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", path.display());
        std::fs::copy(from, format!("{}{suffix}", copy.display())).unwrap();
    }
    let copy = SqliteStore::open(&copy).await.unwrap();
    let watermark = copy.watermark().await.unwrap();
    assert_eq!(watermark.map(|mark| mark.at), Some(window().to));
    assert_eq!(known(&copy).await, CALLS);
}

/// Kills a process in the middle of a load, several times, and finds whole pages and
/// whole calls each time; in the end all is there once.
#[tokio::test]
async fn a_killed_process_leaves_whole_pages() {
    const KILLS: u64 = 6;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    drop(SqliteStore::open(&path).await.unwrap());
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "durability::load_until_killed",
                "--ignored",
                "--nocapture",
            ])
            .env("DATABASE_TO_LOAD", &path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let loading = lines.find(|line| line.as_ref().is_ok_and(|line| line.contains("loading")));
        assert!(loading.is_some(), "the child did not begin");
        std::thread::sleep(Duration::from_millis(15 + kill * 23 % 60));
        child.kill().unwrap();
        child.wait().unwrap();

        let store = SqliteStore::open(&path).await.unwrap();
        store.verify().await.unwrap();
        assert_eq!(known(&store).await % CALLS, 0, "a part of a page");
        let position = store.position(Stream::Sweep).await.unwrap();
        let pages = position.map_or(0, |number| number.parse::<usize>().unwrap() + 1);
        assert_eq!(
            known(&store).await,
            pages * CALLS,
            "the checkpoint speaks of its page"
        );
    }
    let store = SqliteStore::open(&path).await.unwrap();
    while store
        .transform(TransformScope::Pending { limit: 100 })
        .await
        .unwrap()
        .transformed
        > 0
    {}
    let calls = u32::try_from(known(&store).await).unwrap();
    let lines = calls * u32::try_from(LINES).unwrap();
    assert!(calls > 0, "the children loaded nothing");
    drop(store);
    let count = |statement: &str| -> u32 {
        Connection::open(&path)
            .unwrap()
            .query_row(statement, [], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(count("SELECT COUNT(*) FROM STG_GONG_CALLS"), calls);
    assert_eq!(
        count("SELECT COUNT(*) FROM STG_GONG_CALL_TRANSCRIPTS"),
        lines
    );
    assert_eq!(
        count("SELECT COUNT(DISTINCT TRANSCRIPT_ID) FROM STG_GONG_CALL_TRANSCRIPTS"),
        lines
    );
}

/// The child of [`a_killed_process_leaves_whole_pages`].
#[tokio::test]
#[ignore = "run as a process of its own, by the test that kills it"]
async fn load_until_killed() {
    let Some(path) = std::env::var_os("DATABASE_TO_LOAD") else {
        return;
    };
    let store = SqliteStore::open(path).await.unwrap();
    let position = store.position(Stream::Sweep).await.unwrap();
    let next = position.map_or(0, |number| number.parse::<usize>().unwrap() + 1);
    println!("loading");
    for number in next..next + 10_000 {
        let landed = store.land(page(number)).await.unwrap();
        store
            .transform(TransformScope::Calls(landed.changed))
            .await
            .unwrap();
    }
}
