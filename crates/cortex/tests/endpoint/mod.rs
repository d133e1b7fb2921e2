//! Backends on the double of their endpoints.
#![allow(dead_code, unreachable_pub)] // every test file uses its own part

use std::time::Duration;

use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible, Token, TokenKind};
use cortex::{CompletionRequest, LanguageBackend, Outcome, Utterance};
use resilience::RetryPolicy;
use serde_json::{Value, json};
use testkit::language_server::{DEFAULT_TOKEN, LanguageServer, ModelAnswer, Shape};

pub const MODEL: &str = "claude-haiku-4-5";

pub async fn snowflake() -> LanguageServer {
    LanguageServer::start(Shape::Snowflake)
        .await
        .expect("a port")
}

pub async fn openai() -> LanguageServer {
    LanguageServer::start(Shape::OpenAi).await.expect("a port")
}

pub fn token() -> Token {
    Token::new(TokenKind::ProgrammaticAccess, DEFAULT_TOKEN).expect("a token")
}

/// Three attempts without noticeable waits.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .with_max_attempts(3)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(2))
}

pub fn config(server: &LanguageServer) -> EndpointConfig {
    EndpointConfig::new(&server.url(), MODEL)
        .expect("valid")
        .with_token(token())
        .with_embedding_model("e5-base-v2", Some(26))
        .with_retry(quick())
}

pub fn cortex(server: &LanguageServer) -> CortexRest {
    CortexRest::new(config(server)).expect("a backend")
}

pub fn compatible(server: &LanguageServer) -> OpenAiCompatible {
    OpenAiCompatible::new(config(server)).expect("a backend")
}

/// Both backends, each on a server of its shape.
pub async fn both() -> Vec<(LanguageServer, Box<dyn LanguageBackend>)> {
    let (first, second) = (snowflake().await, openai().await);
    let backends: [Box<dyn LanguageBackend>; 2] =
        [Box::new(cortex(&first)), Box::new(compatible(&second))];
    [first, second].into_iter().zip(backends).collect()
}

pub fn asked(prompt: &str) -> CompletionRequest {
    CompletionRequest {
        prompt: prompt.to_owned(),
        ..CompletionRequest::default()
    }
}

pub fn said(speaker: &str, text: &str) -> Utterance {
    Utterance {
        speaker: Some(speaker.to_owned()),
        ..Utterance::of(text)
    }
}

pub fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

pub fn only<T>(outcomes: Vec<Outcome<T>>) -> T {
    let mut outcomes = outcomes.into_iter();
    let first = outcomes.next().expect("one outcome").expect("an answer");
    assert!(outcomes.next().is_none());
    first
}

/// A script that always says the same.
pub fn always(answer: Value) -> impl Fn(&testkit::language_server::ChatRequest) -> ModelAnswer {
    move |_| ModelAnswer::json(&answer)
}

pub fn finding(kind: &str, line: i64, quote: &str, score: f64) -> Value {
    json!({"kind": kind, "line": line, "quote": quote, "score": score})
}
