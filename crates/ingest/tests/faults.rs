//! What goes wrong is retried, put aside or told, and nothing is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use std::time::Duration;

use resilience::ErrorKind;
use snowflake_store::{CallReader, SyncMode};
use testkit::gong::{Fault, FaultEffect, GongSimulator, RandomFaults};
use tokio_util::sync::CancellationToken;
use world::{World, call, number_text, sentence_count, settings, used_up};

const CALLS: &str = "/v2/calls/extensive";
const TRANSCRIPTS: &str = "/v2/calls/transcript";

fn status(status: u16) -> FaultEffect {
    FaultEffect::Status {
        status,
        retry_after: None,
    }
}

#[tokio::test]
async fn passing_failures_are_retried() {
    let world = World::with_calls(150).await;
    let state = world.gong.state();
    for effect in [
        status(500),
        FaultEffect::CutBody,
        FaultEffect::BadGatewayPage,
        FaultEffect::Disconnect,
    ] {
        state.inject(Fault::new(effect.clone()).on_path(CALLS).after(1));
        state.inject(Fault::new(effect).on_path(TRANSCRIPTS));
    }
    let report = world.full().await;
    assert_eq!((report.calls_inserted, report.dead_letters), (150, 0));
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(150)
    );
}

#[tokio::test]
async fn a_share_of_failing_requests_loses_nothing() {
    let gong = GongSimulator::builder()
        .calls((1..=400).map(call))
        .page_size(20)
        .random_faults(RandomFaults {
            retry_after: 0,
            ..RandomFaults::new(0.2, 7)
        });
    let world = World::start(gong).await;
    // A page may fail more often than it is retried; what is put aside then is
    // read again by the next run.
    let mut report = world.full().await;
    for _ in 0..5 {
        if report.is_complete() {
            break;
        }
        report = world.full().await;
    }
    assert!(report.is_complete());
    assert_eq!(world.rows("STG_GONG_CALLS").await, 400);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(400)
    );
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn a_transcript_with_invalid_utf8_is_put_aside_alone_and_found_later() {
    let world = World::with_calls(120).await;
    let poison = number_text(30);
    world.gong.state().inject(
        Fault::new(FaultEffect::InvalidUtf8)
            .on_path(TRANSCRIPTS)
            .for_call(&*poison)
            .always(),
    );
    let report = world.full().await;
    assert_eq!((report.calls_inserted, report.dead_letters), (120, 1));
    assert!(!report.is_complete());
    assert_eq!(report.transcripts_inserted, 119);
    let letters = world.letters().await;
    assert_eq!(letters[0].letter.fault.key(), format!("call:{poison}"));
    assert!(
        letters[0].letter.reason.contains("UTF-8"),
        "{}",
        letters[0].letter.reason
    );
    assert!(letters[0].letter.payload.is_some());

    world.gong.state().clear_faults();
    let healed = world.incremental().await;
    assert_eq!((healed.transcripts_inserted, healed.dead_letters), (1, 0));
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn a_transcript_that_always_fails_does_not_take_others_with_it() {
    let world = World::with_calls(120).await;
    let poison = number_text(30);
    world.gong.state().inject(
        Fault::new(status(500))
            .on_path(TRANSCRIPTS)
            .for_call(&*poison)
            .always(),
    );
    let report = world.full().await;
    assert_eq!((report.transcripts_inserted, report.dead_letters), (119, 1));
    assert_eq!(world.rows("GONG_DEAD_LETTERS").await, 1);
}

#[tokio::test]
async fn a_page_that_always_fails_costs_only_the_calls_around_it() {
    let gong = GongSimulator::builder()
        .calls((1..=200).map(call))
        .page_size(10);
    let world = World::start(gong).await;
    let poison = number_text(77);
    world.gong.state().inject(
        Fault::new(FaultEffect::MalformedJson)
            .on_path(CALLS)
            .for_call(&*poison)
            .always(),
    );
    let report = world.full().await;
    assert_eq!(report.calls_seen, 199);
    assert_eq!(report.dead_letters, 1);
    assert_eq!(world.rows("STG_GONG_CALLS").await, 199);

    world.gong.state().clear_faults();
    let healed = world.full().await;
    assert_eq!((healed.calls_inserted, healed.dead_letters), (1, 0));
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn a_record_without_an_id_is_put_aside() {
    let world = World::with_calls(30).await;
    world.gong.state().inject(
        Fault::new(FaultEffect::MissingId)
            .on_path(CALLS)
            .for_call(number_text(12))
            .always(),
    );
    let report = world.full().await;
    assert_eq!((report.calls_inserted, report.dead_letters), (29, 1));
}

#[tokio::test]
async fn a_wrong_key_stops_at_once() {
    let world = World::with_calls(5).await;
    world.gong.state().rotate_access_key("other", "other");
    let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(world.gong.state().traffic().requests(), 1);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let world = World::with_calls(5).await;
    world.gong.state().revoke_scope("api:calls:read:transcript");
    let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(
        error.to_string().contains("api:calls:read:transcript"),
        "{error}"
    );
}

#[tokio::test]
async fn a_used_up_quota_stops_the_run_and_the_next_one_resumes() {
    let gong = GongSimulator::builder()
        .calls((1..=300).map(call))
        .page_size(20);
    let world = World::start(gong).await;
    world
        .gong
        .state()
        .inject(used_up().on_path(CALLS).after(6).always());
    let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(
        error
            .retry_after()
            .is_some_and(|wait| wait >= Duration::from_secs(7_000))
    );
    assert!(
        world.rows("STG_GONG_CALLS").await > 0,
        "what came before is stored"
    );

    world.gong.state().clear_faults();
    let report = world.full().await;
    assert!(report.resumed);
    assert_eq!(world.rows("STG_GONG_CALLS").await, 300);
}

#[tokio::test]
async fn an_outage_stops_the_run_and_the_next_one_resumes() {
    let gong = GongSimulator::builder()
        .calls((1..=300).map(call))
        .page_size(20);
    let world = World::start(gong).await;
    world
        .gong
        .state()
        .inject(Fault::new(status(503)).after(8).always());
    let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    world.gong.state().clear_faults();
    let report = world.full().await;
    assert!(report.resumed && report.is_complete());
    assert_eq!(world.rows("STG_GONG_CALLS").await, 300);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(300)
    );
}

#[tokio::test]
async fn a_cancelled_run_keeps_what_it_landed() {
    let gong = GongSimulator::builder()
        .calls((1..=300).map(call))
        .page_size(20);
    let world = World::start(gong).await;
    world.gong.state().inject(
        Fault::new(FaultEffect::Hang(Duration::from_secs(30)))
            .on_path(CALLS)
            .after(5),
    );
    let cancel = CancellationToken::new();
    let job = world
        .job(settings(SyncMode::Full))
        .with_cancellation(cancel.clone());
    let running = tokio::spawn(async move { job.run().await });
    while world.gong.state().traffic().requests_for(CALLS) < 6 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    cancel.cancel();
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let report = world.full().await;
    assert!(report.resumed);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(300)
    );
}

