//! A company's limits, kept by all of its clients together.

use std::path::Path;
use std::time::Duration;

use resilience::RateLimiter;

use crate::ledger::Ledger;
use crate::{Quota, Result};

/// Gong's limits for a company: requests per second and per day, over all keys.
///
/// Clients that share one, by [`GongConfig::with_shared_limiter`](crate::GongConfig::with_shared_limiter),
/// stay under the limits together, and so do processes that name the same file.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> gong_client::Result<()> {
/// use std::sync::Arc;
/// use gong_client::{Credentials, GongClient, GongConfig, SharedLimiter};
///
/// let limiter = Arc::new(SharedLimiter::new(3.0, Some(10_000)));
/// let config = |key: &str| GongConfig::new(
///     "https://us02-16381.api.gong.io",
///     Credentials::basic(key, "SECRET"),
/// );
/// let one = GongClient::new(config("KEY-1")?.with_shared_limiter(limiter.clone()))?;
/// let other = GongClient::new(config("KEY-2")?.with_shared_limiter(limiter))?;
/// assert_eq!(one.quota().await, other.quota().await);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SharedLimiter {
    pub(crate) here: RateLimiter,
    per_second: f64,
    per_day: Option<u64>,
    ledger: Option<Ledger>,
}

impl SharedLimiter {
    /// Limits within this process: requests per second (0: no limit) and in any twenty-four
    /// hours (`None`: no limit).
    pub fn new(per_second: f64, per_day: Option<u64>) -> Self {
        Self {
            here: RateLimiter::new(per_second, per_day),
            per_second: if per_second.is_finite() {
                per_second.max(0.0)
            } else {
                0.0
            },
            per_day,
            ledger: None,
        }
    }

    /// Keeps the limits together with all processes of this machine that name the same file.
    /// For callers that run several at once.
    ///
    /// The file says when the next request may leave, until when Gong wants to be left alone,
    /// and how many were sent in which ten minutes of the last day. It is read and written
    /// under the system's lock on it, a few kilobytes per request, so nothing runs beside the
    /// processes and a killed one leaves no lock behind. It has to be on a local disk.
    ///
    /// # Errors
    /// [`Config`](resilience::ErrorKind::Config) on the field `shared_limiter` when the file
    /// cannot be opened for writing.
    pub fn across_processes(mut self, file: impl AsRef<Path>) -> Result<Self> {
        self.ledger = Some(Ledger::open(file.as_ref(), self.per_second, self.per_day)?);
        Ok(self)
    }

    /// What is used and what is left, of all who share it.
    pub async fn quota(&self) -> Quota {
        let used = match (&self.ledger, self.per_day) {
            (Some(ledger), Some(_)) => ledger.used_today().await.ok(),
            (_, per_day) => per_day
                .zip(self.here.remaining_today())
                .map(|(all, left)| all - left),
        };
        Quota {
            per_second: (self.per_second > 0.0).then_some(self.per_second),
            per_day: self.per_day,
            used_today: used,
        }
    }

    /// Waits for the turn that other processes leave.
    pub(crate) async fn elsewhere(&self) -> Result<()> {
        match &self.ledger {
            Some(ledger) => ledger.admit().await,
            None => Ok(()),
        }
    }

    /// Lets nobody through for a while.
    pub(crate) async fn hold(&self, wait: Duration) {
        self.here.hold(wait);
        if let Some(ledger) = &self.ledger {
            // Who cannot write it is refused at the next request.
            let _ = ledger.hold(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    /// Another process may hold the file for long.
    #[tokio::test]
    async fn who_waits_for_the_file_keeps_no_thread() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("limits.json");
        let limiter = SharedLimiter::new(0.0, Some(9));
        let limiter = limiter.across_processes(&path).unwrap();
        let held = std::fs::File::open(&path).unwrap();
        held.lock().unwrap();
        let mut quota = Box::pin(limiter.quota());
        let mut hold = Box::pin(limiter.hold(Duration::from_millis(1)));
        assert!(poll!(&mut quota).is_pending() && poll!(&mut hold).is_pending());
        held.unlock().unwrap();
        assert_eq!(quota.await.used_today, Some(0));
        hold.await;
    }

    /// A turn that nobody uses would be lost to all processes.
    #[tokio::test]
    async fn who_gives_up_waiting_has_taken_no_turn() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("limits.json");
        let process = || {
            SharedLimiter::new(0.01, Some(9))
                .across_processes(&file)
                .unwrap()
        };
        process().elsewhere().await.unwrap();
        let other = process();
        let wait = tokio::time::timeout(Duration::from_millis(50), other.elsewhere());
        assert!(wait.await.is_err(), "the next turn is in 100 seconds");
        assert_eq!(other.quota().await.used_today, Some(1));
    }
}
