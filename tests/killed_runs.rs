//! A sync that is killed at random moments, again and again, and then resumed:
//! no call and no sentence is lost or duplicated.
//!
//! The sync runs in its own process, another instance of this test binary, and is
//! killed with SIGKILL, so that nothing in it can clean up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use gong_snowflake::gong_client::{GongClient, GongConfig};
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{CallReader, SqliteStore, SyncMode, Upkeep};
use testkit::gong::GongSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

const STORE: &str = "KILLED_RUNS_STORE";
const KILLS: u32 = 20;

/// The process that is killed: one full sync, in small windows.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test below as a process of its own"]
async fn sync_in_a_child_process() {
    let store = Arc::new(
        SqliteStore::open(std::env::var(STORE).unwrap())
            .await
            .unwrap(),
    );
    let gong = Arc::new(GongClient::new(GongConfig::from_env().unwrap()).unwrap());
    let settings = SyncSettings::new(SyncMode::Full).with_max_calls_per_window(100);
    let report = GongSync::new(gong, store, settings).run().await.unwrap();
    assert!(report.is_complete());
}

fn start_child(url: &str, store: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killed_runs::sync_in_a_child_process",
            "--ignored",
        ])
        .env(STORE, store)
        .env("GONG_BASE_URL", url)
        .env("GONG_ACCESS_KEY", testkit::gong::DEFAULT_ACCESS_KEY)
        .env(
            "GONG_ACCESS_KEY_SECRET",
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        )
        .env("GONG_REQUESTS_PER_SECOND", "0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_kills_lose_and_double_nothing() {
    let org = SyntheticOrg::generate(&SyntheticConfig::default());
    let sentences: usize = org.calls.iter().map(|call| call.sentence_count()).sum();
    let transcripts = org
        .calls
        .iter()
        .filter(|call| call.transcript.is_some())
        .count();
    // Small pages make many transactions to be killed between and within.
    let gong = GongSimulator::builder()
        .org(&org)
        .page_size(5)
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");

    let mut moments = fastrand::Rng::with_seed(2_026);
    let mut killed = 0;
    for _ in 0..KILLS {
        let mut child = start_child(&gong.url(), &path);
        tokio::time::sleep(Duration::from_millis(moments.u64(10..250))).await;
        // An error means that it had ended by itself: then there was nothing to kill.
        if child.try_wait().unwrap().is_none() && child.kill().is_ok() {
            killed += 1;
        }
        child.wait().unwrap();
    }
    assert!(killed > 0, "every child ended before it could be killed");
    eprintln!("killed {killed} of {KILLS} runs on their way");
    let status = start_child(&gong.url(), &path).wait().unwrap();
    assert!(status.success(), "the resumed sync failed");

    let store = SqliteStore::open(&path).await.unwrap();
    let counts = store.counts().await.unwrap();
    let rows = |table: &str| counts.iter().find(|c| c.table == table).unwrap().rows;
    assert_eq!(rows("GONG_CALLS_RAW"), org.calls.len() as u64);
    assert_eq!(rows("STG_GONG_CALLS"), org.calls.len() as u64);
    assert_eq!(rows("GONG_CALL_TRANSCRIPTS_RAW"), transcripts as u64);
    assert_eq!(rows("STG_GONG_CALL_TRANSCRIPTS"), sentences as u64);
    assert_eq!(rows("GONG_DEAD_LETTERS"), 0);
    for call in &org.calls {
        let id = call.id().unwrap().into();
        let detail = store.call_detail(&id).await.unwrap().unwrap();
        assert_eq!(
            detail
                .transcript
                .map_or(0, |transcript| transcript.sentences.len()),
            call.sentence_count(),
            "call {id}"
        );
    }
}
