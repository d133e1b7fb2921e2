//! What a client has done so far.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    retries: AtomicU64,
    waits: AtomicU64,
    wait_nanoseconds: AtomicU64,
    refused_for_rate: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    pub(crate) fn request(&self, waited: Duration) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if !waited.is_zero() {
            self.waits.fetch_add(1, Ordering::Relaxed);
            let nanoseconds = u64::try_from(waited.as_nanos()).unwrap_or(u64::MAX);
            self.wait_nanoseconds
                .fetch_add(nanoseconds, Ordering::Relaxed);
        }
    }

    pub(crate) fn retry(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn refused_for_rate(&self) {
        self.refused_for_rate.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> ClientStats {
        ClientStats {
            requests: self.requests.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            rate_limit_waits: self.waits.load(Ordering::Relaxed),
            rate_limit_wait_time: Duration::from_nanos(
                self.wait_nanoseconds.load(Ordering::Relaxed),
            ),
            refused_for_rate: self.refused_for_rate.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }
}
