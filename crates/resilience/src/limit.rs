//! Keeps to the other side's limits before it has to enforce them.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter as Governor};
use tokio::time::Instant;

use crate::quota::RollingDay;

/// Requests per second, and requests per rolling twenty-four hours.
///
/// The rate is spaced evenly (GCRA): with 3 per second, no second sees more than
/// 3 requests, the first included. From 100 per second on, up to 10 ms worth may
/// go at once, because timers are no finer. Waiters are served in the order they
/// came.
///
/// The budget rolls: any twenty-four hours hold at most that many requests,
/// whenever the other side's day begins. It is counted in this process only;
/// others who share the quota are not seen, so the other side's refusal remains
/// the last word ([`hold`](Self::hold)).
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// use resilience::RateLimiter;
///
/// let limiter = RateLimiter::new(3.0, Some(2));
/// assert!(limiter.acquire().await.is_ok());
/// assert!(limiter.acquire().await.is_ok());
/// let refused = limiter.acquire().await.unwrap_err();
/// assert!(refused.free_after.as_secs() > 23 * 60 * 60);
/// # }
/// ```
pub struct RateLimiter {
    governor: Option<Governor<NotKeyed, InMemoryState, TokioClock, NoOpMiddleware<Duration>>>,
    clock: TokioClock,
    day: Option<Mutex<RollingDay>>,
    held_until: Mutex<Option<Instant>>,
    /// Tokio's mutex is fair: it is the queue of those who wait.
    queue: tokio::sync::Mutex<()>,
}

/// Permission to send one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// How long the wait was; zero when there was none.
    pub waited: Duration,
}

/// The budget of twenty-four hours is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the budget of {limit} requests in 24 hours is used up")]
#[non_exhaustive]
pub struct BudgetExhausted {
    /// The budget.
    pub limit: u64,
    /// Time until at least one request fits again.
    pub free_after: Duration,
}

impl RateLimiter {
    /// A limiter for `per_second` requests (0 or less, or not a number: no limit)
    /// and `per_day` requests in any twenty-four hours (`None`: no limit).
    pub fn new(per_second: f64, per_day: Option<u64>) -> Self {
        let clock = TokioClock {
            start: Instant::now(),
        };
        Self {
            governor: quota(per_second).map(|quota| Governor::direct_with_clock(quota, clock)),
            clock,
            day: per_day.map(|limit| Mutex::new(RollingDay::new(limit))),
            held_until: Mutex::new(None),
            queue: tokio::sync::Mutex::new(()),
        }
    }

    /// Waits until one more request may be sent, and counts it.
    ///
    /// Dropping the future gives up the place in the queue.
    ///
    /// # Errors
    /// [`BudgetExhausted`] at once, without waiting, when the day's budget is used up.
    pub async fn acquire(&self) -> Result<Admission, BudgetExhausted> {
        let asked = Instant::now();
        let mut delayed = false;
        let _turn = match self.queue.try_lock() {
            Ok(turn) => turn,
            Err(_) => {
                delayed = true;
                self.queue.lock().await
            }
        };
        delayed |= self.wait_while_held().await;
        if let Some(day) = &self.day {
            let mut day = lock(day);
            let limit = day.limit();
            day.room(Instant::now())
                .map_err(|free_after| BudgetExhausted { limit, free_after })?;
        }
        if let Some(governor) = &self.governor {
            while let Err(not_until) = governor.check() {
                delayed = true;
                tokio::time::sleep(not_until.wait_time_from(self.clock.now())).await;
            }
        }
        // Counted last: who gives up while waiting has used nothing.
        if let Some(day) = &self.day {
            lock(day).count(Instant::now());
        }
        let waited = if delayed {
            asked.elapsed()
        } else {
            Duration::ZERO
        };
        Ok(Admission { waited })
    }

    /// Lets nobody through for `duration`: the other side has asked to wait, and
    /// means everybody. A hold that is already longer stays.
    pub fn hold(&self, duration: Duration) {
        let until = Instant::now() + duration;
        let mut held_until = lock(&self.held_until);
        *held_until = Some(held_until.map_or(until, |held| held.max(until)));
    }

    /// The day's budget; `None` when there is none.
    pub fn budget(&self) -> Option<u64> {
        Some(lock(self.day.as_ref()?).limit())
    }

    /// What is left of the day's budget; `None` when there is no budget.
    pub fn remaining_today(&self) -> Option<u64> {
        let day = self.day.as_ref()?;
        Some(lock(day).remaining(Instant::now()))
    }

    /// Says whether there was a hold.
    async fn wait_while_held(&self) -> bool {
        let mut held = false;
        // A hold may be prolonged while it is waited for.
        loop {
            let held_until = *lock(&self.held_until);
            match held_until {
                Some(until) if until > Instant::now() => {
                    held = true;
                    tokio::time::sleep_until(until).await;
                }
                _ => return held,
            }
        }
    }
}

impl fmt::Debug for RateLimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimiter")
            .field("limited", &self.governor.is_some())
            .field("remaining_today", &self.remaining_today())
            .finish()
    }
}

/// A panic elsewhere cannot leave these numbers half written.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn quota(per_second: f64) -> Option<Quota> {
    if !(per_second.is_finite() && per_second > 0.0) {
        return None;
    }
    // Slower than once in eleven days is as good as that.
    let period = Duration::from_secs_f64(1.0 / per_second.max(1e-6)).max(Duration::from_nanos(1));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let burst = (per_second / 100.0) as u32;
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period).map(|quota| quota.allow_burst(burst))
}

/// Governor's time from tokio's clock, which tests can pause.
#[derive(Debug, Clone, Copy)]
struct TokioClock {
    start: Instant,
}

impl Clock for TokioClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.start.elapsed()
    }
}
