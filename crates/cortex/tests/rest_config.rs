//! Addresses, variables, tokens that expire, and secrets that stay out of sight.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible, Token, TokenKind, TokenSource};
use cortex::{Error, LanguageBackend, LanguageBackendExt};
use endpoint::{asked, config, openai, quick, snowflake, texts};
use outbound::HttpSettings;
use resilience::ErrorKind;
use serde_json::json;
use testkit::conformance::outbound::{AnyFailure, Asked, OutboundClient, retry_policy, run};
use testkit::language_server::Failure;

/// Numbers its tokens; the first ones are not good.
#[derive(Debug, Default)]
struct Numbered(AtomicUsize);

#[async_trait]
impl TokenSource for Numbered {
    async fn token(&self) -> outbound::Result<Token> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        Token::new(TokenKind::Session, format!("session-{number}"))
    }
}

#[tokio::test]
async fn an_expired_session_is_renewed_once_for_all_who_were_refused() {
    let server = snowflake().await;
    server.accept_tokens(["session-0", "session-1"]);
    let source = Arc::new(Numbered::default());
    let config = config(&server)
        .with_token_source(source.clone())
        .with_concurrency(4);
    let backend = CortexRest::new(config).unwrap();
    backend.completion_of(asked("Before.")).await.unwrap();
    // Four requests are under way when the session ends.
    server.fail_next(vec![Failure::expired_session(); 4]);
    let outcomes = backend.complete(&vec![asked("After."); 4]).await.unwrap();
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(source.0.load(Ordering::SeqCst), 2, "one renewal");
    let last = server.requests().pop().unwrap();
    let header = "Snowflake Token=\"session-1\"";
    assert_eq!(last.authorization.as_deref(), Some(header));
    assert_eq!(last.token_type, None);
}

#[tokio::test]
async fn a_renewed_token_that_is_refused_too_is_the_end() {
    let server = snowflake().await;
    server.accept_tokens(["another"]);
    let source = Arc::new(Numbered::default());
    let config = config(&server).with_token_source(source.clone());
    let backend = CortexRest::new(config).unwrap();
    let error = backend.completion_of(asked("Hi.")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn rest_takes_its_tokens_from_where_sessions_have_theirs() {
    use snowflake_sql::{Credentials, SnowflakeConfig};

    for (credentials, header) in [
        (
            Credentials::programmatic_access_token("t0k3n"),
            "PROGRAMMATIC_ACCESS_TOKEN",
        ),
        (Credentials::oauth("t0k3n"), "OAUTH"),
    ] {
        let server = snowflake().await;
        server.accept_tokens(["t0k3n"]);
        let sessions = SnowflakeConfig::new("myorg-sales", "GONG_ENRICH", credentials).unwrap();
        let config = config(&server).with_token_source(sessions.token_source().unwrap());
        let backend = CortexRest::new(config).unwrap();
        backend.completion_of(asked("Hi.")).await.unwrap();
        let last = server.requests().pop().unwrap();
        assert_eq!(last.token_type.as_deref(), Some(header));
    }
}

#[tokio::test]
async fn kinds_of_tokens_are_told_to_snowflake() {
    for (kind, header) in [
        (TokenKind::KeyPairJwt, Some("KEYPAIR_JWT")),
        (TokenKind::OAuth, Some("OAUTH")),
        (
            TokenKind::ProgrammaticAccess,
            Some("PROGRAMMATIC_ACCESS_TOKEN"),
        ),
        (TokenKind::Plain, None),
    ] {
        let server = snowflake().await;
        server.accept_tokens(["t0k3n"]);
        let token = Token::new(kind, "t0k3n").unwrap();
        let backend = CortexRest::new(config(&server).with_token(token)).unwrap();
        backend.embed(&texts(["words"])).await.unwrap();
        let received = server.requests().pop().unwrap();
        assert_eq!(received.path, "/api/v2/cortex/inference:embed");
        assert_eq!(received.token_type.as_deref(), header);
    }
}

#[test]
fn addresses_are_https_or_loopback_and_hold_no_secrets() {
    for (address, field) in [
        ("http://acme.snowflakecomputing.com", Some("base_url")),
        (
            "https://user:pass@acme.snowflakecomputing.com",
            Some("base_url"),
        ),
        (
            "https://acme.snowflakecomputing.com/?role=x",
            Some("base_url"),
        ),
        ("acme.snowflakecomputing.com", Some("base_url")),
        ("ftp://acme", Some("base_url")),
        ("", Some("base_url")),
        ("https://acme.snowflakecomputing.com", None),
        ("http://127.0.0.1:8080/v1", None),
        ("http://localhost:11434/v1/", None),
        ("http://[::1]:8080", None),
    ] {
        let config = EndpointConfig::new(address, "m");
        assert_eq!(
            config.err().as_ref().and_then(Error::field),
            field,
            "{address}"
        );
    }
    let error = EndpointConfig::new("https://host", " ").unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("model"))
    );
}

