//! Documents that are no longer what landed are found, not staged, and healed by landing them
//! again; calls that another reader failed to read are retried.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use calls::CallId;
use calls::gong::DECODER_VERSION;
use rusqlite::Connection;
use snowflake_store::{
    CallReader, CheckQuery, DocumentCheck, Landing, LandingPage, SqliteStore, TransformReport,
    TransformScope, Upkeep,
};
use tempfile::TempDir;
use testkit::conformance::store::{CallDocument, transcript_document};

const PENDING: TransformScope = TransformScope::Pending { limit: 10 };

struct World {
    store: SqliteStore,
    path: PathBuf,
    _folder: TempDir,
}

impl World {
    /// A store with three calls that are staged, the last without a transcript.
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.db");
        let store = SqliteStore::open(&path).await.unwrap();
        let world = Self {
            store,
            path,
            _folder: folder,
        };
        world.store.land(page()).await.unwrap();
        assert_eq!(world.pending().await.transformed, 3);
        world
    }

    /// Writes into the file as no store does.
    fn overwrite(&self, statement: &str) {
        let connection = Connection::open(&self.path).unwrap();
        assert_eq!(connection.execute(statement, []).unwrap(), 1, "{statement}");
    }

    async fn pending(&self) -> TransformReport {
        self.store.transform(PENDING).await.unwrap()
    }

    async fn check(&self) -> DocumentCheck {
        let query = CheckQuery {
            after: None,
            limit: 10,
        };
        self.store.check_documents(&query).await.unwrap()
    }

    async fn sentence(&self, id: &str) -> String {
        let detail = self.store.call_detail(&id.into()).await.unwrap().unwrap();
        detail.transcript.unwrap().sentences[0].text.clone()
    }
}

fn page() -> LandingPage {
    let said = |id| transcript_document(id, &[("v-rep", 0, 2_000, "What was said.")]);
    LandingPage::default()
        .with_calls(
            ["1", "2", "3"]
                .map(|id| CallDocument::new(id).document())
                .into(),
        )
        .with_transcripts(vec![said("1"), said("2")])
}

#[tokio::test]
async fn damaged_documents_are_found_and_healed() {
    for damage in [
        "UPDATE GONG_CALL_TRANSCRIPTS_RAW
         SET TRANSCRIPT_DATA = REPLACE(TRANSCRIPT_DATA, 'said', 'sold') WHERE CALL_ID = '2'",
        "UPDATE GONG_CALL_TRANSCRIPTS_RAW
         SET TRANSCRIPT_DATA = CAST(X'7B2261FF' AS TEXT) WHERE CALL_ID = '2'",
        "UPDATE GONG_CALL_TRANSCRIPTS_RAW
         SET TRANSCRIPT_DATA = TRANSCRIPT_DATA || 'x' WHERE CALL_ID = '2'",
        "UPDATE GONG_CALLS_RAW SET RAW_DATA = '{}' WHERE CALL_ID = '2'",
        "UPDATE GONG_CALLS_RAW SET PAYLOAD_SHA = 'f' || SUBSTR(PAYLOAD_SHA, 2) || 'f'
         WHERE CALL_ID = '2'",
    ] {
        let world = World::start().await;
        world.overwrite(damage);
        for _ in 0..2 {
            let check = world.check().await;
            assert_eq!((check.checked, check.last), (5, None));
            assert_eq!(
                check.damaged,
                [CallId::from("2")],
                "until it is healed: {damage}"
            );
        }
        // What is staged stays as it was, and damage is not staged over it.
        assert_eq!(world.pending().await, TransformReport::default());
        assert_eq!(world.sentence("2").await, "What was said.");

        let landed = world.store.land(page()).await.unwrap();
        assert_eq!(
            landed.calls.updated + landed.transcripts.updated,
            1,
            "{damage}"
        );
        assert_eq!(landed.changed, [CallId::from("2")]);
        assert_eq!(world.pending().await.transformed, 1);
        assert_eq!(world.check().await.damaged, []);
        assert_eq!(world.sentence("2").await, "What was said.");
    }
}

#[tokio::test]
async fn damage_waits_for_its_document_and_holds_up_no_other_call() {
    let world = World::start().await;
    world.overwrite(
        "UPDATE GONG_CALL_TRANSCRIPTS_RAW SET TRANSCRIPT_DATA = '[]' WHERE CALL_ID = '1'",
    );
    assert_eq!(world.check().await.damaged, [CallId::from("1")]);
    let renamed = |id| CallDocument::new(id).with("title", "Renamed").document();
    let calls = LandingPage::default().with_calls(vec![renamed("1"), renamed("2")]);
    let changed = world.store.land(calls).await.unwrap().changed;
    assert_eq!(changed.len(), 2);
    let one = TransformScope::Pending { limit: 1 };
    assert_eq!(
        world.store.transform(one).await.unwrap().transformed,
        1,
        "the second"
    );
    let named = world.store.transform(TransformScope::Calls(changed)).await;
    assert_eq!(named.unwrap(), TransformReport::default());
    world.store.land(page()).await.unwrap();
    assert_eq!(world.pending().await.transformed, 2);
}

#[tokio::test]
async fn a_call_that_another_reader_failed_to_read_is_tried_once_more() {
    let world = World::start().await;
    let bad = r#"{"metaData":{"id":"2","started":"soon","duration":1}}"#;
    let bad = calls::RawDocument::new("2".into(), bad).unwrap();
    let page = LandingPage::default().with_calls(vec![bad]);
    world.store.land(page).await.unwrap();
    assert_eq!(world.pending().await.failed.len(), 1);
    assert_eq!(world.pending().await, TransformReport::default());
    let other = DECODER_VERSION.wrapping_add(1);
    for version in [other.to_string(), "NULL".to_owned()] {
        world.overwrite(&format!(
            "UPDATE PIPELINE_ERRORS SET READER_VERSION = {version}"
        ));
        assert_eq!(world.store.freshness().await.unwrap().unresolved_errors, 1);
        assert_eq!(world.pending().await.failed.len(), 1, "{version}");
        assert_eq!(world.pending().await, TransformReport::default());
    }
    assert_eq!(world.store.freshness().await.unwrap().unresolved_errors, 1);
}
