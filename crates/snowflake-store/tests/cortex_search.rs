//! A Cortex Search service as its client asks it, and what becomes of its refusals.
#![cfg(feature = "cortex-search")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use outbound::{HttpSettings, Token, TokenKind, TokenSource};
use resilience::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use snowflake_store::{ChunkSearch, CortexSearch, FoundChunk};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};
use testkit::cortex_search::{CortexSearchDouble, SEARCH_TOKEN, SearchedTable};
use testkit::language_server::Failure;

const SERVICE: &str = "GONG.CALLS.GONG_CHUNK_SEARCH";

fn row(call: &str, first: u32, text: &str) -> Value {
    json!({"CALL_ID": call, "FIRST_SENTENCE": first, "LAST_SENTENCE": first + 1, "CHUNK_TEXT": text})
}

fn chunk(call: &str, first: u32, text: &str) -> FoundChunk {
    FoundChunk {
        call_id: call.into(),
        first_sentence: first,
        last_sentence: first + 1,
        text: text.to_owned(),
    }
}

async fn double() -> CortexSearchDouble {
    CortexSearchDouble::start(SearchedTable {
        service: SERVICE.to_owned(),
        on: "CHUNK_TEXT".to_owned(),
        attributes: vec!["CALL_ID".to_owned()],
        rows: vec![
            row("1", 0, "The weather in Lisbon."),
            row("2", 4, "The price of the rollout."),
            row("3", 2, "A price."),
        ],
    })
    .await
    .unwrap()
}

fn token(secret: &str) -> Token {
    Token::new(TokenKind::ProgrammaticAccess, secret.to_owned()).unwrap()
}

fn search(double: &CortexSearchDouble) -> CortexSearch {
    let url = double.url().parse().unwrap();
    CortexSearch::new(&url, SERVICE.parse().unwrap(), token(SEARCH_TOKEN))
        .unwrap()
        .with_retry(RetryPolicy::never())
}

#[tokio::test]
async fn chunks_come_in_the_order_of_the_service() {
    let double = double().await;
    let found = search(&double).search("price rollout", 2).await.unwrap();
    assert_eq!(
        found,
        [
            chunk("2", 4, "The price of the rollout."),
            chunk("3", 2, "A price."),
        ]
    );
    let requests = double.requests();
    assert_eq!(
        requests[0].body,
        json!({
            "query": "price rollout",
            "columns": ["CALL_ID", "FIRST_SENTENCE", "LAST_SENTENCE", "CHUNK_TEXT"],
            "limit": 2,
        })
    );
    assert_eq!(
        requests[0].token_type.as_deref(),
        Some("PROGRAMMATIC_ACCESS_TOKEN")
    );
}

#[tokio::test]
async fn limits_stay_within_those_of_the_service() {
    let double = double().await;
    let search = search(&double);
    assert_eq!(search.search("price", 0).await.unwrap(), []);
    assert_eq!(double.requests(), [], "nothing is wanted, nothing is asked");
    assert_eq!(search.search("price", 5_000).await.unwrap().len(), 3);
    assert_eq!(
        double.requests()[0].body["limit"],
        json!(search.most_results())
    );
}

#[tokio::test]
async fn a_query_is_text_and_no_language() {
    let double = double().await;
    let hostile = "\"}, \"filter\": {\"@eq\": {\"CALL_ID\": \"1\"}} -- ' \\ \u{0}";
    search(&double).search(hostile, 1).await.unwrap();
    assert_eq!(double.requests()[0].body["query"], hostile);
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let double = double().await;
    let search = search(&double);
    let words = "what the buyer said about the price";
    let status = |status| Failure::snowflake(status, &format!("no: {words}"));
    let cases = [
        (status(401), ErrorKind::Auth, Some("token")),
        (status(403), ErrorKind::Permission, Some("search_service")),
        (status(404), ErrorKind::Config, Some("search_service")),
        (status(307), ErrorKind::Config, Some("base_url")),
        (status(400), ErrorKind::InvalidInput, None),
        (status(408), ErrorKind::Transient, None),
        (status(429), ErrorKind::RateLimited, None),
        (status(500), ErrorKind::Transient, None),
        (status(503), ErrorKind::Transient, None),
        (Failure::expired_session(), ErrorKind::Auth, Some("token")),
        (Failure::LoginPage, ErrorKind::Decode, None),
        (Failure::Cut, ErrorKind::Transient, None),
        (Failure::Disconnect, ErrorKind::Transient, None),
        (
            Failure::InsideSuccess(json!({"code": "000603", "message": words})),
            ErrorKind::Transient,
            None,
        ),
        (
            Failure::InsideSuccess(json!({"results": [{"CALL_ID": "1"}]})),
            ErrorKind::Decode,
            Some("FIRST_SENTENCE"),
        ),
    ];
    for (failure, kind, field) in cases {
        double.fail_next([failure.clone()]);
        let error = search.search(words, 3).await.unwrap_err();
        assert_eq!((error.kind(), error.field()), (kind, field), "{failure:?}");
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("buyer"), "{shown}");
        assert!(!shown.contains(SEARCH_TOKEN), "{shown}");
    }
}

