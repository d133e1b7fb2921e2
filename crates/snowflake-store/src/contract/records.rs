//! Records of Gong beside calls.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::{GongRecord, RecordPage, RecordQuery, RecordsLanded, Result};

/// Records of Gong beside calls: users, scorecards, figures and the like.
///
/// # Contract
/// - **Atomic**: landing a page is one transaction.
/// - **Idempotent**: a record is compared by the hash of its canonical JSON; landing what is
///   there already writes nothing. Of one key on a page, the last record wins.
/// - **Deletion** marks a record, which is no longer listed; one that lands again is listed
///   again. Unknown and deleted keys are ignored. A record on the very page that says that it
///   is gone stays.
/// - **Retention** removes deleted records when it removes deleted calls.
/// - **Lists** are in the order of keys.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Records: Debug + Send + Sync + 'static {
    /// Stores records and marks those that are gone.
    ///
    /// # Errors
    /// `InvalidInput` with the field `json` for a record that is not JSON.
    async fn land_records(&self, page: &RecordPage) -> Result<RecordsLanded>;

    /// Records that are served. A record without a day is of no day.
    async fn records(&self, query: &RecordQuery) -> Result<Vec<GongRecord>>;
}
