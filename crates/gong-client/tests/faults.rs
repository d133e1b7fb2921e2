//! Broken connections, cut replies, and replies that are something else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::time::Duration;

use gong_client::outbound::HttpSettings;
use gong_client::{Credentials, Cursor, GongApi, GongClient, GongConfig, TranscriptFilter};
use resilience::{ErrorKind, Failure};
use server::{Reply, Server, quick};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};

const GOOD: &str =
    r#"{"records":{"totalRecords":1},"callTranscripts":[{"callId":"1","transcript":[]}]}"#;

async fn recovers_from(fault: Reply) {
    let server = Server::replying([fault.clone(), fault, Reply::ok(GOOD)]).await;
    let client = server.client();
    let page = client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(
        (
            client.client_stats().requests,
            client.client_stats().retries
        ),
        (3, 2)
    );
}

#[tokio::test]
async fn recovers_from_a_reply_that_is_cut_off() {
    recovers_from(Reply::ok(GOOD).cut_after(40)).await;
    recovers_from(Reply::ok(GOOD).cut_after(0)).await;
}

#[tokio::test]
async fn recovers_from_json_that_ends_early_in_a_complete_reply() {
    for end in [0, 1, 30, 60, GOOD.len() - 1] {
        recovers_from(Reply::ok(&GOOD[..end])).await;
    }
}

#[tokio::test]
async fn recovers_from_a_compressed_reply_that_is_cut_off() {
    // The first bytes of a gzip stream and nothing after them.
    let start = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 0xab];
    recovers_from(Reply::ok(start).with_header("content-encoding", "gzip")).await;
}

#[tokio::test]
async fn recovers_from_a_connection_that_is_closed_without_a_word() {
    recovers_from(Reply::hang_up()).await;
}

