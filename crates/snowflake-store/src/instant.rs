//! Instants as text that sorts chronologically, the same for every store.
//!
//! `2026-11-22T10:00:00+00:00`, with as many digits of a second as there are.
//! The offset `+00:00` rather than `Z` keeps the order where fractions differ in
//! length: `+` sorts before `.` and before digits, `Z` after both.

use calls::Timestamp;
use jiff::SignedDuration;

/// An instant as it is stored, without loss.
pub(crate) fn text(instant: Timestamp) -> String {
    let mut text = instant.to_string();
    if text.ends_with('Z') {
        text.pop();
        text.push_str("+00:00");
    }
    text
}

/// The time of a row's last change: always of the same length, see `0001_landing.sql`.
pub(crate) fn stamp(instant: Timestamp) -> String {
    let mut text = format!("{instant:.3}");
    if text.ends_with('Z') {
        text.pop();
        text.push_str("+00:00");
    }
    text
}

/// As far back as there are instants: nothing is older than the first.
pub(crate) fn days_before(now: Timestamp, days: i64) -> Timestamp {
    days.checked_mul(24)
        .filter(|hours| hours.abs() < i64::from(u32::MAX))
        .and_then(|hours| now.checked_sub(SignedDuration::from_hours(hours)).ok())
        .unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_time_does_and_reads_back() {
        let seconds = ["2026-11-22T09:59:59.999999999Z", "2026-11-22T10:00:00Z"];
        let fractions = ["2026-11-22T10:00:00.4Z", "2026-11-22T10:00:00.45Z"];
        let last = ["2026-11-22T10:00:00.5Z", "2026-11-22T10:00:01Z"];
        let instants: Vec<Timestamp> = [seconds, fractions, last]
            .concat()
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let texts: Vec<String> = instants.iter().copied().map(text).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        for (instant, text) in instants.iter().zip(&texts) {
            assert_eq!(text.parse::<Timestamp>().unwrap(), *instant);
        }
    }

    #[test]
    fn stamps_have_one_length() {
        for instant in ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123456789Z"] {
            assert_eq!(stamp(instant.parse().unwrap()).len(), 29);
        }
    }
}
