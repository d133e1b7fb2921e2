//! The simulator's clock, which a test can set.
//!
//! It determines the `Date` of every reply and the days of the daily quota, so that weeks
//! of runs pass in seconds. Rates per second always use real time.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

const SECONDS_A_DAY: i64 = 86_400;

/// The real time, or the time it was set to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    pub(super) set_to: Option<Timestamp>,
}

impl Clock {
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
