//! The 93 real conversations: every sentence arrives once, and repeats change nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::world;

use testkit::gong::GongSimulator;
use world::World;

const CALLS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/calls/calls.ndjson.gz"
);

#[tokio::test]
async fn all_sentences_of_all_real_conversations_arrive() {
    if !std::path::Path::new(CALLS).exists() {
        eprintln!("skipped: the real conversations are absent");
        return;
    }
    let calls = testkit::recorded::read_calls(CALLS).unwrap();
    let world = World::start(GongSimulator::builder().calls(calls)).await;
    // The conversations are dated after the other tests' present.
    let clock = |mode| world::settings(mode).with_now(None);
    let full = world
        .sync(clock(snowflake_store::SyncMode::Full))
        .await
        .unwrap();
    assert_eq!((full.calls_inserted, full.transcripts_inserted), (93, 93));
    assert_eq!(full.sentences, 107_619);
    assert!(full.is_complete());
    assert_eq!(world.rows("STG_GONG_CALL_TRANSCRIPTS").await, 107_619);
    for _ in 0..2 {
        let again = world
            .sync(clock(snowflake_store::SyncMode::Incremental))
            .await
            .unwrap();
        assert_eq!(
            (
                again.calls_inserted,
                again.calls_updated,
                again.calls_deleted
            ),
            (0, 0, 0)
        );
        assert_eq!(
            (
                again.transcripts_inserted,
                again.transcripts_updated,
                again.sentences
            ),
            (0, 0, 0)
        );
    }
}
