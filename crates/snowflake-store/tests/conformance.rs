//! `SqliteStore` keeps the contract: as a file, as a temporary one, and behind pointers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use snowflake_store::{CallStore, SqliteConfig, SqliteStore};
use tempfile::TempDir;
use testkit::conformance::store::{LIMITED, MAX_DOCUMENT_BYTES};

/// A file with documents of the size that the suite knows.
async fn file() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    // One reader: what needs two at a time would hang.
    let config = SqliteConfig::new(folder.path().join("calls.db"))
        .with_readers(1)
        .with_max_document_bytes(MAX_DOCUMENT_BYTES);
    (SqliteStore::open_with(config).await.unwrap(), folder)
}

async fn temporary() -> Option<(SqliteStore, ())> {
    Some((SqliteStore::in_memory().await.unwrap(), ()))
}

async fn shared() -> (Arc<dyn CallStore>, TempDir) {
    let (store, folder) = file().await;
    (Arc::new(store), folder)
}

async fn boxed() -> (Box<dyn CallStore>, TempDir) {
    let (store, folder) = file().await;
    (Box::new(store), folder)
}

testkit::store_conformance!(sqlite_file, file);
testkit::store_conformance!(sqlite_temporary, temporary, except LIMITED);
testkit::store_conformance!(behind_arc, shared);
testkit::store_conformance!(behind_box, boxed);
