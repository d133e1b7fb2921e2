//! Tokens, scopes and limits of the simulated HubSpot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use std::time::Duration;

use hubspot_client::{Session, crm, inputs, split};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotLimits, HubSpotSimulator};

fn header(headers: &HeaderMap, name: &str) -> Option<u64> {
    let value = headers.get(format!("x-hubspot-ratelimit-{name}"))?;
    Some(value.to_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn wrong_tokens_are_401_and_impossible_ones_never_reach_hubspot() {
    let session = Session::with_fixture().await;
    let address = format!("{}{}", session.hubspot.base_url(), crm("objects/deals"));
    let http = &session.http;
    for request in [
        http.get(&address),
        http.get(&address)
            .bearer_auth(concat!("pat-na1-", "11111111-1111-4111-8111-111111111111")),
        http.get(&address).basic_auth("user", Some(DEFAULT_TOKEN)),
    ] {
        let reply = request.send().await.unwrap();
        let correlation = reply.headers()["x-hubspot-correlation-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let (status, body) = split(reply).await;
        assert_eq!(
            (status, &body["category"]),
            (401, &json!("INVALID_AUTHENTICATION"))
        );
        assert_eq!(body["correlationId"], correlation);
    }
    for token in ["short", "a token with spaces in it", "{{HUBSPOT_TOKEN}}"] {
        let reply = http.get(&address).bearer_auth(token).send().await.unwrap();
        assert_eq!(reply.status(), 530, "{token}");
        assert!(
            reply.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/html")
        );
        assert!(reply.text().await.unwrap().contains("Cloudflare"));
    }
}

#[tokio::test]
async fn tokens_expire_and_are_rotated() {
    let session = Session::with_fixture().await;
    session.state().expire_token();
    let (status, body) = session.get(&crm("objects/deals")).await;
    assert_eq!(
        (status, &body["category"]),
        (401, &json!("EXPIRED_AUTHENTICATION"))
    );
    session.state().rotate_token("another-token-of-ours");
    let (status, body) = session.get(&crm("objects/deals")).await;
    assert_eq!(
        (status, &body["category"]),
        (401, &json!("INVALID_AUTHENTICATION"))
    );
    session.state().rotate_token(DEFAULT_TOKEN);
    assert_eq!(session.get(&crm("objects/deals")).await.0, 200);
}

#[tokio::test]
async fn a_missing_scope_is_403_and_is_named() {
    let builder = HubSpotSimulator::builder().without_scope("crm.objects.contacts.read");
    let session = Session::start(builder).await;
    for path in [
        crm("objects/contacts"),
        crm("associations/contacts/deals/labels"),
    ] {
        let (status, body) = session.get(&path).await;
        assert_eq!((status, &body["category"]), (403, &json!("MISSING_SCOPES")));
        let scopes = &body["errors"][0]["context"]["requiredGranularScopes"];
        assert_eq!(scopes[0], "crm.objects.contacts.read");
    }
    assert_eq!(session.get(&crm("objects/deals")).await.0, 200);
    session.state().revoke_scope("crm.objects.owners.read");
    assert_eq!(session.get(&crm("owners")).await.0, 403);
    session.state().grant_scope("crm.objects.contacts.read");
    assert_eq!(session.get(&crm("objects/contacts")).await.0, 200);
    // Who the account is, any token may know.
    assert_eq!(session.get("/account-info/2026-09/details").await.0, 200);
}

#[tokio::test]
async fn beyond_the_burst_limit_it_is_429_until_the_window_has_rolled() {
    let limits = HubSpotLimits {
        burst: Some(3),
        daily: Some(1_000),
        search_per_second: None,
    };
    let session = Session::start(HubSpotSimulator::builder().limits(limits)).await;
    let send = async || session.request_get(&crm("owners")).send().await.unwrap();
    for left in [2, 1, 0] {
        let reply = send().await;
        let headers = reply.headers();
        assert_eq!(reply.status(), 200);
        assert_eq!(
            (header(headers, "max"), header(headers, "remaining")),
            (Some(3), Some(left))
        );
        assert_eq!(header(headers, "interval-milliseconds"), Some(10_000));
        assert_eq!(header(headers, "daily"), Some(1_000));
        assert_eq!(header(headers, "daily-remaining"), Some(997 + left));
    }
    // The first refusal says little, the second more.
    let bare = send().await;
    assert_eq!(bare.headers().get("retry-after"), None);
    let (status, body) = split(bare).await;
    assert_eq!((status, body.get("category")), (429, None));
    assert_eq!(body["policyName"], "TEN_SECONDLY_ROLLING");
    assert_eq!(
        body["message"],
        "You have reached your ten_secondly_rolling limit."
    );
    assert_eq!(body["errorType"], "RATE_LIMIT");
    let full = send().await;
    let seconds: u64 = full.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=10).contains(&seconds));
    assert_eq!(split(full).await.1["category"], "RATE_LIMITS");

    session.state().pass_time(Duration::from_secs(10));
    assert_eq!(send().await.status(), 200);
    let traffic = session.state().traffic();
    assert_eq!((traffic.requests(), traffic.too_many_requests), (6, 2));
}

#[tokio::test]
async fn searches_have_their_own_limit_and_no_headers() {
    let limits = HubSpotLimits {
        burst: Some(1),
        daily: Some(100),
        search_per_second: Some(2),
    };
    let session = Session::start(HubSpotSimulator::builder().limits(limits)).await;
    let search = async || {
        let request = session.request_post(&crm("objects/deals/search"), &json!({}));
        let reply = request.send().await.unwrap();
        assert_eq!(header(reply.headers(), "max"), None);
        assert_eq!(header(reply.headers(), "daily"), None);
        split(reply).await
    };
    assert_eq!((search().await.0, search().await.0), (200, 200));
    // Two a second pass; how many that is in all is up to the machine.
    let mut refused = None;
    for _ in 0..50 {
        let (status, body) = search().await;
        if status == 429 {
            refused = Some(body);
            break;
        }
    }
    let refused: Value = refused.expect("fifty searches take more than two a second");
    assert_eq!(refused["message"], "You have reached your secondly limit.");
    assert_eq!(refused.get("policyName"), None, "the message alone tells");
    // They left the burst limit alone, which is one request.
    assert_eq!(session.get(&crm("owners")).await.0, 200);
    session.state().pass_time(Duration::from_secs(1));
    assert_eq!(search().await.0, 200);
}

#[tokio::test]
async fn the_daily_limit_counts_everything_and_names_its_policy() {
    let limits = HubSpotLimits {
        daily: Some(2),
        ..HubSpotLimits::default()
    };
    let session = Session::start(HubSpotSimulator::builder().limits(limits)).await;
    let body = json!({"inputs": inputs(&["1"])});
    assert_eq!(
        session
            .post(&crm("objects/deals/batch/read"), &body)
            .await
            .0,
        207
    );
    assert_eq!(
        session
            .post(&crm("objects/deals/search"), &json!({}))
            .await
            .0,
        200
    );
    for path in [crm("owners"), crm("pipelines/deals")] {
        let (status, body) = session.get(&path).await;
        assert_eq!((status, &body["policyName"]), (429, &json!("DAILY")));
    }
    session.state().reset_daily_quota();
    assert_eq!(session.get(&crm("owners")).await.0, 200);
    // An app with OAuth has no such limit and hears nothing of one.
    session.state().set_limits(HubSpotLimits::oauth());
    let reply = session.request_get(&crm("owners")).send().await.unwrap();
    assert_eq!(header(reply.headers(), "max"), Some(110));
    assert_eq!(header(reply.headers(), "daily"), None);
}
