//! How long tasks take on a store of many calls, and batches of the first targets.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gong_snowflake::Settings;
use gong_snowflake::agents::insights::analyse_backlog;
use gong_snowflake::agents::task::Dispatcher;
use gong_snowflake::calls::{CallId, RawDocument, Timestamp};
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{
    CallOrder, CallQuery, CallReader, CrmSnapshot, Insights, Landing, LandingPage, SqliteStore,
    SyncMode, TransformScope,
};
use serde_json::{Value, json};
use testkit::gong::{BulkCalls, GongSimulator};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use crate::Outcome;
use crate::fetching::client;
use crate::timing::percentiles;

/// Calls that are landed together.
const PAGE: usize = 1_000;

/// Times that each kind of task is timed.
const RUNS: usize = 200;

/// Times tasks of every kind on `calls` calls that are analysed already. A store that is at
/// `path` already is filled no further; what it lacks of analyses is made up.
pub(crate) async fn tasks(path: &Path, calls: usize) -> Outcome<Value> {
    let is_new = !path.exists();
    let store = Arc::new(SqliteStore::open(path).await?);
    let language = Settings::builder().load().await?.language()?;
    let started = Instant::now();
    if is_new {
        fill(&store, calls).await?;
    }
    let landed = started.elapsed().as_secs_f64();
    let workers = std::thread::available_parallelism()?;
    let quiet = |_| {};
    let report = analyse_backlog(store.clone(), language.clone(), workers, quiet).await?;
    let filling = json!({
        "landed_s": landed,
        "analysed": report.analysed,
        "analysed_s": started.elapsed().as_secs_f64() - landed,
    });
    eprintln!("{filling}");
    let dispatcher = Dispatcher::new(store.clone(), language);
    let samples = samples(&store).await?;
    let mut timed = serde_json::Map::new();
    for (name, tasks) in samples {
        timed.insert(name.to_owned(), time(&dispatcher, &tasks).await?);
    }
    Ok(json!({"calls": store.count_live_calls().await?, "filling": filling, "tasks": timed}))
}

/// Batches of 10, 100 and 1,000 calls of 300 sentences, none of them analysed before, and 100
/// one at a time: the ratio says how far a batch uses the cores, whatever the machine.
pub(crate) async fn batches() -> Outcome<Value> {
    let mut measured = serde_json::Map::new();
    for (count, concurrency) in [(10, 4), (100, 1), (100, 4), (100, 8), (1_000, 4)] {
        let bulk = BulkCalls::new(count, 300);
        let gong = GongSimulator::builder().bulk(bulk).start().await?;
        let folder = tempfile::tempdir()?;
        let store = Arc::new(SqliteStore::open(folder.path().join("calls.db")).await?);
        let settings = SyncSettings::new(SyncMode::Full);
        GongSync::new(client(&gong.url())?, store.clone(), settings)
            .run()
            .await?;
        let dispatcher = Dispatcher::new(store, Settings::builder().load().await?.language()?);
        let mut seconds = 0.0;
        // A batch has 500 calls at most.
        for part in (0..count).collect::<Vec<_>>().chunks(500) {
            let ids: Vec<String> = part.iter().map(|at| BulkCalls::call_id(*at)).collect();
            let task = json!({"task_type": "batch_analysis", "call_ids": ids,
                "concurrency": concurrency});
            let started = Instant::now();
            let (reply, code) = dispatcher.run_json(task.to_string().as_bytes()).await;
            seconds += started.elapsed().as_secs_f64();
            if code != 0 || reply["result"]["analysed"] != part.len() {
                return Err(format!("a batch of {count} was not analysed").into());
            }
        }
        let name = format!("{count}, {concurrency} at a time");
        eprintln!("{name}: {seconds:.2} s");
        measured.insert(name, seconds.into());
    }
    Ok(Value::Object(measured))
}

