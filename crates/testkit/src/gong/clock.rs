//! The simulator's clock, which a test can set.
//!
//! It determines the `Date` of every reply and the days of the daily quota, so that weeks
//! of runs pass in seconds. Rates per second always use real time.

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

use super::state::SimulatorState;

const SECONDS_A_DAY: i64 = 86_400;

/// The real time, or the time it was set to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    set_to: Option<Timestamp>,
}

impl Clock {
    pub(super) fn set_to(self) -> Option<Timestamp> {
        self.set_to
    }

    pub(super) fn now(self) -> Timestamp {
        self.set_to.unwrap_or_else(Timestamp::now)
    }

    /// The `Date` header.
    pub(super) fn http_date(self) -> String {
        // Years that HTTP cannot write are not served.
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&self.now());
        date.unwrap_or_default()
    }
}

/// The day that holds an instant, and how many seconds of it are left.
pub(super) fn day(now: Timestamp) -> (i64, u64) {
    let second = now.as_second();
    let left = SECONDS_A_DAY - second.rem_euclid(SECONDS_A_DAY);
    (second.div_euclid(SECONDS_A_DAY), left.unsigned_abs())
}

impl SimulatorState {
    /// What time it is for the simulated Gong.
    pub fn now(&self) -> Timestamp {
        self.shared.lock().clock.now()
    }

    /// Sets the clock, which then stands until it is set again. A daily quota is a
    /// quota of days from midnight to midnight UTC from then on.
    pub fn set_now(&self, now: Timestamp) {
        self.shared.lock().clock.set_to = Some(now);
    }

    /// Sets the clock ahead.
    pub fn advance(&self, by: Duration) {
        let clock = &mut self.shared.lock().clock;
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let now = clock.now();
        clock.set_to = Some(now.checked_add(by).unwrap_or(Timestamp::MAX));
    }
}
