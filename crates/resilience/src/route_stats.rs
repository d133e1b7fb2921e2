//! How often each implementation of a [`Route`](crate::Route) has answered.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Answered;

/// How often each implementation of a [`Route`](crate::Route) has answered, and why, errors included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteStats {
    /// The primary.
    pub primary: u64,
    /// The fallback, because the key belongs to its share.
    pub fallback_by_share: u64,
    /// The fallback, because the primary failed.
    pub fallback_after_failure: u64,
    /// The fallback, because the primary took too long.
    pub fallback_after_timeout: u64,
    /// The fallback, because the primary's breaker was open.
    pub fallback_for_breaker: u64,
}

#[derive(Debug, Default)]
pub(crate) struct RouteCounters {
    primary: AtomicU64,
    by_share: AtomicU64,
    after_failure: AtomicU64,
    after_timeout: AtomicU64,
    for_breaker: AtomicU64,
}

impl RouteCounters {
    pub(crate) fn count(&self, answered: Answered) {
        let counter = match answered {
            Answered::Primary => &self.primary,
            Answered::FallbackByShare => &self.by_share,
            Answered::FallbackAfter(_) => &self.after_failure,
            Answered::FallbackAfterTimeout => &self.after_timeout,
            Answered::FallbackForBreaker => &self.for_breaker,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn snapshot(&self) -> RouteStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        RouteStats {
            primary: read(&self.primary),
            fallback_by_share: read(&self.by_share),
            fallback_after_failure: read(&self.after_failure),
            fallback_after_timeout: read(&self.after_timeout),
            fallback_for_breaker: read(&self.for_breaker),
        }
    }
}
