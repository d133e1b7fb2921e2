//! How much of a company's quota is used, and what a plan would cost.
//!
//! For callers that decide what to ask before they ask it.

use std::time::Duration;

/// Records on a page of Gong's listings.
const PAGE: u64 = 100;

/// The quota as this side counts it. Others who use the company's quota without the same
/// [`SharedLimiter`](crate::SharedLimiter) are not counted; Gong itself does not tell.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// Requests that may be sent per second; `None` without a limit on this side.
    pub per_second: Option<f64>,
    /// Requests that may be sent in twenty-four hours; `None` without a limit on this side.
    pub per_day: Option<u64>,
    /// Requests sent in the last twenty-four hours; `None` without a limit on this side.
    pub used_today: Option<u64>,
}

/// What a number of requests means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Estimate {
    /// Requests.
    pub requests: u64,
    /// The least time that they take within the rate.
    pub least_time: Duration,
    /// Whether they fit into what is left of today's quota.
    pub fits_today: bool,
}

impl Quota {
    /// What is left today; `None` without a limit on this side.
    pub fn remaining_today(&self) -> Option<u64> {
        Some(self.per_day?.saturating_sub(self.used_today?))
    }

    /// What a number of requests means now.
    ///
    /// ```
    /// # use gong_client::SharedLimiter;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let quota = SharedLimiter::new(3.0, Some(10_000)).quota().await;
    /// // 5,000 calls with their transcripts: two listings of fifty pages each.
    /// let estimate = quota.estimate(gong_client::Quota::requests_for_calls(5_000, true));
    /// assert_eq!((estimate.requests, estimate.least_time.as_secs()), (100, 33));
    /// assert!(estimate.fits_today);
    /// # }
    /// ```
    pub fn estimate(&self, requests: u64) -> Estimate {
        #[allow(clippy::cast_precision_loss)]
        let seconds = self.per_second.map_or(0.0, |rate| {
            // The first is sent at once.
            requests.saturating_sub(1) as f64 / rate
        });
        Estimate {
            requests,
            least_time: Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX),
            fits_today: self.remaining_today().is_none_or(|left| requests <= left),
        }
    }

    /// The fewest requests that read so many calls, with or without transcripts.
    pub fn requests_for_calls(calls: u64, with_transcripts: bool) -> u64 {
        calls.div_ceil(PAGE).max(1) * if with_transcripts { 2 } else { 1 }
    }
}
