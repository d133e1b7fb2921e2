//! Gong's limits on requests: a rate per second and a number per day.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::clock::day;

/// Seconds to wait for a day whose end nobody knows.
const UNKNOWN_DAY: u64 = 6 * 3600;

/// Limits of the simulated company; Gong's own are 3 requests/s and 10,000 a
/// day, shared by all keys. Off by default.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GongLimits {
    /// Requests a second, as a token bucket that holds one second's worth.
    pub requests_per_second: Option<f64>,
    /// Requests a day. Days are those of a clock that was
    /// [set](super::SimulatorState::set_now), from midnight to midnight UTC; before
    /// that there is one day, from the start or from
    /// [`reset_daily_quota`](super::SimulatorState::reset_daily_quota).
    pub requests_per_day: Option<u64>,
    /// `Retry-After` once the daily quota is used up. `None`, the default: until the
    /// next day by a clock that was set, else six hours; real ones have been hours.
    pub daily_retry_after: Option<Duration>,
}

impl GongLimits {
    /// The limits Gong documents: 3 requests/s, 10,000 per day.
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
    /// The day that `today` counts, by a clock that was set.
    day: Option<i64>,
}

impl LimitMeter {
    pub(super) fn new(limits: GongLimits, now: Instant) -> Self {
        Self {
            limits,
            tokens: capacity(limits),
            filled: now,
            today: 0,
            day: None,
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

    /// Takes one request, or says after how many whole seconds to come back. `date`
    /// is what a clock that was set says.
    pub(super) fn admit(&mut self, now: Instant, date: Option<Timestamp>) -> Result<(), u64> {
        let date = date.map(day);
        if let Some((day, _)) = date
            && self.day.replace(day) != Some(day)
        {
            self.today = 0;
        }
        if self
            .limits
            .requests_per_day
            .is_some_and(|most| self.today >= most)
        {
            let asked = self.limits.daily_retry_after.map(|wait| wait.as_secs());
            let until_tomorrow = date.map_or(UNKNOWN_DAY, |(_, left)| left);
            return Err(asked.unwrap_or(until_tomorrow).max(1));
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
#[allow(clippy::unwrap_used)]
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
            assert_eq!(meter.admit(start, None), Ok(()));
        }
        assert_eq!(meter.admit(start, None), Err(1));
        assert_eq!(
            meter.admit(start + Duration::from_millis(334), None),
            Ok(())
        );
        assert_eq!(
            meter.admit(start + Duration::from_millis(340), None),
            Err(1)
        );
    }

    #[test]
    fn the_daily_quota_asks_for_hours() {
        let now = Instant::now();
        let limits = GongLimits {
            requests_per_day: Some(2),
            ..GongLimits::default()
        };
        let mut meter = LimitMeter::new(limits, now);
        assert_eq!(
            (meter.admit(now, None), meter.admit(now, None)),
            (Ok(()), Ok(()))
        );
        assert_eq!(meter.admit(now, None), Err(21_600));
        meter.reset_day();
        assert_eq!(meter.admit(now, None), Ok(()));
    }

    #[test]
    fn days_end_at_midnight_by_a_clock_that_was_set() {
        let now = Instant::now();
        let limits = GongLimits {
            requests_per_day: Some(1),
            ..GongLimits::default()
        };
        let mut meter = LimitMeter::new(limits, now);
        let at = |text: &str| Some(text.parse().unwrap());
        assert_eq!(meter.admit(now, at("2026-03-01T22:00:00Z")), Ok(()));
        assert_eq!(meter.admit(now, at("2026-03-01T23:00:00Z")), Err(3_600));
        assert_eq!(meter.admit(now, at("2026-03-02T00:00:00Z")), Ok(()));
        assert_eq!(meter.admit(now, at("2026-03-02T00:00:00Z")), Err(86_400));
    }
}
