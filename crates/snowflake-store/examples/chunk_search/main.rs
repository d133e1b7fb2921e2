//! How fast the embedded store searches among the chunks of all calls, and how much of the
//! true answer it finds.
//!
//! ```text
//! cargo run --release -p snowflake-store --example chunk_search -- [CHUNKS] [DIMENSION] [hashed|dense] [DATABASE]
//! ```
//!
//! `hashed` vectors are bags of words, as the local model makes them; `dense` ones lie in
//! clusters, as those of a neural model do. What the store finds is held against every
//! vector, compared in single precision while chunks go in. With a `DATABASE` the file is
//! kept, and searched as it is when it is there.

mod corpus;
mod exact;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use calls::{CallId, Provenance, RawDocument};
use snowflake_store::{
    CallInsights, CallReader, ChunkHit, Insights, Landing, LandingPage, SqliteStore, TransformScope,
};

use self::corpus::{CHUNKS_OF_A_CALL, Corpus, Query};
use self::exact::Exact;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Queries of each kind.
const QUERIES: usize = 300;
/// Of these, how many are held against exact search.
const CHECKED: usize = 50;
/// Hits whose recall is told.
const K: usize = 10;
/// Chunks that a search for ten calls asks for.
const CHUNKS_OF_TEN_CALLS: usize = 80;
/// Tells the process that it is the one that starts cold.
const COLD: &str = "--cold";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let chunks: usize = arguments.next().map_or(Ok(450_000), |text| text.parse())?;
    let dimension: usize = arguments.next().map_or(Ok(1_024), |text| text.parse())?;
    let is_dense = arguments.next().is_some_and(|kind| kind == "dense");
    let kept = arguments.next().map(PathBuf::from);
    let is_cold = arguments.next().is_some_and(|flag| flag == COLD);
    let corpus = Corpus::new(chunks.div_ceil(CHUNKS_OF_A_CALL), dimension, is_dense)?;
    let queries = corpus.queries(QUERIES);
    if let (true, Some(database)) = (is_cold, &kept) {
        return cold(database, &queries[0].1[0]).await;
    }

    let folder = tempfile::tempdir()?;
    let database = kept.unwrap_or_else(|| folder.path().join("calls.db"));
    if !database.exists() {
        fill(&database, &corpus).await?;
    }
    println!("{:.2} GB", bytes_of(&database)? / 1e9);
    let checked = queries.iter().flat_map(|(_, of_kind)| &of_kind[..CHECKED]);
    let mut exact = Exact::new(checked.map(|query| query.embedding.vector.as_slice()), K);
    for call in 0..corpus.calls() {
        for (at, chunk) in corpus.chunks(call).iter().enumerate() {
            let embedding = chunk.embedding.as_ref().ok_or("a chunk without a vector")?;
            exact.compare((call, at), &embedding.vector);
        }
    }
    let truths = exact.best();

    let store = SqliteStore::open(&database).await?;
    for (number, (kind, queries)) in queries.iter().enumerate() {
        let mut times = Vec::new();
        let mut found = 0;
        for (at, query) in queries.iter().enumerate() {
            let clock = Clock::start();
            let hits = store
                .similar_chunks(&query.embedding, None, CHUNKS_OF_TEN_CALLS)
                .await?;
            times.push(clock.read());
            if at < CHECKED {
                let truth = &truths[number * CHECKED + at];
                found += hits[..K.min(hits.len())]
                    .iter()
                    .filter(|hit| truth.contains(&place(hit)))
                    .count();
            }
        }
        let recall = found as f64 / (CHECKED * K) as f64;
        println!("{kind} by meaning: {}, recall@{K} {recall:.3}", told(times));
    }
    for (kind, queries) in &queries {
        let mut times = Vec::new();
        for query in queries.iter().filter(|query| !query.words.is_empty()) {
            let clock = Clock::start();
            store
                .search_chunks(&query.words, CHUNKS_OF_TEN_CALLS)
                .await?;
            times.push(clock.read());
        }
        if !times.is_empty() {
            println!("{kind} by words: {}", told(times));
        }
    }
    drop(store);

    let kind = if is_dense { "dense" } else { "hashed" };
    for _ in 0..5 {
        let mut process = Command::new(std::env::current_exe()?);
        process.args([chunks.to_string(), dimension.to_string(), kind.to_owned()]);
        if !process.arg(&database).arg(COLD).status()?.success() {
            return Err("the cold process failed".into());
        }
    }
    Ok(())
}

