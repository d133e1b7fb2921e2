//! What `SqliteStore` opens, and what it refuses without touching it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use resilience::ErrorKind;
use rusqlite::Connection;
use snowflake_store::{
    Access, CallReader, CallStore, Error, Landing, LandingPage, SqliteConfig, SqliteStore, Upkeep,
};
use testkit::conformance::store::CallDocument;

fn page(ids: &[&str]) -> LandingPage {
    LandingPage::default().with_calls(
        ids.iter()
            .map(|id| CallDocument::new(id).document())
            .collect(),
    )
}

/// The path is named, and so is the cause.
async fn refused(path: &Path, kind: ErrorKind, cause: &str) -> Error {
    let error = SqliteStore::open(path).await.expect_err(cause);
    assert_eq!(error.kind(), kind, "{error:?}");
    let text = error.to_string();
    assert!(text.contains(path.to_str().unwrap()), "{text}");
    assert!(text.contains(cause), "{text}");
    error
}

#[tokio::test]
async fn creates_what_is_absent_and_opens_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.db");
    for calls in 0..2 {
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(store.path(), path);
        let health = store.health().await.unwrap();
        assert!(
            health.writable && health.engine.starts_with("sqlite 3."),
            "{health:?}"
        );
        store.verify().await.unwrap();
        assert_eq!(
            store.land(page(&["1"])).await.unwrap().calls.unchanged,
            calls
        );
    }
    // The last one to close folds the log into the database.
    assert!(!folder.path().join("new.db-wal").exists());
}

#[tokio::test]
async fn refuses_folders_and_missing_folders() {
    let folder = tempfile::tempdir().unwrap();
    refused(folder.path(), ErrorKind::Config, "is a folder").await;
    let deep = folder.path().join("missing/calls.db");
    refused(
        &deep,
        ErrorKind::Config,
        "folder of the database file does not exist",
    )
    .await;
    assert!(!folder.path().join("missing").exists());
}

#[tokio::test]
async fn refuses_files_that_are_no_databases_and_leaves_them() {
    let folder = tempfile::tempdir().unwrap();
    let text = "not a database, but long enough to have a header ".repeat(10);
    for (name, content) in [
        ("text.db", text.as_bytes()),
        ("short.db", b"SQLite format 3\0"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        refused(&path, ErrorKind::Corrupt, "not an SQLite database").await;
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    let empty = folder.path().join("empty.db");
    fs::write(&empty, b"").unwrap();
    SqliteStore::open(&empty)
        .await
        .expect("an empty file is an empty database");
}

#[tokio::test]
async fn refuses_damaged_databases_and_leaves_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let ids: Vec<String> = (0..300).map(|id| id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(&ids)).await.unwrap();
    drop(store);
    let good = fs::read(&path).unwrap();

    // Garbage in the middle: the header is fine, the pages are not.
    let mut damaged = good.clone();
    let (start, end) = (damaged.len() / 3, damaged.len() * 2 / 3);
    damaged[start..end].fill(0xAA);
    fs::write(&path, &damaged).unwrap();
    refused(&path, ErrorKind::Corrupt, "damaged").await;
    assert_eq!(fs::read(&path).unwrap(), damaged);

    // Garbage over the schema.
    let mut damaged = good.clone();
    damaged[100..4_000].fill(0xAA);
    fs::write(&path, &damaged).unwrap();
    refused(&path, ErrorKind::Corrupt, "damaged").await;
    assert_eq!(fs::read(&path).unwrap(), damaged);

    fs::write(&path, &good[..good.len() / 2]).unwrap();
    refused(&path, ErrorKind::Corrupt, "damaged").await;
    assert_eq!(fs::read(&path).unwrap(), good[..good.len() / 2]);

    fs::write(&path, &good).unwrap();
    SqliteStore::open(&path).await.expect("the good one");
}

#[tokio::test]
async fn damage_that_shows_later_is_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(&["1"])).await.unwrap();
    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len();
    bytes[20_000..end].fill(0xAA);
    fs::write(&path, &bytes).unwrap();
    let error = store.verify().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt, "{error:?}");
    assert!(error.to_string().contains("calls.db"), "{error}");
}

