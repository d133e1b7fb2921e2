//! What is sent, and how answers of every shape are read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::endpoint;

use cortex::rest::{CortexRest, EndpointConfig, OpenAiCompatible, OutputLimitField};
use cortex::usage::{self, TokenUsage};
use cortex::{CompletionRequest, LanguageBackend, LanguageBackendExt, Method};
use endpoint::{
    MODEL, asked, both, compatible, config, cortex, only, openai, quick, snowflake, texts,
};
use resilience::ErrorKind;
use serde_json::{Value, json};
use testkit::language_server::{Failure, ModelAnswer};

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "inner": {"type": "object", "properties": {"count": {"type": "integer", "minimum": 2}}},
        },
        "required": ["name"],
    })
}

fn structured(prompt: &str) -> CompletionRequest {
    CompletionRequest {
        schema: Some(schema()),
        ..asked(prompt)
    }
}

#[tokio::test]
async fn snowflake_gets_its_fields_and_headers() {
    let server = snowflake().await;
    let request = CompletionRequest {
        system: Some("Be short.".to_owned()),
        max_tokens: Some(77),
        ..structured("Count.")
    };
    server.when_asked(|_| ModelAnswer::json(&json!({"name": "a", "inner": {"count": 3}})));
    cortex(&server).completion_of(request).await.unwrap();
    let received = &server.requests()[0];
    assert_eq!(received.path, "/api/v2/cortex/v1/chat/completions");
    assert_eq!(
        received.authorization.as_deref(),
        Some("Bearer language-server-token")
    );
    assert_eq!(
        received.token_type.as_deref(),
        Some("PROGRAMMATIC_ACCESS_TOKEN")
    );
    let body = &received.body;
    assert_eq!(body["model"], MODEL);
    assert_eq!(body["max_completion_tokens"], 77);
    assert_eq!(body.get("max_tokens"), None);
    assert_eq!(body["temperature"], 0.0);
    assert_eq!(body["stream"], true);
    assert_eq!(body["stream_options"], json!({"include_usage": true}));
    assert_eq!(
        body["messages"][0],
        json!({"role": "system", "content": "Be short."})
    );
    let format = &body["response_format"];
    assert_eq!(
        (&format["type"], &format["json_schema"]["strict"]),
        (&json!("json_schema"), &json!(true))
    );
}

#[tokio::test]
async fn other_endpoints_get_no_snowflake_header_and_need_no_token() {
    let server = openai().await;
    compatible(&server)
        .completion_of(asked("Hi."))
        .await
        .unwrap();
    assert_eq!(server.requests()[0].path, "/v1/chat/completions");
    assert_eq!(server.requests()[0].token_type, None);

    server.accept_tokens::<String>([]);
    let config = EndpointConfig::new(&server.url(), "llama3.1:8b").unwrap();
    let backend = OpenAiCompatible::new(
        config
            .with_output_limit_field(OutputLimitField::MaxTokens)
            .with_temperature(None),
    )
    .unwrap();
    backend.completion_of(asked("Hi.")).await.unwrap();
    let received = server.requests().pop().unwrap();
    assert_eq!(received.authorization, None);
    assert_eq!(received.body["max_tokens"], 4_096);
    assert_eq!(received.body.get("max_completion_tokens"), None);
    assert_eq!(received.body.get("temperature"), None);
}

