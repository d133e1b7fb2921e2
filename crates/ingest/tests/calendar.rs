//! Weeks of runs: what an age, a wrong clock or a change of settings does to a sync.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use calls::{Timestamp, WorkspaceId};
use ingest::{CallChoice, SyncSettings};
use jiff::SignedDuration;
use resilience::ErrorKind;
use snowflake_store::{Landing, RunFinish, RunStart, SyncMode, Window};
use testkit::gong::{GongLimits, GongSimulator};
use world::{NOW, World, call, call_at, number_text, sentence_count, settings, used_up};

fn day(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * number)
}

fn at(now: Timestamp, mode: SyncMode) -> SyncSettings {
    settings(mode).with_now(Some(now))
}

#[tokio::test]
async fn a_full_sync_under_a_daily_quota_ends_however_many_days_it_takes() {
    let gong = GongSimulator::builder()
        .calls((1..=900).map(call))
        .page_size(20);
    let world = World::start(gong).await;
    let state = world.gong.state();
    state.set_now(NOW);
    state.set_limits(GongLimits {
        requests_per_day: Some(30),
        ..GongLimits::default()
    });
    let cut = |now| at(now, SyncMode::Full).with_max_calls_per_window(100);
    let mut stored = 0;
    let mut days = 0;
    loop {
        // A day and an hour between runs.
        let now = NOW + SignedDuration::from_hours(25 * days);
        state.set_now(now);
        let done = world.sync(cut(now)).await;
        let before = std::mem::replace(&mut stored, world.rows("GONG_CALLS_RAW").await);
        days += 1;
        match done {
            Ok(_) => break,
            Err(error) => assert_eq!(error.kind(), ErrorKind::QuotaExhausted),
        }
        assert!(stored > before, "day {days}: {stored} calls");
        assert!(days < 20);
    }
    assert_eq!(world.rows("STG_GONG_CALLS").await, 900);
    assert_eq!(
        world.rows("STG_GONG_CALL_TRANSCRIPTS").await,
        sentence_count(900)
    );
}

#[tokio::test]
async fn the_watermark_is_never_later_than_the_run() {
    let world = World::with_calls(20).await;
    world.gong.state().set_now(NOW);
    let beyond = settings(SyncMode::Full)
        .with_from(Some(NOW - day(60)))
        .with_to(Some(NOW + day(365)));
    world.sync(beyond).await.unwrap();
    assert_eq!(world.store.watermark().await.unwrap().unwrap().at, NOW);

    // A clock that is ten days ahead.
    let ahead = at(NOW + day(10), SyncMode::Incremental);
    world.sync(ahead).await.unwrap();
    assert_eq!(world.store.watermark().await.unwrap().unwrap().at, NOW);
    let later = NOW + day(1);
    world.gong.state().set_now(later);
    world
        .gong
        .state()
        .add_call(call_at(21, NOW + day(1) - SignedDuration::from_mins(5)))
        .unwrap();
    let report = world.sync(at(later, SyncMode::Incremental)).await.unwrap();
    assert_eq!(report.calls_inserted, 1);
}

#[tokio::test]
async fn a_watermark_from_the_future_is_healed() {
    let world = World::with_calls(20).await;
    world.gong.state().set_now(NOW);
    let window = Window {
        from: NOW - day(60),
        to: NOW + day(365),
    };
    let start = RunStart {
        run_id: "earlier".to_owned(),
        mode: SyncMode::Full,
        window,
        settings: String::new(),
    };
    world.store.start_run(&start).await.unwrap();
    let finish = RunFinish {
        run_id: "earlier".to_owned(),
        mode: SyncMode::Full,
        window,
        watermark: Some(window.to),
        counts: Default::default(),
    };
    world.store.finish_run(&finish).await.unwrap();
    let report = world.incremental().await;
    assert_eq!(report.calls_inserted, 20, "the last week, at least");
    assert_eq!(world.store.watermark().await.unwrap().unwrap().at, NOW);
    assert!(world.incremental().await.is_complete());
}

#[tokio::test]
async fn calls_that_appear_with_an_old_date_are_found_within_three_runs() {
    let world = World::with_calls(600).await;
    world.gong.state().set_now(NOW);
    world.full().await;
    // One every three days of the last ninety, and one that was scheduled long before.
    let mut late = Vec::new();
    for number in 1..=29 {
        late.push(call_at(
            1_000 + number,
            NOW - day(3 * i64::try_from(number).unwrap()) - SignedDuration::from_secs(7),
        ));
    }
    let mut conference = call_at(1_030, NOW - day(20));
    conference.extensive["metaData"]["direction"] = "Conference".into();
    conference.extensive["metaData"]["scheduled"] = (NOW - day(88)).to_string().into();
    late.push(conference);
    for call in late {
        world.gong.state().add_call(call).unwrap();
    }
    let mut found = 0;
    for run in 1..=3 {
        let now = NOW + SignedDuration::from_hours(run);
        world.gong.state().set_now(now);
        let report = world.sync(at(now, SyncMode::Incremental)).await.unwrap();
        found += report.calls_inserted;
        assert_eq!(report.transcripts_inserted, report.calls_inserted);
    }
    assert_eq!(found, 30);

    // A year back, as far as the store was filled, it takes longer.
    world
        .gong
        .state()
        .add_call(call_at(1_031, NOW - day(120)))
        .unwrap();
    let mut found = 0;
    for run in 4..=9 {
        let now = NOW + SignedDuration::from_hours(run);
        found += world
            .sync(at(now, SyncMode::Incremental))
            .await
            .unwrap()
            .calls_inserted;
    }
    assert_eq!(found, 1);
}

