//! Lands calls with long transcripts as a sync does, on a double of Snowflake that takes
//! 150 ms per statement: starts a run, lands pages with their checkpoints, several
//! at a time, closes the window and finishes the run. Prints how long that
//! took and how many statements it needed.
//!
//! ```sh
//! cargo run --release -p gong-snowflake-testkit --example snowflake_landing -- [CALLS] [PAGES_AT_ONCE]
//! ```
//!
//! The double understands no SQL and stores nothing: what is measured is the client and
//! its round trips, not Snowflake.

use std::sync::Arc;
use std::time::{Duration, Instant};

use calls::{CallId, RawDocument};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use snowflake_store::{
    Checkpoint, CheckpointStep, Landing, LandingPage, RunCounts, RunFinish, RunStart,
    SnowflakeStore, SnowflakeStoreConfig, Stream, SyncMode, Window,
};
use testkit::snowflake::SnowflakeDouble;

/// How long the double takes for a statement.
const LATENCY: Duration = Duration::from_millis(150);

/// Bytes of a transcript's JSON, about: an hour of talk.
const TRANSCRIPT_BYTES: usize = 60_000;

/// Calls of a page, as Gong serves them.
const PAGE: usize = 100;

const RUN: &str = "measured";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let at_once = arguments.next().map(|text| text.parse()).transpose()?;
    let snowflake = SnowflakeDouble::builder().latency(LATENCY).start().await?;
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))?
        .with_base_url(&snowflake.url())?
        .with_database("GONG")
        .with_schema("CALLS");
    let pool = Arc::new(SnowflakePool::new(config));
    let mut settings = SnowflakeStoreConfig::default();
    if let Some(pages) = at_once {
        settings = settings.with_pages_at_once(pages);
    }
    let at_once = settings.pages_at_once();
    let store = SnowflakeStore::new(pool, settings)?;
    let window = Window {
        from: "2026-01-01T00:00:00Z".parse()?,
        to: "2026-04-01T00:00:00Z".parse()?,
    };

    let documents: Vec<(RawDocument, RawDocument)> =
        (0..calls).map(documents).collect::<Result<_, _>>()?;
    let bytes: usize = documents
        .iter()
        .map(|(call, said)| call.text().len() + said.text().len())
        .sum();
    let pages = documents.chunks(PAGE).map(|page| {
        LandingPage::new(RUN)
            .with_calls(page.iter().map(|(call, _)| call.clone()).collect())
            .with_transcripts(page.iter().map(|(_, said)| said.clone()).collect())
            .with_checkpoint(checkpoint(window, CheckpointStep::Page))
    });
    let started = Instant::now();
    let run = RunStart {
        run_id: RUN.to_owned(),
        mode: SyncMode::Full,
        window,
        settings: String::new(),
    };
    store.start_run(&run).await?;
    stream::iter(pages.map(|page| store.land(page)))
        .buffer_unordered(at_once)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    let closing =
        LandingPage::new(RUN).with_checkpoint(checkpoint(window, CheckpointStep::WindowDone));
    store.land(closing).await?;
    let finish = RunFinish {
        run_id: RUN.to_owned(),
        mode: SyncMode::Full,
        window,
        watermark: Some(window.to),
        counts: RunCounts::default(),
    };
    store.finish_run(&finish).await?;
    let took = started.elapsed();
    println!(
        "{calls} calls, {:.1} MB, {at_once} pages at once: {:.2} s, {} statements of {} ms each",
        bytes as f64 / 1e6,
        took.as_secs_f64(),
        snowflake.state().statements().len(),
        LATENCY.as_millis(),
    );
    Ok(())
}

fn checkpoint(window: Window, step: CheckpointStep) -> Checkpoint {
    Checkpoint {
        run_id: RUN.to_owned(),
        mode: SyncMode::Full,
        stream: Stream::Calls,
        window,
        step,
        position: None,
    }
}

/// A call and what was said on it: words in an order that does not repeat, so that they
/// compress as talk does.
fn documents(number: usize) -> Result<(RawDocument, RawDocument), Box<dyn std::error::Error>> {
    const WORDS: [&str; 24] = [
        "we", "need", "the", "contract", "before", "you", "know", "quarter", "pricing", "team",
        "that", "would", "help", "because", "last", "time", "rollout", "took", "longer", "than",
        "anyone", "expected", "so", "security",
    ];
    let id = CallId::new(format!("78{number:017}"));
    let call = json!({ "metaData": {
        "id": id.as_str(), "title": "Review", "started": "2026-03-02T10:00:00-08:00", "duration": 3600,
    }});
    let mut seed = number as u64 + 1;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize
    };
    let mut sentences = Vec::new();
    let mut bytes = 0;
    while bytes < TRANSCRIPT_BYTES {
        let text: Vec<&str> = (0..6 + next() % 12)
            .map(|_| WORDS[next() % WORDS.len()])
            .collect();
        let start = sentences.len() * 4_000;
        let sentence = json!({ "start": start, "end": start + 3_500, "text": text.join(" ") });
        bytes += sentence.to_string().len();
        sentences.push(sentence);
    }
    let said = json!({ "callId": id.as_str(), "transcript": [{ "speakerId": "1", "sentences": sentences }] });
    Ok((
        RawDocument::new(id.clone(), call.to_string())?,
        RawDocument::new(id, said.to_string())?,
    ))
}
