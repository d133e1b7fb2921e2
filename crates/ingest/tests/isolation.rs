//! One bad record costs itself, however often and wherever it is met.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use calls::Timestamp;
use jiff::SignedDuration;
use resilience::ErrorKind;
use snowflake_store::{Landing, Stream, SyncMode, TransformScope, Upkeep};
use testkit::gong::{Fault, FaultEffect, GongSimulator};
use world::{NOW, World, call, call_at, number_text, settings};

const CALLS: &str = "/v2/calls/extensive";
const TRANSCRIPTS: &str = "/v2/calls/transcript";

fn refuses(status: u16, path: &str, number: usize) -> Fault {
    let effect = FaultEffect::Status {
        status,
        retry_after: None,
    };
    Fault::new(effect)
        .on_path(path)
        .for_call(number_text(number))
        .always()
}

/// 40 weekly calls and one more, number 99, at an instant of its own.
fn weekly(bad_at: &str) -> impl Iterator<Item = testkit::SimulatedCall> {
    let first: Timestamp = "2025-09-12T00:00:00Z".parse().unwrap();
    let weeks = (1..=40).map(move |number| {
        let days = i64::try_from(number).unwrap() * 7;
        call_at(number, first + SignedDuration::from_hours(24 * days))
    });
    weeks.chain([call_at(99, bad_at.parse().unwrap())])
}

#[tokio::test]
async fn a_page_that_always_fails_costs_its_call_wherever_that_lies() {
    for bad_at in [
        "2025-09-12T01:00:00Z",
        "2026-02-11T12:00:00Z",
        "2026-06-29T23:00:00Z",
    ] {
        for status in [400, 500] {
            let world = World::start(GongSimulator::builder().calls(weekly(bad_at))).await;
            world.gong.state().inject(refuses(status, CALLS, 99));
            let report = world.full().await;
            assert_eq!(report.calls_inserted, 40, "{status} at {bad_at}");
            assert_eq!(report.dead_letters, 1);
            assert!(!report.is_complete());

            // Later runs of other spans meet the same call: it has one letter.
            for days in 1..=9 {
                let later = settings(SyncMode::Incremental)
                    .with_now(Some(
                        NOW + SignedDuration::from_hours(24 * days) + SignedDuration::from_secs(77),
                    ))
                    .with_lookback_days(400);
                let report = world.sync(later).await.unwrap();
                assert_eq!(report.dead_letters, 1, "day {days}, {status} at {bad_at}");
            }
            let watermark = world.store.watermark().await.unwrap().unwrap();
            assert!(watermark.at > NOW + SignedDuration::from_hours(24 * 8));

            world.gong.state().clear_faults();
            let healed = world
                .sync(
                    settings(SyncMode::Incremental)
                        .with_now(Some(NOW + SignedDuration::from_hours(24 * 30))),
                )
                .await
                .unwrap();
            assert_eq!((healed.calls_inserted, healed.dead_letters), (1, 0));
            assert!(healed.is_complete());
            assert_eq!(world.rows("STG_GONG_CALLS").await, 41);
        }
    }
}

#[tokio::test]
async fn a_bad_transcript_costs_itself_at_any_place_of_its_batch() {
    for status in [400, 500] {
        for place in [1, 2, 3, 51, 100] {
            let world = World::with_calls(100).await;
            world
                .gong
                .state()
                .inject(refuses(status, TRANSCRIPTS, place));
            let report = world.full().await;
            assert_eq!(report.transcripts_inserted, 99, "{status} at {place}");
            assert_eq!((report.calls_inserted, report.dead_letters), (100, 1));
            let again = world.incremental().await;
            assert_eq!(again.dead_letters, 1, "said again");

            world.gong.state().clear_faults();
            let healed = world.full().await;
            assert_eq!((healed.transcripts_inserted, healed.dead_letters), (1, 0));
        }
    }
}