#[tokio::test]
async fn a_store_that_began_with_last_week_does_not_grow_backwards() {
    let world = World::with_calls(300).await;
    world.gong.state().set_now(NOW);
    for run in 0..8 {
        let now = NOW + SignedDuration::from_hours(run);
        world.sync(at(now, SyncMode::Incremental)).await.unwrap();
    }
    assert_eq!(world.rows("GONG_CALLS_RAW").await, 28);
}

#[tokio::test]
async fn transcripts_follow_gong_behind_the_look_back() {
    for mode in [SyncMode::Incremental, SyncMode::Full] {
        let world = World::with_calls(300).await;
        world.full().await;
        let state = world.gong.state();
        state.withhold_transcript(&number_text(250)).unwrap();
        let edit = |transcript: &mut serde_json::Value| {
            transcript["transcript"][0]["sentences"] =
                serde_json::json!([{"start": 0, "end": 900, "text": "Redacted."}]);
        };
        state.edit_transcript(&number_text(251), edit).unwrap();
        let report = world.sync(settings(mode)).await.unwrap();
        assert_eq!(
            (report.transcripts_withdrawn, report.transcripts_updated),
            (1, 1),
            "{mode:?}"
        );
        assert_eq!(world.sentences(250).await, None);
        assert_eq!(world.sentences(251).await, Some(1));
        assert_eq!(world.rows("GONG_CALL_TRANSCRIPTS_RAW").await, 299);
        assert_eq!(
            world.title(250).await.as_deref(),
            Some("Call 250"),
            "the call stays"
        );

        state.release_transcript(&number_text(250)).unwrap();
        world.sync(settings(mode)).await.unwrap();
        assert_eq!(world.sentences(250).await, Some(250 % 7 + 2));
    }
}

#[tokio::test]
async fn an_interrupted_run_goes_on_only_with_the_settings_it_had() {
    let gong = GongSimulator::builder()
        .calls((1..=200).map(call))
        .page_size(20);
    let world = World::start(gong).await;
    let state = world.gong.state();
    state.set_now(NOW);
    let cut = |transcripts| {
        settings(SyncMode::Full)
            .with_transcripts(transcripts)
            .with_max_calls_per_window(100)
    };
    let path = "/v2/calls/extensive";
    state.inject(used_up().on_path(path).after(26).always());
    world.sync(cut(false)).await.unwrap_err();
    assert!(world.rows("GONG_CALLS_RAW").await > 0);
    state.clear_faults();
    let report = world.sync(cut(true)).await.unwrap();
    assert!(!report.resumed);
    assert_eq!(world.rows("GONG_CALL_TRANSCRIPTS_RAW").await, 200);
}

#[tokio::test]
async fn only_chosen_calls_are_stored_and_those_that_fall_out_go() {
    let mut private = call(1);
    private.extensive["metaData"]["isPrivate"] = true.into();
    let mut interview = call(2);
    interview.extensive["metaData"]["title"] = "Interview with Ann".into();
    let mut elsewhere = call(3);
    elsewhere.extensive["metaData"]["workspaceId"] = "8".into();
    let mut of_other = call(4);
    of_other.extensive["metaData"]["primaryUserId"] = "502".into();
    let calls = [private, interview, elsewhere, of_other, call(5)];
    let world = World::start(GongSimulator::builder().calls(calls)).await;
    let chosen = |choice: CallChoice| {
        settings(SyncMode::Full)
            .with_choice(choice)
            .with_accept_other_origin(true)
    };
    let all = CallChoice {
        private_calls: true,
        ..CallChoice::default()
    };
    let report = world.sync(chosen(all.clone())).await.unwrap();
    assert_eq!((report.calls_inserted, report.calls_unwanted), (5, 0));

    let list = |name: &str| vec![name.to_owned()];
    let cases = [
        (CallChoice::default(), vec![1]),
        (
            CallChoice {
                exclude_titles: list("interview"),
                ..all.clone()
            },
            vec![2],
        ),
        (
            CallChoice {
                workspaces: vec![WorkspaceId::new("9")],
                ..all.clone()
            },
            vec![3],
        ),
        (
            CallChoice {
                only_users: list("501"),
                ..all.clone()
            },
            vec![4],
        ),
        (
            CallChoice {
                only_users: list("rae@seller.example"),
                ..all.clone()
            },
            vec![4],
        ),
        (
            CallChoice {
                exclude_users: list("502"),
                ..all.clone()
            },
            vec![4],
        ),
    ];
    for (choice, gone) in cases {
        let report = world.sync(chosen(choice.clone())).await.unwrap();
        assert_eq!(report.calls_deleted, 1, "{choice:?}");
        for number in 1..=5 {
            let is_stored = world.title(number).await.is_some();
            assert_eq!(is_stored, !gone.contains(&number), "{number} of {choice:?}");
        }
        assert!(world.sentences(gone[0]).await.is_none());
        world.sync(chosen(all.clone())).await.unwrap();
        assert!(world.title(gone[0]).await.is_some(), "chosen again");
    }
}
