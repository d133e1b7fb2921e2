//! Streams beside calls: the store has what Gong serves, and each write has a reason.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use std::sync::Arc;
use std::time::Duration;

use calls::jiff::tz::{self, TimeZone};
use ingest::CancellationToken;
use ingest::schedule::{RunOutcome, Schedule, StreamsJob};
use ingest::{StreamReport, StreamSettings, StreamSync};
use serde_json::{Value, json};
use snowflake_store::{CallStore, LeaseKeeper, RecordQuery, RecordStream, Records};
use testkit::gong::GongSimulator;
use world::{NOW, World};

async fn world() -> World {
    World::start(
        GongSimulator::builder()
            .page_size(2)
            .workspaces([json!({"id": "w-1", "name": "Sales", "description": null})])
            .users(
                (1..=5).map(
                    |id| json!({"id": format!("{id}"), "emailAddress": null, "managerId": "1"}),
                ),
            ),
    )
    .await
}

async fn sync(world: &World, streams: &[RecordStream]) -> Vec<StreamReport> {
    let settings = StreamSettings::new(streams.iter().copied()).with_now(Some(NOW));
    let sync = StreamSync::new(world.client.clone(), world.store.clone(), settings);
    sync.run().await.unwrap()
}

async fn keys(world: &World, stream: RecordStream) -> Vec<String> {
    let records = world
        .store
        .records(&RecordQuery::all(stream))
        .await
        .unwrap();
    records.into_iter().map(|record| record.key).collect()
}

fn review(id: &str, day: &str, method: &str) -> Value {
    json!({
        "answeredScorecardId": id, "scorecardId": 7, "callId": "1", "reviewMethod": method,
        "reviewTime": format!("{day}T09:00:00Z"), "_day": day, "answers": [{"questionId": 1, "score": "4"}],
    })
}

fn figures(user: &str, day: &str, talk: f64) -> Value {
    json!({
        "userId": user, "_day": day,
        "personInteractionStats": [{"name": "Talk Ratio", "value": talk}],
    })
}

#[tokio::test]
async fn every_stream_is_stored_and_costs_nothing_the_second_time() {
    let world = world().await;
    let gong = world.gong.state();
    gong.set_records(
        "settings/scorecards",
        [json!({"scorecardId": 7, "scorecardName": "Demo"})],
    );
    gong.set_records(
        "settings/trackers",
        [json!({"trackerId": "t-1", "trackerName": "Price"})],
    );
    gong.set_records(
        "library/folders",
        [json!({"id": "f-1", "name": "Best", "_workspace": "w-1"})],
    );
    // By people and by Gong itself, over several pages.
    let reviews = ["MANUAL", "AUTOMATIC", "MANUAL", "MANUAL", "AUTOMATIC"];
    let reviews = reviews.iter().enumerate();
    gong.set_records(
        "stats/activity/scorecards",
        reviews.map(|(at, method)| review(&format!("r-{at}"), "2026-06-20", method)),
    );
    let both = [
        figures("1", "2026-05-03", 0.4),
        figures("1", "2026-06-03", 0.5),
    ];
    gong.set_records("stats/interaction", both.clone());
    gong.set_records("stats/activity/aggregate", both);

    let reports = sync(&world, &RecordStream::ALL).await;
    let seen: Vec<(&str, u64, u64)> = reports
        .iter()
        .map(|report| (report.stream, report.seen, report.inserted))
        .collect();
    assert_eq!(
        seen,
        [
            ("users", 5, 5),
            ("workspaces", 1, 1),
            ("scorecards", 1, 1),
            ("answered_scorecards", 5, 5),
            ("trackers", 1, 1),
            ("interaction_stats", 2, 2),
            ("activity_stats", 2, 2),
            ("library_folders", 1, 1),
        ]
    );
    assert!(reports.iter().all(StreamReport::is_complete), "{reports:?}");
    let months = keys(&world, RecordStream::InteractionStats).await;
    assert_eq!(months, ["1 2026-05", "1 2026-06"]);

    for report in sync(&world, &RecordStream::ALL).await {
        let written = report.inserted + report.updated + report.deleted;
        assert_eq!(written, 0, "{report:?}");
    }
}