#[tokio::test]
async fn the_old_field_is_an_error_at_snowflake() {
    let server = snowflake().await;
    let config = config(&server).with_output_limit_field(OutputLimitField::MaxTokens);
    let error = CortexRest::new(config)
        .unwrap()
        .completion_of(asked("Hi."))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn every_schema_that_is_sent_is_closed_so_that_openai_models_take_it() {
    // The double refuses open schemas for GPT, as the models do.
    for shape in [snowflake().await, openai().await] {
        let config = EndpointConfig::new(&shape.url(), "openai-gpt-5-mini")
            .unwrap()
            .with_token(endpoint::token())
            .with_retry(quick());
        let backend: Box<dyn LanguageBackend> = match shape.url().ends_with("/v1") {
            true => Box::new(OpenAiCompatible::new(config).unwrap()),
            false => Box::new(CortexRest::new(config).unwrap()),
        };
        let spoken = vec![
            endpoint::said("Ann", "Can you send it?"),
            endpoint::said("Bob", "I'll send it on Monday."),
        ];
        assert!(backend.sentiment_of("I love it.").await.is_ok());
        assert!(
            backend
                .label_of(cortex::ClassifyRequest {
                    text: "price".into(),
                    labels: texts(["a", "b"])
                })
                .await
                .is_ok()
        );
        assert!(
            backend
                .findings_of(cortex::ExtractRequest {
                    utterances: spoken.clone(),
                    wanted: cortex::FindingKind::ALL.to_vec(),
                    competitors: texts(["Acme"])
                })
                .await
                .is_ok()
        );
        assert!(
            backend
                .summary_of(cortex::SummaryRequest {
                    utterances: spoken,
                    max_words: 50
                })
                .await
                .is_ok()
        );
        shape.when_asked(|_| ModelAnswer::json(&json!({"name": "a", "inner": {"count": 3}})));
        assert!(backend.completion_of(structured("Count.")).await.is_ok());
    }
}

#[tokio::test]
async fn answers_in_one_piece_and_in_events_read_alike() {
    let text = "Line one.\n\nLine \u{201c}two\u{201d} \u{1f600}, data: [DONE], {\"a\": 1}";
    for streaming in [true, false] {
        let server = snowflake().await;
        server.when_asked(move |_| ModelAnswer::text(text));
        let backend = CortexRest::new(config(&server).with_streaming(streaming)).unwrap();
        let (completion, used) = usage::collect(backend.completion_of(asked("Two words."))).await;
        assert_eq!(completion.unwrap().text, text);
        let expected = TokenUsage {
            model: MODEL.to_owned(),
            items: 1,
            input: 2,
            output: 9,
        };
        assert_eq!(used, [expected], "streaming: {streaming}");
    }
}

#[tokio::test]
async fn models_with_and_without_a_finish_reason_are_understood() {
    for model in ["claude-sonnet-5", "llama3.3-70b"] {
        let server = openai().await;
        let config = EndpointConfig::new(&server.url(), model)
            .unwrap()
            .with_token(endpoint::token());
        let completion = OpenAiCompatible::new(config)
            .unwrap()
            .completion_of(asked("Hi."))
            .await;
        assert_eq!(completion.unwrap().text, "An honest answer.", "{model}");
    }
}

#[tokio::test]
async fn a_structured_answer_is_taken_out_of_what_stands_around_it() {
    let value = json!({"name": "a", "inner": {"count": 3}});
    for (server, backend) in both().await {
        let fenced = format!("Here you are:\n```json\n{value}\n```\nAnything else?");
        server.when_asked(move |_| ModelAnswer::text(fenced.clone()));
        let completion = backend.completion_of(structured("Count.")).await.unwrap();
        assert_eq!(completion.value, Some(value.clone()));
        assert_eq!(server.requests().len(), 1);
        // For models that `response_format` does not bind.
        let sent = &server.requests()[0].body["messages"][0]["content"];
        assert!(sent.as_str().unwrap().contains("additionalProperties"));
    }
}

#[tokio::test]
async fn an_answer_that_breaks_the_schema_is_asked_for_once_more_with_the_reason() {
    for (server, backend) in both().await {
        server.when_asked(|request| match request.is_correction() {
            false => ModelAnswer::text("{\"name\": \"a\", \"inner\": {\"count\": 1}}"),
            true => ModelAnswer::json(&json!({"name": "a", "inner": {"count": 2}})),
        });
        let completion = backend.completion_of(structured("Count.")).await.unwrap();
        assert_eq!(completion.value.unwrap()["inner"]["count"], 2);
        let second = &server.requests()[1].body["messages"];
        assert_eq!(second[1]["role"], "assistant");
        assert!(
            second[2]["content"]
                .as_str()
                .unwrap()
                .contains("/inner/count"),
            "{second}"
        );
    }
}

#[tokio::test]
async fn a_second_bad_answer_is_an_error_without_its_words() {
    for (server, backend) in both().await {
        server.when_asked(|_| ModelAnswer::text("confidential words and no JSON"));
        let error = backend
            .completion_of(structured("Count."))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(!format!("{error:?}").contains("confidential"));
        assert_eq!(server.requests().len(), 2, "asked twice and no more");
    }
}

#[tokio::test]
async fn a_structured_answer_that_was_cut_off_names_the_limit() {
    let server = openai().await;
    server.when_asked(|_| ModelAnswer::cut_off("{\"name\": \"a\", \"inn"));
    let config = EndpointConfig::new(&server.url(), "llama3.3-70b")
        .unwrap()
        .with_token(endpoint::token());
    let backend = OpenAiCompatible::new(config).unwrap();
    let error = backend
        .completion_of(structured("Count."))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.field()),
        (ErrorKind::Config, Some("max_tokens"))
    );
    assert_eq!(server.requests().len(), 1, "another try would end the same");
    // Free text up to the limit is what was asked for.
    let completion = backend.completion_of(asked("Tell.")).await.unwrap();
    assert_eq!(completion.text, "{\"name\": \"a\", \"inn");
}

