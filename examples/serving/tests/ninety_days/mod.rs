//! Ninety days of a daemon in some minutes: calls come late, are edited, withdrawn and deleted,
//! a quota ends, clocks jump, and each outside system is out of reach once. In the end the store
//! is what Gong serves, tasks were answered nearly always, and alerts fired when they should
//! have and only then: Prometheus' own `promtool` says so, of the rules that are shipped.
//!
//! `DAEMON_DAYS` ends it earlier.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod alerts;
mod script;
mod world;

use std::sync::Arc;

use gong_snowflake::Backlog;
use gong_snowflake::ingest::schedule::{Clock, EnrichJob, RetainJob, Schedule, SyncJob};
use gong_snowflake::ingest::{Enricher, SyncSettings};
use gong_snowflake::snowflake_store::{CallStore, SyncMode};

use crate::support::mirror;
use world::{ROUND, SimulatedClock, World};

fn settings() -> SyncSettings {
    SyncSettings::new(SyncMode::Incremental)
        .with_first_sync_days(60)
        .with_sweep_calls(60)
        .with_relist_requests(3)
        .with_check_documents(20)
}

fn schedule(world: &World, store: Arc<dyn CallStore>, clock: Arc<SimulatedClock>) -> Schedule {
    let sync = SyncJob::new(world.gong_client(), Arc::clone(&store), settings());
    let enricher = Enricher::new(world.hubspot_client(), Arc::clone(&store));
    Schedule::new(Arc::clone(&store))
        .with_clock(clock as Arc<dyn Clock>)
        .with_jitter(|| 0.0)
        .with_job(ROUND, sync)
        .with_job(2 * ROUND, EnrichJob::new(enricher))
        .with_job(ROUND, Backlog::new(Arc::clone(&store), world.language()))
        .with_job(24 * ROUND, RetainJob::new(store))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes of processor time: cargo test --test all ninety_days -- --ignored"]
async fn ninety_days_end_with_what_gong_serves_and_the_right_alerts() {
    let days = std::env::var("DAEMON_DAYS").ok();
    let days = days.map_or(script::DAYS, |days| days.parse().unwrap());
    let world = Arc::new(World::start(days).await);
    let clock = Arc::new(SimulatedClock::new(Arc::clone(&world)));
    let store: Arc<dyn CallStore> = world.store.clone();
    let schedule = schedule(&world, store, Arc::clone(&clock));
    schedule.run(&world.stop).await;

    let (asked, unanswered) = world.asked().await;
    let availability = 1.0 - unanswered.len() as f64 / asked as f64;
    eprintln!(
        "{days} days: {} rounds, {asked} tasks, availability {:.3} %",
        world.ticks(),
        100.0 * availability
    );
    let served = world.gong.state().served();
    let differences = mirror::differences(&*world.store, &served).await;
    assert_eq!(differences, [""; 0]);
    assert!(availability >= 0.999, "{availability}: {unanswered:?}");
    alerts::check(&world, days).await;
}
