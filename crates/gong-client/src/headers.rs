//! What the headers of a reply tell: times, and Gong's name for the request.

use std::time::Duration;

use calls::Timestamp;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Longest trace id that is believed; Gong's have about twenty characters.
const MAX_TRACE_ID: usize = 64;

/// `Date`: when the reply was made, by the server's clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// `x-traceid`: Gong's name for the request, which is also the `requestId` of its
/// errors. Nothing that could flood a log.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get("x-traceid")?.to_str().ok()?;
    (id.len() <= MAX_TRACE_ID).then_some(id)
}

/// `Retry-After` in seconds or as a date. A date is measured against the reply's
/// own `Date`, because the two clocks may differ.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let now = date(headers).unwrap_or_else(Timestamp::now);
    Some(Duration::try_from(http_date(text)?.duration_since(now)).unwrap_or_default())
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text.trim())
        .ok()
}
