//! The whole job on the embedded default, with simulated Gong and HubSpot.
//!
//! ```sh
//! cargo run --release --example quickstart
//! ```
//!
//! Full sync, transform, enrichment, analysis of all calls, an incremental sync
//! that finds what changed, then one call's analysis, one rep's coaching, a
//! similar-call search and an HTML report. Needs no account and no network.

#[path = "../shared/mod.rs"]
mod shared;

mod outside;
mod show;

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;
use gong_snowflake::agents::insights::analyse_backlog;
use gong_snowflake::agents::report::Report;
use gong_snowflake::agents::{
    CallAnalysis, CallAnalysisAgent, CallSearch, CoachingReport, PeriodChoice, SalesCoachAgent,
    TeamOverview,
};
use gong_snowflake::calls::jiff::tz::TimeZone;
use gong_snowflake::calls::{DealId, Timestamp};
use gong_snowflake::gong_client::{GongApi, GongClient};
use gong_snowflake::hubspot_enrich::CrmSource;
use gong_snowflake::ingest::{Enricher, GongSync, SyncReport, SyncSettings};
use gong_snowflake::snowflake_store::{CallQuery, CallReader, CallStore, Rep, SyncMode};
use gong_snowflake::{Agents, Settings, StoreLocation, StoreOptions};

use shared::page::{links, time_zone};
use testkit::synthetic::WRITTEN_DEAL;

/// The whole job on the embedded default, with simulated Gong and HubSpot.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder for the database and the report.
    #[arg(long, default_value = "target/quickstart")]
    folder: PathBuf,
    /// Seed of the simulated company.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Time zone of the report, such as Europe/Berlin; this machine's when not given.
    #[arg(long, value_name = "IANA", value_parser = time_zone)]
    time_zone: Option<TimeZone>,
}

#[tokio::main]
async fn main() -> ExitCode {
    shared::start_logging();
    match run(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => shared::fail(error.as_ref(), 1),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let now = Timestamp::now();
    std::fs::create_dir_all(&arguments.folder)?;
    let database = arguments.folder.join("calls.db");
    outside::remove_database(&database)?;

    show::step("A simulated company: Gong and HubSpot over HTTP");
    let outside = outside::Outside::start(arguments.seed, now).await?;
    show::outside(&outside);

    let location = StoreLocation::Sqlite(database.clone());
    let settings = Settings::builder().with("store.location", location, "--folder");
    let settings = settings.load().await?;
    let agents = Agents::open(&settings, &StoreOptions::new("quickstart")).await?;
    let (store, language) = (Arc::clone(agents.store()), agents.language().clone());

    show::step("Full sync: fetch, land, transform");
    let full = sync(&outside.gong, &store, SyncMode::Full).await?;
    show::sync(&full);

    show::step("What happens at Gong meanwhile");
    let changes = outside.change_gong()?;
    show::changes(&changes);
    let incremental = sync(&outside.gong, &store, SyncMode::Incremental).await?;
    show::sync(&incremental);

    show::step("Enrichment from HubSpot");
    let crm: Arc<dyn CrmSource> = Arc::clone(&outside.crm);
    let enrichment = Enricher::new(crm, Arc::clone(&store)).enrich(now).await?;
    show::enrichment(&enrichment);

    show::step("Analysis of all calls with the local language backend");
    let analysing = Instant::now();
    let workers = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let backlog = analyse_backlog(Arc::clone(&store), language.clone(), workers, |_| {}).await?;
    show::backlog(&backlog, analysing.elapsed());

    let agent = CallAnalysisAgent::new(store.clone(), language.clone());
    let analysis = latest_written_call(&store, &agent).await?;
    show::step("One call: the latest of a deal whose calls are whole conversations");
    show::analysis(&analysis);

    let coach = SalesCoachAgent::new(Arc::clone(&store) as Arc<dyn CallReader>);
    let team = coach.team(PeriodChoice::recent(now)).await?;
    let coaching = rep_with_most_to_gain(&coach, &team, now).await?;
    show::step("One rep: who has most to gain from coaching");
    show::coaching(&coaching);

    show::step("Calls where the same was talked about");
    let search = CallSearch::new(Arc::clone(&store) as Arc<dyn CallReader>, language);
    let similar = search.similar_to(&analysis.call.id, 5).await?;
    show::similar(&analysis, &similar);

    let page = arguments.folder.join("report.html");
    let shown = [
        serde_json::to_value(&analysis)?,
        serde_json::to_value(&similar)?,
        serde_json::to_value(&coaching)?,
        serde_json::to_value(&team)?,
    ];
    let zone = arguments.time_zone.clone().unwrap_or_else(TimeZone::system);
    let report = Report::new("Sales calls", now)
        .in_time_zone(zone)
        .with_links(links(agents.source().as_ref(), &shown).await)
        .with_total("calls synced", full.calls_inserted.to_string())
        .with_total("sentences", full.sentences.to_string())
        .with_total("calls analysed", backlog.analysed.to_string())
        .with_total("deals mirrored", enrichment.deals.to_string())
        .with_analysis(&analysis)
        .with_similar_calls(&similar)
        .with_coaching(&coaching)
        .with_team(&team);
    std::fs::write(&page, report.to_html()?)?;
    show::step("Where everything is");
    show::places(&database, &page, started.elapsed());
    Ok(())
}

async fn sync(
    gong: &Arc<GongClient>,
    store: &Arc<dyn CallStore>,
    mode: SyncMode,
) -> Result<SyncReport, Box<dyn Error>> {
    let before = gong.client_stats();
    let api = Arc::clone(gong) as Arc<dyn GongApi>;
    let report = GongSync::new(api, Arc::clone(store), SyncSettings::new(mode))
        .run()
        .await?;
    let after = gong.client_stats();
    Ok(report.with_requests(
        after.requests - before.requests,
        after.retries - before.retries,
    ))
}

/// The analysis of the latest call of the deal whose calls are written out.
async fn latest_written_call(
    store: &Arc<dyn CallStore>,
    agent: &CallAnalysisAgent,
) -> Result<CallAnalysis, Box<dyn Error>> {
    let query = CallQuery {
        deal_id: Some(DealId::from(WRITTEN_DEAL)),
        with_transcript: true,
        limit: 1,
        ..CallQuery::default()
    };
    let calls = store.find_calls(&query).await?;
    let latest = calls.first().ok_or("the written deal has no call")?;
    Ok(agent.analyse(&latest.id).await?)
}

/// The coaching of the rep whose recommendations weigh most.
async fn rep_with_most_to_gain(
    coach: &SalesCoachAgent,
    team: &TeamOverview,
    now: Timestamp,
) -> Result<CoachingReport, Box<dyn Error>> {
    let mut most: Option<(f64, CoachingReport)> = None;
    for id in team.reps.iter().filter_map(|row| row.rep.id.clone()) {
        let report = coach.coach(&Rep::Id(id), PeriodChoice::recent(now)).await?;
        let weight: f64 = report
            .recommendations
            .iter()
            .map(|advice| advice.weight)
            .sum();
        if most.as_ref().is_none_or(|(best, _)| weight > *best) {
            most = Some((weight, report));
        }
    }
    most.map(|(_, report)| report)
        .ok_or_else(|| "the team has no rep".into())
}
