//! What a client has done so far.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use resilience::RateLimiter;
use resilience::meter::table;

/// Counters of one client since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ClientStats {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Requests sent again after a failure.
    pub retries: u64,
    /// Requests that had to wait for the client's own limit.
    pub rate_limit_waits: u64,
    /// Time spent in those waits, over all requests.
    pub rate_limit_wait_time: Duration,
    /// Replies of status 429.
    pub refused_for_rate: u64,
    /// Bytes of reply bodies, after decompression.
    pub bytes: u64,
    /// By how many milliseconds the server's clock was ahead of this machine's at its last
    /// reply. Its `Date` tells, which has whole seconds; `None` until one does.
    pub server_ahead_ms: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Counters {
    /// What meters call the client.
    client: &'static str,
    requests: AtomicU64,
    retries: AtomicU64,
    waits: AtomicU64,
    wait_nanoseconds: AtomicU64,
    refused_for_rate: AtomicU64,
    bytes: AtomicU64,
    server_ahead_ms: Mutex<Option<i64>>,
}

impl Counters {
    pub(crate) fn of(client: &'static str) -> Self {
        let zero = AtomicU64::default;
        Self {
            client,
            requests: zero(),
            retries: zero(),
            waits: zero(),
            wait_nanoseconds: zero(),
            refused_for_rate: zero(),
            bytes: zero(),
            server_ahead_ms: Mutex::default(),
        }
    }

    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// A reply, or none, after some time.
    pub(crate) fn replied(&self, status: Option<u16>, took: Duration) {
        let class = match status {
            Some(429) => "429",
            Some(200..300) => "2xx",
            Some(400..500) => "4xx",
            Some(500..600) => "5xx",
            Some(_) => "other",
            None => "none",
        };
        table::HTTP_REQUESTS.add(&[self.client, class], 1);
        table::HTTP_SECONDS.record(&[self.client], took.as_secs_f64());
        if status == Some(429) {
            self.refused_for_rate.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What a limiter with a budget has left.
    #[allow(clippy::cast_precision_loss)] // Nobody has a budget of 2^53 requests.
    pub(crate) fn quota(&self, limiter: &RateLimiter) {
        if let (Some(all), Some(left)) = (limiter.budget(), limiter.remaining_today()) {
            table::QUOTA_USED.set(&[self.client], all.saturating_sub(left) as f64);
            table::QUOTA_LEFT.set(&[self.client], left as f64);
        }
    }

    pub(crate) fn waited(&self, wait: Duration) {
        if !wait.is_zero() {
            self.waits.fetch_add(1, Ordering::Relaxed);
            table::HTTP_WAITED.add(&[self.client], 1);
            let nanoseconds = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
            self.wait_nanoseconds
                .fetch_add(nanoseconds, Ordering::Relaxed);
        }
    }

    pub(crate) fn retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
        table::HTTP_RETRIES.add(&[self.client], 1);
    }

    pub(crate) fn bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        table::HTTP_BYTES.add(&[self.client], bytes as u64);
    }

    /// A reply of a server whose clock shows `there`, in whole seconds.
    pub(crate) fn answered_at(&self, there: Option<Timestamp>) {
        const HALF_A_SECOND_MS: i64 = 500;
        let Some(there) = there else { return };
        let here = Timestamp::now().as_millisecond();
        let ahead = there.as_millisecond() + HALF_A_SECOND_MS - here;
        *self.ahead() = Some(ahead);
    }

    fn ahead(&self) -> MutexGuard<'_, Option<i64>> {
        let ahead = self.server_ahead_ms.lock();
        ahead.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read(&self) -> ClientStats {
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ClientStats {
            requests: value(&self.requests),
            retries: value(&self.retries),
            rate_limit_waits: value(&self.waits),
            rate_limit_wait_time: Duration::from_nanos(value(&self.wait_nanoseconds)),
            refused_for_rate: value(&self.refused_for_rate),
            bytes: value(&self.bytes),
            server_ahead_ms: *self.ahead(),
        }
    }
}
