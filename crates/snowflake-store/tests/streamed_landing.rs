//! A backfill over Snowpipe Streaming: the double takes the rows, a stand-in runs the SQL
//! over them, and what is landed is what landing by SQL lands.
#![cfg(feature = "streaming")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::streamed;

use calls::Timestamp;
use snowflake_store::{
    CallReader, Checkpoint, CheckpointStep, DeadLetter, DeadLettersQuery, Fault, Landing,
    LandingPage, RunFinish, Stream, SyncMode, TransformScope, Window,
};
use streamed::{World, dated};
use testkit::streaming::AppendFault;

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_backfill_lands_what_landing_by_sql_lands() {
    let (Some(by_sql), Some(streamed)) = (World::start().await, World::start().await) else {
        return;
    };
    let landing = streamed.connect().await;
    let pages = streamed::pages(SyncMode::Backfill);
    let mut counts = [Vec::new(), Vec::new()];
    let mut changed = [Vec::new(), Vec::new()];
    for page in pages {
        for (at, landed) in [
            by_sql.store.land(page.clone()).await.unwrap(),
            landing.land(page).await.unwrap(),
        ]
        .into_iter()
        .enumerate()
        {
            counts[at].push((landed.calls, landed.transcripts, landed.deleted));
            changed[at].extend(landed.changed);
        }
    }
    assert_eq!(counts[0], counts[1]);
    // The same calls are to be transformed, later.
    changed.iter_mut().for_each(|calls| calls.sort());
    assert_eq!(changed[0], changed[1]);
    let documents: u64 = counts[0]
        .iter()
        .map(|(calls, transcripts, _)| calls.inserted + transcripts.inserted)
        .sum();
    assert_eq!(streamed.double.rows().len() as u64, documents);
    assert!(documents > 20);

    for table in streamed::SAME_IN_BOTH {
        let ours = streamed.rows(table).await;
        assert!(!ours.is_empty(), "{table}");
        assert_eq!(ours, by_sql.rows(table).await, "{table}");
    }
    assert!(streamed.left_over().await.is_empty());

    let id = changed[1][0].clone();
    let scope = TransformScope::Calls(vec![id.clone()]);
    assert_eq!(landing.transform(scope).await.unwrap().transformed, 1);
    assert!(landing.call_detail(&id).await.unwrap().is_some());

    // The same again: nothing is streamed, nothing changes.
    let mut again = 0;
    for page in streamed::pages(SyncMode::Backfill) {
        let landed = landing.land(page).await.unwrap();
        again += landed.calls.inserted + landed.calls.updated + landed.transcripts.inserted;
    }
    assert_eq!(again, 0);
    assert_eq!(streamed.double.rows().len() as u64, documents);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_that_crashed_goes_on_without_losing_or_doubling() {
    let Some(world) = World::start().await else {
        return;
    };
    let pages = streamed::pages(SyncMode::Backfill);
    let documents: usize = pages
        .iter()
        .map(|page| page.calls.len() + page.transcripts.len())
        .sum();
    let first = world.connect().await;
    first.land(pages[0].clone()).await.unwrap();
    // Page 0 is committed and not merged; page 1 is not even committed.
    world.double.commit();
    world.double.commit_by_itself(false);
    first.land(pages[1].clone()).await.unwrap();
    assert!(world.rows(streamed::SAME_IN_BOTH[0]).await.is_empty());
    drop(first);

    world.double.commit_by_itself(true);
    let second = world.connect().await;
    let landed = world.rows(streamed::SAME_IN_BOTH[0]).await;
    assert_eq!(landed.len(), pages[0].calls.len());
    for page in &pages {
        second.land(page.clone()).await.unwrap();
    }
    // A row for each document, so none was sent twice that had arrived.
    assert_eq!(world.double.rows().len(), documents);
    let calls: usize = pages.iter().map(|page| page.calls.len()).sum();
    assert_eq!(world.rows(streamed::SAME_IN_BOTH[0]).await.len(), calls);
    assert!(world.left_over().await.is_empty());

    // Checkpoints keep how far the channels are.
    let transcripts: usize = pages.iter().map(|page| page.transcripts.len()).sum();
    let position = second.position(Stream::Calls).await.unwrap();
    let expected = format!("calls={calls} transcripts={transcripts}");
    assert_eq!(position.as_deref(), Some(expected.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_done_only_when_its_documents_are_landed() {
    let Some(world) = World::start().await else {
        return;
    };
    let landing = world.connect().await;
    let pages = streamed::pages(SyncMode::Backfill);
    let open = || landing.open_run(SyncMode::Backfill);
    let run = streamed::run(SyncMode::Backfill);
    landing.start_run(&run).await.unwrap();
    landing.land(pages[0].clone()).await.unwrap();
    // The channel cannot be reached any more when the window ends.
    world.double.fail_next(vec![AppendFault::Status(403); 9]);
    let last = pages.last().unwrap();
    let done = last.clone().with_calls(pages[1].calls.clone());
    landing.land(done.clone()).await.unwrap_err();
    assert!(open().await.unwrap().unwrap().done.is_empty());

    // A run that can reach it, later.
    world.double.clear_faults();
    let again = world.connect().await;
    again.land(pages[0].clone()).await.unwrap();
    again.land(done).await.unwrap();
    let window = last.checkpoint.as_ref().unwrap().window;
    assert_eq!(open().await.unwrap().unwrap().done, [window]);
    let landed = world.rows(streamed::SAME_IN_BOTH[0]).await;
    assert_eq!(landed.len(), pages[0].calls.len() + pages[1].calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_snowflake_rejects_are_landed_by_sql_and_letters_are_cleared() {
    let Some(world) = World::start().await else {
        return;
    };
    let landing = world.connect().await;
    let pages = streamed::pages(SyncMode::Backfill);
    let letter = DeadLetter {
        stream: Stream::Calls,
        fault: Fault::Call(pages[0].calls[0].call_id.clone()),
        reason: "could not be read".to_owned(),
        payload: None,
        run_id: "earlier".to_owned(),
        failed_at: Timestamp::UNIX_EPOCH,
        decoder_version: 7,
    };
    landing.record_dead_letters(&[letter]).await.unwrap();
    world.double.fail_next([AppendFault::Rejected]);
    for page in &pages {
        landing.land(page.clone()).await.unwrap();
    }
    let calls: usize = pages.iter().map(|page| page.calls.len()).sum();
    assert_eq!(world.rows(streamed::SAME_IN_BOTH[0]).await.len(), calls);
    assert!(
        landing
            .dead_letters(&DeadLettersQuery::first(10))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn much_that_waits_is_merged_before_the_window_ends() {
    let Some(world) = World::start().await else {
        return;
    };
    let landing = world.connect().await.with_most_waiting(1);
    let pages = streamed::pages(SyncMode::Backfill);
    let landed = landing.land(pages[0].clone()).await.unwrap();
    assert_eq!(landed.changed.len(), pages[0].calls.len());
    let rows = world.rows(streamed::SAME_IN_BOTH[0]).await;
    assert_eq!(rows.len(), pages[0].calls.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_after_it_was_sent_stays_deleted() {
    let Some(world) = World::start().await else {
        return;
    };
    let pages = streamed::pages(SyncMode::Backfill);
    let first = world.connect().await;
    let call = pages[0].calls[0].clone();
    world.store.land(pages[0].clone()).await.unwrap();
    // An edited document is sent, and its run ends before the merge.
    let edited = dated(&call, "edited");
    let page = pages[1]
        .clone()
        .with_calls(vec![edited])
        .with_transcripts(Vec::new());
    first.land(page).await.unwrap();
    world.double.commit();
    drop(first);
    let gone = LandingPage::new("later").with_deleted(vec![call.call_id.clone()]);
    assert_eq!(world.store.land(gone).await.unwrap().deleted, 1);

    let second = world.connect().await;
    assert!(second.call_detail(&call.call_id).await.unwrap().is_none());
    let deleted = "SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT IS NOT NULL";
    assert_eq!(
        world.rows(deleted).await,
        [[Some(call.call_id.as_str().to_owned())]]
    );
    assert!(world.left_over().await.is_empty());

    // A run may end without a last page: what waits is settled with it.
    let window = Window {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        to: "2026-02-01T00:00:00Z".parse().unwrap(),
    };
    let open_page = pages[1]
        .clone()
        .with_checkpoint(Checkpoint {
            run_id: "last".to_owned(),
            mode: SyncMode::Backfill,
            stream: Stream::Calls,
            window,
            step: CheckpointStep::Page,
            position: None,
        })
        .with_deleted(Vec::new());
    second.land(open_page).await.unwrap();
    let finish = RunFinish {
        run_id: "last".to_owned(),
        mode: SyncMode::Backfill,
        window,
        watermark: None,
        counts: Default::default(),
    };
    second.finish_run(&finish).await.unwrap();
    let served = "SELECT CALL_ID FROM GONG_CALLS_RAW WHERE DELETED_AT IS NULL";
    let served = world.rows(served).await.len();
    assert_eq!(served, pages[0].calls.len() - 1 + pages[1].calls.len());
}