#[tokio::test]
async fn refuses_databases_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE BOOKMARKS (URL TEXT)")
        .unwrap();
    let before = fs::read(&path).unwrap();
    refused(&path, ErrorKind::Config, "belongs to another application").await;
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn refuses_a_newer_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    drop(SqliteStore::open(&path).await.unwrap());
    Connection::open(&path)
        .unwrap()
        .execute(
            "INSERT INTO GONG_SCHEMA_HISTORY VALUES (9999, '9999_future', 'x', 'x')",
            [],
        )
        .unwrap();
    refused(&path, ErrorKind::Config, "schema version 9999, newer than").await;
}

#[tokio::test]
async fn refuses_a_file_that_may_not_be_written_unless_it_only_reads() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.land(page(&["1"])).await.unwrap();
    drop(store);
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    refused(&path, ErrorKind::Config, "read-only").await;

    let config = SqliteConfig::new(&path).with_access(Access::ReadOnly);
    let store = SqliteStore::open_with(config).await.unwrap();
    assert!(!store.health().await.unwrap().writable);
    assert_eq!(
        store
            .known_calls(&snowflake_store::KnownCallsQuery {
                limit: 9,
                ..Default::default()
            })
            .await
            .unwrap()
            .len(),
        1
    );
    let error = store.land(page(&["2"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("for reading only"), "{error}");
}

#[tokio::test]
async fn a_read_only_store_needs_a_database_with_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let open = async |name: &str| {
        let config = SqliteConfig::new(folder.path().join(name)).with_access(Access::ReadOnly);
        SqliteStore::open_with(config).await.unwrap_err()
    };
    let error = open("absent.db").await;
    assert!(error.to_string().contains("does not exist"), "{error}");
    assert!(!folder.path().join("absent.db").exists());
    fs::write(folder.path().join("empty.db"), b"").unwrap();
    assert_eq!(open("empty.db").await.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn waits_for_another_process_and_then_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let config = SqliteConfig::new(&path).with_busy_timeout(Duration::from_millis(50));
    let store = SqliteStore::open_with(config.clone()).await.unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for error in [
        store.land(page(&["1"])).await.unwrap_err(),
        store.health().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Transient, "{error:?}");
        assert!(error.is_retryable());
        assert!(error.to_string().contains("locked"), "{error}");
    }
    // Reading and opening go on meanwhile.
    assert!(store.call_detail(&"1".into()).await.unwrap().is_none());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(store.land(page(&["1"])).await.unwrap().calls.inserted, 1);

    // With patience the same write waits instead.
    let patient = SqliteStore::open_with(config.with_busy_timeout(Duration::from_secs(30)))
        .await
        .unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = tokio::spawn(async move { patient.land(page(&["2"])).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(waiting.await.unwrap().unwrap().calls.inserted, 1);
}

#[tokio::test]
async fn several_stores_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let writer = SqliteStore::open(&path).await.unwrap();
    let reader = SqliteStore::open_with(SqliteConfig::new(&path).with_access(Access::ReadOnly))
        .await
        .unwrap();
    let landed = writer.land(page(&["1"])).await.unwrap();
    writer
        .transform(snowflake_store::TransformScope::Calls(landed.changed))
        .await
        .unwrap();
    assert!(reader.call_detail(&"1".into()).await.unwrap().is_some());
    let second_writer = SqliteStore::open(&path).await.unwrap();
    assert_eq!(
        second_writer
            .land(page(&["1", "2"]))
            .await
            .unwrap()
            .calls
            .inserted,
        1
    );
    assert_eq!(writer.land(page(&["2"])).await.unwrap().calls.unchanged, 1);
}

#[test]
fn a_store_is_sent_and_shared() {
    fn sent_and_shared<T: Send + Sync + 'static>(_: &T) {}
    fn store(store: &SqliteStore) -> &dyn CallStore {
        sent_and_shared(store);
        store
    }
    let _ = store;
}
