//! Gong's limits on requests: a rate per second and a number per day.

use std::time::{Duration, Instant};

/// Limits of the simulated company; Gong's own are 3 requests/s and 10,000 a
/// day, shared by all keys. Off by default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GongLimits {
    /// Requests a second, as a token bucket that holds one second's worth.
    pub requests_per_second: Option<f64>,
    /// Requests a day, counted from the start or from
    /// [`reset_daily_quota`](super::SimulatorState::reset_daily_quota).
    pub requests_per_day: Option<u64>,
    /// `Retry-After` once the daily quota is used up; after real ones it has been hours.
    pub daily_retry_after: Duration,
}

impl Default for GongLimits {
    fn default() -> Self {
        Self {
            requests_per_second: None,
            requests_per_day: None,
            daily_retry_after: Duration::from_secs(6 * 3600),
        }
    }
}

impl GongLimits {
    /// The limits Gong documents: 3 requests/s, 10,000 a day.
    pub fn as_documented() -> Self {
        Self {
            requests_per_second: Some(3.0),
            requests_per_day: Some(10_000),
            ..Self::default()
        }
    }
}

/// Counts requests against [`GongLimits`].
#[derive(Debug)]
pub(super) struct LimitMeter {
    limits: GongLimits,
    tokens: f64,
    filled: Instant,
    today: u64,
}

impl LimitMeter {
    pub(super) fn new(limits: GongLimits, now: Instant) -> Self {
        Self {
            limits,
            tokens: capacity(limits),
            filled: now,
            today: 0,
        }
    }

    pub(super) fn set_limits(&mut self, limits: GongLimits, now: Instant) {
        self.limits = limits;
        self.tokens = capacity(limits);
        self.filled = now;
    }

    pub(super) fn reset_day(&mut self) {
        self.today = 0;
    }

    /// Takes one request, or says after how many whole seconds to come back.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), u64> {
        if self
            .limits
            .requests_per_day
            .is_some_and(|most| self.today >= most)
        {
            return Err(self.limits.daily_retry_after.as_secs().max(1));
        }
        if let Some(rate) = self.limits.requests_per_second {
            let gained = now.duration_since(self.filled).as_secs_f64() * rate;
            self.tokens = (self.tokens + gained).min(capacity(self.limits));
            self.filled = now;
            if self.tokens < 1.0 {
                let seconds = (1.0 - self.tokens) / rate;
                return Err(seconds.ceil().max(1.0) as u64);
            }
            self.tokens -= 1.0;
        }
        self.today += 1;
        Ok(())
    }
}

fn capacity(limits: GongLimits) -> f64 {
    limits.requests_per_second.unwrap_or_default().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holds_its_rate_and_not_one_more() {
        let start = Instant::now();
        let limits = GongLimits {
            requests_per_second: Some(3.0),
            ..GongLimits::default()
        };
        let mut meter = LimitMeter::new(limits, start);
        for _ in 0..3 {
            assert_eq!(meter.admit(start), Ok(()));
        }
        assert_eq!(meter.admit(start), Err(1));
        assert_eq!(meter.admit(start + Duration::from_millis(334)), Ok(()));
        assert_eq!(meter.admit(start + Duration::from_millis(340)), Err(1));
    }

    #[test]
    fn the_daily_quota_asks_for_hours() {
        let now = Instant::now();
        let limits = GongLimits {
            requests_per_day: Some(2),
            ..GongLimits::default()
        };
        let mut meter = LimitMeter::new(limits, now);
        assert_eq!((meter.admit(now), meter.admit(now)), (Ok(()), Ok(())));
        assert_eq!(meter.admit(now), Err(21_600));
        meter.reset_day();
        assert_eq!(meter.admit(now), Ok(()));
    }
}