#[tokio::test]
async fn addresses_copied_out_of_examples_lead_to_the_same_place() {
    let server = snowflake().await;
    for suffix in [
        "",
        "/",
        "/api/v2/cortex/v1",
        "/api/v2/cortex/v1/chat/completions",
    ] {
        let address = format!("{}{suffix}", server.url());
        let config = EndpointConfig::new(&address, "m")
            .unwrap()
            .with_token(endpoint::token());
        let backend = CortexRest::new(config).unwrap();
        assert!(
            backend.completion_of(asked("Hi.")).await.is_ok(),
            "{suffix}"
        );
    }
    let server = openai().await;
    for suffix in ["", "/", "/chat/completions"] {
        let address = format!("{}{suffix}", server.url());
        let config = EndpointConfig::new(&address, "m")
            .unwrap()
            .with_token(endpoint::token());
        let backend = OpenAiCompatible::new(config).unwrap();
        assert!(
            backend.completion_of(asked("Hi.")).await.is_ok(),
            "{suffix}"
        );
    }
}

#[tokio::test]
async fn variables_make_a_configuration_or_name_what_is_wrong() {
    let server = snowflake().await;
    let url = server.url();
    let with = |changed: &'static str, value: &'static str| {
        let url = url.clone();
        EndpointConfig::from_variables(move |name| {
            Ok(match name {
                _ if name == changed => Some(value.to_owned()),
                "CORTEX_BASE_URL" => Some(url.clone()),
                "CORTEX_MODEL" => Some("llama3.1-8b".to_owned()),
                "CORTEX_API_KEY" => Some("language-server-token".to_owned()),
                "CORTEX_EMBEDDING_MODEL" => Some("e5-base-v2".to_owned()),
                _ => None,
            })
        })
    };
    let backend = CortexRest::new(with("", "").unwrap().with_retry(quick())).unwrap();
    assert_eq!(
        backend.capabilities().embedding_dim,
        Some(768),
        "known for this model"
    );
    assert!(backend.completion_of(asked("Hi.")).await.is_ok());
    for (name, value) in [
        ("CORTEX_BASE_URL", " "),
        ("CORTEX_BASE_URL", "http://example.com"),
        ("CORTEX_MODEL", ""),
        ("CORTEX_API_KEY", "two words"),
        ("CORTEX_TOKEN_TYPE", "SESSION"),
    ] {
        let error = with(name, value).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some(name))
        );
    }
    // Without a key, only an endpoint that asks for none can be used.
    let error = CortexRest::new(with("CORTEX_API_KEY", "").unwrap()).unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("token"))
    );
    assert!(OpenAiCompatible::new(with("CORTEX_API_KEY", "").unwrap()).is_ok());
}

#[tokio::test]
async fn nothing_that_is_printed_holds_the_token() {
    let server = snowflake().await;
    let token = Token::new(TokenKind::Plain, "s3cr3t-t0k3n").unwrap();
    let config = config(&server).with_token(token.clone());
    let printed = format!(
        "{token:?} {config:?} {:?}",
        CortexRest::new(config.clone()).unwrap()
    );
    assert!(!printed.contains("s3cr3t"), "{printed}");
    let error = CortexRest::new(config)
        .unwrap()
        .completion_of(asked("Hi."))
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    for bad in ["", "two words", "quo\"te", "line\nend", "\u{fc}"] {
        let error = Token::new(TokenKind::Plain, bad).unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("token"))
        );
    }
}

const KEY: &str = "model-K3y-9rTb6uWe";

/// A backend for the suite of all HTTP clients; `true` for Snowflake's endpoint.
struct Completing(bool);

#[async_trait]
impl OutboundClient for Completing {
    fn name(&self) -> &'static str {
        "cortex"
    }

    fn secrets(&self) -> Vec<String> {
        vec![KEY.to_owned()]
    }

    fn private_words(&self) -> Vec<String> {
        vec!["what the buyer said".to_owned()]
    }

    fn good_reply(&self, _: &Asked, _: &str) -> String {
        let choice = json!({
            "message": { "role": "assistant", "content": "Yes." },
            "finish_reason": "stop",
        });
        json!({ "choices": [choice], "usage": {} }).to_string()
    }

    async fn ask(&self, base_url: &str, settings: HttpSettings) -> Result<(), AnyFailure> {
        let config = EndpointConfig::new(base_url, "m")
            .unwrap()
            .with_token(Token::new(TokenKind::ProgrammaticAccess, KEY).unwrap())
            .with_retry(retry_policy())
            .with_http(settings);
        let asked = async {
            let request = asked("what the buyer said");
            match self.0 {
                true => CortexRest::new(config)?.completion_of(request).await,
                false => OpenAiCompatible::new(config)?.completion_of(request).await,
            }
        };
        asked
            .await
            .map(drop)
            .map_err(|error| Box::new(error) as AnyFailure)
    }
}

#[tokio::test]
async fn snowflakes_is_a_client_like_the_others() {
    run(
        Completing(true),
        "rest_config::snowflakes_is_a_client_like_the_others",
    )
    .await;
}

#[tokio::test]
async fn any_other_is_a_client_like_the_others() {
    run(
        Completing(false),
        "rest_config::any_other_is_a_client_like_the_others",
    )
    .await;
}
