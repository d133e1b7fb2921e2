//! What every operation has: one sending of writes, timeouts, counts, quota, shared limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::sync::Arc;
use std::time::Duration;

use gong_client::groups::permissions::CallUsers;
use gong_client::{ErrorKind, GongClient, Method, SharedLimiter, UserId};
use serde_json::json;
use server::{Reply, Server};

#[tokio::test]
async fn what_changes_something_is_sent_once() {
    for failure in [
        Reply::hang_up(),
        Reply::refused(503, "later"),
        Reply::ok("{"),
    ] {
        let server = Server::replying([failure]).await;
        let gong = server.client();
        let error = gong
            .data_privacy()
            .erase_email_address("a@b.c")
            .await
            .unwrap_err();
        assert!(!error.is_retryable(), "{error:?}");
        assert_eq!(server.received().len(), 1);
        gong.data_privacy()
            .of_email_address("a@b.c")
            .await
            .unwrap_err();
        assert!(server.received().len() > 3, "reading is repeated");
    }
}

#[tokio::test]
async fn a_write_that_was_refused_for_its_rate_is_sent_again() {
    let busy = Reply::refused(429, "slow down").with_header("Retry-After", "0");
    let server = Server::replying([busy, Reply::json(&json!({"requestId": "r1"}))]).await;
    let access = vec![CallUsers::new("7", [UserId::new("1")])];
    let gong = server.client();
    let accepted = gong.permissions().give_call_access(access).await.unwrap();
    assert_eq!(accepted.request_id.as_deref(), Some("r1"));
    let received = server.received();
    assert_eq!(received.len(), 2);
    let body = json!({ "callAccessList": [{ "callId": "7", "userIds": ["1"] }] });
    assert_eq!(
        (received[1].method.as_str(), received[1].json()),
        ("PUT", body)
    );
}

#[tokio::test]
async fn an_id_that_an_address_would_drop_is_refused() {
    let server = Server::replying([Reply::json(&json!({"user": {}}))]).await;
    let gong = server.client();
    for id in ["", ".", ".."] {
        let error = gong.users().get(id).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("id"))
        );
    }
    gong.users().get("a/b?c#d").await.unwrap();
    assert_eq!(server.received()[0].target, "/v2/users/a%2Fb%3Fc%23d");
}

#[tokio::test]
async fn a_request_may_have_less_time_than_others() {
    let server = Server::replying([Reply::stall()]).await;
    let gong = server.client();
    let asked = gong
        .settings()
        .workspaces()
        .timeout(Duration::from_millis(20))
        .await;
    assert_eq!(asked.unwrap_err().kind(), ErrorKind::Transient);
}

#[tokio::test]
async fn what_this_crate_lacks_is_asked_for_by_its_path() {
    let server = Server::replying([Reply::json(&json!({"new": [1]}))]).await;
    let gong = server.client();
    let reply = gong
        .request(Method::POST, "/v2/new")
        .query("a", "b c")
        .json(&json!({"x": 1}))
        .await;
    assert_eq!(reply.unwrap(), json!({"new": [1]}));
    let sent = &server.received()[0];
    assert_eq!(
        (sent.target.as_str(), sent.json()),
        ("/v2/new?a=b+c", json!({"x": 1}))
    );
    for (method, path, field) in [
        (Method::TRACE, "/v2/a", "method"),
        (Method::GET, "v2/a", "path"),
        (Method::GET, "/v2/a?b", "path"),
    ] {
        let error = gong.request(method, path).await.unwrap_err();
        assert_eq!(error.field(), Some(field));
    }
}

#[tokio::test]
async fn requests_are_counted_by_endpoint_and_status() {
    let server = Server::start(|_, number| match number {
        0 => Reply::refused(503, "later"),
        1 => Reply::hang_up(),
        _ => Reply::json(&json!({"user": {}})),
    })
    .await;
    let gong = server.client();
    gong.users().get("1").await.unwrap();
    gong.users().get("2").await.unwrap();
    let counts: Vec<_> = gong
        .counts()
        .iter()
        .map(|c| (c.method, c.endpoint, c.status, c.requests))
        .collect();
    let endpoint = "/v2/users/{id}";
    assert_eq!(
        counts,
        [
            ("GET", endpoint, None, 1),
            ("GET", endpoint, Some(200), 2),
            ("GET", endpoint, Some(503), 1)
        ]
    );
}

#[tokio::test]
async fn a_plan_is_made_from_one_page() {
    let page = json!({
        "records": {"totalRecords": 950, "currentPageSize": 2, "cursor": "c"},
        "users": [{"id": "1"}, {"id": "2"}],
    });
    let server = Server::replying([Reply::json(&page)]).await;
    let config = server.config().with_requests_per_second(1000.0).unwrap();
    let gong = GongClient::new(config.with_daily_requests(Some(400))).unwrap();
    let estimate = gong.users().list(false).estimate().await.unwrap();
    assert_eq!((estimate.requests, estimate.fits_today), (475, false));
    assert_eq!(estimate.least_time, Duration::from_millis(474));
    assert_eq!(
        (gong.quota().await.used_today, gong.remaining_today().await),
        (Some(1), Some(399))
    );
}

#[tokio::test]
async fn clients_that_share_a_limiter_share_its_day() {
    let server = Server::replying([Reply::json(&json!({"workspaces": []}))]).await;
    let limiter = Arc::new(SharedLimiter::new(0.0, Some(3)));
    let client = || GongClient::new(server.config().with_shared_limiter(limiter.clone())).unwrap();
    let (one, other) = (client(), client());
    for gong in [&one, &other, &one] {
        gong.settings().workspaces().await.unwrap();
    }
    let error = other.settings().workspaces().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn processes_that_share_a_file_share_rate_and_day() {
    let server = Server::replying([Reply::json(&json!({"workspaces": []}))]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gong-limits.json");
    // Each as a process of its own: nothing is shared but the file.
    let process = || {
        let limiter = SharedLimiter::new(50.0, Some(12))
            .across_processes(&file)
            .unwrap();
        GongClient::new(server.config().with_shared_limiter(Arc::new(limiter))).unwrap()
    };
    let processes = [process(), process(), process()];
    let begun = std::time::Instant::now();
    let asked = processes.iter().map(async |gong| {
        for _ in 0..4 {
            gong.settings().workspaces().await.unwrap();
        }
    });
    futures_util::future::join_all(asked).await;
    // Twelve requests have eleven intervals between them, whatever the machine does.
    assert!(
        begun.elapsed() >= Duration::from_millis(219),
        "{:?}",
        begun.elapsed()
    );
    let late = process();
    assert_eq!(late.quota().await.used_today, Some(12));
    let error = late.settings().workspaces().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(error.retry_after().unwrap() > Duration::from_secs(23 * 3600));
    // The end of a longer file that was there before.
    let mut kept = std::fs::read_to_string(&file).unwrap();
    kept.push_str("0:1}}");
    std::fs::write(&file, kept).unwrap();
    assert_eq!(process().quota().await.used_today, Some(12));
    // Half a file is a new one; none that can be written is an error.
    std::fs::write(&file, "{\"next\":").unwrap();
    process().settings().workspaces().await.unwrap();
    let error = SharedLimiter::new(1.0, None)
        .across_processes(folder.path())
        .unwrap_err();
    assert_eq!(error.field(), Some("shared_limiter"));
}
