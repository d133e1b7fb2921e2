//! How fast the embedded store takes calls: lands and transforms synthetic ones
//! page by page, as a sync does, and prints calls per second.
//!
//! ```text
//! cargo run --release -p snowflake-store --example bulk_load -- [CALLS] [SENTENCES] [DATABASE]
//! ```
//!
//! `temporary` as the path measures a store that is never synced to disk.
//! Without a path the database is a file in the current folder, removed
//! afterwards, so that a real disk is measured.

use std::error::Error;
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use calls::{CallId, RawDocument};
use snowflake_store::{
    CallReader, Landing, LandingPage, RunFinish, SqliteStore, SyncMode, TransformScope, Upkeep,
    Window,
};
use tokio::sync::mpsc;

const PAGE: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: usize = arguments.next().map_or(Ok(2_000), |text| text.parse())?;
    let sentences: usize = arguments.next().map_or(Ok(300), |text| text.parse())?;
    let path = arguments.next();
    let folder = tempfile::tempdir_in(".")?;
    let store = Arc::new(match path.as_deref() {
        Some("temporary") => SqliteStore::in_memory().await?,
        Some(path) => SqliteStore::open(path).await?,
        None => SqliteStore::open(folder.path().join("bulk.db")).await?,
    });
    let path = store.path().to_owned();
    let start = Instant::now();
    let mut pages = pages(calls, sentences);
    let mut transforms = tokio::task::JoinSet::new();
    let mut json_bytes = 0;
    while let Some(page) = pages.recv().await {
        let documents = page.calls.iter().chain(&page.transcripts);
        json_bytes += documents
            .map(|document| document.text().len())
            .sum::<usize>();
        let landed = store.land(page).await?;
        // As a sync does it: transforms run while the next page lands.
        while transforms.len() >= 2 {
            if let Some(report) = transforms.join_next().await {
                report??;
            }
        }
        let store = Arc::clone(&store);
        transforms
            .spawn(async move { store.transform(TransformScope::Calls(landed.changed)).await });
    }
    while let Some(report) = transforms.join_next().await {
        let report = report??;
        assert!(report.failed.is_empty(), "{:?}", report.failed);
    }
    let run = RunFinish {
        run_id: "bench".to_owned(),
        mode: SyncMode::Full,
        window: Window {
            from: "2026-01-01T00:00:00Z".parse()?,
            to: "2027-01-01T00:00:00Z".parse()?,
        },
        watermark: None,
        counts: Default::default(),
    };
    store.finish_run(&run).await?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{calls} calls of {sentences} sentences, {} MB of JSON: {seconds:.2} s, {:.0} calls/s",
        json_bytes >> 20,
        calls as f64 / seconds,
    );

    let start = Instant::now();
    let mut pages = crate::pages(calls.min(2_000), sentences);
    while let Some(page) = pages.recv().await {
        let landed = store.land(page).await?;
        assert!(landed.changed.is_empty());
    }
    println!(
        "landing {} of them again, unchanged: {:.2} s",
        calls.min(2_000),
        start.elapsed().as_secs_f64()
    );
    let mut milliseconds = Vec::new();
    for number in (0..calls).step_by((calls / 1_000).max(1)) {
        let start = Instant::now();
        let detail = store.call_detail(&call_id(number)).await?;
        assert!(detail.is_some_and(|detail| detail.transcript.is_some()));
        milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
    }
    milliseconds.sort_by(f64::total_cmp);
    println!(
        "reading all of one call: median {:.2} ms, 99th percentile {:.2} ms",
        milliseconds[milliseconds.len() / 2],
        milliseconds[milliseconds.len() * 99 / 100],
    );
    for count in store.counts().await? {
        println!("{:>10} {}", count.rows, count.table);
    }
    println!("{:>10} bytes", std::fs::metadata(&path)?.len());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("{peak}");
    }
    Ok(())
}

