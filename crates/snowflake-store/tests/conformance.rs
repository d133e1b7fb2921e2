//! `SqliteStore` keeps the contract: as a file, as a temporary one, and behind pointers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use snowflake_store::{CallStore, SqliteConfig, SqliteStore};
use tempfile::TempDir;

async fn file() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    // One reader: what needs two at a time would hang.
    let config = SqliteConfig::new(folder.path().join("calls.db")).with_readers(1);
    (SqliteStore::open_with(config).await.unwrap(), folder)
}

async fn temporary() -> (SqliteStore, ()) {
    (SqliteStore::in_memory().await.unwrap(), ())
}

async fn shared() -> (Arc<dyn CallStore>, ()) {
    (Arc::new(SqliteStore::in_memory().await.unwrap()), ())
}

async fn boxed() -> (Box<dyn CallStore>, ()) {
    (Box::new(SqliteStore::in_memory().await.unwrap()), ())
}

testkit::store_conformance!(sqlite_file, file);
testkit::store_conformance!(sqlite_temporary, temporary);
testkit::store_conformance!(behind_arc, shared);
testkit::store_conformance!(behind_box, boxed);
