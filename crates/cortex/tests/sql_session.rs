//! `CortexSql` over a pool of sessions on a double of Snowflake's protocol, with cells
//! as they come over the wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use calls::SentimentLabel;
use cortex::sql::{CortexSql, CortexSqlConfig, Functions};
use cortex::{
    ClassifyRequest, CompletionRequest, ExtractRequest, FindingKind, LanguageBackend, Utterance,
    usage,
};
use resilience::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};
use snowflake_sql::{Credentials, SnowflakeConfig, SnowflakePool};
use testkit::snowflake::{Answer, Column, SnowflakeDouble, StatementRecord};

/// What a statement about rows returns.
fn reply(value: &'static str, cells: &[(Option<&str>, Option<&str>)]) -> Answer {
    let columns = [
        Column::integer("POSITION"),
        Column::new("VALUE", value),
        Column::text("ERROR"),
    ];
    let row = |(at, (value, error)): (usize, &(Option<&str>, Option<&str>))| {
        [
            Some(at.to_string()),
            value.map(str::to_owned),
            error.map(str::to_owned),
        ]
    };
    Answer::rows(columns, cells.iter().enumerate().map(row))
}

fn models() -> Answer {
    let columns = ["name", "lifecycle_status", "eol_date"].map(Column::text);
    let row = |name: &str| [Some(name.to_owned()), Some("GA".to_owned()), None];
    let rows = ["LLAMA3.1-8B", "SNOWFLAKE-ARCTIC-EMBED-L-V2.0"].map(row);
    Answer::rows(columns, rows)
}

