//! Retries: backoff with jitter, within limits, and in one layer only.
//!
//! For callers that are in more or less of a hurry: a policy's parts have setters.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

use crate::Failure;

/// When to retry, how long to wait, and when to give up.
///
/// ```
/// use std::time::Duration;
/// use resilience::RetryPolicy;
///
/// let policy = RetryPolicy::default().with_max_attempts(3);
/// assert_eq!(policy.base, Duration::from_millis(500));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Attempts in all, the first included; 0 counts as 1. Default 6. An attempt
    /// after which the other side [asked for a wait](Failure::was_asked_to_wait) of
    /// `base` or longer is not counted, because it said that waiting helps. Only
    /// `total_budget` ends those.
    pub max_attempts: u32,
    /// Wait before the second attempt; it doubles from there. Default 500 ms.
    pub base: Duration,
    /// Longest wait that backoff reaches, jitter included. Default 30 s.
    pub cap: Duration,
    /// Whether a random part of up to the same length again is added to each
    /// wait, so that clients that failed together do not return together.
    pub jitter: bool,
    /// Time for everything, waits included: no wait begins that would end after
    /// it. An attempt in flight is not interrupted. Default 300 s.
    pub total_budget: Duration,
    /// Longest [`Failure::retry_after`] to wait for. A longer one ends
    /// the retrying at once: the caller knows better what to do with an hour.
    /// Default 120 s.
    pub longest_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 6,
            base: Duration::from_millis(500),
            cap: Duration::from_secs(30),
            jitter: true,
            total_budget: Duration::from_secs(300),
            longest_retry_after: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// A single attempt.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }

    fn backoff(&self) -> ExponentialBuilder {
        let builder = ExponentialBuilder::new()
            .with_factor(2.0)
            .with_min_delay(self.base)
            .with_max_delay(self.cap)
            .with_max_times(self.max_attempts.saturating_sub(1) as usize);
        if self.jitter {
            builder.with_jitter()
        } else {
            builder
        }
    }

    /// The wait before the next attempt; `None` means give up.
    fn wait(
        &self,
        error: &impl Failure,
        backoff: &mut impl Iterator<Item = Duration>,
        spent: Duration,
    ) -> Option<Duration> {
        let pause = error.retry_after().unwrap_or_default();
        if self.max_attempts <= 1 || pause > self.longest_retry_after {
            return None;
        }
        // A wait too short to be felt would let the other side set the pace.
        let wait = match error.was_asked_to_wait() && pause >= self.base {
            true => pause,
            false => backoff.next()?.min(self.cap).max(pause),
        };
        (spent.saturating_add(wait) <= self.total_budget).then_some(wait)
    }
}

crate::setters! {
    RetryPolicy {
        /// Sets [`max_attempts`](RetryPolicy::max_attempts).
        with_max_attempts(max_attempts: u32);
        /// Sets [`base`](RetryPolicy::base), the wait before the second attempt.
        with_base(base: Duration);
        /// Sets [`cap`](RetryPolicy::cap), the longest wait that backoff reaches.
        with_cap(cap: Duration);
        /// Sets [`jitter`](RetryPolicy::jitter).
        with_jitter(jitter: bool);
        /// Sets [`total_budget`](RetryPolicy::total_budget), the time for everything.
        with_total_budget(total_budget: Duration);
        /// Sets [`longest_retry_after`](RetryPolicy::longest_retry_after).
        with_longest_retry_after(longest_retry_after: Duration);
    }
}

/// Runs `operation` until it succeeds, fails for good, or `policy` gives up.
///
/// `on_retry` is called for each retry, with the error and the wait before it.
/// [`Failure::retry_after`] lengthens the wait; where the other side
/// [asked for it](Failure::was_asked_to_wait), it uses up no attempt.
///
/// # Errors
/// The last error. When it was worth a retry but the policy ended it, it is
/// [marked](Failure::mark_exhausted), and a retry layer further out leaves it
/// alone: attempts do not multiply.
pub async fn retry<T, E, Operation, Attempt, OnRetry>(
    policy: &RetryPolicy,
    mut operation: Operation,
    mut on_retry: OnRetry,
) -> Result<T, E>
where
    E: Failure,
    Operation: FnMut() -> Attempt,
    Attempt: Future<Output = Result<T, E>>,
    OnRetry: FnMut(&E, Duration),
{
    let started = Instant::now();
    let mut backoff = policy.backoff().build();
    loop {
        let mut error = match operation().await {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if !error.is_retryable() {
            return Err(error);
        }
        let Some(wait) = policy.wait(&error, &mut backoff, started.elapsed()) else {
            error.mark_exhausted();
            return Err(error);
        };
        on_retry(&error, wait);
        tokio::time::sleep(wait).await;
    }
}
