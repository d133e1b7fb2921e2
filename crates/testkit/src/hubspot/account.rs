//! The account itself: a test of the token, and what is left of the day's requests.

use jiff::Timestamp;
use serde_json::json;

use super::limits::LimitMeter;
use super::record::with_milliseconds;
use super::reply::Reply;
use super::state::Settings;

pub(super) fn details(settings: &Settings) -> Reply {
    Reply::ok(&json!({
        "portalId": settings.portal_id,
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
    let usage = meter.limits.daily.map(|limit| {
        json!({
            "name": "private-apps-api-calls-daily",
            "usageLimit": limit,
            "currentUsage": meter.today,
            "collectedAt": with_milliseconds(now),
            "fetchStatus": "SUCCESS",
            "resetsAt": "2027-01-01T05:00:00Z",
        })
    });
    let results: Vec<_> = usage.into_iter().collect();
    Reply::ok(&json!({"results": results}))
}