async fn fill(store: &Arc<SqliteStore>, calls: usize) -> Outcome<()> {
    // A deal has some three and a half calls.
    let config = SyntheticConfig {
        deals: calls * 2 / 7,
        days: 730,
        sentences: 40..=60,
        ..SyntheticConfig::default()
    };
    let org = SyntheticOrg::generate(&config);
    for (at, page) in org.calls.chunks(PAGE).enumerate() {
        let mut landing = LandingPage::default();
        landing.run_id = format!("bench-{at}");
        for call in page {
            let id = CallId::new(call.id().ok_or("a call without an id")?);
            let document = RawDocument::new(id.clone(), call.extensive.to_string())?;
            landing.calls.push(document);
            if let Some(transcript) = &call.transcript {
                let document = RawDocument::new(id, transcript.to_string())?;
                landing.transcripts.push(document);
            }
        }
        store.land(landing).await?;
        store
            .transform(TransformScope::Pending { limit: PAGE })
            .await?;
    }
    let snapshot = CrmSnapshot {
        deals: org.deals,
        contacts: org.contacts,
        companies: org.companies,
        stages: org.stages,
        read_at: Timestamp::now(),
        ..CrmSnapshot::default()
    };
    store.save_crm(&snapshot).await?;
    Ok(())
}

/// Tasks by what is timed, over calls, deals and reps that are spread over the store.
async fn samples(store: &Arc<SqliteStore>) -> Outcome<Vec<(&'static str, Vec<Value>)>> {
    let query = CallQuery {
        with_transcript: true,
        order: CallOrder::NewestFirst,
        limit: 20_000,
        ..CallQuery::default()
    };
    let listed = store.find_calls(&query).await?;
    let spread: Vec<_> = listed.iter().step_by((listed.len() / 50).max(1)).collect();
    let of_calls = |task_type: &str| -> Vec<Value> {
        let calls = spread.iter();
        calls
            .map(|call| json!({"task_type": task_type, "call_id": call.id}))
            .collect()
    };
    let of_all = |task_type: &str| vec![json!({"task_type": task_type})];
    let mut deals = Vec::new();
    let mut accounts = Vec::new();
    let mut reps: Vec<Value> = Vec::new();
    for call in &spread {
        let detail = store.call_detail(&call.id).await?;
        let (deal, company) = detail.map_or((None, None), |detail| (detail.deal, detail.company));
        if let Some(deal) = deal {
            deals.push(json!({"task_type": "deal_overview", "deal_id": deal.id}));
        }
        if let Some(name) = company.and_then(|company| company.name) {
            accounts.push(json!({"task_type": "account_timeline", "account": name}));
        }
        let task = json!({"task_type": "coach_rep", "rep_id": call.rep.id});
        if !reps.contains(&task) {
            reps.push(task);
        }
    }
    let words = [
        "pricing for the second year",
        "who signs the contract",
        "integration with the ERP",
    ];
    let searches = words.map(|words| json!({"task_type": "search_calls", "query": words}));
    Ok(vec![
        ("analyze_call", of_calls("analyze_call")),
        ("find_similar_calls", of_calls("find_similar_calls")),
        ("deal_overview", deals),
        ("account_timeline", accounts),
        ("coach_rep", reps),
        ("team_overview", of_all("team_overview")),
        ("coaching_summary", of_all("coaching_summary")),
        ("team_benchmark", of_all("team_benchmark")),
        ("find_patterns", of_all("find_patterns")),
        ("sentiment_trends", of_all("sentiment_trends")),
        (
            "list_calls",
            vec![
                json!({"task_type": "list_calls", "days": 30}),
                json!({"task_type": "list_calls", "outcome": "won"}),
                json!({"task_type": "list_calls", "words": "security review"}),
            ],
        ),
        ("search_calls", searches.to_vec()),
    ])
}

/// Each task in turn until there are enough runs, after once for warmth; the slowest of those
/// first runs stands beside the percentiles.
async fn time(dispatcher: &Dispatcher, tasks: &[Value]) -> Outcome<Value> {
    let mut times = Vec::new();
    let mut coldest = Duration::ZERO;
    for (run, task) in tasks.iter().cycle().take(tasks.len() + RUNS).enumerate() {
        let started = Instant::now();
        let (reply, code) = dispatcher.run_json(task.to_string().as_bytes()).await;
        let took = started.elapsed();
        if code != 0 {
            return Err(format!("{task} failed: {}", reply["error"]).into());
        }
        if run < tasks.len() {
            coldest = coldest.max(took);
        } else {
            times.push(took);
        }
    }
    let mut timed = percentiles(times);
    timed["first_ms"] = json!(coldest.as_secs_f64() * 1e3);
    Ok(timed)
}
