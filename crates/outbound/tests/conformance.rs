//! The suite that every client runs, for a client that is nothing but this crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use async_trait::async_trait;
use outbound::{Attempts, Error, HttpClient, HttpSettings, Result, Token, TokenKind, Tokens};
use resilience::ErrorKind;
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};

const SECRET: &str = "plain-7f3a/9c+Zk1=Q8";

struct Bare;

impl Bare {
    async fn things(
        http: &HttpClient,
        url: &str,
        attempts: &Attempts<'_>,
        token: Token,
    ) -> Result<Vec<u8>> {
        let request = http.get(format!("{url}/things?after=cursor-of-page-2"));
        let request = request.header("authorization", token.header()?);
        let mut reply = http.send(attempts, request).await?;
        if reply.is_success() {
            let body = reply.whole().await?;
            return match body == b"[]" {
                true => Ok(body),
                false => Err(Error::new(ErrorKind::Decode, "no list of things")),
            };
        }
        let kind = match reply.status() {
            300..=399 => ErrorKind::Config,
            401 => ErrorKind::Auth,
            403 => ErrorKind::Permission,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::Transient,
            _ => ErrorKind::InvalidInput,
        };
        let wait = reply.retry_after();
        let body = reply.start().await;
        let words = token.redacted(&String::from_utf8_lossy(&body), 500);
        Err(Error::new(kind, words).with_retry_after(wait))
    }
}

#[async_trait]
impl OutboundClient for Bare {
    fn name(&self) -> &'static str {
        "bare"
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.to_owned()]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["cursor-of-page-2".to_owned()]
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        "[]".to_owned()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let asked = async {
            let http = HttpClient::new("bare", &base_url.parse().unwrap(), &settings)?;
            let tokens = Tokens::from(Token::new(TokenKind::Plain, SECRET)?);
            let attempts = Attempts::of("/things");
            let send = |token| Self::things(&http, base_url, &attempts, token);
            let attempt = || tokens.attempt(send);
            http.retry(&retry_policy(), &attempts, attempt).await
        };
        asked
            .await
            .map(drop)
            .map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn the_suite_is_passed() {
    run(Bare, "the_suite_is_passed").await;
}
