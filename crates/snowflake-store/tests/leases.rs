//! A lease that is kept: renewed, given back, and lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use snowflake_store::{CallStore, LeaseKeeper, SqliteStore};

async fn keeper(store: &Arc<dyn CallStore>, label: &str) -> LeaseKeeper {
    let acquired = LeaseKeeper::acquire(store.clone(), "sync", label).await;
    acquired.unwrap().expect("nobody has it")
}

async fn is_free(store: &Arc<dyn CallStore>) -> bool {
    match LeaseKeeper::acquire(store.clone(), "sync", "who asks").await {
        Ok(Ok(lease)) => lease.release().await.map(|()| true).unwrap(),
        Ok(Err(_)) => false,
        Err(error) => panic!("{error}"),
    }
}

async fn store() -> (Arc<dyn CallStore>, Connection, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("calls.db");
    let store = SqliteStore::open(&path).await.unwrap();
    (Arc::new(store), Connection::open(&path).unwrap(), folder)
}

fn expiry(other: &Connection) -> String {
    let sql = "SELECT EXPIRES_AT FROM GONG_LEASES";
    other.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_lease_is_free_again_when_it_is_released_or_dropped() {
    let (store, _other, _folder) = store().await;
    let lease = keeper(&store, "one").await;
    assert!(!is_free(&store).await);
    lease.release().await.unwrap();
    assert!(is_free(&store).await);

    drop(keeper(&store, "two").await);
    while !is_free(&store).await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_as_long_as_it_is_kept() {
    let (store, other, _folder) = store().await;
    let lease = keeper(&store, "one").await;
    let first = expiry(&other);
    // Time passes when nothing else is to do, and at once.
    while expiry(&other) == first {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    assert!(!lease.lost().is_cancelled());
    lease.release().await.unwrap();
    let left: i64 = other
        .query_row("SELECT COUNT(*) FROM GONG_LEASES", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_somebody_else_took_is_lost_and_stays_theirs() {
    let (store, other, _folder) = store().await;
    let lease = keeper(&store, "one").await;
    let theft = "UPDATE GONG_LEASES SET OWNER = 'thief', HOST = 'elsewhere'";
    other.execute(theft, []).unwrap();
    lease.lost().cancelled().await;
    lease.release().await.unwrap();
    assert!(!is_free(&store).await);
}

/// A keeper that meets a failing store goes on, and has the lease when it is well again.
#[tokio::test(start_paused = true)]
async fn a_lease_outlives_failures_of_its_store() {
    let (store, other, _folder) = store().await;
    let lease = keeper(&store, "one").await;
    let first = expiry(&other);
    other
        .execute_batch("ALTER TABLE GONG_LEASES RENAME TO GONG_LEASES_AWAY")
        .unwrap();
    tokio::time::sleep(Duration::from_secs(300)).await;
    other
        .execute_batch("ALTER TABLE GONG_LEASES_AWAY RENAME TO GONG_LEASES")
        .unwrap();
    while expiry(&other) == first {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    assert!(!lease.lost().is_cancelled());
}