#[tokio::test]
async fn recovers_from_a_server_that_says_nothing() {
    let server = Server::replying([Reply::stall(), Reply::ok(GOOD)]).await;
    let config = server
        .config()
        .with_attempt_timeout(Duration::from_millis(200));
    let client = GongClient::new(config).unwrap();
    let page = client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    assert_eq!((page.items.len(), client.client_stats().retries), (1, 1));
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_on() {
    let server = Server::replying([Reply::stall()]).await;
    let config = server.config().with_read_timeout(Duration::from_millis(50));
    let client = GongClient::new(config).unwrap();
    let error = GongApi::users(&client, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(
        error.to_string().contains("did not answer in time"),
        "{error}"
    );
    assert!(error.is_exhausted());
}

#[tokio::test]
async fn nobody_listening_names_the_host() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config = GongConfig::new(&address, Credentials::bearer("t"))
        .unwrap()
        .with_retry(quick());
    let client = GongClient::new(config).unwrap();
    let error = GongApi::users(&client, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(
        error.to_string().contains("cannot connect to 127.0.0.1"),
        "{error}"
    );
    assert_eq!(client.client_stats().requests, 4);
}

#[tokio::test]
async fn an_unknown_host_is_named_after_few_attempts() {
    // `.invalid` never resolves, by RFC 6761.
    let host = "us-1.gong.invalid";
    let config = GongConfig::new(&format!("https://{host}"), Credentials::bearer("t"))
        .unwrap()
        .with_retry(quick().with_max_attempts(50));
    let client = GongClient::new(config).unwrap();
    let error = GongApi::users(&client, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(
        error.to_string().contains(&format!("{host} is unknown")),
        "{error}"
    );
    assert!(error.is_exhausted());
    assert_eq!(client.client_stats().requests, 3);
}

#[tokio::test]
async fn a_host_that_cannot_be_a_name_is_refused_at_once() {
    let address = format!("https://{}.invalid", "a".repeat(64));
    let config = GongConfig::new(&address, Credentials::bearer("t")).unwrap();
    let client = GongClient::new(config).unwrap();
    let error = GongApi::users(&client, None).await.unwrap_err();
    assert_eq!(
        (error.kind(), client.client_stats().requests),
        (ErrorKind::Config, 1)
    );
}

const NOT_GONGS: [&str; 6] = [
    "<!DOCTYPE html><html>Just a moment: sensitive words</html>",
    "sensitive words",
    "",
    " \r\n",
    "[1,2]",
    "true",
];

#[tokio::test]
async fn waits_out_a_page_of_somebody_else_like_a_503() {
    for body in NOT_GONGS {
        let page = Reply::ok(body).with_header("content-type", "text/html");
        let server = Server::replying([page.clone(), page.clone(), page, Reply::ok(GOOD)]).await;
        let filter = TranscriptFilter::default();
        let page = server.client().transcripts(&filter, None).await.unwrap();
        assert_eq!(page.items.len(), 1, "{body:?}");
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_that_stays_is_an_outage_told_without_its_content() {
    for body in NOT_GONGS {
        let server = Server::replying([Reply::ok(body)]).await;
        let client = server.client();
        let error = GongApi::users(&client, None).await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert_eq!(error.kind(), ErrorKind::Transient, "{text}");
        assert!(error.is_exhausted());
        assert!(
            text.contains(&format!("/v2/users: reply 200 of {} bytes", body.len())),
            "{text}"
        );
        assert!(!text.contains("sensitive"), "{text}");
        assert_eq!(client.client_stats().requests, 4);
    }
}

#[tokio::test]
async fn recovers_from_a_reply_that_is_damaged_in_the_middle() {
    recovers_from(Reply::ok(GOOD.replace("[]}", "[]"))).await;
}

#[tokio::test]
async fn a_reply_that_stays_damaged_is_told_as_such() {
    let damaged = GOOD.replace("[]}", "[]").replace("callId", "SECRET");
    let server = Server::replying([Reply::ok(damaged)]).await;
    let client = server.client();
    let error = client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), client.client_stats().requests),
        (ErrorKind::Decode, 3)
    );
    assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
}

#[tokio::test]
async fn a_reply_without_its_records_is_an_error_and_null_is_none() {
    let server = Server::replying([Reply::ok(r#"{"status":"ok"}"#)]).await;
    let error = GongApi::users(&server.client(), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("no `users`"), "{error}");

    let server = Server::replying([Reply::ok(r#"{"users":null,"records":null}"#)]).await;
    assert!(
        GongApi::users(&server.client(), None)
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_reply_larger_than_the_limit_is_not_read_to_its_end() {
    let body = format!(r#"{{"users":[],"padding":"{}"}}"#, "x".repeat(100_000));
    let announced = Reply::ok(body.clone());
    let gzip = {
        // Announced length is that of the compressed body; it unfolds to 1 MB.
        let mut stored = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        for block in 0..20_u8 {
            stored.push(u8::from(block == 19));
            stored.extend(50_000_u16.to_le_bytes());
            stored.extend((!50_000_u16).to_le_bytes());
            stored.extend(vec![b' '; 50_000]);
        }
        Reply::ok(stored).with_header("content-encoding", "gzip")
    };
    for reply in [announced, gzip] {
        let server = Server::replying([reply]).await;
        let client = GongClient::new(server.config().with_max_response_bytes(50_000)).unwrap();
        let error = GongApi::users(&client, None).await.unwrap_err();
        assert_eq!(error.field(), Some("max_response_bytes"));
        assert!(error.to_string().contains("50000 bytes"), "{error}");
        assert_eq!(client.client_stats().requests, 1);
        assert!(
            client.client_stats().bytes < 500_000,
            "{}",
            client.client_stats().bytes
        );
    }
}

#[tokio::test]
async fn bytes_are_counted_after_decompression() {
    let server = Server::replying([Reply::ok(GOOD)]).await;
    let client = server.client();
    client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    assert_eq!(client.client_stats().bytes, GOOD.len() as u64);
}

/// The client for the suite of all HTTP clients.
struct Listing;

#[async_trait::async_trait]
impl OutboundClient for Listing {
    fn name(&self) -> &'static str {
        "gong"
    }

    fn secrets(&self) -> Vec<String> {
        vec![
            server::ACCESS_KEY.to_owned(),
            server::ACCESS_KEY_SECRET.to_owned(),
        ]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["where-the-listing-goes-on".to_owned()]
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        r#"{"users":[]}"#.to_owned()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let credentials = Credentials::basic(server::ACCESS_KEY, server::ACCESS_KEY_SECRET);
        let config = GongConfig::new(base_url, credentials)
            .and_then(|config| config.with_requests_per_second(0.0))
            .unwrap()
            .with_retry(retry_policy())
            .with_http(settings);
        let cursor = Cursor::new("where-the-listing-goes-on");
        let users = async { GongApi::users(&GongClient::new(config)?, Some(cursor)).await };
        let users = users.await.map(drop);
        users.map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Listing, "faults::it_is_a_client_like_the_others").await;
}
