//! What unsuccessful replies become.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::time::Duration;

use calls::CallId;
use gong_client::{CallFilter, ContentSelector, Error, GongApi, TranscriptFilter};
use resilience::{ErrorKind, Failure};
use server::{Reply, Server};

async fn refused(reply: Reply) -> (Error, usize) {
    let server = Server::replying([reply]).await;
    let error = server
        .client()
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap_err();
    (error, server.received().len())
}

#[tokio::test]
async fn nothing_found_is_an_empty_page() {
    for text in [
        "No calls found corresponding to the provided filters",
        "No answered scorecards found corresponding to the provided filters.",
    ] {
        let server = Server::replying([Reply::refused(404, text)]).await;
        let client = server.client();
        let filter = CallFilter::default();
        let basic = GongApi::calls(&client, &filter, None).await.unwrap();
        let extensive = client
            .extensive_calls(&filter, &ContentSelector::default(), None)
            .await
            .unwrap();
        let transcripts = client
            .transcripts(&TranscriptFilter::default(), None)
            .await
            .unwrap();
        let users = GongApi::users(&client, None).await.unwrap();
        assert!(basic.items.is_empty() && basic.next.is_none());
        assert!(extensive.items.is_empty() && extensive.next.is_none());
        assert!(transcripts.items.is_empty() && users.items.is_empty());
        assert_eq!(client.client_stats().requests, 4);
        assert_eq!(client.client_stats().retries, 0);
    }
}

