//! The simulated Gong's own time: its `Date`, and the days of its quota.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use std::time::Duration;

use client::Session;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use testkit::gong::{GongLimits, GongSimulator};

fn header(reply: &reqwest::Response, name: &str) -> Option<String> {
    let value = reply.headers().get(name)?;
    Some(value.to_str().unwrap().to_owned())
}

async fn date(session: &Session) -> String {
    let reply = session.request_get("/v2/users").send().await.unwrap();
    header(&reply, "date").unwrap()
}

#[tokio::test]
async fn replies_are_dated_by_a_clock_that_can_be_set() {
    let (session, _) = Session::small().await;
    let state = session.gong.state();
    let real = DateTimeParser::new()
        .parse_timestamp(date(&session).await)
        .unwrap();
    assert!(Timestamp::now().duration_since(real).as_secs() < 60);

    state.set_now("2026-03-01T23:59:59.9Z".parse().unwrap());
    assert_eq!(date(&session).await, "Sun, 01 Mar 2026 23:59:59 GMT");
    state.advance(Duration::from_secs(86_400));
    assert_eq!(date(&session).await, "Mon, 02 Mar 2026 23:59:59 GMT");
    assert_eq!(state.now().to_string(), "2026-03-02T23:59:59.9Z");

    // Refusals are dated as well.
    let refused = session.http.get(format!("{}/v2/users", session.gong.url()));
    let refused = refused.send().await.unwrap();
    assert_eq!(refused.status(), 401);
    assert_eq!(
        header(&refused, "date").unwrap(),
        "Mon, 02 Mar 2026 23:59:59 GMT"
    );
}

#[tokio::test]
async fn a_daily_quota_lasts_from_midnight_to_midnight_over_weeks() {
    let limits = GongLimits {
        requests_per_day: Some(3),
        ..GongLimits::default()
    };
    let session = Session::start(GongSimulator::builder().limits(limits)).await;
    let state = session.gong.state();
    state.set_now("2026-03-01T18:00:00Z".parse().unwrap());
    for day in 0..21 {
        for _ in 0..3 {
            assert_eq!(session.get("/v2/users").await.0, 200, "day {day}");
        }
        for hours in [6, 5] {
            let refused = session.request_get("/v2/users").send().await.unwrap();
            assert_eq!(refused.status(), 429, "day {day}");
            let wait: u64 = header(&refused, "retry-after").unwrap().parse().unwrap();
            assert_eq!(wait, hours * 3_600);
            state.advance(Duration::from_secs(3_600));
        }
        state.advance(Duration::from_secs(22 * 3_600));
    }
    assert_eq!(state.traffic().too_many_requests, 42);
}

#[tokio::test]
async fn the_wait_for_the_next_day_can_be_another() {
    let limits = GongLimits {
        requests_per_day: Some(0),
        daily_retry_after: Some(Duration::from_secs(7_200)),
        ..GongLimits::default()
    };
    let session = Session::start(GongSimulator::builder().limits(limits)).await;
    session
        .gong
        .state()
        .set_now("2026-03-01T18:00:00Z".parse().unwrap());
    let refused = session.request_get("/v2/users").send().await.unwrap();
    assert_eq!(header(&refused, "retry-after").unwrap(), "7200");
}
