//! Every way in which an endpoint refuses or breaks meets the right kind of error.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use std::time::Duration;

use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible};
use cortex::{LanguageBackend, LanguageBackendExt};
use endpoint::{asked, both, config, cortex, openai, quick, snowflake, texts, token};
use resilience::{ErrorKind, RetryPolicy};
use serde_json::json;
use testkit::language_server::{Failure, ModelAnswer};

/// What goes wrong, what it means, and how many requests it is worth.
fn table() -> Vec<(&'static str, Failure, ErrorKind, usize)> {
    use ErrorKind::{
        Auth, Config, Decode, InvalidInput, Permission, QuotaExhausted, RateLimited, Transient,
        Unsupported,
    };
    let in_stream = |code: &str, message: &str| {
        Failure::MidStream(json!({"error": {"code": code, "message": message}}))
    };
    vec![
        // Snowflake, by its documentation.
        (
            "429 without Retry-After",
            Failure::snowflake(429, "too many requests"),
            RateLimited,
            3,
        ),
        (
            "400 that is a limit",
            Failure::snowflake(400, "all requests were throttled by remote service"),
            RateLimited,
            3,
        ),
        (
            "402",
            Failure::snowflake(402, "budget exceeded"),
            QuotaExhausted,
            1,
        ),
        (
            "403",
            Failure::snowflake(403, "not authorized"),
            Permission,
            1,
        ),
        (
            "503",
            Failure::snowflake(503, "inference timed out"),
            Transient,
            3,
        ),
        ("expired session, 200", Failure::expired_session(), Auth, 1),
        (
            "limit inside a success",
            Failure::InsideSuccess(json!({"code": "390505", "message": "wait", "data": null})),
            RateLimited,
            3,
        ),
        (
            "limit by number in mid-stream",
            Failure::MidStream(json!({"code": "390505", "message": "wait"})),
            RateLimited,
            3,
        ),
        (
            "error in mid-stream",
            Failure::MidStream(json!({"error": {"message": "internal"}})),
            Transient,
            3,
        ),
        (
            "limit in mid-stream",
            in_stream("429", "slow down"),
            RateLimited,
            3,
        ),
        (
            "budget in mid-stream",
            in_stream("402", "budget exceeded"),
            QuotaExhausted,
            1,
        ),
        (
            "expired in mid-stream",
            Failure::MidStream(json!({"code": "390112", "message": "expired"})),
            Auth,
            1,
        ),
        (
            "unknown model",
            Failure::snowflake(400, "unknown model \"gone\""),
            Config,
            1,
        ),
        (
            "401",
            Failure::snowflake(401, "JWT token is invalid"),
            Auth,
            1,
        ),
        (
            "401 by code",
            Failure::Status {
                status: 400,
                body: json!({"code": "390144", "message": "JWT"}),
                retry_after: None,
            },
            Auth,
            1,
        ),
        (
            "400",
            Failure::snowflake(400, "invalid options object"),
            InvalidInput,
            1,
        ),
        (
            "500",
            Failure::snowflake(500, "internal server error"),
            Transient,
            3,
        ),
        ("502", Failure::snowflake(502, "bad gateway"), Transient, 3),
        ("404", Failure::snowflake(404, "no route"), Config, 1),
        ("308", Failure::snowflake(308, ""), Config, 1),
        // Endpoints of OpenAI's shape.
        (
            "model_not_found",
            Failure::openai(404, "model_not_found", "no such model"),
            Config,
            1,
        ),
        (
            "insufficient_quota",
            Failure::openai(429, "insufficient_quota", "check your plan"),
            QuotaExhausted,
            1,
        ),
        (
            "rate_limit_exceeded",
            Failure::openai(429, "rate_limit_exceeded", "slow down"),
            RateLimited,
            3,
        ),
        (
            "context_length_exceeded",
            Failure::openai(
                400,
                "context_length_exceeded",
                "maximum context length is 8192",
            ),
            InvalidInput,
            1,
        ),
        (
            "content_filter",
            Failure::openai(400, "content_filter", "filtered"),
            Unsupported,
            1,
        ),
        (
            "wait of an hour",
            Failure::Status {
                status: 429,
                body: json!({}),
                retry_after: Some(3_600),
            },
            QuotaExhausted,
            1,
        ),
        (
            "error as text",
            Failure::InsideSuccess(json!({"error": "model crashed"})),
            Transient,
            3,
        ),
        // The wire.
        ("half a stream", Failure::HalfStream, Transient, 3),
        (
            "half a stream that counts as it goes",
            Failure::MidStream(json!({
                "choices": [{"index": 0, "delta": {"content": ""}}],
                "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10},
            })),
            Transient,
            3,
        ),
        ("cut", Failure::Cut, Transient, 3),
        ("disconnect", Failure::Disconnect, Transient, 3),
        ("login page", Failure::LoginPage, Decode, 1),
        (
            "not a completion",
            Failure::InsideSuccess(json!({"status": "ok"})),
            Decode,
            1,
        ),
    ]
}