#[tokio::test]
async fn a_schema_that_is_none_is_refused_before_anything_is_sent() {
    let server = snowflake().await;
    for schema in [
        json!({"type": "object", "properties": {"a": {"type": "no such type"}}}),
        json!({"type": "object", "properties": {"a": {"$ref": "file:///etc/hostname"}}}),
        json!({"type": "array"}),
    ] {
        let request = CompletionRequest {
            schema: Some(schema),
            ..asked("Count.")
        };
        let error = cortex(&server).completion_of(request).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("schema"))
        );
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn vectors_come_in_order_of_unit_length_nested_or_not() {
    for (server, backend) in both().await {
        let batch = texts(["aab", "", "zz", " \n"]);
        let vectors: Vec<_> = backend
            .embed(&batch)
            .await
            .unwrap()
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert!((vectors[0].vector[0] - 2.0 / 5.0_f32.sqrt()).abs() < 1e-6);
        assert_eq!(vectors[2].vector[25], 1.0);
        for blank in [1, 3] {
            assert!(vectors[blank].vector.iter().all(|part| *part == 0.0));
            assert_eq!(vectors[blank].dim(), 26);
        }
        assert!(vectors.iter().all(|vector| vector.model == "e5-base-v2"));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn snowflakes_limits_of_texts_and_characters_are_kept() {
    let server = snowflake().await;
    let mut batch: Vec<String> = (0..1_300).map(|n| format!("text {n}")).collect();
    batch[7] = format!("{} {}", "a".repeat(4_096), "b".repeat(2_048));
    let config = config(&server).with_embedding_model("snowflake-arctic-embed-l-v2.0-8k", Some(26));
    let backend = CortexRest::new(config).unwrap();
    let (outcomes, used) = usage::collect(backend.embed(&batch)).await;
    let vectors: Vec<_> = outcomes.unwrap().into_iter().map(Result::unwrap).collect();
    assert_eq!(vectors.len(), 1_300);
    // Two pieces, weighted by their characters: counts of 4096 each of "a", 2048 of "b".
    let (a, b) = (vectors[7].vector[0], vectors[7].vector[1]);
    assert!((a / b - 4.0).abs() < 1e-3, "{a} {b}");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(used.iter().map(|used| used.items).sum::<u64>(), 1_301);
    assert_eq!(used.iter().map(|used| used.output).sum::<u64>(), 0);
}

#[tokio::test]
async fn a_text_longer_than_the_model_reads_is_embedded_in_pieces() {
    let long = "a b c ".repeat(400);
    for (model, pieces) in [("e5-base-v2", 3), ("snowflake-arctic-embed-l-v2.0-8k", 1)] {
        for (server, is_snowflake) in [(snowflake().await, true), (openai().await, false)] {
            let config = config(&server).with_embedding_model(model, Some(26));
            let backend: Box<dyn LanguageBackend> = match is_snowflake {
                true => Box::new(CortexRest::new(config).unwrap()),
                false => Box::new(OpenAiCompatible::new(config).unwrap()),
            };
            backend.embedding_of(long.clone()).await.unwrap();
            let body = &server.requests()[0].body;
            let sent = body[if is_snowflake { "text" } else { "input" }].as_array();
            let words = |text: &Value| text.as_str().unwrap().split_whitespace().count();
            let words: Vec<usize> = sent.unwrap().iter().map(words).collect();
            assert_eq!(words.len(), pieces, "{model}");
            assert_eq!(words.iter().sum::<usize>(), 1_200);
        }
    }
}

#[tokio::test]
async fn the_length_of_vectors_is_learned_when_it_is_not_known() {
    let server = openai().await;
    let config = config(&server).with_embedding_model("some-model", None);
    let backend = OpenAiCompatible::new(config).unwrap();
    assert_eq!(backend.capabilities().embedding_dim, None);
    let blank = backend.embedding_of("").await.unwrap();
    assert_eq!(blank.vector, vec![0.0; 26]);
    assert_eq!(backend.capabilities().embedding_dim, Some(26));
}

#[tokio::test]
async fn vectors_of_another_length_are_refused() {
    let server = snowflake().await;
    server.fail_next([Failure::InsideSuccess(
        json!({"data": [{"index": 0, "embedding": [[1.0, 2.0]]}]}),
    )]);
    let error = cortex(&server).embedding_of("words").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn without_an_embedding_model_there_are_no_vectors() {
    let server = snowflake().await;
    let config = EndpointConfig::new(&server.url(), MODEL)
        .unwrap()
        .with_token(endpoint::token());
    let backend = CortexRest::new(config).unwrap();
    assert!(!backend.capabilities().supports(Method::Embed));
    let error = backend.embed(&texts(["words"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    let provenance = backend.provenance();
    assert_eq!(
        (provenance.backend.as_str(), provenance.model.as_str()),
        ("cortex-rest", MODEL)
    );
}

#[tokio::test]
async fn an_empty_batch_makes_no_request() {
    for (server, backend) in both().await {
        assert!(backend.sentiment(&[]).await.unwrap().is_empty());
        assert!(backend.summarize(&[]).await.unwrap().is_empty());
        assert!(backend.embed(&[]).await.unwrap().is_empty());
        assert!(backend.classify(&[]).await.unwrap().is_empty());
        assert!(backend.extract(&[]).await.unwrap().is_empty());
        assert!(backend.complete(&[]).await.unwrap().is_empty());
        assert!(
            only(backend.sentiment(&texts([" "])).await.unwrap())
                .raw
                .is_null()
        );
        assert!(server.requests().is_empty());
    }
}
