//! Runs, checkpoints, watermarks and positions.

use calls::Timestamp;
use snowflake_store::{
    CallStore, Checkpoint, CheckpointStep, LandingPage, OpenRun, RunCounts, RunFinish, RunStart,
    Stream, SyncMode, Window,
};

use super::{at, done, land, window};

fn start(run_id: &str, mode: SyncMode) -> RunStart {
    RunStart {
        run_id: run_id.to_owned(),
        mode,
        window: span(),
        settings: "lookback 7".to_owned(),
    }
}

fn finish(run_id: &str, mode: SyncMode, watermark: Option<&str>) -> RunFinish {
    RunFinish {
        run_id: run_id.to_owned(),
        mode,
        window: span(),
        watermark: watermark.map(at),
        counts: RunCounts::default(),
    }
}

async fn watermark(store: &dyn CallStore) -> Option<Timestamp> {
    done(store.watermark().await).map(|watermark| watermark.at)
}

fn span() -> Window {
    window("2026-01-01T00:00:00.000001Z", "2026-02-01T00:00:00.123456Z")
}

/// A page without documents that carries a checkpoint.
pub(super) fn checkpoint(
    run_id: &str,
    stream: Stream,
    window: Window,
    step: CheckpointStep,
    position: Option<&str>,
) -> LandingPage {
    LandingPage::new(run_id).with_checkpoint(Checkpoint {
        run_id: run_id.to_owned(),
        mode: SyncMode::Full,
        stream,
        window,
        step,
        position: position.map(str::to_owned),
    })
}

/// A run is open from its start to its end, each mode for itself.
pub async fn a_run_is_open_until_it_is_finished(store: &dyn CallStore) {
    use SyncMode::{Backfill, Full, Incremental};
    let open = async |mode| done(store.open_run(mode).await).map(|run| run.run_id);
    assert_eq!(open(Full).await, None);
    done(store.start_run(&start("one", Full)).await);
    done(store.start_run(&start("other", Backfill)).await);
    let expected = OpenRun {
        run_id: "one".to_owned(),
        mode: Full,
        window: span(),
        done: Vec::new(),
        settings: Some("lookback 7".to_owned()),
    };
    assert_eq!(done(store.open_run(Full).await), Some(expected));
    assert_eq!(open(Incremental).await, None);
    done(store.finish_run(&finish("one", Full, None)).await);
    assert_eq!(open(Full).await, None);
    assert_eq!(open(Backfill).await.as_deref(), Some("other"));

    // Only the latest run of a mode counts: one that was given up is not taken up again.
    done(store.start_run(&start("two", Full)).await);
    done(store.start_run(&start("three", Full)).await);
    done(store.finish_run(&finish("three", Full, None)).await);
    assert_eq!(open(Full).await, None);
}

/// A resumed run learns which of its windows are done; those of other runs, single
/// pages and what goes around beside a run are not among them.
pub async fn windows_that_are_done_are_kept_with_their_run(store: &dyn CallStore) {
    let week = |day: u32| {
        window(
            &format!("2026-01-{day:02}"),
            &format!("2026-01-{:02}", day + 7),
        )
    };
    done(store.start_run(&start("run", SyncMode::Full)).await);
    for (run, stream, window, step) in [
        ("run", Stream::Calls, week(8), CheckpointStep::WindowDone),
        ("run", Stream::Calls, week(1), CheckpointStep::Page),
        ("run", Stream::Calls, week(1), CheckpointStep::WindowDone),
        ("run", Stream::Calls, week(1), CheckpointStep::WindowDone),
        ("run", Stream::Calls, week(15), CheckpointStep::Page),
        ("run", Stream::Sweep, week(22), CheckpointStep::WindowDone),
        ("run", Stream::Relist, week(22), CheckpointStep::WindowDone),
        ("run", Stream::Check, week(22), CheckpointStep::WindowDone),
        (
            "earlier",
            Stream::Calls,
            week(15),
            CheckpointStep::WindowDone,
        ),
    ] {
        land(store, checkpoint(run, stream, window, step, None)).await;
    }
    let open = done(store.open_run(SyncMode::Full).await).unwrap();
    assert_eq!(open.done, [week(1), week(8)]);
}

