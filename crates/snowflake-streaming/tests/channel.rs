//! The channel against a double of the interface: exactly once, whatever passes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use outbound::HttpSettings;
use outbound::{Token, TokenKind, TokenSource};
use resilience::{ErrorKind, RetryPolicy};
use serde_json::json;
use snowflake_streaming::{ChannelConfig, Row, RowChannel, SnowpipeChannel};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};
use testkit::streaming::{AppendFault, StreamingDouble};

fn config(double: &StreamingDouble) -> ChannelConfig {
    let token = Token::new(TokenKind::ProgrammaticAccess, StreamingDouble::TOKEN).unwrap();
    let place = ["GONG", "CALLS", "GONG_CALLS_STREAMED"];
    let url = double.url().parse().unwrap();
    ChannelConfig {
        retry: RetryPolicy::default()
            .with_base(Duration::from_millis(1))
            .with_jitter(false),
        poll: Duration::from_millis(1),
        ..ChannelConfig::new(url, Arc::new(token), place, "backfill")
    }
}

fn rows(offsets: std::ops::RangeInclusive<u64>) -> Vec<Row> {
    offsets
        .map(|offset| Row::new(offset, &json!({ "CALL_ID": offset.to_string() })).unwrap())
        .collect()
}

fn ids(double: &StreamingDouble) -> Vec<u64> {
    let rows = double.rows();
    rows.iter()
        .map(|row| row["CALL_ID"].as_str().unwrap().parse().unwrap())
        .collect()
}