async fn backend(
    functions: Functions,
    answering: impl Fn(&StatementRecord) -> Answer + Send + Sync + 'static,
) -> (SnowflakeDouble, CortexSql) {
    let snowflake = SnowflakeDouble::builder()
        .answering(move |record| {
            let is_listing = record.text.contains("SHOW CORTEX BASE MODELS");
            let is_ours = record.text.contains("FLATTEN");
            match (is_listing, is_ours) {
                (true, _) => Some(models()),
                (false, true) => Some(answering(record)),
                _ => None,
            }
        })
        .start()
        .await
        .unwrap();
    let retry = RetryPolicy::default()
        .with_max_attempts(2)
        .with_base(Duration::from_millis(1))
        .with_cap(Duration::from_millis(2))
        .with_jitter(false);
    let credentials = Credentials::programmatic_access_token("pat-not-to-be-printed");
    let config = SnowflakeConfig::new("myorg-sales", "GONG_ENRICH", credentials)
        .unwrap()
        .with_base_url(&snowflake.url())
        .unwrap()
        .with_retry(retry);
    let pool = Arc::new(SnowflakePool::new(config));
    let config = CortexSqlConfig::default().with_functions(functions);
    (snowflake, CortexSql::new(pool, config).unwrap())
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn prompt() -> CompletionRequest {
    CompletionRequest {
        prompt: "Say hello.".to_owned(),
        ..CompletionRequest::default()
    }
}

#[tokio::test]
async fn objects_in_variants_become_tones_and_labels_row_by_row() {
    let tone = |record: &StatementRecord| {
        assert!(record.text.contains("AI_SENTIMENT("), "{}", record.text);
        reply(
            "variant",
            &[
                (
                    Some(
                        "{\n  \"categories\": [\n    {\n      \"name\": \"pricing\",\n      \
                         \"sentiment\": \"negative\"\n    },\n    {\n      \"name\": \"overall\",\n      \
                         \"sentiment\": \"mixed\"\n    }\n  ]\n}",
                    ),
                    None,
                ),
                (None, Some("Input exceeds the limit of 2048 tokens")),
                (Some("null"), None),
            ],
        )
    };
    let (snowflake, cortex) = backend(Functions::Ai, tone).await;
    let outcomes = cortex.sentiment(&texts(&["a", "b", "c"])).await.unwrap();
    let first = outcomes[0].as_ref().unwrap();
    assert_eq!(first.sentiment.label, SentimentLabel::Mixed);
    assert_eq!(first.by.model, "AI_SENTIMENT");
    assert_eq!(
        outcomes[1].as_ref().unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(outcomes[2].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    let sent = snowflake.state().statements();
    let statement = sent
        .iter()
        .find(|sent| sent.text.contains("AI_SENTIMENT"))
        .unwrap();
    assert_eq!(statement.binds.len(), 1);
    assert_eq!(
        statement.binds[0].value.as_deref(),
        Some(r#"["a","b","c"]"#)
    );

    let label = |_: &StatementRecord| reply("object", &[(Some(r#"{"labels":["price"]}"#), None)]);
    let (_alive, cortex) = backend(Functions::Ai, label).await;
    let request = ClassifyRequest {
        text: "What does it cost?".to_owned(),
        labels: texts(&["security", "price"]),
    };
    let outcomes = cortex.classify(&[request]).await.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap().label, "price");
}

#[tokio::test]
async fn numbers_of_the_older_sentiment_are_read_from_variants() {
    let tone = |_: &StatementRecord| reply("variant", &[(Some("-0.7500000000000000"), None)]);
    let (_alive, cortex) = backend(Functions::Legacy, tone).await;
    let outcomes = cortex.sentiment(&texts(&["a"])).await.unwrap();
    let reading = outcomes[0].as_ref().unwrap();
    assert_eq!(reading.sentiment.label, SentimentLabel::Negative);
    assert!((reading.sentiment.score + 0.75).abs() < 1e-9);
}

#[tokio::test]
async fn vector_columns_become_unit_vectors() {
    let vector = |record: &StatementRecord| {
        let model = record.binds[0].value.as_deref();
        assert_eq!(model, Some("snowflake-arctic-embed-l-v2.0"));
        let mut parts = vec!["0.000000"; 1024];
        (parts[0], parts[1], parts[2]) = ("3.000000", "-4.0", "1e-07");
        let good = format!("[{}]", parts.join(","));
        // What Snowflake writes for what is not a number.
        parts[5] = "nan";
        let bad = format!("[{}]", parts.join(","));
        reply(
            "vector",
            &[(Some(good.as_str()), None), (Some(bad.as_str()), None)],
        )
    };
    let (_alive, cortex) = backend(Functions::Ai, vector).await;
    let outcomes = cortex.embed(&texts(&["a", "b"])).await.unwrap();
    let vector = outcomes[0].as_ref().unwrap();
    assert_eq!(vector.dim(), 1024);
    assert!((vector.vector[0] - 0.6).abs() < 1e-6 && (vector.vector[1] + 0.8).abs() < 1e-6);
    assert_eq!(outcomes[1].as_ref().unwrap_err().kind(), ErrorKind::Decode);
}

/// The details of a completion, as an object or as the text of one in a VARIANT.
fn details(body: &Value, as_text: bool) -> Answer {
    let object = serde_json::to_string_pretty(body).unwrap();
    let cell = match as_text {
        true => Value::from(object).to_string(),
        false => object,
    };
    reply("variant", &[(Some(cell.as_str()), None)])
}

#[tokio::test]
async fn details_of_completions_are_read_as_objects_and_as_text() {
    for as_text in [false, true] {
        let written = move |_: &StatementRecord| {
            let body = json!({
                "choices": [{ "messages": "Hello {there}." }],
                "created": 1_700_000_000,
                "model": "claude-haiku-4-5",
                "usage": { "prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15 },
            });
            details(&body, as_text)
        };
        let (_alive, cortex) = backend(Functions::Ai, written).await;
        let (outcomes, reports) = usage::collect(cortex.complete(&[prompt()])).await;
        assert_eq!(
            outcomes.unwrap()[0].as_ref().unwrap().text,
            "Hello {there}."
        );
        assert_eq!(
            (reports[0].input, reports[0].output),
            (11, 4),
            "as text: {as_text}"
        );
    }
}

#[tokio::test]
async fn structured_details_are_read_as_objects_and_as_text() {
    for as_text in [false, true] {
        let found = move |record: &StatementRecord| {
            assert!(record.text.contains("response_format"), "{}", record.text);
            let finding = json!({
                "kind": "commitment", "line": 0, "quote": "I'll email it to you", "score": 0.9,
            });
            let body = json!({
                "structured_output": [{ "raw_message": { "findings": [finding] }, "type": "json" }],
                "model": "claude-haiku-4-5",
                "usage": { "prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340 },
            });
            details(&body, as_text)
        };
        let (_alive, cortex) = backend(Functions::Ai, found).await;
        let request = ExtractRequest {
            utterances: vec![Utterance::of("Sure, I'll email it to you by Friday.")],
            wanted: vec![FindingKind::Commitment],
            competitors: Vec::new(),
        };
        let outcomes = cortex.extract(&[request]).await.unwrap();
        let found = outcomes[0].as_ref().unwrap();
        assert_eq!(
            (found.findings.len(), found.dropped),
            (1, 0),
            "as text: {as_text}"
        );
    }
}

#[tokio::test]
async fn rules_go_into_a_message_of_the_system_where_a_function_takes_one() {
    let written = |record: &StatementRecord| {
        let sent = record.binds.last().unwrap().value.clone().unwrap();
        let conversations: Value = serde_json::from_str(&sent).unwrap();
        let roles: Vec<&Value> = conversations[0]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| &message["role"])
            .collect();
        assert_eq!(roles, ["system", "user"]);
        reply("variant", &[(Some("\"Hello.\""), None)])
    };
    let (_alive, cortex) = backend(Functions::Legacy, written).await;
    let request = CompletionRequest {
        system: Some("Be brief.".to_owned()),
        ..prompt()
    };
    let outcomes = cortex.complete(&[request]).await.unwrap();
    assert_eq!(outcomes[0].as_ref().unwrap().text, "Hello.");
}

#[tokio::test]
async fn a_refusal_in_the_middle_of_a_batch_keeps_what_was_answered() {
    let answering = |record: &StatementRecord| {
        let sent = record.binds.last().unwrap().value.clone().unwrap();
        if sent.contains("late") {
            return Answer::error(
                "003001",
                "SQL access control error:\nInsufficient privileges",
            );
        }
        let tone = r#"{"categories":[{"name":"overall","sentiment":"positive"}]}"#;
        let rows: Vec<String> = serde_json::from_str(&sent).unwrap();
        reply("variant", &vec![(Some(tone), None); rows.len()])
    };
    let (_alive, cortex) = backend(Functions::Ai, answering).await;
    let mut said = texts(&["early"; 64]);
    said.push("late".to_owned());
    let outcomes = cortex.sentiment(&said).await.unwrap();
    assert!(outcomes[..64].iter().all(Result::is_ok));
    assert_eq!(
        outcomes[64].as_ref().unwrap_err().kind(),
        ErrorKind::Permission
    );
}
