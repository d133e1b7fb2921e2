//! Files are sent whole or while they are read, for as long as that takes.

use crate::server;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use gong_client::groups::words::{CrmEntityType, JobStatus};
use gong_client::{Body, ErrorKind, GongClient};
use outbound::{Token, TokenKind, TokenSource};
use serde_json::json;
use server::{Reply, Server};

#[tokio::test]
async fn a_recording_is_uploaded_while_it_is_read() {
    let reply = json!({"requestId": "r1", "callId": "7"});
    let server = Server::replying([Reply::json(&reply)]).await;
    let whole = server
        .client()
        .calls()
        .add_media("7", "demo.wav", "RIFF-of-a-call")
        .await
        .unwrap();
    assert_eq!(whole.call_id.unwrap().as_str(), "7");
    let sent = &server.received()[0];
    assert_eq!(
        (sent.method.as_str(), sent.target.as_str()),
        ("PUT", "/v2/calls/7/media")
    );
    assert!(
        sent.header("content-type")
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
    for part in [
        r#"name="mediaFile""#,
        r#"filename="demo.wav""#,
        "application/octet-stream",
        "RIFF-of-a-call",
    ] {
        assert!(sent.body.contains(part), "{}", sent.body);
    }
    // A stream has no length, and is asked for its parts only as they are sent.
    let parts = stream::iter(["one", "two"]).map(Ok::<_, std::io::Error>);
    let body = Body::wrap_stream(parts);
    server
        .client()
        .calls()
        .add_media("7", "demo.wav", body)
        .await
        .unwrap();
    let sent = &server.received()[1];
    assert_eq!(sent.header("transfer-encoding"), Some("chunked"));
}

#[tokio::test]
async fn crm_objects_are_lines_and_their_processing_is_waited_for() {
    let server = Server::start(|request, number| match (request.method.as_str(), number) {
        ("POST", _) => Reply::json(&json!({"requestId": "r", "clientRequestId": "c1"})),
        (_, 1) => Reply::json(&json!({"status": "IN_PROGRESS"})),
        _ => Reply::json(&json!({"status": "DONE", "errors": [{"line": 2, "description": "no name"}], "totalErrorCount": "1"})),
    })
    .await;
    let gong = server.client();
    let lines =
        gong_client::groups::crm::lines([json!({"objectId": "1"}), json!({"objectId": "2"})])
            .unwrap();
    gong.crm()
        .upload("6", CrmEntityType::Account, "c1", lines)
        .await
        .unwrap();
    let sent = &server.received()[0];
    assert!(
        sent.body
            .contains("{\"objectId\":\"1\"}\n{\"objectId\":\"2\"}\n")
    );
    assert_eq!(
        sent.target,
        "/v2/crm/entities?integrationId=6&objectType=ACCOUNT&clientRequestId=c1"
    );
    let pause = Duration::from_millis(1);
    let done = gong
        .crm()
        .when_processed("6", "c1", pause, 5)
        .await
        .unwrap();
    assert_eq!(done.status, Some(JobStatus::Done));
    assert_eq!(
        (done.errors[0].line, done.total_error_count),
        (Some(2), Some(1))
    );
}

/// Parts that come one by one, more slowly than a reply may.
fn slowly() -> Body {
    let parts = stream::iter(["one", "two", "three"]).then(async |part| {
        tokio::time::sleep(Duration::from_millis(60)).await;
        Ok::<_, std::io::Error>(part)
    });
    Body::wrap_stream(parts)
}

#[tokio::test]
async fn an_upload_takes_longer_than_a_reply_may() {
    let server = Server::replying([Reply::json(&json!({"callId": "7"}))]).await;
    let little = Duration::from_millis(50);
    let config = server.config().with_read_timeout(little);
    let gong = GongClient::new(config.with_attempt_timeout(little)).unwrap();
    let added = gong.calls().add_media("7", "demo.wav", slowly()).await;
    assert_eq!(added.unwrap().call_id.unwrap().as_str(), "7");
    let body = &server.received()[0].body;
    assert!(body.contains("one") && body.contains("three"), "{body}");

    let server = Server::replying([Reply::stall()]).await;
    let gong = server.client();
    let late = gong.calls().add_media("7", "demo.wav", "RIFF");
    let error = late.timeout(little).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_file_in_memory_that_was_refused_for_its_rate_is_sent_again() {
    let busy = Reply::refused(429, "slow down").with_header("Retry-After", "0");
    let server = Server::replying([busy, Reply::json(&json!({"callId": "7"}))]).await;
    let gong = server.client();
    gong.calls().add_media("7", "a.wav", "RIFF").await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert!(received.iter().all(|sent| sent.body.contains("RIFF")));

    let busy = Reply::refused(429, "slow down").with_header("Retry-After", "0");
    let server = Server::replying([busy]).await;
    let gong = server.client();
    let sent = gong.calls().add_media("7", "a.wav", slowly()).await;
    let error = sent.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    assert!(!error.is_retryable() && server.received().len() == 1);
}

#[derive(Debug)]
struct Renewed;

#[async_trait]
impl TokenSource for Renewed {
    async fn token(&self) -> outbound::Result<Token> {
        Token::new(TokenKind::OAuth, "renewed".to_owned())
    }
}

#[tokio::test]
async fn an_upload_survives_the_renewal_of_its_token() {
    let server = Server::start(|request, _| match request.header("authorization") {
        Some("Bearer renewed") => Reply::json(&json!({"callId": "7"})),
        _ => Reply::refused(401, "access token has been revoked"),
    })
    .await;
    let gong = || {
        let config = server.config().with_token_source(Arc::new(Renewed));
        GongClient::new(config).unwrap()
    };
    gong()
        .calls()
        .add_media("7", "a.wav", "RIFF")
        .await
        .unwrap();

    let gong = gong();
    let refused = gong.calls().add_media("7", "a.wav", slowly()).await;
    let error = refused.unwrap_err();
    assert!(error.to_string().contains("upload it anew"), "{error}");
    gong.calls()
        .add_media("7", "a.wav", slowly())
        .await
        .unwrap();
}
