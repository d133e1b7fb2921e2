//! The account itself: a test of the token, and what is left of the day's requests.

use jiff::Timestamp;
use serde_json::json;

use super::limits::LimitMeter;
use super::reply::Reply;
use super::wire::{PORTAL_ID, with_milliseconds};

pub(super) fn details() -> Reply {
    Reply::ok(&json!({
        "portalId": PORTAL_ID,
        "accountType": "STANDARD",
        "timeZone": "US/Eastern",
        "companyCurrency": "USD",
        "additionalCurrencies": [],
        "utcOffset": "-05:00",
        "utcOffsetMilliseconds": -18_000_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }))
}

/// Without a daily limit, as for OAuth apps, there is nothing to tell.
pub(super) fn daily_usage(meter: &LimitMeter) -> Reply {
    let now = Timestamp::now();
    let resets_at = Timestamp::from_second(next_midnight(now.as_second())).unwrap_or(now);
    let usage = meter.limits.daily.map(|limit| {
        json!({
            "name": "private-apps-api-calls-daily",
            "usageLimit": limit,
            "currentUsage": meter.today,
            "collectedAt": with_milliseconds(now),
            "fetchStatus": "SUCCESS",
            "resetsAt": resets_at.to_string(),
        })
    });
    let results: Vec<_> = usage.into_iter().collect();
    Reply::ok(&json!({"results": results}))
}

/// Midnight in the account's time zone, five hours behind UTC.
fn next_midnight(now: i64) -> i64 {
    const DAY: i64 = 86_400;
    const BEHIND: i64 = 5 * 3_600;
    ((now - BEHIND).div_euclid(DAY) + 1) * DAY + BEHIND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_five_in_the_morning_of_utc() {
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        let end = second("2026-11-23T05:00:00Z");
        assert_eq!(next_midnight(second("2026-11-23T04:59:59Z")), end);
        assert_eq!(next_midnight(second("2026-11-22T05:00:00Z")), end);
        assert_eq!(next_midnight(end), end + 86_400);
    }
}
