//! What must not stay anywhere goes from both stores; the rest of the upkeep is the primary's.

use async_trait::async_trait;
use calls::{CallId, Timestamp};

use super::Hybrid;
use crate::{
    Erasure, ErasureRequest, ExportCall, ExportRow, ExportTable, Freshness, Health, LeaseOutcome,
    LeaseOwner, LeaseRequest, Result, RetentionOutcome, TableCount, Upkeep,
};

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<P: Upkeep, F: Upkeep> Upkeep for Hybrid<P, F> {
    async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        let ours = self.primary.apply_retention(now).await;
        let theirs = self.fallback.apply_retention(now).await;
        Ok(self.outcomes(self.both(ours, theirs, true)?))
    }

    async fn preview_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
        let ours = self.primary.preview_retention(now).await;
        let theirs = self.fallback.preview_retention(now).await;
        Ok(self.outcomes(self.both(ours, theirs, false)?))
    }

    async fn erase(&self, request: &ErasureRequest) -> Result<Erasure> {
        // Of neither side's making.
        request.subject.check()?;
        let ours = self.primary.erase(request).await;
        let theirs = self.fallback.erase(request).await;
        let (mut ours, theirs) = self.both(ours, theirs, !request.dry_run)?;
        for mention in theirs.mentions {
            if !ours.mentions.contains(&mention) {
                ours.mentions.push(mention);
            }
        }
        ours.fallback = Some(theirs.receipt);
        Ok(ours)
    }

    async fn migrate(&self) -> Result<u32> {
        self.primary.migrate().await
    }

    async fn health(&self) -> Result<Health> {
        self.primary.health().await
    }

    async fn freshness(&self) -> Result<Freshness> {
        self.primary.freshness().await
    }

    async fn counts(&self) -> Result<Vec<TableCount>> {
        self.primary.counts().await
    }

    async fn export_calls(&self) -> Result<Vec<ExportCall>> {
        self.primary.export_calls().await
    }

    async fn export_rows(&self, table: ExportTable, calls: &[CallId]) -> Result<Vec<ExportRow>> {
        self.primary.export_rows(table, calls).await
    }

    async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome> {
        self.primary.acquire_lease(request).await
    }

    async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()> {
        self.primary.release_lease(name, owner).await
    }
}

impl<P, F> Hybrid<P, F> {
    /// The answers of both; an error names its side and says whether the other changed.
    fn both<T>(&self, ours: Result<T>, theirs: Result<T>, changes: bool) -> Result<(T, T)> {
        let [primary, fallback] = self.names;
        let half = |side: &str, other: &str| match changes {
            true => format!("{other} is done, and repeating is safe; {side}"),
            false => side.to_owned(),
        };
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => Ok((ours, theirs)),
            (Err(error), Ok(_)) => Err(error.context(half(primary, fallback))),
            (Ok(_), Err(error)) => Err(error.context(half(fallback, primary))),
            (Err(ours), Err(theirs)) => {
                Err(ours.context(format!("{fallback}: {theirs}; {primary}")))
            }
        }
    }

    fn outcomes(
        &self,
        (ours, theirs): (Vec<RetentionOutcome>, Vec<RetentionOutcome>),
    ) -> Vec<RetentionOutcome> {
        let [primary, fallback] = self.names;
        let of = |store| move |outcome: RetentionOutcome| outcome.of(store);
        let ours = ours.into_iter().map(of(primary));
        ours.chain(theirs.into_iter().map(of(fallback))).collect()
    }
}