/// One search by meaning and one by words, from opening the store on.
async fn cold(database: &Path, query: &Query) -> Outcome<()> {
    let clock = Clock::start();
    let store = SqliteStore::open(database).await?;
    store
        .similar_chunks(&query.embedding, None, CHUNKS_OF_TEN_CALLS)
        .await?;
    println!(
        "cold process, opened and searched by meaning: {}",
        told(vec![clock.read()])
    );
    let clock = Clock::start();
    store
        .search_chunks(&query.words, CHUNKS_OF_TEN_CALLS)
        .await?;
    println!(
        "cold process, searched by words: {}",
        told(vec![clock.read()])
    );
    Ok(())
}

async fn fill(database: &Path, corpus: &Corpus) -> Outcome<()> {
    let store = SqliteStore::open(database).await?;
    let mut times = Vec::new();
    for call in 0..corpus.calls() {
        let id = CallId::new(call.to_string());
        let json = format!(r#"{{"metaData":{{"id":"{id}","started":"2026-03-02T10:00:00Z"}}}}"#);
        let page = LandingPage::default().with_calls(vec![RawDocument::new(id.clone(), json)?]);
        let landed = store.land(page).await?;
        store
            .transform(TransformScope::Calls(landed.changed))
            .await?;
        let insights = CallInsights {
            call_id: id,
            sentiment: None,
            summary: None,
            key_topics: Vec::new(),
            risks: None,
            next_steps: None,
            transcript_sha: None,
            sentence_sentiments: Vec::new(),
            chunks: corpus.chunks(call),
            provenance: Provenance::new("bench", "bench"),
        };
        let clock = Clock::start();
        store.save_insights(&[insights]).await?;
        times.push(clock.read());
    }
    println!("insights of a call stored: {}", told(times));
    Ok(())
}

fn place(hit: &ChunkHit) -> (usize, usize) {
    let call = hit.call_id.as_str().parse().unwrap_or(usize::MAX);
    (call, hit.first_sentence as usize)
}

/// Of the database and the files beside it.
fn bytes_of(database: &Path) -> Outcome<f64> {
    Ok(std::fs::metadata(database)?.len() as f64)
}

/// When a piece of work began.
struct Clock {
    wall: Instant,
    processor: Duration,
}

impl Clock {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            processor: processor_time(),
        }
    }

    /// How long the piece took, and for how long of it processors worked.
    fn read(&self) -> (Duration, Duration) {
        (self.wall.elapsed(), processor_time() - self.processor)
    }
}

/// What all threads of this process have run for, as Linux tells it: what a busy machine
/// hides in wall time.
fn processor_time() -> Duration {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = tasks.flatten().filter_map(|task| {
        let told = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        told.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

fn told(times: Vec<(Duration, Duration)>) -> String {
    let (wall, processor): (Vec<Duration>, Vec<Duration>) = times.into_iter().unzip();
    let sorted = |mut times: Vec<Duration>| {
        times.sort_unstable();
        times
    };
    let (wall, processor) = (sorted(wall), sorted(processor));
    let at = |times: &[Duration], share: f64| {
        let last = times.len().saturating_sub(1) as f64;
        in_ms(
            times
                .get((last * share) as usize)
                .copied()
                .unwrap_or_default(),
        )
    };
    format!(
        "p50 {}, p90 {}, p99 {} (of processors {}, {}, {})",
        at(&wall, 0.5),
        at(&wall, 0.9),
        at(&wall, 0.99),
        at(&processor, 0.5),
        at(&processor, 0.9),
        at(&processor, 0.99)
    )
}

fn in_ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}