#[tokio::test]
async fn a_record_that_failed_for_days_is_asked_for_less_often() {
    let world = World::with_calls(40).await;
    world.gong.state().inject(refuses(400, TRANSCRIPTS, 7));
    world.full().await;
    let mut asked = Vec::new();
    for day in 1..=40 {
        let before = attempts(&world).await;
        let later = settings(SyncMode::Incremental)
            .with_now(Some(NOW + SignedDuration::from_hours(24 * day)))
            .with_lookback_days(60);
        let report = world.sync(later).await.unwrap();
        assert_eq!(report.dead_letters, 1);
        if attempts(&world).await > before {
            asked.push(day);
        }
    }
    let pauses: Vec<i64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(asked[0] == 1 && pauses.is_sorted(), "{asked:?}");
    assert!(
        pauses.iter().max() <= Some(&8) && asked.len() < 15,
        "{asked:?}"
    );
}

async fn attempts(world: &World) -> u64 {
    world.letters().await[0].attempts
}

#[tokio::test]
async fn a_letter_that_a_person_retired_is_not_told_again() {
    let world = World::with_calls(40).await;
    world.gong.state().inject(refuses(400, TRANSCRIPTS, 7));
    world.full().await;
    let key = world.letters().await[0].letter.fault.key();
    assert!(
        world
            .store
            .retire_dead_letter(Stream::Transcripts, &key, NOW)
            .await
            .unwrap()
    );
    let report = world.incremental().await;
    assert_eq!(report.dead_letters, 0);
    assert!(report.is_complete());
}

#[tokio::test]
async fn a_record_without_an_id_keeps_its_letter_until_it_is_gone() {
    let world = World::with_calls(30).await;
    let fault = Fault::new(FaultEffect::MissingId)
        .on_path(CALLS)
        .for_call(number_text(12))
        .always();
    world.gong.state().inject(fault);
    let report = world.full().await;
    assert_eq!((report.calls_inserted, report.dead_letters), (29, 1));
    let letters = world.letters().await;
    assert!(letters[0].letter.fault.key().starts_with("record:"));
    assert!(
        letters[0]
            .letter
            .payload
            .as_ref()
            .unwrap()
            .contains("Call 12")
    );

    for mode in [SyncMode::Full, SyncMode::Incremental, SyncMode::Full] {
        let report = world.sync(settings(mode)).await.unwrap();
        assert_eq!(report.dead_letters, 1);
        assert_eq!(world.letters().await.len(), 1);
    }
    world.gong.state().clear_faults();
    let healed = world.full().await;
    assert_eq!((healed.calls_inserted, healed.dead_letters), (1, 0));
    assert!(world.letters().await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_transformed_is_said_by_every_run() {
    let world = World::with_calls(3).await;
    world.spoil(2);
    for mode in [SyncMode::Full, SyncMode::Incremental, SyncMode::Incremental] {
        let report = world.sync(settings(mode)).await.unwrap();
        assert_eq!(report.transform_errors, 1, "{mode:?}");
        assert!(!report.is_complete());
    }
    // Repaired at its source, it is staged by the next run, and nothing is left to say.
    world.repair(2);
    let report = world.incremental().await;
    assert_eq!(report.transform_errors, 0);
    assert!(report.is_complete());
    assert_eq!(world.rows("STG_GONG_CALLS").await, 3);
    let failed = TransformScope::Failed { limit: 10 };
    assert!(
        world
            .store
            .transform(failed)
            .await
            .unwrap()
            .failed
            .is_empty()
    );
    assert_eq!(world.store.freshness().await.unwrap().unresolved_errors, 0);
}

#[tokio::test]
async fn an_outage_is_told_from_bad_records_and_ends_the_run_soon() {
    for path in [CALLS, TRANSCRIPTS] {
        let gong = GongSimulator::builder()
            .calls((1..=300).map(call))
            .page_size(20);
        let world = World::start(gong).await;
        let effect = FaultEffect::Status {
            status: 503,
            retry_after: None,
        };
        let outage = Fault::new(effect).on_path(path).after(4).always();
        world.gong.state().inject(outage);
        let error = world.sync(settings(SyncMode::Full)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transient, "{path}");
        let requests = world.gong.state().traffic().requests();
        assert!(requests < 150, "{requests} requests, retries included");
        assert!(world.letters().await.len() < 10);

        world.gong.state().clear_faults();
        let report = world.full().await;
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(world.rows("STG_GONG_CALLS").await, 300);
    }
}
