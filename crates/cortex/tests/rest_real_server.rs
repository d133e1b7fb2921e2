//! The protocol against a real server: llama.cpp with a small model, which `cargo xtask
//! test` starts where its wheels can be had. What is asked of so small a model is the form
//! of its answers, never their sense. Skipped, visibly, without the server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use cortex::rest::{EndpointConfig, OpenAiCompatible};
use cortex::{Completion, CompletionRequest, LanguageBackend, Outcome};
use serde_json::json;
use tokio::sync::Mutex;

/// The address of the server, ending in `/v1`.
const URL: &str = "GONG_SNOWFLAKE_LLAMA_URL";

/// One request at a time, so that none waits for the others' answers.
static TURN: Mutex<()> = Mutex::const_new(());

/// The answer to one request, whole or in pieces; `None` without the server.
async fn answer(request: CompletionRequest, streaming: bool) -> Option<Outcome<Completion>> {
    let Ok(url) = std::env::var(URL) else {
        eprintln!("skipped: {URL} names no llama.cpp server");
        return None;
    };
    let config = EndpointConfig::new(&url, "gemma3-270m").unwrap();
    let backend = OpenAiCompatible::new(config.with_streaming(streaming)).unwrap();
    let _turn = TURN.lock().await;
    backend.complete(&[request]).await.unwrap().pop()
}

#[tokio::test]
async fn text_comes_whole_and_in_pieces() {
    for streaming in [false, true] {
        let request = CompletionRequest {
            prompt: "Which colour has the sky? One word.".into(),
            max_tokens: Some(24),
            ..CompletionRequest::default()
        };
        let Some(answer) = answer(request, streaming).await else {
            return;
        };
        let text = answer.unwrap().text;
        assert!(!text.trim().is_empty(), "streaming: {streaming}");
    }
}

#[tokio::test]
async fn an_answer_keeps_to_its_schema() {
    for streaming in [false, true] {
        let request = CompletionRequest {
            prompt: "Is the sky blue?".into(),
            schema: Some(json!({
                "type": "object",
                "properties": { "answer": { "type": "string", "enum": ["yes", "no"] } },
                "required": ["answer"],
                "additionalProperties": false,
            })),
            max_tokens: Some(24),
            ..CompletionRequest::default()
        };
        let Some(answer) = answer(request, streaming).await else {
            return;
        };
        let value = answer.unwrap().value.unwrap();
        assert!(
            value == json!({ "answer": "yes" }) || value == json!({ "answer": "no" }),
            "streaming: {streaming}: {value}"
        );
    }
}
