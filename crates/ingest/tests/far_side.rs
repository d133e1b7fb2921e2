//! A far side that loops, shifts, forgets and hides decides nothing here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use ingest::RemovalLimits;
use resilience::ErrorKind;
use snowflake_store::{SyncMode, Upkeep};
use testkit::gong::{CursorKind, EndlessCursors, Fault, FaultEffect, GongSimulator};
use world::{World, call, number_text, sentence_count, settings, used_up};

const CALLS: &str = "/v2/calls/extensive";
const TRANSCRIPTS: &str = "/v2/calls/transcript";

const ENDLESS: [EndlessCursors; 3] = [
    EndlessCursors::Circle,
    EndlessCursors::EmptyPages,
    EndlessCursors::FirstPage,
];

#[tokio::test]
async fn a_listing_without_an_end_is_left_after_a_handful_of_requests() {
    for endless in ENDLESS {
        let gong = GongSimulator::builder()
            .calls((1..=60).map(call))
            .page_size(20);
        let world = World::start(gong).await;
        let state = world.gong.state();
        state.set_endless_cursors(CALLS, Some(endless));
        let report = world.full().await;
        let requests = state.traffic().requests_for(CALLS);
        assert!(requests < 20, "{endless:?}: {requests} requests");
        assert_eq!(report.dead_letters, 1, "{endless:?}");
        let letters = world.letters().await;
        let letter = &letters[0].letter;
        assert!(letter.fault.key().starts_with("window:"), "{endless:?}");
        assert!(letter.reason.contains(CALLS), "{}", letter.reason);
        assert!(
            world.rows("GONG_CALLS_RAW").await >= 20,
            "what came is kept"
        );

        // While it lasts, the letter is one, and a run costs no more.
        state.reset_traffic();
        assert_eq!(world.full().await.dead_letters, 1);
        assert!(state.traffic().requests_for(CALLS) < 20);

        state.set_endless_cursors(CALLS, None);
        let healed = world.full().await;
        assert_eq!(healed.dead_letters, 0, "{endless:?}");
        assert_eq!(world.rows("STG_GONG_CALLS").await, 60);
    }
}

#[tokio::test]
async fn transcripts_without_an_end_land_page_by_page() {
    for endless in ENDLESS {
        let gong = GongSimulator::builder()
            .calls((1..=60).map(call))
            .page_size(20);
        let world = World::start(gong).await;
        let state = world.gong.state();
        state.set_endless_cursors(TRANSCRIPTS, Some(endless));
        // One that is missing, so that no page ends the wait for it.
        state.withhold_transcript(&number_text(3)).unwrap();
        world.full().await;
        let requests = state.traffic().requests_for(TRANSCRIPTS);
        assert!(requests < 40, "{endless:?}: {requests} requests");
        assert!(
            world.rows("GONG_CALL_TRANSCRIPTS_RAW").await > 0,
            "{endless:?}"
        );

        state.set_endless_cursors(TRANSCRIPTS, None);
        state.release_transcript(&number_text(3)).unwrap();
        let healed = world.full().await;
        assert_eq!(healed.dead_letters, 0);
        assert_eq!(
            world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
            sentence_count(60)
        );
    }
}

