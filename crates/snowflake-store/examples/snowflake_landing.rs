//! Lands calls with long transcripts on a double of Snowflake that takes 150 ms for every
//! statement, and tells how long that took and how many statements it were.
//!
//! ```sh
//! cargo run --release -p snowflake-store --example snowflake_landing [CALLS] [PAGES_AT_ONCE]
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
use snowflake_store::{Landing, LandingPage, SnowflakeStore, SnowflakeStoreConfig};
use testkit::snowflake::SnowflakeDouble;

/// How long the double takes for a statement.
const LATENCY: Duration = Duration::from_millis(150);

/// Bytes of a transcript's JSON, about: an hour of talk.
const TRANSCRIPT_BYTES: usize = 60_000;

/// Calls of a page, as Gong serves them.
const PAGE: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let at_once: usize = arguments.next().map_or(Ok(4), |text| text.parse())?;
    let snowflake = SnowflakeDouble::builder().latency(LATENCY).start().await?;
    let config = SnowflakeConfig::new("test", "TESTER", Credentials::password("none"))?
        .with_base_url(&snowflake.url())?
        .with_database("GONG")
        .with_schema("CALLS");
    let pool = Arc::new(SnowflakePool::new(config));
    let store = SnowflakeStore::new(pool, SnowflakeStoreConfig::default())?;

    let documents: Vec<(RawDocument, RawDocument)> =
        (0..calls).map(documents).collect::<Result<_, _>>()?;
    let bytes: usize = documents
        .iter()
        .map(|(call, said)| call.text().len() + said.text().len())
        .sum();
    let pages = documents.chunks(PAGE).map(|page| LandingPage {
        run_id: "measured".to_owned(),
        calls: page.iter().map(|(call, _)| call.clone()).collect(),
        transcripts: page.iter().map(|(_, said)| said.clone()).collect(),
        ..LandingPage::default()
    });
    let started = Instant::now();
    stream::iter(pages.map(|page| store.land(page)))
        .buffer_unordered(at_once.max(1))
        .try_for_each(|_| async { Ok(()) })
        .await?;
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