/// The watermark is that of the latest run that set one.
pub async fn the_watermark_is_the_latest_that_was_set(store: &dyn CallStore) {
    assert_eq!(watermark(store).await, None);
    let instants = ["2026-03-01T00:00:00.000001Z", "2026-02-01T12:30:00.5Z"];
    for (run, instant) in ["one", "two"].into_iter().zip(instants) {
        done(
            store
                .finish_run(&finish(run, SyncMode::Full, Some(instant)))
                .await,
        );
        assert_eq!(
            watermark(store).await,
            Some(at(instant)),
            "also when it goes back"
        );
    }
    done(
        store
            .finish_run(&finish("three", SyncMode::Backfill, None))
            .await,
    );
    assert_eq!(watermark(store).await, Some(at(instants[1])));
}

/// A watermark tells when its run began, by the latest start before its end: a run that goes
/// on with what came since starts once more under its id.
pub async fn the_watermark_tells_when_its_run_began(store: &dyn CallStore) {
    let set_at = async || done(store.watermark().await).map(|watermark| watermark.set_at);
    let end = finish("one", SyncMode::Full, Some("2026-01-01"));
    let mut earlier = Timestamp::MIN;
    for _ in 0..2 {
        let before = milliseconds_later().await;
        done(store.start_run(&start("one", SyncMode::Full)).await);
        let after = milliseconds_later().await;
        done(store.start_run(&start("other", SyncMode::Full)).await);
        done(store.finish_run(&end).await);
        let began = set_at().await.expect("a watermark");
        assert!(before <= began && began <= after && earlier < began);
        earlier = began;
    }
    // Of a run whose start is not known, its end has to do.
    let before = milliseconds_later().await;
    let end = finish("unknown", SyncMode::Full, Some("2026-01-01"));
    done(store.finish_run(&end).await);
    assert!(set_at().await > Some(before));
}

/// Now, on either side of which stores see another millisecond.
async fn milliseconds_later() -> Timestamp {
    let pause = std::time::Duration::from_millis(2);
    tokio::time::sleep(pause).await;
    let now = Timestamp::now();
    tokio::time::sleep(pause).await;
    now
}

/// A position is read back as it was set last for its stream.
pub async fn positions_are_kept_by_stream(store: &dyn CallStore) {
    assert_eq!(done(store.position(Stream::Sweep).await), None);
    let sweep = |position| checkpoint("run", Stream::Sweep, span(), CheckpointStep::Page, position);
    for position in ["77", "", "7782342274025937895"] {
        land(store, sweep(Some(position))).await;
        assert_eq!(
            done(store.position(Stream::Sweep).await).as_deref(),
            Some(position)
        );
    }
    land(store, sweep(None)).await;
    assert_eq!(
        done(store.position(Stream::Sweep).await).as_deref(),
        Some("7782342274025937895"),
        "a checkpoint without a position leaves it"
    );
    assert_eq!(done(store.position(Stream::Calls).await), None);
    for stream in [Stream::Relist, Stream::Check] {
        assert_eq!(done(store.position(stream).await), None);
        let position = Some(stream.as_str());
        let step = checkpoint("run", stream, span(), CheckpointStep::Page, position);
        land(store, step).await;
        assert_eq!(done(store.position(stream).await).as_deref(), position);
    }
}

/// Windows and watermarks read back to the nanosecond.
pub async fn instants_are_kept_to_the_nanosecond(store: &dyn CallStore) {
    let window = window(
        "2026-01-01T00:00:00.000000001Z",
        "2026-02-01T00:00:00.123456789Z",
    );
    let begun = RunStart {
        window,
        ..start("one", SyncMode::Full)
    };
    done(store.start_run(&begun).await);
    let open = done(store.open_run(SyncMode::Full).await).unwrap();
    assert_eq!(open.window, window);
    let mark = "2026-03-01T00:00:00.000000001Z";
    done(
        store
            .finish_run(&finish("one", SyncMode::Full, Some(mark)))
            .await,
    );
    assert_eq!(watermark(store).await, Some(at(mark)));
}
