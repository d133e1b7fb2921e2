//! What is left of deleted calls in the files of a database: nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use calls::reading::{Confidence, Fact, Reading};
use calls::{CallId, Provenance, Sentiment, SentimentLabel, Timestamp};
use jiff::SignedDuration;
use snowflake_store::{
    CallInsights, CallReader, CallReading, Chunk, ChunkEmbedding, CitedItem, Insights, Landing,
    LandingPage, RunCounts, RunFinish, SqliteStore, SyncMode, TransformScope, Upkeep, Window,
};
use testkit::conformance::store::{CallDocument, transcript_document};

/// A word that is said once. Its end survives in whatever an index makes of it.
fn word(call: usize, edition: usize, sentence: usize) -> String {
    let mut mixed = (call << 40 | edition << 32 | sentence) as u64;
    for _ in 0..3 {
        mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    }
    format!("{mixed:016x}9")
}

/// The words of some editions of calls, as they are looked for: without the beginning, which
/// an index shares between neighbours.
fn words(calls: impl IntoIterator<Item = usize>, editions: &[usize]) -> HashSet<String> {
    let calls = calls.into_iter();
    calls
        .flat_map(|call| editions.iter().map(move |edition| (call, *edition)))
        .flat_map(|(call, edition)| (0..sentences(call)).map(move |n| word(call, edition, n)))
        .map(|word| word[4..].to_owned())
        .collect()
}

fn sentences(call: usize) -> usize {
    20 + call * 37 % 90
}

fn id(call: usize) -> CallId {
    CallId::new(
        (call as u64 + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .to_string(),
    )
}

fn said(call: usize, edition: usize, sentence: usize) -> String {
    let word = word(call, edition, sentence);
    format!("In the end we said {word} and meant it.")
}

/// Lands an edition of calls, transforms them and stores insights that quote them.
async fn load(store: &SqliteStore, calls: impl IntoIterator<Item = usize>, edition: usize) {
    let calls: Vec<usize> = calls.into_iter().collect();
    for page in calls.chunks(10) {
        let mut landing = LandingPage::new("run");
        for call in page {
            let texts: Vec<String> = (0..sentences(*call))
                .map(|n| said(*call, edition, n))
                .collect();
            let lines: Vec<_> = texts
                .iter()
                .enumerate()
                .map(|(n, text)| {
                    (
                        "v-rep",
                        n as i64 * 2_000,
                        n as i64 * 2_000 + 1_900,
                        text.as_str(),
                    )
                })
                .collect();
            let id = id(*call).to_string();
            let brief = serde_json::json!({"brief": texts[0]});
            let document = CallDocument::new(&id).with_part("content", brief);
            landing.calls.push(document.document());
            landing.transcripts.push(transcript_document(&id, &lines));
        }
        let landed = store.land(landing).await.unwrap();
        let report = store
            .transform(TransformScope::Calls(landed.changed))
            .await
            .unwrap();
        assert_eq!(report.failed, []);
        let insights: Vec<_> = page.iter().map(|call| insights(*call, edition)).collect();
        assert_eq!(
            store.save_insights(&insights).await.unwrap(),
            page.len() as u64
        );
        let mut readings = Vec::new();
        for call in page {
            readings.push(reading(store, *call, edition).await);
        }
        assert_eq!(
            store.save_readings(&readings).await.unwrap(),
            page.len() as u64
        );
    }
}

async fn reading(store: &SqliteStore, call: usize, edition: usize) -> CallReading {
    let detail = store.call_detail(&id(call)).await.unwrap().unwrap();
    let mut reading = Reading::default();
    reading.summary = said(call, edition, 1);
    reading.pricing = vec![Fact::new(
        said(call, edition, 2),
        vec![2],
        Confidence::claimed(0.9),
    )];
    CallReading {
        call_id: id(call),
        transcript_sha: detail.transcript_sha.unwrap(),
        provenance: Provenance::new("local", "1"),
        read_at: Timestamp::now(),
        requests: 0,
        reading,
    }
}

fn insights(call: usize, edition: usize) -> CallInsights {
    let quote = |n: usize| CitedItem {
        kind: "next_step".to_owned(),
        text: said(call, edition, n),
        score: 0.5,
        sentences: vec![n as u32],
    };
    let chunk = |first: usize| {
        let last = (first + 5).min(sentences(call)) - 1;
        let texts: Vec<String> = (first..=last).map(|n| said(call, edition, n)).collect();
        Chunk {
            first_sentence: first as u32,
            last_sentence: last as u32,
            text: texts.join(" "),
            sentiment: None,
            embedding: Some(ChunkEmbedding {
                model: "m".to_owned(),
                vector: vec![0.6; 64],
            }),
        }
    };
    CallInsights {
        call_id: id(call),
        transcript_sha: None,
        sentiment: Some(Sentiment {
            score: 0.5,
            label: SentimentLabel::Positive,
        }),
        summary: Some(said(call, edition, 1)),
        key_topics: vec![word(call, edition, 2)],
        risks: Some(vec![quote(3)]),
        next_steps: Some(vec![quote(4)]),
        sentence_sentiments: vec![(0, 0.5)],
        chunks: (0..sentences(call)).step_by(5).map(chunk).collect(),
        provenance: Provenance::new("local", "1"),
    }
}

fn window() -> Window {
    Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2026-12-01T00:00:00Z".parse().unwrap(),
    }
}

