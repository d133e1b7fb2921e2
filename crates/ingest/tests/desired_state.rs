//! A sync makes the store equal to what Gong serves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use snowflake_store::{Landing, SyncMode};
use testkit::gong::{CallVisibility, GongSimulator};
use world::{NOW, World, call, call_at, id, number_text, sentence_count, settings, used_up};

#[tokio::test]
async fn a_full_sync_lands_everything_and_repeats_change_nothing() {
    let world = World::with_calls(250).await;
    let first = world.full().await;
    assert_eq!((first.calls_seen, first.calls_inserted), (250, 250));
    assert_eq!(
        (first.transcripts_inserted, first.transcripts_missing),
        (250, 0)
    );
    assert_eq!(first.sentences, sentence_count(250));
    assert!(first.is_complete());
    assert_eq!(world.rows("STG_GONG_CALLS").await, 250);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(250)
    );

    for report in [
        world.full().await,
        world.incremental().await,
        world.incremental().await,
    ] {
        assert_eq!(
            (
                report.calls_inserted,
                report.calls_updated,
                report.calls_deleted
            ),
            (0, 0, 0)
        );
        assert_eq!(
            (report.transcripts_inserted, report.transcripts_updated),
            (0, 0)
        );
        assert_eq!(report.sentences, 0);
    }
}

#[tokio::test]
async fn the_first_incremental_sync_starts_a_week_back() {
    let world = World::with_calls(100).await;
    let report = world.incremental().await;
    assert_eq!(report.calls_inserted, 28, "four calls a day for seven days");
}

#[tokio::test]
async fn late_calls_and_late_transcripts_are_found_by_the_look_back() {
    let world = World::with_calls(20).await;
    let state = world.gong.state();
    state.withhold_transcript(&number_text(8)).unwrap();
    state
        .set_visibility(&number_text(9), CallVisibility::InAnalysis)
        .unwrap();
    state
        .set_visibility(&number_text(10), CallVisibility::Invisible)
        .unwrap();
    let first = world.full().await;
    assert_eq!((first.calls_inserted, first.transcripts_missing), (18, 1));
    assert_eq!(world.sentences(8).await, None);

    state.release_transcript(&number_text(8)).unwrap();
    state
        .set_visibility(&number_text(9), CallVisibility::Visible)
        .unwrap();
    state
        .set_visibility(&number_text(10), CallVisibility::Visible)
        .unwrap();
    let second = world.incremental().await;
    assert_eq!((second.calls_inserted, second.transcripts_inserted), (2, 3));
    assert_eq!(world.sentences(8).await, Some(3));
    assert_eq!(world.rows("STG_GONG_CALLS").await, 20);
}

#[tokio::test]
async fn the_sweep_finds_changes_older_than_the_look_back() {
    let world = World::with_calls(300).await;
    let state = world.gong.state();
    state.withhold_transcript(&number_text(250)).unwrap();
    world.full().await;
    state.release_transcript(&number_text(250)).unwrap();
    state.retitle_call(&number_text(260), "Renamed").unwrap();
    state.delete_call(&number_text(270));

    let report = world.incremental().await;
    assert_eq!((report.calls_updated, report.calls_deleted), (1, 1));
    assert_eq!(report.transcripts_inserted, 1);
    assert_eq!(world.title(260).await.as_deref(), Some("Renamed"));
    assert_eq!(world.sentences(250).await, Some(7));
    assert!(world.title(270).await.is_none());
}

#[tokio::test]
async fn a_bounded_sweep_goes_round_over_several_runs() {
    let world = World::with_calls(300).await;
    world.full().await;
    world.gong.state().delete_call(&number_text(290));
    let bounded = || {
        let settings = settings(SyncMode::Incremental);
        world.sync(settings.with_sweep_calls(100).with_lookback_days(1))
    };
    let mut deleted = 0;
    for _ in 0..3 {
        deleted += bounded().await.unwrap().calls_deleted;
    }
    assert_eq!(deleted, 1, "three runs of 100 meet all 300 calls");
    // A late transcript of a call at the start is met when the sweep comes round.
    world
        .gong
        .state()
        .retitle_call(&number_text(299), "Later")
        .unwrap();
    for _ in 0..4 {
        bounded().await.unwrap();
    }
    assert_eq!(world.title(299).await.as_deref(), Some("Later"));
}

#[tokio::test]
async fn edits_update_and_rewrite_sentences() {
    let world = World::with_calls(10).await;
    world.full().await;
    let state = world.gong.state();
    state.retitle_call(&number_text(3), "New title").unwrap();
    state
        .edit_transcript(&number_text(4), |transcript| {
            transcript["transcript"][0]["sentences"] =
                serde_json::json!([{"start": 0, "end": 900, "text": "Only this."}]);
        })
        .unwrap();
    let report = world.incremental().await;
    assert_eq!((report.calls_updated, report.transcripts_updated), (1, 1));
    assert_eq!(world.title(3).await.as_deref(), Some("New title"));
    assert_eq!(world.sentences(4).await, Some(1));
}

