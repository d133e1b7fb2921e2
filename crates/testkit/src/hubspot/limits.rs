//! HubSpot's limits: requests per ten seconds, requests per day, searches per second.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const BURST_WINDOW: Duration = Duration::from_secs(10);
/// What a refusal for the day's limit asks to wait: the simulator's own.
const DAILY_WAIT_SECONDS: u64 = 6 * 3_600;
const SEARCH_WINDOW: Duration = Duration::from_secs(1);

/// Limits of the simulated account; none by default. Requests that are refused count
/// for none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HubSpotLimits {
    /// Requests other than searches in any ten seconds.
    pub burst: Option<usize>,
    /// Requests of any kind in a day, counted from the start or from
    /// [`reset_daily_quota`](super::HubSpotState::reset_daily_quota). OAuth apps have no
    /// such limit, and no headers about it.
    pub daily: Option<u64>,
    /// Searches in any second.
    pub search_per_second: Option<usize>,
}

impl HubSpotLimits {
    /// Free and Starter accounts: 100 per ten seconds, 250,000 per day, 5 searches per second.
    pub fn free() -> Self {
        Self {
            burst: Some(100),
            daily: Some(250_000),
            search_per_second: Some(5),
        }
    }

    /// Professional accounts: 190 per ten seconds, 650,000 per day, 5 searches per second.
    pub fn professional() -> Self {
        Self {
            burst: Some(190),
            daily: Some(650_000),
            ..Self::free()
        }
    }

    /// A public app: 110 in ten seconds for each account, 5 searches a second.
    pub fn oauth() -> Self {
        Self {
            burst: Some(110),
            daily: None,
            ..Self::free()
        }
    }
}

/// Which limit a 429 is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitPolicy {
    /// `TEN_SECONDLY_ROLLING`: the burst limit.
    TenSecondlyRolling,
    /// `SECONDLY`: the limit of searches.
    Secondly,
    /// `DAILY`: nothing more today.
    Daily,
}

impl LimitPolicy {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TenSecondlyRolling => "TEN_SECONDLY_ROLLING",
            Self::Secondly => "SECONDLY",
            Self::Daily => "DAILY",
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::TenSecondlyRolling => "You have reached your ten_secondly_rolling limit.",
            Self::Secondly => "You have reached your secondly limit.",
            Self::Daily => "You have reached your daily limit.",
        }
    }
}

/// Why a request is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) policy: LimitPolicy,
    /// Whole seconds after which to come back.
    pub(super) wait_seconds: u64,
}

/// Counts requests against [`HubSpotLimits`].
#[derive(Debug)]
pub(super) struct LimitMeter {
    pub(super) limits: HubSpotLimits,
    burst: VecDeque<Instant>,
    searches: VecDeque<Instant>,
    pub(super) today: u64,
}

impl LimitMeter {
    pub(super) fn new(limits: HubSpotLimits) -> Self {
        Self {
            limits,
            burst: VecDeque::new(),
            searches: VecDeque::new(),
            today: 0,
        }
    }

    /// Takes one request, or says why not.
    pub(super) fn admit(&mut self, is_search: bool, now: Instant) -> Result<(), Refusal> {
        if self.limits.daily.is_some_and(|most| self.today >= most) {
            return Err(Refusal {
                policy: LimitPolicy::Daily,
                wait_seconds: DAILY_WAIT_SECONDS,
            });
        }
        let (times, window, most, policy) = match is_search {
            true => (
                &mut self.searches,
                SEARCH_WINDOW,
                self.limits.search_per_second,
                LimitPolicy::Secondly,
            ),
            false => (
                &mut self.burst,
                BURST_WINDOW,
                self.limits.burst,
                LimitPolicy::TenSecondlyRolling,
            ),
        };
        if let Some(most) = most {
            while times
                .front()
                .is_some_and(|first| now.duration_since(*first) >= window)
            {
                times.pop_front();
            }
            if times.len() >= most {
                let oldest = times
                    .front()
                    .map_or(window, |first| window - now.duration_since(*first));
                return Err(Refusal {
                    policy,
                    wait_seconds: oldest.as_secs_f64().ceil() as u64,
                });
            }
            times.push_back(now);
        }
        self.today += 1;
        Ok(())
    }

    /// The headers of a reply other than a search's.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if let Some(most) = self.limits.burst {
            let left = most.saturating_sub(self.burst.len());
            headers.push(("x-hubspot-ratelimit-max", most.to_string()));
            headers.push(("x-hubspot-ratelimit-remaining", left.to_string()));
            let window = BURST_WINDOW.as_millis().to_string();
            headers.push(("x-hubspot-ratelimit-interval-milliseconds", window));
        }
        if let Some(most) = self.limits.daily {
            let left = most.saturating_sub(self.today);
            headers.push(("x-hubspot-ratelimit-daily", most.to_string()));
            headers.push(("x-hubspot-ratelimit-daily-remaining", left.to_string()));
        }
        headers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_burst_window_rolls_and_searches_have_their_own() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut meter = LimitMeter::new(HubSpotLimits {
            burst: Some(2),
            daily: None,
            search_per_second: Some(1),
        });
        assert_eq!(meter.admit(false, at(0)), Ok(()));
        assert_eq!(meter.admit(false, at(4_000)), Ok(()));
        let refusal = meter.admit(false, at(4_500)).unwrap_err();
        assert_eq!(
            (refusal.policy, refusal.wait_seconds),
            (LimitPolicy::TenSecondlyRolling, 6)
        );
        assert_eq!(meter.admit(true, at(4_500)), Ok(()));
        assert_eq!(
            meter.admit(true, at(5_499)).unwrap_err().policy,
            LimitPolicy::Secondly
        );
        assert_eq!(meter.admit(true, at(5_500)), Ok(()));
        // The first has left the window, the second has not.
        assert_eq!(meter.admit(false, at(10_000)), Ok(()));
        assert!(meter.admit(false, at(13_999)).is_err());
    }

    #[test]
    fn every_request_counts_for_the_day() {
        let now = Instant::now();
        let mut meter = LimitMeter::new(HubSpotLimits {
            daily: Some(2),
            ..HubSpotLimits::default()
        });
        assert_eq!(
            (meter.admit(false, now), meter.admit(true, now)),
            (Ok(()), Ok(()))
        );
        assert_eq!(
            meter.admit(false, now).unwrap_err().policy,
            LimitPolicy::Daily
        );
    }
}