/// Gong takes no day to come, and its days are those of the company's zone.
#[tokio::test]
async fn figures_are_asked_for_no_day_to_come() {
    let stats = [RecordStream::InteractionStats, RecordStream::ActivityStats];
    let zone = |hours| TimeZone::fixed(tz::offset(hours));
    for now in ["2026-07-01T02:00:00Z", "2026-07-01T20:00:00Z"] {
        // In the first case July has begun in Greenwich and not yet in the company. Whatever
        // the setting is, Gong says its own.
        for set in [0, -7, 9] {
            let now = now.parse().unwrap();
            let world = world().await;
            let gong = world.gong.state();
            gong.set_now(now);
            gong.set_time_zone("US/Pacific", zone(-7));
            let both = ["2026-05-03", "2026-06-29"].map(|day| figures("1", day, 0.4));
            gong.set_records("stats/interaction", both.clone());
            gong.set_records("stats/activity/aggregate", both);
            let settings = StreamSettings::new(stats).with_now(Some(now));
            let settings = settings.with_time_zone(zone(set));
            let sync = StreamSync::new(world.client.clone(), world.store.clone(), settings);
            // A year, then the look-back.
            for least in [2, 1] {
                for report in sync.run().await.unwrap() {
                    assert!(report.is_complete() && report.seen >= least, "{report:?}");
                    assert_eq!(report.time_zone.as_deref(), Some("US/Pacific"));
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_listed_no_more_is_gone() {
    let world = world().await;
    let gong = world.gong.state();
    let stream = RecordStream::AnsweredScorecards;
    let all = || {
        [
            review("old", "2026-03-01", "MANUAL"),
            review("gone", "2026-06-10", "MANUAL"),
            review("kept", "2026-06-11", "MANUAL"),
        ]
    };
    gong.set_records("stats/activity/scorecards", all());
    sync(&world, &[stream]).await;
    assert_eq!(keys(&world, stream).await, ["gone", "kept", "old"]);

    let mut edited = review("kept", "2026-06-11", "MANUAL");
    edited["answers"][0]["score"] = "5".into();
    gong.set_records("stats/activity/scorecards", [edited.clone()]);
    let report = sync(&world, &[stream]).await.remove(0);
    assert_eq!((report.updated, report.deleted), (1, 1));
    // What lies behind the look-back was not asked for, so nothing is known of it.
    assert_eq!(keys(&world, stream).await, ["kept", "old"]);

    // An empty answer is believed of nothing.
    gong.set_records("stats/activity/scorecards", []);
    let report = sync(&world, &[stream]).await.remove(0);
    assert_eq!((report.deleted, report.withheld), (0, 1));
    assert_eq!(keys(&world, stream).await, ["kept", "old"]);

    gong.set_records("stats/activity/scorecards", all());
    let report = sync(&world, &[stream]).await.remove(0);
    assert_eq!(report.inserted, 1);
    assert_eq!(keys(&world, stream).await, ["gone", "kept", "old"]);
}

#[tokio::test]
async fn many_that_go_at_once_are_withheld() {
    let world = world().await;
    let gong = world.gong.state();
    let stream = RecordStream::Trackers;
    let trackers = |count: usize| (0..count).map(|id| json!({"trackerId": id, "trackerName": "T"}));
    gong.set_records("settings/trackers", trackers(60));
    sync(&world, &[stream]).await;
    gong.set_records("settings/trackers", trackers(30));
    let report = sync(&world, &[stream]).await.remove(0);
    assert_eq!((report.deleted, report.withheld), (0, 30));
    assert!(!report.is_complete());
    assert_eq!(keys(&world, stream).await.len(), 60);
}

#[tokio::test]
async fn a_stream_that_gong_refuses_says_so_and_the_others_go_on() {
    let world = world().await;
    let gong = world.gong.state();
    gong.revoke_scope("api:settings:scorecards:read");
    let reports = sync(&world, &[RecordStream::Scorecards, RecordStream::Users]).await;
    let error = reports[0].error.as_deref().unwrap();
    assert!(error.contains("api:settings:scorecards:read"), "{error}");
    assert_eq!(reports[1].inserted, 5);
}

/// A record without a key is counted, and nothing is said to be gone by that listing.
#[tokio::test]
async fn what_cannot_be_read_proves_nothing() {
    let world = world().await;
    let gong = world.gong.state();
    let stream = RecordStream::Trackers;
    gong.set_records(
        "settings/trackers",
        ["a", "b"].map(|id| json!({"trackerId": id})),
    );
    sync(&world, &[stream]).await;
    gong.set_records(
        "settings/trackers",
        [json!({"trackerId": "a"}), json!({"trackerName": "b"})],
    );
    let report = sync(&world, &[stream]).await.remove(0);
    assert_eq!(
        (report.rejected, report.withheld, report.deleted),
        (1, 1, 0)
    );
    assert_eq!(keys(&world, stream).await, ["a", "b"]);
}

/// As a job of a schedule it holds the lease of syncs, and says what it left open.
#[tokio::test]
async fn a_schedule_syncs_streams() {
    let world = world().await;
    let store: Arc<dyn CallStore> = world.store.clone();
    let once = async || {
        let settings = StreamSettings::new([RecordStream::Users, RecordStream::Trackers]);
        let job = StreamsJob::new(world.client.clone(), Arc::clone(&store), settings);
        let schedule = Schedule::new(Arc::clone(&store)).with_job(Duration::from_secs(60), job);
        let run = schedule.run_once(&CancellationToken::new()).await.remove(0);
        assert_eq!(run.job, "streams");
        run.outcome
    };
    let held = LeaseKeeper::acquire(Arc::clone(&store), "sync", "a sync");
    let held = held.await.unwrap().unwrap();
    assert!(!matches!(once().await, RunOutcome::Done { .. }));
    assert_eq!(keys(&world, RecordStream::Users).await.len(), 0);
    held.release().await.unwrap();

    let RunOutcome::Done { detail } = once().await else {
        panic!("it was not done");
    };
    assert_eq!(detail[0]["inserted"], 5);
    world
        .gong
        .state()
        .revoke_scope("api:settings:trackers:read");
    assert!(matches!(once().await, RunOutcome::Open { .. }));
}