#[tokio::test]
async fn what_gong_no_longer_serves_is_marked_deleted_with_all_that_derives_from_it() {
    let world = World::with_calls(20).await;
    world.full().await;
    world.gong.state().delete_call(&number_text(5));
    let report = world.incremental().await;
    assert_eq!(report.calls_deleted, 1);
    assert!(world.title(5).await.is_none());
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(20) - 7,
        "the sentences of call 5 are gone"
    );
    assert_eq!(world.incremental().await.calls_deleted, 0, "once is enough");

    // Served again, as after an accident on Gong's side.
    world.gong.state().add_call(call(5)).unwrap();
    assert_eq!(world.incremental().await.calls_updated, 1);
    assert_eq!(world.sentences(5).await, Some(7));
}

#[tokio::test]
async fn a_key_that_sees_no_call_deletes_nothing() {
    let world = World::with_calls(20).await;
    world.full().await;
    world.gong.state().hide_all_calls(true);
    let blind = world.full().await;
    assert_eq!((blind.calls_deleted, blind.deletions_withheld), (0, 20));
    assert!(!blind.is_complete());
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(20)
    );

    let accepted = settings(SyncMode::Full).with_accept_empty_tenant(true);
    assert_eq!(world.sync(accepted).await.unwrap().calls_deleted, 20);
}

#[tokio::test]
async fn large_spans_are_cut_into_windows() {
    let world = World::with_calls(900).await;
    let cut = settings(SyncMode::Full).with_max_calls_per_window(100);
    let report = world.sync(cut).await.unwrap();
    assert_eq!((report.calls_seen, report.calls_inserted), (900, 900));
    assert_eq!(report.calls_deleted, 0);
}

#[tokio::test]
async fn a_backfill_reads_its_span_and_leaves_the_watermark() {
    let world = World::with_calls(100).await;
    let span = settings(SyncMode::Backfill)
        .with_from(Some(NOW - jiff::SignedDuration::from_hours(6 * 50)))
        .with_to(Some(NOW - jiff::SignedDuration::from_hours(6 * 40)));
    let report = world.sync(span).await.unwrap();
    assert_eq!(
        report.calls_inserted, 10,
        "calls 50 to 41: from inclusive, to exclusive"
    );
    assert!(world.store.watermark().await.unwrap().is_none());
    world.full().await;
    assert_eq!(world.store.watermark().await.unwrap().unwrap().at, NOW);
}

#[tokio::test]
async fn a_run_has_the_id_that_it_is_given_and_one_that_is_resumed_keeps_its_own() {
    let world = World::with_calls(10).await;
    let job = |id| world.job(settings(SyncMode::Full)).with_run_id(id);
    let report = job("first").run().await.unwrap();
    assert_eq!(report.correlation_id, "first");
    world
        .gong
        .state()
        .inject(used_up().on_path("/v2/calls/transcript").always());
    job("interrupted").run().await.unwrap_err();
    world.gong.state().clear_faults();
    let report = job("second").run().await.unwrap();
    assert!(report.resumed);
    assert_eq!(report.correlation_id, "interrupted");
}

#[tokio::test]
async fn transcripts_can_be_left_out() {
    let world = World::with_calls(10).await;
    let without = settings(SyncMode::Full).with_transcripts(false);
    let report = world.sync(without).await.unwrap();
    assert_eq!(
        (report.calls_inserted, report.transcripts_inserted),
        (10, 0)
    );
    assert_eq!(
        world
            .gong
            .state()
            .traffic()
            .requests_for("/v2/calls/transcript"),
        0
    );
}

#[tokio::test]
async fn web_conferences_are_found_by_their_scheduled_time() {
    // Scheduled inside the look-back, started earlier than it.
    let mut conference = call_at(1, NOW - jiff::SignedDuration::from_hours(24 * 9));
    conference.extensive["metaData"]["direction"] = "Conference".into();
    conference.extensive["metaData"]["scheduled"] = (NOW - jiff::SignedDuration::from_hours(24))
        .to_string()
        .into();
    let world = World::start(GongSimulator::builder().calls([conference])).await;
    assert_eq!(world.incremental().await.calls_inserted, 1);
    assert_eq!(world.incremental().await.calls_deleted, 0);
    assert_eq!(world.full().await.calls_deleted, 0);
    assert!(world.store.call_detail(&id(1)).await.unwrap().is_some());
}

use snowflake_store::CallReader;
