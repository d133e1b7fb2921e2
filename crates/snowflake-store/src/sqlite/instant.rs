//! Instants as text that sorts as time does.
//!
//! `2026-11-22T10:00:00+00:00`, with as many digits of a second as there are.
//! The offset `+00:00` rather than `Z` keeps the order where fractions differ in
//! length: `+` sorts before `.` and before digits, `Z` after both.

use calls::Timestamp;

use super::failure::{JobResult, unreadable};

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

/// Reads what [`text`] or [`stamp`] wrote.
pub(crate) fn parse(text: &str, column: &str) -> JobResult<Timestamp> {
    text.parse().map_err(|_| unreadable(column))
}

/// As [`parse`], for columns that may be null.
pub(crate) fn parse_optional(text: Option<String>, column: &str) -> JobResult<Option<Timestamp>> {
    text.map(|text| parse(&text, column)).transpose()
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
            assert_eq!(parse(text, "T").unwrap(), *instant);
        }
    }

    #[test]
    fn stamps_have_one_length() {
        for instant in ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123456789Z"] {
            assert_eq!(stamp(instant.parse().unwrap()).len(), 29);
        }
    }
}
