//! The company's clock: Gong sends times with the company's offset, summer time
//! included, and with as many fractional digits as are needed.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ZonedDateTime};

/// US Pacific time, as rules in one line: no time zone database is needed.
const COMPANY_ZONE: &str = "PST8PDT,M3.2.0,M11.1.0";

/// Converts instants to the company's wall clock.
#[derive(Debug, Clone)]
pub(crate) struct CompanyClock(TimeZone);

impl CompanyClock {
    pub(crate) fn new() -> Self {
        // The rules are a constant; a test sees to it that they are read.
        Self(TimeZone::posix(COMPANY_ZONE).unwrap_or(TimeZone::UTC))
    }

    pub(crate) fn local(&self, instant: Timestamp) -> ZonedDateTime {
        instant.to_zoned_datetime(self.0.clone())
    }

    /// ISO 8601 with offset, such as `2026-05-19T03:30:46.81-07:00`.
    pub(crate) fn wire(&self, instant: Timestamp) -> String {
        self.local(instant)
            .strftime("%Y-%m-%dT%H:%M:%S%.f%:z")
            .to_string()
    }

    /// A time of day on the working day at or before `days` days before `anchor`.
    pub(super) fn working_time(
        &self,
        anchor: Timestamp,
        days: i64,
        hour: i8,
        minute: i8,
    ) -> Option<Timestamp> {
        let mut date = self
            .local(anchor)
            .date()
            .checked_sub(Span::new().days(days))
            .ok()?;
        while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
            date = date.yesterday().ok()?;
        }
        let local = date
            .at(hour, minute, 0, 0)
            .to_zoned_datetime(self.0.clone())
            .ok()?;
        Some(local.timestamp())
    }
}

/// English name of a working day, `days` working days after an instant.
pub(super) fn working_day_after(local: &ZonedDateTime, days: usize) -> &'static str {
    const NAMES: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let today = local.weekday().to_monday_zero_offset().clamp(0, 4) as usize;
    NAMES[(today + days) % NAMES.len()]
}

/// English name of a month.
pub(super) fn month_name(local: &ZonedDateTime) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES[(local.month().clamp(1, 12) - 1) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_follow_summer_time_and_fractions_are_as_short_as_they_can_be() {
        let clock = CompanyClock::new();
        let wire = |text: &str| clock.wire(text.parse().unwrap());
        assert_eq!(
            wire("2026-05-19T10:30:46.81Z"),
            "2026-05-19T03:30:46.81-07:00"
        );
        assert_eq!(wire("2026-01-12T13:30:00Z"), "2026-01-12T05:30:00-08:00");
        assert_eq!(
            wire("2026-01-12T13:30:00.041977Z"),
            "2026-01-12T05:30:00.041977-08:00"
        );
    }
}
