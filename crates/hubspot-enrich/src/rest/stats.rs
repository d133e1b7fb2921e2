//! What a client has done so far.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use outbound::ClientStats;

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
    /// As [`ClientStats::server_ahead_ms`].
    pub server_ahead_ms: Option<i64>,
}

/// What is counted beside what every client counts.
#[derive(Debug)]
pub(super) struct Counters {
    searches: AtomicU64,
    /// [`u64::MAX`] until HubSpot says.
    daily_remaining: AtomicU64,
    under_way: AtomicUsize,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            searches: AtomicU64::new(0),
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
    pub(super) fn begin(&self, is_search: bool) -> UnderWay<'_> {
        self.searches
            .fetch_add(u64::from(is_search), Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(self)
    }

    pub(super) fn daily_remaining(&self, remaining: u64) {
        self.daily_remaining.store(remaining, Ordering::Relaxed);
    }

    pub(super) fn read(&self, http: ClientStats) -> HubSpotStats {
        let daily_remaining = self.daily_remaining.load(Ordering::Relaxed);
        HubSpotStats {
            requests: http.requests,
            searches: self.searches.load(Ordering::Relaxed),
            retries: http.retries,
            limit_wait_time: http.rate_limit_wait_time,
            refused_for_rate: http.refused_for_rate,
            server_ahead_ms: http.server_ahead_ms,
            daily_remaining: (daily_remaining != u64::MAX).then_some(daily_remaining),
        }
    }
}