#[tokio::test]
async fn any_other_404_is_an_error() {
    let text = "Call ID 8940000000000000000 was not found";
    let server = Server::replying([Reply::refused(404, text)]).await;
    let error = server
        .client()
        .call(&CallId::new("8940000000000000000"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains(text), "{error}");
    assert!(error.to_string().contains("req1"), "{error}");

    let (error, _) = refused(Reply::new(404, "<html>no such page</html>")).await;
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    assert!(!error.to_string().contains("html"), "{error}");
}

#[tokio::test]
async fn one_call_with_an_empty_result_is_not_found() {
    let text = "No calls found corresponding to the provided filters";
    let server = Server::replying([Reply::refused(404, text)]).await;
    let error = server.client().call(&CallId::new("7")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_missing_scope_is_no_wrong_key() {
    let text = "You don't have permission to use 'api:calls:read:transcript' in your app.";
    let (error, requests) = refused(Reply::refused(401, text)).await;
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(
        error
            .to_string()
            .contains("lacks the scope api:calls:read:transcript"),
        "{error}"
    );
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_refused_key_names_the_host_that_was_asked() {
    let (error, requests) = refused(Reply::refused(401, "Unauthorized")).await;
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(
        error.to_string().contains("the request went to 127.0.0.1"),
        "{error}"
    );
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn forbidden_points_to_trusted_addresses() {
    let (error, _) = refused(Reply::refused(403, "Forbidden")).await;
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("Trusted IPs"), "{error}");
}

#[tokio::test]
async fn refused_requests_repeat_what_gong_says_and_are_not_sent_again() {
    for (status, kind) in [
        (400, ErrorKind::InvalidInput),
        (402, ErrorKind::QuotaExhausted),
        (405, ErrorKind::Unsupported),
        (409, ErrorKind::InvalidInput),
        (415, ErrorKind::InvalidInput),
        (302, ErrorKind::Config),
    ] {
        let (error, requests) = refused(Reply::refused(status, "filter.x: must be y")).await;
        assert_eq!((error.kind(), requests), (kind, 1), "{status}");
        let text = error.to_string();
        assert!(
            text.contains("filter.x: must be y") && text.contains("(request req1)"),
            "{text}"
        );
        assert!(text.contains(&status.to_string()), "{text}");
    }
}

#[tokio::test]
async fn server_errors_are_tried_again_until_attempts_run_out() {
    for status in [500, 502, 503, 504, 408] {
        let (error, requests) = refused(Reply::refused(status, "oops")).await;
        assert_eq!(
            (error.kind(), requests),
            (ErrorKind::Transient, 4),
            "{status}"
        );
        assert!(error.is_exhausted());
    }
}

#[tokio::test]
async fn gongs_words_are_kept_short_and_on_one_line() {
    let (error, _) = refused(Reply::refused(400, &"long\r\n".repeat(1_000))).await;
    let text = error.to_string();
    assert!(text.len() < 700 && !text.contains('\n'), "{text}");
}

#[tokio::test]
async fn odd_error_bodies_are_no_obstacle() {
    for body in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"errors":null}"#,
        r#"{"errors":[{"line":1}]}"#,
        "\u{0}",
    ] {
        let (error, _) = refused(Reply::new(400, body)).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{body:?}");
    }
    let (error, _) = refused(Reply::new(400, vec![b'x'; 10_000_000])).await;
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_short_retry_after_is_obeyed() {
    let limited = Reply::refused(429, "limit").with_header("retry-after", "1");
    let good = Reply::ok(r#"{"callTranscripts":[]}"#);
    let server = Server::replying([limited, good]).await;
    let client = server.client();
    let started = std::time::Instant::now();
    client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    let stats = client.client_stats();
    assert_eq!(
        (stats.requests, stats.retries, stats.refused_for_rate),
        (2, 1, 1)
    );
}

#[tokio::test]
async fn a_storm_of_short_waits_is_weathered() {
    let limited = Reply::refused(429, "limit").with_header("retry-after", "0.01");
    let server = Server::start(move |_, number| match number {
        0..30 => limited.clone(),
        _ => Reply::ok(r#"{"callTranscripts":[]}"#),
    })
    .await;
    let client = server.client();
    let filter = TranscriptFilter::default();
    client.transcripts(&filter, None).await.unwrap();
    let stats = client.client_stats();
    assert_eq!((stats.requests, stats.refused_for_rate), (31, 30));
}

#[tokio::test]
async fn a_429_holds_back_everybody_who_shares_the_client() {
    let limited = Reply::refused(429, "limit").with_header("retry-after", "1");
    let server = Server::start(move |_, number| match number {
        0 => limited.clone(),
        _ => Reply::ok(r#"{"callTranscripts":[],"users":[]}"#),
    })
    .await;
    let client = server.client();
    let filter = TranscriptFilter::default();
    let first = client.transcripts(&filter, None);
    let second = async {
        while client.client_stats().refused_for_rate == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        GongApi::users(&client, None).await
    };
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert!(client.client_stats().rate_limit_waits >= 1);
}

#[tokio::test]
async fn a_retry_after_of_hours_ends_at_once_and_says_when_to_come_back() {
    let limited = Reply::refused(429, "limit").with_header("retry-after", "7200");
    let (error, requests) = refused(limited).await;
    assert_eq!((error.kind(), requests), (ErrorKind::QuotaExhausted, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7_200)));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_retry_after_can_be_a_date() {
    let limited = Reply::refused(429, "limit")
        .with_header("date", "Mon, 23 Nov 2026 10:00:00 GMT")
        .with_header("retry-after", "Mon, 23 Nov 2026 13:00:00 GMT");
    let (error, _) = refused(limited).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(10_800)));
}

#[tokio::test]
async fn a_429_without_a_time_backs_off() {
    for value in ["", "soon", "-5", "NaN", "1e400"] {
        let limited = Reply::refused(429, "limit").with_header("retry-after", value);
        let (error, requests) = refused(limited).await;
        assert_eq!(
            (error.kind(), requests),
            (ErrorKind::RateLimited, 4),
            "{value:?}"
        );
        assert!(error.is_exhausted());
    }
}

#[tokio::test]
async fn the_clients_own_daily_budget_stops_before_gong_does() {
    let server = Server::replying([Reply::ok(r#"{"callTranscripts":[]}"#)]).await;
    let client =
        gong_client::GongClient::new(server.config().with_daily_requests(Some(2))).unwrap();
    let filter = TranscriptFilter::default();
    client.transcripts(&filter, None).await.unwrap();
    client.transcripts(&filter, None).await.unwrap();
    let error = client.transcripts(&filter, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
    assert!(error.retry_after().unwrap() > Duration::from_secs(23 * 3_600));
    assert_eq!(
        (server.received().len(), client.remaining_today().await),
        (2, Some(0))
    );
}