#[tokio::test]
async fn a_call_that_slips_over_the_edge_of_a_page_is_read_again() {
    let gong = GongSimulator::builder()
        .calls((1..=250).map(call))
        .cursor_kind(CursorKind::PageNumber);
    let world = World::start(gong).await;
    let state = world.gong.state();
    // The oldest comes first; it goes when page one has been served.
    let slow = Fault::new(FaultEffect::Hang(std::time::Duration::from_millis(300)))
        .on_path(CALLS)
        .after(2)
        .times(1);
    state.inject(slow);
    let job = world.job(settings(SyncMode::Full));
    let running = tokio::spawn(async move { job.run().await });
    while state.traffic().requests_for(CALLS) < 3 {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    state.delete_call(&number_text(250));
    running.await.unwrap().unwrap();
    let report = world.full().await;
    assert_eq!(report.calls_inserted, 0, "the first run had them all");
    assert_eq!(world.live().await, 249);
}

#[tokio::test]
async fn a_firewalls_page_with_status_200_is_waited_out() {
    let world = World::with_calls(30).await;
    for path in [CALLS, TRANSCRIPTS] {
        let fault = Fault::new(FaultEffect::HtmlPage).on_path(path).times(4);
        world.gong.state().inject(fault);
    }
    let report = world.full().await;
    assert_eq!(
        (report.calls_inserted, report.transcripts_inserted),
        (30, 30)
    );
    assert!(report.is_complete());
}

#[tokio::test]
async fn a_key_that_sees_less_deletes_nothing_until_a_person_agrees() {
    let world = World::with_calls(450).await;
    world.full().await;
    world.gong.state().show_only((1..=10).map(number_text));
    for mode in [SyncMode::Full, SyncMode::Incremental] {
        let report = world.sync(settings(mode)).await.unwrap();
        assert_eq!((report.calls_deleted, report.deletions_withheld), (0, 440));
        assert!(!report.is_complete());
    }
    let expecting = |count| {
        settings(SyncMode::Full).with_removals(RemovalLimits {
            expected: Some(count),
            ..RemovalLimits::default()
        })
    };
    let report = world.sync(expecting(439)).await.unwrap();
    assert_eq!((report.calls_deleted, report.deletions_withheld), (0, 440));
    let report = world.sync(expecting(440)).await.unwrap();
    assert_eq!((report.calls_deleted, report.deletions_withheld), (440, 0));
    assert!(report.is_complete());
}

#[tokio::test]
async fn a_few_deletions_in_a_small_store_and_a_tenth_of_a_large_one_go_through() {
    let world = World::with_calls(30).await;
    world.full().await;
    for number in 1..=20 {
        world.gong.state().delete_call(&number_text(number));
    }
    assert_eq!(world.full().await.calls_deleted, 20);

    let world = World::with_calls(450).await;
    world.full().await;
    for number in 1..=45 {
        world.gong.state().delete_call(&number_text(number));
    }
    let report = world.full().await;
    assert_eq!((report.calls_deleted, report.deletions_withheld), (45, 0));
}

#[tokio::test]
async fn a_store_refuses_another_tenant_unless_told() {
    let world = World::with_calls(12).await;
    world.full().await;
    let other = World::with_calls(3).await;
    for mode in [SyncMode::Full, SyncMode::Incremental] {
        let error = world
            .job_with(&other, settings(mode))
            .run()
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("origin"))
        );
        for host in [world.host(), other.host()] {
            assert!(error.message().contains(&host), "{error}");
        }
    }
    assert_eq!(other.gong.state().traffic().requests(), 0);
    let told = settings(SyncMode::Full).with_accept_other_origin(true);
    world.job_with(&other, told).run().await.unwrap();
    assert_eq!(world.live().await, 3);
    let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
    assert_eq!(
        error.field(),
        Some("origin"),
        "it mirrors the other one now"
    );
}

#[tokio::test]
async fn an_open_run_is_not_resumed_against_another_tenant() {
    let gong = || {
        GongSimulator::builder()
            .calls((1..=300).map(call))
            .page_size(20)
    };
    let world = World::start(gong()).await;
    world
        .gong
        .state()
        .inject(used_up().on_path(CALLS).after(6).always());
    world.sync(settings(SyncMode::Full)).await.unwrap_err();
    let other = World::start(gong()).await;
    let error = world.job_with(&other, settings(SyncMode::Full)).run().await;
    assert_eq!(error.unwrap_err().field(), Some("origin"));
    let told = settings(SyncMode::Full).with_accept_other_origin(true);
    let report = world.job_with(&other, told).run().await.unwrap();
    assert!(!report.resumed);
    assert_eq!(world.store.freshness().await.unwrap().dead_letters, 0);
}
