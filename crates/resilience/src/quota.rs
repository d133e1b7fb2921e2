//! Counts requests over the last twenty-four hours.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

const WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
const BUCKET: Duration = Duration::from_secs(60);

/// A rolling day, counted by the minute: at most 1,441 numbers, whatever the limit.
#[derive(Debug)]
pub(crate) struct RollingDay {
    limit: u64,
    used: u64,
    /// Start of each minute that saw requests, and how many.
    buckets: VecDeque<(Instant, u64)>,
}

impl RollingDay {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            used: 0,
            buckets: VecDeque::new(),
        }
    }

    /// Whether one more request fits; else after how long one will.
    pub(crate) fn room(&mut self, now: Instant) -> Result<(), Duration> {
        self.forget_before(now);
        if self.used < self.limit {
            return Ok(());
        }
        Err(self.buckets.front().map_or(WINDOW, |(start, _)| {
            (WINDOW + BUCKET).saturating_sub(now.duration_since(*start))
        }))
    }

    /// Counts one request.
    pub(crate) fn count(&mut self, now: Instant) {
        self.used += 1;
        match self.buckets.back_mut() {
            Some((start, count)) if now.duration_since(*start) < BUCKET => *count += 1,
            _ => self.buckets.push_back((now, 1)),
        }
    }

    pub(crate) fn limit(&self) -> u64 {
        self.limit
    }

    pub(crate) fn remaining(&mut self, now: Instant) -> u64 {
        self.forget_before(now);
        self.limit.saturating_sub(self.used)
    }

    /// A minute leaves the window with its *last* possible request, so that no
    /// twenty-four hours ever hold more than the limit.
    fn forget_before(&mut self, now: Instant) {
        while let Some((start, count)) = self.buckets.front().copied() {
            if now.duration_since(start) < WINDOW + BUCKET {
                break;
            }
            self.used -= count;
            self.buckets.pop_front();
        }
    }
}