#[tokio::test]
async fn aborted_runs_resume_until_all_is_there_once() {
    let gong = GongSimulator::builder()
        .calls((1..=400).map(call))
        .page_size(10);
    let world = World::start(gong).await;
    let cut = settings(SyncMode::Full).with_max_calls_per_window(100);
    for round in 0..12_u64 {
        let job = world.job(cut.clone());
        let running = tokio::spawn(async move { job.run().await });
        tokio::time::sleep(Duration::from_millis(3 + round * 7)).await;
        running.abort();
        let _ = running.await;
    }
    world.sync(cut).await.unwrap();
    assert_eq!(world.rows("GONG_CALLS_RAW").await, 400);
    assert_eq!(world.rows("STG_GONG_CALLS").await, 400);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(400)
    );
}

#[tokio::test]
async fn a_malformed_start_is_replaced_by_the_scheduled_one_with_a_note() {
    let mut bad = call(3);
    bad.extensive["metaData"]["started"] = "the day before yesterday".into();
    // Gong would find it by its scheduled time.
    bad.extensive["metaData"]["direction"] = "Conference".into();
    let scheduled = world::NOW - jiff::SignedDuration::from_hours(9);
    bad.extensive["metaData"]["scheduled"] = scheduled.to_string().into();
    let world = World::start(GongSimulator::builder().calls([call(1), call(2), bad])).await;
    let report = world.full().await;
    assert_eq!((report.calls_inserted, report.transform_errors), (3, 0));
    assert!(report.is_complete());
    let detail = world.store.call_detail(&world::id(3)).await.unwrap();
    let notes = detail.unwrap().decoding_notes;
    assert!(
        notes.iter().any(|note| note.contains("metaData.started")),
        "{notes:?}"
    );
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused_by_field() {
    let world = World::with_calls(1).await;
    let cases = [
        ("from", settings(SyncMode::Backfill)),
        (
            "to",
            settings(SyncMode::Full)
                .with_from(Some(world::NOW))
                .with_to(Some(world::NOW)),
        ),
        (
            "transcript_batch",
            settings(SyncMode::Full).with_transcript_batch(101),
        ),
        (
            "transcript_concurrency",
            settings(SyncMode::Full).with_transcript_concurrency(0),
        ),
        (
            "max_calls_per_window",
            settings(SyncMode::Full).with_max_calls_per_window(5),
        ),
        (
            "lookback_days",
            settings(SyncMode::Full).with_lookback_days(1_000_000),
        ),
    ];
    for (field, wrong) in cases {
        let error = world.sync(wrong).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some(field))
        );
    }
    assert_eq!(world.gong.state().traffic().requests(), 0);
}
