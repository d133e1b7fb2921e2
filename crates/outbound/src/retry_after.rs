//! How long a server asks to wait.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// `Retry-After` in seconds or as a date. A date is measured against the reply's own
/// `Date`, because the two clocks may differ. What is neither asks for nothing.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date(text)?;
    let now = date(headers).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

/// When a reply says that it was made.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(text(headers, DATE)?)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// In any of the three forms that RFC 9110 makes a recipient read.
fn http_date(text: &str) -> Option<Timestamp> {
    let today = jiff::fmt::rfc2822::DateTimeParser::new();
    if let Ok(at) = today.parse_timestamp(text) {
        return Some(at);
    }
    let old = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let mut read = old
        .iter()
        .filter_map(|form| DateTime::strptime(form, text).ok());
    TimeZone::UTC.to_timestamp(read.next()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        let date = "Mon, 23 Nov 2026 10:00:00 GMT".parse().unwrap();
        headers.insert(DATE, date);
        headers.insert(RETRY_AFTER, value.parse().unwrap());
        retry_after(&headers)
    }

    #[test]
    fn seconds_and_dates_are_read() {
        for (value, seconds) in [
            ("0", 0),
            (" 12 ", 12),
            ("Mon, 23 Nov 2026 10:01:00 GMT", 60),
            ("Monday, 23-Nov-26 10:01:00 GMT", 60),
            ("Mon Nov 23 10:01:00 2026", 60),
            ("Mon, 23 Nov 2026 09:00:00 GMT", 0),
        ] {
            assert_eq!(wait(value), Some(Duration::from_secs(seconds)), "{value}");
        }
        assert_eq!(wait("0.25"), Some(Duration::from_millis(250)));
    }

    #[test]
    fn what_is_neither_asks_for_nothing() {
        for value in [
            "",
            "soon",
            "-5",
            "NaN",
            "inf",
            "1e400",
            "1e30",
            "2026-11-23",
        ] {
            assert_eq!(wait(value), None, "{value}");
        }
    }
}
