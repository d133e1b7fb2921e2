//! What is added to calls after they are staged.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;

use crate::{CallInsights, CrmSnapshot, CrmWanted, Result};

/// What is added to calls after they are staged.
///
/// # Contract
/// - **Atomic**: each method is one transaction.
/// - **Idempotent**: insights of a call replace all earlier ones of that call;
///   CRM records replace the record of the same id.
/// - **Unknown or deleted calls** are skipped; the count says how many were stored.
/// - A transform that rewrites a call's sentences removes its insights, since
///   they speak of sentences that may be gone.
/// - **Scores and vectors** are finite; otherwise `InvalidInput`, and nothing is stored.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Insights: Debug + Send + Sync + 'static {
    /// Stores what a language backend said; returns how many calls it was stored for.
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64>;

    /// Mirrors CRM records.
    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()>;

    /// Records that calls refer to and the mirror lacks or has only from before `older_than`,
    /// at most `limit` of each kind.
    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted>;
}
