//! How fast the embedded store takes calls: lands and transforms synthetic ones
//! page by page, as a sync does, and prints calls a second.
//!
//! ```text
//! cargo run --release -p snowflake-store --example bulk_load -- [CALLS] [SENTENCES] [DATABASE]
//! ```
//!
//! Without a path the database is a file in the current folder that is removed
//! afterwards, so that a real disk is measured.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use calls::{CallId, RawDocument};
use snowflake_store::{
    Landing, LandingPage, RunFinish, SqliteStore, SyncMode, TransformScope, Upkeep, Window,
};

const PAGE: usize = 100;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let calls: usize = arguments.next().map_or(Ok(2_000), |text| text.parse())?;
    let sentences: usize = arguments.next().map_or(Ok(300), |text| text.parse())?;
    let path = arguments.next();
    let folder = tempfile::tempdir_in(".")?;
    let path = path.map_or_else(|| folder.path().join("bulk.db"), Into::into);

    let store = Arc::new(SqliteStore::open(&path).await?);
    let pages: Vec<LandingPage> = (0..calls.min(2_000) / PAGE)
        .map(|page| landing_page(page, sentences))
        .collect();
    let json_bytes: usize = pages
        .iter()
        .flat_map(|page| page.calls.iter().chain(&page.transcripts))
        .map(|document| document.text().len())
        .sum();

    let start = Instant::now();
    let mut transforms = tokio::task::JoinSet::new();
    let mut landing_seconds = 0.0;
    for round in 0..calls / PAGE {
        let page = if round < pages.len() {
            pages[round].clone()
        } else {
            landing_page(round, sentences)
        };
        let landing = Instant::now();
        let landed = store.land(page).await?;
        landing_seconds += landing.elapsed().as_secs_f64();
        // As a sync does it: one transform runs while the next page lands.
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
        "{calls} calls of {sentences} sentences ({} MB of JSON in the first {}): {seconds:.2} s, {:.0} calls/s; waiting for landing {landing_seconds:.2} s",
        json_bytes >> 20,
        pages.len() * PAGE,
        calls as f64 / seconds,
    );

    let start = Instant::now();
    for page in pages {
        let landed = store.land(page).await?;
        assert!(landed.changed.is_empty());
    }
    println!(
        "landing the first again, unchanged: {:.2} s",
        start.elapsed().as_secs_f64()
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

fn landing_page(page: usize, sentences: usize) -> LandingPage {
    let mut result = LandingPage {
        run_id: "bench".to_owned(),
        ..LandingPage::default()
    };
    for number in page * PAGE..(page + 1) * PAGE {
        // Ids are spread as Gong's are: not ascending.
        let id = CallId::new(format!(
            "{}",
            1_000_000_000_000_000_000
                + (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) % 8_000_000_000_000_000_000
        ));
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
