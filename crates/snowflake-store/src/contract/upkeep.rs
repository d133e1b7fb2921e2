//! Keeps a store in order.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;

use crate::{
    Freshness, Health, LeaseOutcome, LeaseOwner, LeaseRequest, Result, RetentionOutcome, TableCount,
};

/// Keeps a store in order.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Upkeep: Debug + Send + Sync + 'static {
    /// Applies the migrations that have not been applied yet; returns how many.
    async fn migrate(&self) -> Result<u32>;

    /// Checks that the store answers, has the schema and accepts writes. Called
    /// before a bulk load.
    async fn health(&self) -> Result<Health>;

    /// How fresh the store is, and what is waiting.
    async fn freshness(&self) -> Result<Freshness>;

    /// Rows by table, in name order.
    async fn counts(&self) -> Result<Vec<TableCount>>;

    /// Removes what `GONG_DATA_RETENTION_POLICY` says is too old at `now`.
    /// Calls that are not deleted go only when the policy names their table.
    async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;

    /// Takes a lease, or renews the owner's own. One owner holds it at a
    /// time: of several who ask at once, one gets it. A lease that has expired is free, and so
    /// is one whose owner was a process on this host that has ended, if the system reveals
    /// that (Linux).
    ///
    /// # Errors
    /// `InvalidInput` with the field `name` when it is empty, and with `duration` when it is
    /// less than a millisecond or more than a day.
    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome>;

    /// Releases a lease. If somebody else holds it by now, nothing happens.
    async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()>;
}
