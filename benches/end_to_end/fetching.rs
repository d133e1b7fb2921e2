//! The simulator, the floor and the sync.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::{
    CallFilter, ContentSelector, Credentials, GongApi, GongClient, GongConfig, TranscriptFilter,
};
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{SqliteStore, SyncMode};
use serde_json::{Value, json};
use testkit::gong::{BulkCalls, GongSimulator};

use crate::Outcome;

/// Serves until the parent ends.
pub(crate) async fn serve(calls: usize, sentences: usize) -> Outcome<()> {
    let bulk = BulkCalls::new(calls, sentences);
    let simulator = GongSimulator::builder()
        .bulk(bulk)
        .gzip_from_bytes(None)
        .start()
        .await?;
    println!("{}", simulator.url());
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

pub(crate) fn client(url: &str) -> Outcome<Arc<GongClient>> {
    let credentials = Credentials::basic(
        testkit::gong::DEFAULT_ACCESS_KEY,
        testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
    );
    let config = GongConfig::new(url, credentials)?
        .with_requests_per_second(0.0)?
        .with_daily_requests(None);
    Ok(Arc::new(GongClient::new(config)?))
}

/// Fetches what a sync fetches, in its order and with its overlap, and keeps nothing.
pub(crate) async fn floor(url: &str) -> Outcome<Value> {
    let gong = client(url)?;
    let started = Instant::now();
    let everything = CallFilter::between(Timestamp::UNIX_EPOCH, Timestamp::now());
    let selector = ContentSelector::default();
    let pages = futures_util::stream::try_unfold(Some(None), |state| async {
        let Some(cursor) = state else { return Ok(None) };
        let mut page = gong.extensive_calls(&everything, &selector, cursor).await?;
        let next = page.next.take();
        Ok::<_, gong_snowflake::gong_client::Error>(Some((page, next.map(Some))))
    });
    let counted: Vec<(usize, usize)> = pages
        .map_ok(|page| {
            let gong = Arc::clone(&gong);
            async move {
                let ids = page.items.iter().map(|call| call.call_id.clone());
                let filter = TranscriptFilter::of_calls(ids);
                let mut cursor = None;
                let mut transcripts = 0;
                loop {
                    let answer = gong.transcripts(&filter, cursor).await?;
                    transcripts += answer.items.len();
                    cursor = answer.next;
                    if cursor.is_none() {
                        return Ok((page.items.len(), transcripts));
                    }
                }
            }
        })
        .try_buffered(SyncSettings::new(SyncMode::Full).transcript_concurrency)
        .boxed()
        .try_collect()
        .await?;
    let stats = gong.client_stats();
    Ok(json!({
        "seconds": started.elapsed().as_secs_f64(),
        "calls": counted.iter().map(|(calls, _)| calls).sum::<usize>(),
        "transcripts": counted.iter().map(|(_, transcripts)| transcripts).sum::<usize>(),
        "requests": stats.requests,
        "bytes": stats.bytes,
    }))
}

/// Lands and transforms everything into a new SQLite file.
pub(crate) async fn sync(url: &str, path: &Path) -> Outcome<Value> {
    let gong = client(url)?;
    let store = Arc::new(SqliteStore::open(path).await?);
    let started = Instant::now();
    let report = GongSync::new(gong.clone(), store, SyncSettings::new(SyncMode::Full))
        .run()
        .await?;
    let seconds = started.elapsed().as_secs_f64();
    let stats = gong.client_stats();
    let report = report.with_requests(stats.requests, stats.retries);
    let mut value = serde_json::to_value(&report)?;
    value["seconds"] = seconds.into();
    value["bytes"] = stats.bytes.into();
    Ok(value)
}
