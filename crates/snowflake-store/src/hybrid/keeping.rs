//! What is written: the agents' findings beside the call they speak of, the rest to the
//! primary alone.

use std::future::Future;

use async_trait::async_trait;
use calls::{CallId, Timestamp};
use resilience::Failure;

use super::Hybrid;
use crate::{CallInsights, CallReading, CrmMatch, CrmSnapshot, CrmWanted, Insights, Result};

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<P: Insights, F: Insights> Insights for Hybrid<P, F> {
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
        let (ours, theirs) = self.divided(insights, |one| &one.call_id);
        let by_primary = self.keep(
            &ours,
            || self.primary.save_insights(&ours),
            || self.fallback.save_insights(&ours),
        );
        let by_fallback = unless_empty(&theirs, || self.fallback.save_insights(&theirs));
        Ok(by_primary.await? + by_fallback.await?)
    }

    async fn save_readings(&self, readings: &[CallReading]) -> Result<u64> {
        let (ours, theirs) = self.divided(readings, |one| &one.call_id);
        let by_primary = self.keep(
            &ours,
            || self.primary.save_readings(&ours),
            || self.fallback.save_readings(&ours),
        );
        let by_fallback = unless_empty(&theirs, || self.fallback.save_readings(&theirs));
        Ok(by_primary.await? + by_fallback.await?)
    }

    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
        self.primary.save_crm(snapshot).await
    }

    async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
        self.primary.save_crm_matches(matches).await
    }

    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
        self.primary.crm_wanted(older_than, limit).await
    }
}

impl<P, F> Hybrid<P, F> {
    /// What belongs to the primary, and what to the fallback.
    fn divided<T: Clone>(&self, items: &[T], id: impl Fn(&T) -> &CallId) -> (Vec<T>, Vec<T>) {
        let items = items.iter().cloned();
        items.partition(|item| self.passed_over(id(item).as_str()).is_none())
    }

    /// Has the primary keep something within its limits, else the fallback.
    async fn keep<T, PrimaryFuture, FallbackFuture>(
        &self,
        items: &[T],
        primary: impl FnOnce() -> PrimaryFuture,
        fallback: impl FnOnce() -> FallbackFuture,
    ) -> Result<u64>
    where
        PrimaryFuture: Future<Output = Result<u64>>,
        FallbackFuture: Future<Output = Result<u64>>,
    {
        if items.is_empty() {
            return Ok(0);
        }
        match self.route.primary_alone(primary).await {
            Ok(Err(error)) if self.route.falls_back_on(Failure::kind(&error)) => fallback().await,
            Ok(kept) => kept,
            Err(_) => fallback().await,
        }
    }
}

async fn unless_empty<T, F: Future<Output = Result<u64>>>(
    items: &[T],
    keep: impl FnOnce() -> F,
) -> Result<u64> {
    match items {
        [] => Ok(0),
        _ => keep().await,
    }
}