/// Pages as a network would bring them: made on a thread of its own, few ahead.
fn pages(calls: usize, sentences: usize) -> mpsc::Receiver<LandingPage> {
    let (sender, pages) = mpsc::channel(2);
    std::thread::spawn(move || {
        for first in (0..calls).step_by(PAGE) {
            let page = landing_page(first..calls.min(first + PAGE), sentences);
            if sender.blocking_send(page).is_err() {
                break;
            }
        }
    });
    pages
}

fn landing_page(numbers: Range<usize>, sentences: usize) -> LandingPage {
    let mut result = LandingPage::new("bench");
    for number in numbers {
        let id = call_id(number);
        result
            .calls
            .extend(RawDocument::new(id.clone(), call(&id, number)));
        result.transcripts.extend(RawDocument::new(
            id.clone(),
            transcript(&id, number, sentences),
        ));
    }
    result
}

/// Ids are spread as Gong's are: not ascending.
fn call_id(number: usize) -> CallId {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let spread = (number as u64).wrapping_mul(GOLDEN) % 8_000_000_000_000_000_000;
    CallId::new((1_000_000_000_000_000_000 + spread).to_string())
}

fn call(id: &CallId, number: usize) -> String {
    format!(
        r#"{{"metaData":{{"id":"{id}","url":"https://app.gong.io/call?id={id}","title":"Discovery with Company {number}","scheduled":"2026-03-{day:02}T10:00:00-08:00","started":"2026-03-{day:02}T10:01:12.5-08:00","duration":1860,"primaryUserId":"{user}","direction":"Conference","system":"Zoom","scope":"External","media":"Video","language":"eng","workspaceId":"623457276584334","isPrivate":false}},"context":[{{"system":"HubSpot","objects":[{{"objectType":"Opportunity","objectId":"{deal}","fields":[{{"name":"Name","value":"Company {number}"}},{{"name":"StageName","value":"qualifiedtobuy"}},{{"name":"Amount","value":"12000"}}]}}]}}],"parties":[{{"id":"p1","emailAddress":"rep{user}@seller.test","name":"Rep {user}","title":"AE","userId":"{user}","speakerId":"s1","affiliation":"Internal"}},{{"id":"p2","emailAddress":"buyer{number}@buyer.test","name":"Buyer {number}","title":"CTO","speakerId":"s2","affiliation":"External"}},{{"id":"p3","emailAddress":"boss{number}@buyer.test","name":"Boss {number}","speakerId":null,"affiliation":"External"}}],"content":{{"topics":[{{"name":"Pricing","duration":120}}],"trackers":[{{"id":"t","name":"Competitors","count":2}}],"brief":"They spoke about pricing."}}}}"#,
        day = number % 28 + 1,
        user = 700 + number % 25,
        deal = 90_000 + number / 3,
    )
}

const WORDS: [&str; 24] = [
    "we",
    "would",
    "like",
    "to",
    "understand",
    "the",
    "pricing",
    "before",
    "our",
    "security",
    "team",
    "signs",
    "off",
    "on",
    "integration",
    "with",
    "um",
    "current",
    "platform",
    "next",
    "quarter",
    "budget",
    "actually",
    "timeline",
];

fn transcript(id: &CallId, number: usize, sentences: usize) -> String {
    let mut json = format!(r#"{{"callId":"{id}","transcript":["#);
    let mut clock = 500;
    for index in 0..sentences {
        let turn = index / 4;
        if index % 4 == 0 {
            if index > 0 {
                json.push_str("]},");
            }
            json.push_str(&format!(
                r#"{{"speakerId":"s{}","topic":null,"sentences":["#,
                turn % 2 + 1
            ));
        } else {
            json.push(',');
        }
        let mut text = String::new();
        let mut word = number * 31 + index * 17;
        while text.len() < 105 {
            word = word
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(WORDS[(word >> 33) % WORDS.len()]);
            text.push(' ');
        }
        text.push(if index % 9 == 0 { '?' } else { '.' });
        json.push_str(&format!(
            r#"{{"start":{clock},"end":{},"text":"{text}"}}"#,
            clock + 5_800
        ));
        clock += 6_100;
    }
    if sentences > 0 {
        json.push_str("]}");
    }
    json.push_str("]}");
    json
}