#[tokio::test]
async fn the_wait_that_is_asked_for_is_told() {
    let double = double().await;
    double.fail_next([Failure::Status {
        status: 429,
        body: json!({}),
        retry_after: Some(7),
    }]);
    let error = search(&double).search("price", 3).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again() {
    let double = double().await;
    double.fail_next([
        Failure::snowflake(429, ""),
        Failure::Cut,
        Failure::snowflake(503, ""),
    ]);
    let policy = RetryPolicy::default()
        .with_base(Duration::from_millis(1))
        .with_jitter(false);
    let search = search(&double).with_retry(policy);
    assert_eq!(search.search("price", 3).await.unwrap().len(), 3);
    assert_eq!(double.requests().len(), 4);
}

/// Tokens with numbers.
#[derive(Debug, Default)]
struct Numbered(AtomicUsize);

#[async_trait]
impl TokenSource for Numbered {
    async fn token(&self) -> outbound::Result<Token> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Token::new(TokenKind::KeyPairJwt, format!("token-{number}"))
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let double = double().await;
    let tokens = Arc::new(Numbered::default());
    let search = CortexSearch::with_token_source(
        &double.url().parse().unwrap(),
        SERVICE.parse().unwrap(),
        tokens.clone(),
    )
    .unwrap();

    double.accept_tokens(["token-0"]);
    search.search("price", 3).await.unwrap();
    search.search("price", 3).await.unwrap();
    assert_eq!(tokens.0.load(Ordering::SeqCst), 1, "a good token is kept");

    double.accept_tokens(["token-1"]);
    search.search("price", 3).await.unwrap();
    double.fail_next([Failure::expired_session()]);
    double.accept_tokens(["token-1", "token-2"]);
    search.search("price", 3).await.unwrap();
    assert_eq!(tokens.0.load(Ordering::SeqCst), 3);

    double.accept_tokens(["none of them"]);
    let error = search.search("price", 3).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(tokens.0.load(Ordering::SeqCst), 4, "once a search");
}

#[test]
fn addresses_and_tokens_are_checked_before_anything_is_sent() {
    let service = || SERVICE.parse().unwrap();
    for address in [
        "http://example.com",
        "ftp://example.com",
        "data:text/plain,x",
    ] {
        let error =
            CortexSearch::new(&address.parse().unwrap(), service(), token("t")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{address}");
        assert_eq!(error.field(), Some("base_url"), "{address}");
    }
    for secret in ["", "a b", "a\n", "é"] {
        let refused = Token::new(TokenKind::OAuth, secret.to_owned());
        assert_eq!(refused.unwrap_err().field(), Some("token"), "{secret:?}");
    }
}

/// A search for the suite of all HTTP clients.
struct Searching;

#[async_trait]
impl OutboundClient for Searching {
    fn name(&self) -> &'static str {
        "search service"
    }

    fn secrets(&self) -> Vec<String> {
        vec!["search-T0k3n-4mNp7".to_owned()]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["what the buyer asked".to_owned()]
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        json!({ "results": [row("1", 0, "A price.")] }).to_string()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let asked = async {
            let service = SERVICE.parse()?;
            CortexSearch::new(
                &base_url.parse().unwrap(),
                service,
                token("search-T0k3n-4mNp7"),
            )?
            .with_retry(retry_policy())
            .with_http(&settings)?
            .search("what the buyer asked", 1)
            .await
        };
        asked
            .await
            .map(drop)
            .map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Searching, "cortex_search::it_is_a_client_like_the_others").await;
}