/// Calls are found to be gone, as by a sync.
async fn delete(store: &SqliteStore, calls: impl IntoIterator<Item = usize>) {
    let page = LandingPage::new("run").with_deleted(calls.into_iter().map(id).collect());
    let counts = RunCounts {
        calls_deleted: store.land(page).await.unwrap().deleted,
        ..RunCounts::default()
    };
    let finish = RunFinish {
        run_id: "run".to_owned(),
        mode: SyncMode::Full,
        window: window(),
        watermark: None,
        counts,
    };
    store.finish_run(&finish).await.unwrap();
}

async fn retain(store: &SqliteStore) {
    let later = Timestamp::now() + SignedDuration::from_hours(24 * 400);
    let outcomes = store.apply_retention(later).await.unwrap();
    let removed = |table: &str| {
        outcomes
            .iter()
            .find(|outcome| outcome.table == table)
            .unwrap()
            .removed
    };
    assert!(removed("GONG_CALLS_RAW") > 0 && removed("GONG_CALL_TRANSCRIPTS_RAW") > 0);
}

/// The files of a database.
fn files(path: &Path) -> Vec<PathBuf> {
    let folder = fs::read_dir(path.parent().unwrap()).unwrap();
    folder.map(|entry| entry.unwrap().path()).collect()
}

/// Which of the words are in the files, whatever stands around them.
fn found(path: &Path, words: &HashSet<String>) -> HashSet<String> {
    let length = words.iter().next().unwrap().len();
    let mut found = HashSet::new();
    for file in files(path) {
        let bytes = fs::read(file).unwrap();
        for text in bytes.windows(length) {
            let hit = text[0]
                .is_ascii_hexdigit()
                .then(|| std::str::from_utf8(text).ok());
            found.extend(
                hit.flatten()
                    .filter(|text| words.contains(*text))
                    .map(str::to_owned),
            );
        }
    }
    found
}

fn none_of(path: &Path, words: &HashSet<String>, what: &str) {
    let left = found(path, words).len();
    assert_eq!(left, 0, "of {} words of {what}", words.len());
}

const CALLS: usize = 120;

fn is_deleted(call: &usize) -> bool {
    call.is_multiple_of(2)
}

#[tokio::test]
async fn nothing_is_left_of_deleted_calls() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    load(&store, 0..CALLS, 0).await;
    // Edits, so that pages are split and joined, and what they replace has to go too.
    load(&store, (0..CALLS).filter(|call| call % 3 == 0), 1).await;
    let deleted = words((0..CALLS).filter(is_deleted), &[0, 1]);
    let live = words(
        (0..CALLS).filter(|call| !is_deleted(call) && call % 3 != 0),
        &[0],
    );
    assert_eq!(found(&path, &live).len(), live.len(), "they can be found");

    delete(&store, (0..CALLS).filter(is_deleted)).await;
    retain(&store).await;
    none_of(&path, &deleted, "deleted calls, while the store is open");
    let replaced = words((0..CALLS).filter(|call| call % 3 == 0), &[0]);
    none_of(&path, &replaced, "earlier editions");
    assert_eq!(found(&path, &live).len(), live.len());
    store.verify().await.unwrap();
    drop(store);
    none_of(&path, &deleted, "deleted calls, once the store is closed");
    assert_eq!(found(&path, &live).len(), live.len());
}

#[tokio::test]
async fn space_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let size = || fs::metadata(&path).unwrap().len();
    load(&store, 0..CALLS, 0).await;
    delete(&store, []).await;
    let full = size();
    delete(&store, 0..CALLS - 5).await;
    retain(&store).await;
    assert!(size() < full / 4, "{} of {full} bytes are left", size());
    let log = path.with_extension("db-wal");
    assert_eq!(fs::metadata(log).unwrap().len(), 0, "the log is truncated");
}

#[tokio::test]
async fn nothing_is_left_of_sketches_of_deleted_calls() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    load(&store, 0..10, 0).await;
    for call in 0..10 {
        let mut insights = insights(call, 0);
        for (at, chunk) in insights.chunks.iter_mut().enumerate() {
            let embedding = chunk.embedding.as_mut().unwrap();
            embedding.vector[0] = (call * 31 + at) as f32;
            embedding.vector[1] = (call * 17 % 7) as f32 - 3.0;
            embedding.vector[2] = (at * 13 % 11) as f32 - 5.0;
        }
        store.save_insights(&[insights]).await.unwrap();
    }
    let sketches = || -> HashSet<Vec<u8>> {
        let connection = rusqlite::Connection::open(&path).unwrap();
        let mut rows = connection
            .prepare("SELECT SKETCHES FROM STG_GONG_CHUNK_SKETCHES")
            .unwrap();
        let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let is_there = |sketch: &[u8]| {
        let sketch = &sketch[..128];
        files(&path)
            .into_iter()
            .any(|file| memchr::memmem::find(&fs::read(file).unwrap(), sketch).is_some())
    };
    let before = sketches();
    assert_eq!(before.len(), 10, "each call has its own");
    assert!(before.iter().all(|sketch| is_there(sketch)));

    delete(&store, (0..10).filter(is_deleted)).await;
    let kept = sketches();
    assert_eq!(kept.len(), 5);
    assert!(kept.iter().all(|sketch| is_there(sketch)));
    for gone in before.difference(&kept) {
        assert!(!is_there(gone), "the sketch of a deleted call");
    }
}
