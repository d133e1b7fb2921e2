//! Days and times as the reader's wall shows them.

use calls::Timestamp;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

/// Writes times in one time zone.
#[derive(Debug, Clone)]
pub(super) struct Dates(pub(super) TimeZone);

impl Dates {
    /// `3 Feb 2026, 10:00 CET`.
    pub(super) fn day_and_time(&self, at: Timestamp) -> String {
        let local = at.to_zoned_datetime(self.0.clone());
        local.strftime("%-d %b %Y, %H:%M %Z").to_string()
    }

    /// `3 Feb 2026`.
    pub(super) fn day(&self, at: Timestamp) -> String {
        let local = at.to_zoned_datetime(self.0.clone());
        local.strftime("%-d %b %Y").to_string()
    }

    /// The day before an end that is not part of a period any more.
    pub(super) fn last_day(&self, end: Timestamp) -> String {
        let last = end.checked_sub(SignedDuration::from_nanos(1));
        self.day(last.unwrap_or(end))
    }

    /// A date that has no time, which is kept as its midnight in UTC.
    pub(super) fn date(at: Timestamp) -> String {
        at.strftime("%-d %b %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_call_is_on_the_readers_day() {
        let at: Timestamp = "2026-02-03T23:30:00Z".parse().unwrap();
        let dates = Dates(TimeZone::fixed(jiff::tz::offset(1)));
        assert_eq!(dates.day(at), "4 Feb 2026");
        assert_eq!(dates.day_and_time(at), "4 Feb 2026, 00:30 +01");
        assert_eq!(Dates::date(at), "3 Feb 2026");
    }
}
