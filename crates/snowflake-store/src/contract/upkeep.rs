//! Keeps a store in order.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::{CallId, Timestamp};

use crate::{
    Erasure, ErasureRequest, ExportCall, ExportRow, ExportTable, Freshness, Health, LeaseOutcome,
    LeaseOwner, LeaseRequest, Result, RetentionOutcome, TableCount,
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
    /// Calls that are not deleted go only when the policy names their table; whatever belongs
    /// to them goes with them, and so do people of the CRM mirror whom nothing refers to any
    /// more. One transaction.
    async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;

    /// What [`apply_retention`](Self::apply_retention) would remove at `now`. Nothing changes.
    async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>>;

    /// Erases a person, or a call: in the documents, in all that was made of them, in letters,
    /// in the CRM mirror. One transaction; then the calls are staged again from what is left,
    /// to be read and embedded anew.
    ///
    /// - **A person** is whoever has the address, number or id, with the other addresses, user
    ///   ids and CRM contacts that Gong gives for them. What they said, and what Gong found in
    ///   their calls, goes. Their party and their voice stay without a name, so that the
    ///   sentences of others keep their places. Where others speak of them, their name (of two
    ///   words at least; on their own calls each word), address and number become `[erased]`.
    ///   Calls that Gong no longer serves go as a whole if the person was on them.
    /// - **They do not come back**: keyed hashes of what they are known by stay in the store,
    ///   and what lands or is mirrored later loses them before it is written.
    /// - **The receipt** holds no personal data and stays in the store as well.
    /// - **Idempotent**: erasing again removes what came meanwhile, mostly nothing.
    ///
    /// A sync that runs at the same time may land what it read before: hold its lease, of a
    /// [`Hybrid`](crate::Hybrid) those of both stores.
    ///
    /// # Errors
    /// `InvalidInput` naming the kind of subject, for one that cannot be.
    async fn erase(&self, request: &ErasureRequest) -> Result<Erasure>;

    /// Calls to be exported, by month and id: those that Gong serves, as far as they are staged.
    async fn export_calls(&self) -> Result<Vec<ExportCall>>;

    /// Rows of a table that is exported: those of the calls, call by call, or all of a table
    /// whose layout is [`Whole`](crate::ExportLayout::Whole). Unknown and deleted calls have
    /// none.
    async fn export_rows(&self, table: ExportTable, calls: &[CallId]) -> Result<Vec<ExportRow>>;

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
