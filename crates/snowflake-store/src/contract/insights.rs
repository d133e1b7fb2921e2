//! What is added to calls after staging.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;

use crate::{CallInsights, CallReading, CrmMatch, CrmSnapshot, CrmWanted, Result};

/// What is added to calls after staging.
///
/// # Contract
/// - **Atomic**: each method is one transaction.
/// - **Idempotent**: insights of a call replace all earlier ones of that call;
///   CRM records replace the record of the same id.
/// - **Unknown or deleted calls** are skipped; the count says how many were stored.
/// - **Records of a call** are the HubSpot records that Gong links to it and its
///   participants, in Gong's order and each once, whichever of its timings they come
///   with; objects of other CRM systems are counted but not joined. A call without any
///   has those of its latest [`CrmMatch`], which a transform of the call removes, since
///   its participants may have changed.
/// - **Gone records**: an id that a snapshot reports as gone leaves the mirror, and is not
///   listed as needed again until the snapshot is older than the caller accepts. If it has a
///   survivor, it points to the survivor from then on: calls that refer to it have the
///   survivor's deal, including those staged later. A record that a later snapshot
///   contains is back.
/// - A transform that rewrites a call's sentences removes its insights, since
///   they cite sentences that may be gone.
/// - **Readings** are kept by call, transcript and provenance: a later one replaces only its
///   like. They go with the sentences that they speak of.
/// - **Another transcript**: insights and readings of a transcript that the call no longer
///   has are not stored, and not counted.
/// - **Erased people** are taken out of what was read before they were: their full names,
///   addresses and numbers.
/// - **Scores and vectors** are finite; otherwise `InvalidInput`, and nothing is stored.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Insights: Debug + Send + Sync + 'static {
    /// Stores what a language backend computed; returns for how many calls it was stored.
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64>;

    /// Stores what readers understood of calls; returns how many readings were stored.
    async fn save_readings(&self, readings: &[CallReading]) -> Result<u64>;

    /// Mirrors CRM records.
    ///
    /// # Errors
    /// `InvalidInput` with the field `amount` for a deal whose amount
    /// [no store holds](calls::is_amount); nothing is stored then.
    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()>;

    /// Stores the CRM records of calls that Gong links to none, replacing
    /// earlier matches; returns how many were stored. Calls that Gong links are skipped.
    ///
    /// # Errors
    /// `InvalidInput` with the field `reason` for [`MatchReason::GongContext`], which only
    /// Gong can say.
    ///
    /// [`MatchReason::GongContext`]: crate::MatchReason::GongContext
    async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64>;

    /// Records that calls refer to and that the mirror lacks or read before `older_than`, and
    /// calls to match whose latest match is older than that; at most `limit` of each kind,
    /// ascending by id.
    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted>;
}
