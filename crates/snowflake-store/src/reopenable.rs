//! A store that was opened in one way and is opened in another while it is in use.

use std::sync::{Arc, PoisonError, RwLock};

use crate::CallStore;

/// A store whose handle can be exchanged while others use it. For callers that start while the
/// store is down: they open it for reading, and for writing once it answers.
///
/// ```
/// use std::sync::Arc;
/// use snowflake_store::{Reopenable, SqliteStore, Upkeep};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// # use snowflake_store::{Access, SqliteConfig};
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let path = folder.path().join("calls.db");
/// # drop(SqliteStore::open(&path).await?);
/// let reading = SqliteConfig::new(&path).with_access(Access::ReadOnly);
/// let store = Arc::new(Reopenable::new(Arc::new(SqliteStore::open_with(reading).await?)));
/// assert!(!store.health().await?.writable);
///
/// store.reopened(Arc::new(SqliteStore::open(&path).await?));
/// assert!(store.health().await?.writable);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Reopenable {
    handle: RwLock<Arc<dyn CallStore>>,
}

impl Reopenable {
    /// A store as it is open now.
    pub fn new(handle: Arc<dyn CallStore>) -> Self {
        Self {
            handle: RwLock::new(handle),
        }
    }

    /// Takes another handle of the same store for all that is asked from now on. What is under
    /// way ends on the one before.
    pub fn reopened(&self, handle: Arc<dyn CallStore>) {
        *self.handle.write().unwrap_or_else(PoisonError::into_inner) = handle;
    }

    pub(crate) fn handle(&self) -> Arc<dyn CallStore> {
        Arc::clone(&self.handle.read().unwrap_or_else(PoisonError::into_inner))
    }
}
