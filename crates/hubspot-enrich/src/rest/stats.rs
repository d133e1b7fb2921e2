//! What a client has done so far.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Counters of one client since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct HubSpotStats {
    /// Requests sent, retries and searches included.
    pub requests: u64,
    /// Searches sent.
    pub searches: u64,
    /// Requests sent again after a failure.
    pub retries: u64,
    /// Time spent waiting for the limits on this side, over all requests.
    pub limit_wait_time: Duration,
    /// Replies of status 429.
    pub refused_for_rate: u64,
    /// What HubSpot last said is left of the account's day; `None` when it did not.
    pub daily_remaining: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Counters {
    requests: AtomicU64,
    searches: AtomicU64,
    retries: AtomicU64,
    wait_nanoseconds: AtomicU64,
    refused_for_rate: AtomicU64,
    /// [`u64::MAX`] until HubSpot says.
    daily_remaining: AtomicU64,
    under_way: AtomicUsize,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            requests: AtomicU64::new(0),
            searches: AtomicU64::new(0),
            retries: AtomicU64::new(0),
            wait_nanoseconds: AtomicU64::new(0),
            refused_for_rate: AtomicU64::new(0),
            daily_remaining: AtomicU64::new(u64::MAX),
            under_way: AtomicUsize::new(0),
        }
    }
}

/// A request that is under way for as long as this lives.
pub(super) struct UnderWay<'a>(&'a Counters);

impl UnderWay<'_> {
    /// How many others are.
    pub(super) fn others(&self) -> u64 {
        let under_way = self.0.under_way.load(Ordering::Relaxed);
        under_way.saturating_sub(1) as u64
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counters {
    pub(super) fn begin(&self, is_search: bool, waited: Duration) -> UnderWay<'_> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.searches
            .fetch_add(u64::from(is_search), Ordering::Relaxed);
        let nanoseconds = u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX);
        self.wait_nanoseconds
            .fetch_add(nanoseconds, Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }

    pub(super) fn retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn refused_for_rate(&self) {
        self.refused_for_rate.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn daily_remaining(&self, remaining: u64) {
        self.daily_remaining.store(remaining, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> HubSpotStats {
        let nanoseconds = self.wait_nanoseconds.load(Ordering::Relaxed);
        let daily_remaining = self.daily_remaining.load(Ordering::Relaxed);
        HubSpotStats {
            requests: self.requests.load(Ordering::Relaxed),
            searches: self.searches.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            limit_wait_time: Duration::from_nanos(nanoseconds),
            refused_for_rate: self.refused_for_rate.load(Ordering::Relaxed),
            daily_remaining: (daily_remaining != u64::MAX).then_some(daily_remaining),
        }
    }
}
