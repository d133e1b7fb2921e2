//! Logging in with a token that a platform gives.
#![cfg(all(feature = "connector", feature = "token-endpoint"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use outbound::{HttpSettings, SecretString};
use resilience::ErrorKind;
use secrecy::ExposeSecret;
use snowflake_sql::{
    SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement, TokenEndpoint, TokenSource,
};
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, run};
use testkit::snowflake::SnowflakeDouble;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each request with the next of its replies; its address, and the heads of requests.
async fn endpoint(replies: Vec<(u16, &'static str)>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "http://{}/token?resource=snowflake",
        listener.local_addr().unwrap()
    );
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&heads);
    tokio::spawn(async move {
        for (status, body) in replies {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            seen.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&head[..read]).into_owned());
            let length = body.len();
            let reply = format!(
                "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    (url, heads)
}

#[tokio::test]
async fn the_platform_is_asked_at_every_login() {
    let replies = [
        r#"{"access_token": "first.token", "expires_in": 1}"#,
        r#"{"access_token": "second.token"}"#,
    ];
    let (url, heads) = endpoint(replies.map(|body| (200, body)).to_vec()).await;
    let snowflake = SnowflakeDouble::builder().start().await.unwrap();
    let address = snowflake.url();
    let config = SnowflakeConfig::from_variables(|name| {
        let value = match name {
            "SNOWFLAKE_ACCOUNT" => "myorg-sales",
            "SNOWFLAKE_USER" => "GONG_SERVICE",
            "SNOWFLAKE_BASE_URL" => &address,
            "SNOWFLAKE_OAUTH_TOKEN_URL" => &url,
            "SNOWFLAKE_OAUTH_TOKEN_HEADER" => "Metadata: true",
            "SNOWFLAKE_OAUTH_TOKEN_FIELD" => "access_token",
            _ => return Ok(None),
        };
        Ok(Some(value.to_owned()))
    })
    .unwrap();
    let select = Statement::new("select", SqlText::fixed("SELECT 1"));
    let pool = SnowflakePool::new(config);
    pool.query(&select).await.unwrap();
    snowflake.state().expire_sessions();
    pool.query(&select).await.unwrap();
    let logins = snowflake.state().logins();
    let proofs: Vec<&str> = logins.iter().map(|login| login.proof.as_str()).collect();
    assert_eq!(proofs, ["first.token", "second.token"]);
    assert!(logins.iter().all(|login| login.authenticator == "OAUTH"));
    let heads = heads.lock().unwrap();
    assert!(
        heads[0].starts_with("GET /token?resource=snowflake "),
        "{}",
        heads[0]
    );
    assert!(
        heads[0].to_lowercase().contains("metadata: true"),
        "{}",
        heads[0]
    );
}

#[tokio::test]
async fn a_reply_without_a_token_is_told_without_its_words() {
    for (reply, kind) in [
        ((200, r#"{"token": "a-secret"}"#), ErrorKind::Decode),
        ((200, "a-secret\nand more"), ErrorKind::Decode),
        ((403, "a-secret"), ErrorKind::Auth),
        ((503, "a-secret"), ErrorKind::Transient),
    ] {
        let (url, _) = endpoint(vec![reply]).await;
        let source = TokenEndpoint::new(&url).unwrap().with_field("access_token");
        let error = source.token().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(!format!("{error:?} {error} {source:?}").contains("a-secret"));
    }
    let (url, _) = endpoint(vec![(200, "plain.token\n")]).await;
    let token = TokenEndpoint::new(&url).unwrap().token().await.unwrap();
    let secret: &SecretString = token.secret();
    assert_eq!(secret.expose_secret(), "plain.token");
}

#[test]
fn a_token_is_asked_for_in_the_open_on_this_machine_alone() {
    for (url, is_taken) in [
        ("http://169.254.169.254/metadata?resource=x", true),
        ("https://tokens.example.com/oidc?audience=x", true),
        ("http://tokens.example.com/oidc", false),
        ("http://169.254.169.253/", false),
        ("nowhere", false),
    ] {
        let made = TokenEndpoint::new(url);
        assert_eq!(made.is_ok(), is_taken, "{url}");
        if let Err(error) = made {
            assert_eq!(error.field(), Some("token_url"), "{url}");
        }
    }
}

struct Endpoint;

#[async_trait]
impl OutboundClient for Endpoint {
    fn name(&self) -> &'static str {
        "token endpoint"
    }

    fn secrets(&self) -> Vec<String> {
        vec!["the-platform-knows-me-by-this".to_owned()]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["snowflake-of-acme".to_owned()]
    }

    /// The pool logs in again.
    fn retries(&self) -> bool {
        false
    }

    fn refusal(&self, _: u16) -> ErrorKind {
        ErrorKind::Auth
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        r#"{"access_token": "a.platform.token"}"#.to_owned()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let asked = async {
            let url = format!("{base_url}/token?resource=snowflake-of-acme");
            let source = TokenEndpoint::new(&url)?.with_http(&settings)?;
            let source = source
                .with_header("authorization", &self.secrets()[0])
                .with_field("access_token");
            source.token().await
        };
        let asked = asked.await.map(drop);
        asked.map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn it_is_a_client_like_the_others() {
    run(Endpoint, "token_endpoint::it_is_a_client_like_the_others").await;
}