#[tokio::test]
async fn rows_arrive_in_order_and_are_committed() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    assert_eq!(channel.committed(), None);
    assert_eq!(channel.append(&rows(1..=3)).await.unwrap(), 3);
    assert_eq!(channel.append(&rows(4..=5)).await.unwrap(), 2);
    assert_eq!(channel.flush().await.unwrap(), Some(5));
    assert_eq!(ids(&double), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_by_any_fault() {
    let passing = [
        AppendFault::Status(503),
        AppendFault::Status(429),
        AppendFault::LostReply,
        AppendFault::LostRequest,
        AppendFault::TakenOver,
        AppendFault::ExpiredToken,
    ];
    for fault in passing {
        let double = StreamingDouble::start().await.unwrap();
        let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
        channel.append(&rows(1..=2)).await.unwrap();
        double.fail_next([fault]);
        channel.append(&rows(3..=4)).await.unwrap();
        channel.append(&rows(5..=6)).await.unwrap();
        assert_eq!(channel.flush().await.unwrap(), Some(6), "{fault:?}");
        assert_eq!(ids(&double), [1, 2, 3, 4, 5, 6], "{fault:?}");
    }
}

#[tokio::test]
async fn a_writer_that_starts_again_goes_on_behind_what_is_committed() {
    let double = StreamingDouble::start().await.unwrap();
    let mut first = SnowpipeChannel::open(config(&double)).await.unwrap();
    first.append(&rows(1..=4)).await.unwrap();
    first.flush().await.unwrap();
    double.commit_by_itself(false);
    first.append(&rows(5..=6)).await.unwrap();
    drop(first);

    double.commit_by_itself(true);
    let mut second = SnowpipeChannel::open(config(&double)).await.unwrap();
    assert_eq!(second.committed(), Some(4));
    assert_eq!(second.append(&rows(1..=8)).await.unwrap(), 4);
    assert_eq!(second.flush().await.unwrap(), Some(8));
    assert_eq!(ids(&double), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn an_append_that_is_dropped_half_way_may_be_made_again() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    let every = rows(1..=40);
    for piece in every.chunks(10) {
        let append = channel.append(piece);
        // Polled a few times at most: some are cut in the middle of a request.
        let cut = tokio::time::timeout(Duration::from_micros(300), append).await;
        drop(cut);
        channel.append(piece).await.unwrap();
    }
    channel.flush().await.unwrap();
    assert_eq!(ids(&double), (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_bytes_become_several_requests() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    let long = "word ".repeat(60_000);
    let rows: Vec<Row> = (1..=20)
        .map(|offset| {
            let columns = json!({ "CALL_ID": offset.to_string(), "RAW_DATA": { "text": long } });
            Row::new(offset, &columns).unwrap()
        })
        .collect();
    channel.append(&rows).await.unwrap();
    channel.flush().await.unwrap();
    assert_eq!(ids(&double).len(), 20);
    let appends = double
        .log()
        .iter()
        .filter(|line| line.ends_with("/rows"))
        .count();
    assert!((2..=4).contains(&appends), "{appends}");
}

#[tokio::test]
async fn rows_that_do_not_fit_the_table_are_an_error_that_names_the_place() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    double.fail_next([AppendFault::Rejected]);
    channel.append(&rows(1..=2)).await.unwrap();
    let error = channel.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.field(), Some("row"));
    assert!(error.to_string().contains("offset 2"), "{error}");
}

#[tokio::test]
async fn rejected_rows_are_told_also_when_the_channel_was_opened_again_in_between() {
    for passing in [
        AppendFault::Status(503),
        AppendFault::TakenOver,
        AppendFault::ExpiredToken,
        AppendFault::LostReply,
    ] {
        let double = StreamingDouble::start().await.unwrap();
        let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
        double.fail_next([AppendFault::Rejected]);
        channel.append(&rows(1..=2)).await.unwrap();
        // Snowflake is as far as the rejected rows before anybody asks how far it is.
        double.commit();
        double.fail_next([passing]);
        let told = match channel.append(&rows(3..=4)).await {
            Ok(_) => channel.flush().await,
            Err(error) => Err(error),
        };
        let error = told.expect_err("rows were lost in silence");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{passing:?}");
        assert_eq!(error.field(), Some("row"), "{passing:?}");
        // It is told once, and the rows behind it are kept.
        assert_eq!(channel.flush().await.unwrap(), Some(4), "{passing:?}");
        assert_eq!(ids(&double), [3, 4], "{passing:?}");
    }
}

#[tokio::test]
async fn a_token_that_ends_while_a_commit_is_awaited_is_replaced() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    channel.append(&rows(1..=2)).await.unwrap();
    double.expire_tokens();
    assert_eq!(channel.flush().await.unwrap(), Some(2));
    assert_eq!(ids(&double), [1, 2]);
}

#[tokio::test]
async fn what_cannot_pass_is_told_apart() {
    let double = StreamingDouble::start().await.unwrap();
    let wrong = ChannelConfig {
        tokens: Arc::new(Token::new(TokenKind::OAuth, "wrong").unwrap()),
        ..config(&double)
    };
    let error = SnowpipeChannel::open(wrong).await.unwrap_err();
    // The double knows no path for a token that is not its own.
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert!(!format!("{error:?}").contains("wrong\""));

    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    for (status, kind) in [
        (403, ErrorKind::Permission),
        (404, ErrorKind::NotFound),
        (400, ErrorKind::InvalidInput),
        (413, ErrorKind::InvalidInput),
    ] {
        double.fail_next([AppendFault::Status(status)]);
        let next = channel.committed().unwrap_or(0) + 100 * u64::from(status);
        let error = channel.append(&rows(next..=next)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        // The row is kept: the channel is whole again.
        channel.flush().await.unwrap();
    }
}

#[tokio::test]
async fn offsets_that_do_not_rise_are_refused() {
    let double = StreamingDouble::start().await.unwrap();
    let mut channel = SnowpipeChannel::open(config(&double)).await.unwrap();
    let twice = [rows(2..=2), rows(1..=1)].concat();
    let error = channel.append(&twice).await.unwrap_err();
    assert_eq!(error.field(), Some("offset"));
    assert!(Row::new(1, &json!([1])).is_err());
}

#[test]
fn rows_are_not_shown() {
    let row = Row::new(7, &json!({ "RAW_DATA": "what was said" })).unwrap();
    assert!(!format!("{row:?}").contains("said"));
}

/// Gives another token every time, and counts.
#[derive(Debug, Default)]
struct Expiring(AtomicUsize);

#[async_trait]
impl TokenSource for Expiring {
    async fn token(&self) -> outbound::Result<Token> {
        match self.0.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => Token::new(TokenKind::KeyPairJwt, StreamingDouble::TOKEN),
            _ => Err(outbound::Error::new(
                ErrorKind::Transient,
                "the issuer is away",
            )),
        }
    }
}

#[tokio::test]
async fn a_channel_that_outlives_its_token_asks_for_another_one() {
    let double = StreamingDouble::start().await.unwrap();
    let source = Arc::new(Expiring::default());
    let config = ChannelConfig {
        tokens: source.clone(),
        ..config(&double)
    };
    let mut channel = SnowpipeChannel::open(config).await.unwrap();
    double.fail_next([AppendFault::ExpiredToken]);
    channel.append(&rows(1..=2)).await.unwrap();
    assert_eq!(channel.flush().await.unwrap(), Some(2));
    assert_eq!(source.0.load(Ordering::SeqCst), 2);

    double.fail_next([AppendFault::ExpiredToken]);
    let error = channel.append(&rows(3..=4)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert!(error.to_string().contains("the issuer is away"), "{error}");
}

/// The channel for the suite of all HTTP clients: opening it takes three requests.
struct Opening;

#[async_trait]
impl OutboundClient for Opening {
    fn name(&self) -> &'static str {
        "snowflake-streaming"
    }

    fn secrets(&self) -> Vec<String> {
        vec![
            "account-T0k3n-8sQz1".to_owned(),
            "scoped-T0k3n-5vXw2".to_owned(),
        ]
    }

    fn good_reply(&self, asked: &Asked, host: &str) -> String {
        match asked.target.as_str() {
            "/v2/streaming/hostname" => host.to_owned(),
            "/oauth/token" => json!({ "token": "scoped-T0k3n-5vXw2" }).to_string(),
            _ => json!({ "next_continuation_token": "1" }).to_string(),
        }
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let token = Token::new(TokenKind::ProgrammaticAccess, "account-T0k3n-8sQz1").unwrap();
        let place = ["GONG", "CALLS", "GONG_CALLS_STREAMED"];
        let url = base_url.parse().unwrap();
        let config = ChannelConfig {
            retry: retry_policy(),
            http: settings,
            ..ChannelConfig::new(url, Arc::new(token), place, "backfill")
        };
        let opened = SnowpipeChannel::open(config).await;
        opened
            .map(drop)
            .map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Opening, "it_is_a_client_like_the_others").await;
}