#[tokio::test]
async fn every_failure_of_a_completion_has_its_kind() {
    for (server, backend) in both().await {
        for (name, failure, kind, requests) in table() {
            let before = server.requests().len();
            server.fail_next(vec![failure; 3]);
            let error = backend.completion_of(asked("Say yes.")).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{name}: {error}");
            assert!(
                !error.is_retryable(),
                "{name}: an outer layer must not start again"
            );
            assert_eq!(server.requests().len() - before, requests, "{name}");
        }
    }
}

#[tokio::test]
async fn every_failure_of_an_embedding_has_its_kind() {
    for (server, backend) in both().await {
        for (name, failure, kind, requests) in table() {
            if name.starts_with("half a stream") {
                continue; // embeddings are no streams
            }
            let before = server.requests().len();
            server.fail_next(vec![failure; 3]);
            let error = backend.embedding_of("Some words.").await.unwrap_err();
            assert_eq!(error.kind(), kind, "{name}: {error}");
            assert_eq!(server.requests().len() - before, requests, "{name}");
        }
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_and_then_answered() {
    for (server, backend) in both().await {
        for (name, failure, _, requests) in table() {
            if requests == 1 {
                continue;
            }
            server.when_asked(|_| ModelAnswer::text("Yes, at last."));
            server.fail_next([failure]);
            let completion = backend.completion_of(asked("Say yes.")).await.unwrap();
            assert_eq!(
                completion.text, "Yes, at last.",
                "{name}: nothing partial is left over"
            );
        }
    }
}

#[tokio::test]
async fn limits_by_the_minute_are_waited_for_longer_than_what_passes() {
    let policy = RetryPolicy::default()
        .with_max_attempts(2)
        .with_base(Duration::from_millis(100))
        .with_cap(Duration::from_secs(30))
        .with_jitter(false)
        // Holds a wait of the base, not one of sixteen times that.
        .with_total_budget(Duration::from_millis(1_500));
    for (status, is_snowflake, requests) in [(429, true, 1), (503, true, 2), (429, false, 2)] {
        let server = if is_snowflake {
            snowflake().await
        } else {
            openai().await
        };
        let config = config(&server).with_retry(policy);
        let backend: Box<dyn LanguageBackend> = if is_snowflake {
            Box::new(CortexRest::new(config).unwrap())
        } else {
            Box::new(OpenAiCompatible::new(config).unwrap())
        };
        server.fail_next(vec![Failure::snowflake(status, "not now"); 2]);
        let error = backend.completion_of(asked("Say yes.")).await.unwrap_err();
        assert!(!error.is_retryable());
        assert_eq!(server.requests().len(), requests, "{status} {is_snowflake}");
    }
}

#[tokio::test]
async fn answers_that_are_all_empty_are_a_configuration_error() {
    for (server, backend) in both().await {
        server.when_asked(|_| ModelAnswer::text(" "));
        let error = backend
            .complete(&[asked("One."), asked("Two.")])
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::Config, Some("model"))
        );
        let error = backend.sentiment(&texts(["Nice."])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        server.fail_next([Failure::InsideSuccess(json!({
            "data": [{"index": 0, "embedding": null}, {"index": 1, "embedding": [[]]}],
        }))]);
        let error = backend.embed(&texts(["One.", "Two."])).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
    }
}

#[tokio::test]
async fn one_empty_answer_among_others_is_that_items_error() {
    let server = snowflake().await;
    server.when_asked(|request| match request.task().contains("empty") {
        true => ModelAnswer::text(""),
        false => ModelAnswer::json(&json!({"a": 1})),
    });
    let mut requests = [asked("full"), asked("empty")];
    for request in &mut requests {
        request.schema = Some(json!({"type": "object", "properties": {"a": {"type": "integer"}}}));
    }
    let outcomes = cortex(&server).complete(&requests).await.unwrap();
    assert!(outcomes[0].is_ok());
    assert_eq!(outcomes[1].as_ref().unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn one_empty_text_among_others_is_that_items_error_and_names_the_limit() {
    let server = openai().await;
    let config = EndpointConfig::new(&server.url(), "llama3.3-70b").unwrap();
    let backend = OpenAiCompatible::new(config.with_token(token())).unwrap();
    server.when_asked(|request| match request.task() {
        "empty" => ModelAnswer::text(""),
        "thoughtful" => ModelAnswer::cut_off(""),
        _ => ModelAnswer::cut_off("Words up to the limit"),
    });
    let requests = [asked("full"), asked("empty"), asked("thoughtful")];
    let outcomes = backend.complete(&requests).await.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap().text, "Words up to the limit");
    assert_eq!(outcomes[1].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    let error = outcomes[2].as_ref().unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("max_tokens"))
    );
}

#[tokio::test]
async fn a_model_that_declines_lets_a_fallback_step_in() {
    for (server, backend) in both().await {
        server.when_asked(|_| ModelAnswer::declined("I cannot help with that."));
        let error = backend.completion_of(asked("Say yes.")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_transient() {
    let server = snowflake().await;
    let config = config(&server);
    drop(server);
    let backend = CortexRest::new(config.with_retry(quick().with_max_attempts(2)));
    let error = backend
        .unwrap()
        .completion_of(asked("Say yes."))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
}

#[tokio::test]
async fn a_server_that_never_answers_is_transient() {
    // The system accepts for it; nobody reads.
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let config = EndpointConfig::new(&address, "claude-haiku-4-5")
        .unwrap()
        .with_token(token())
        .with_retry(quick());
    for config in [
        config.clone().with_read_timeout(Duration::from_millis(30)),
        config.with_attempt_timeout(Duration::from_millis(30)),
    ] {
        let backend = CortexRest::new(config).unwrap();
        let error = backend.completion_of(asked("Say yes.")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transient, "{error}");
        for attempt in 1..=3 {
            assert!(server.accept().is_ok(), "attempt {attempt}");
        }
    }
}

#[tokio::test]
async fn no_error_repeats_call_text_or_the_token() {
    let secret_words = "our budget is nine hundred thousand dollars";
    for (server, backend) in both().await {
        for failure in [
            Failure::snowflake(400, &format!("cannot parse: {secret_words}")),
            Failure::openai(400, "bad", &format!("invalid value '{secret_words}'")),
            Failure::snowflake(401, "token language-server-token is invalid"),
            Failure::MidStream(json!({"error": {"message": secret_words}})),
        ] {
            server.fail_next(vec![failure; 3]);
            let error = backend
                .sentiment_of(format!("Well, {secret_words}, you know."))
                .await
                .unwrap_err();
            let printed = format!("{error} {error:?}");
            assert!(!printed.contains("nine hundred"), "{printed}");
            assert!(!printed.contains("language-server-token"), "{printed}");
        }
        server.fail_next([Failure::snowflake(400, "invalid options object")]);
        let error = backend.sentiment_of(secret_words).await.unwrap_err();
        assert!(
            error.to_string().contains("invalid options object"),
            "{error}"
        );
        assert!(error.to_string().contains("0a1b-2c3d"), "{error}");
    }
}
