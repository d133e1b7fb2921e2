//! What leaves for a model when names, addresses and numbers are to stay, and what comes back.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use gong_snowflake::agents::CallAnalysisAgent;
use gong_snowflake::agents::insights::{InsightBuilder, Language};
use gong_snowflake::calls::{CallId, RawDocument};
use gong_snowflake::cortex::LanguageBackend;
use gong_snowflake::cortex::rest::{EndpointConfig, OpenAiCompatible, Token, TokenKind};
use gong_snowflake::snowflake_store::{
    CallStore, Landing, LandingPage, SqliteStore, TransformScope,
};
use serde_json::json;
use testkit::language_server::{DEFAULT_TOKEN, LanguageServer, ModelAnswer, Shape, honest_answer};

/// Nobody but the parties would say these.
const SECRETS: [&str; 8] = [
    "Rosalind",
    "Quirke",
    "Bartholomew",
    "Zweig",
    "Meerkat",
    "meerkat",
    "415-555-2671",
    "zweig@",
];

async fn store() -> Arc<dyn CallStore> {
    let call = json!({
        "metaData": {"id": "7", "title": "Meerkat Foods: contract", "primaryUserId": "1",
            "started": "2026-01-20T10:00:00Z", "duration": 60},
        "parties": [
            {"id": "p1", "speakerId": "r", "userId": "1", "name": "Rosalind Quirke",
             "emailAddress": "quirke@seller.example", "affiliation": "Internal"},
            {"id": "p2", "speakerId": "b", "name": "Bartholomew Zweig",
             "emailAddress": "zweig@meerkat.example", "affiliation": "External"},
        ],
    });
    let said = [
        (
            "r",
            "Thanks for joining, Bartholomew, how does Meerkat decide on this?",
        ),
        (
            "b",
            "Send the contract to zweig@meerkat.example and call me on 415-555-2671, Rosalind.",
        ),
        (
            "r",
            "I will send the contract to Bartholomew Zweig tomorrow.",
        ),
    ];
    let transcript = said.iter().enumerate().map(|(at, (speaker, text))| {
        let start = at * 5_000;
        json!({"speakerId": speaker, "sentences": [{"start": start, "end": start + 4_000, "text": text}]})
    });
    let transcript = json!({"callId": "7", "transcript": transcript.collect::<Vec<_>>()});
    let document = |json: String| RawDocument::new(CallId::new("7"), json).unwrap();
    let store = SqliteStore::in_memory().await.unwrap();
    let page = LandingPage::new("test")
        .with_calls(vec![document(call.to_string())])
        .with_transcripts(vec![document(transcript.to_string())]);
    store.land(page).await.unwrap();
    let pending = TransformScope::Pending { limit: 10 };
    store.transform(pending).await.unwrap();
    Arc::new(store)
}

fn model(server: &LanguageServer) -> Arc<dyn LanguageBackend> {
    let token = Token::new(TokenKind::ProgrammaticAccess, DEFAULT_TOKEN).unwrap();
    let config = EndpointConfig::new(&server.url(), "claude-haiku-4-5").unwrap();
    let config = config
        .with_token(token)
        .with_embedding_model("e5-base-v2", Some(26));
    Arc::new(OpenAiCompatible::new(config).unwrap())
}

async fn server() -> LanguageServer {
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.when_asked(|request| {
        if !request.wants("next_steps") {
            return honest_answer(request);
        }
        let honest: serde_json::Value =
            serde_json::from_str(honest_answer(request).content()).unwrap_or_default();
        let mut answer = honest;
        answer["next_steps"] = json!([{
            "what": "Send the contract to [PERSON_2] at [EMAIL_1]", "owner": "p1",
            "due": "2026-01-21", "due_said": "tomorrow", "status": "promised",
            "sentences": [1, 2],
        }]);
        ModelAnswer::json(&answer)
    });
    server
}

#[tokio::test]
async fn no_name_address_or_number_leaves_and_answers_speak_of_people_again() {
    let (store, server) = (store().await, server().await);
    // Every method: tone, vectors, topics and the reading.
    let language = InsightBuilder::new(Language::redacted(model(&server)).unwrap());
    let agent = CallAnalysisAgent::new(store.clone(), language);
    let analysis = agent.analyse(&CallId::new("7")).await.unwrap();

    let requests = server.requests();
    assert!(requests.len() >= 4, "only {} requests", requests.len());
    for request in &requests {
        let sent = request.body.to_string();
        for secret in SECRETS {
            assert!(!sent.contains(secret), "{secret} was sent: {sent}");
        }
    }
    let [step] = &analysis.reading.reading.next_steps[..] else {
        panic!("{:?}", analysis.reading.reading);
    };
    assert!(step.what.contains("Bartholomew"), "{}", step.what);
    assert!(
        step.what.contains('@') && !step.what.contains("PERSON"),
        "{}",
        step.what
    );
    assert!(
        analysis.next_steps[0]
            .text()
            .starts_with("Rosalind Quirke by Wed 21 Jan 2026")
    );
}

#[tokio::test]
async fn without_redaction_the_model_sees_who_speaks() {
    let (store, server) = (store().await, server().await);
    let language = InsightBuilder::new(Language::new(model(&server)));
    let agent = CallAnalysisAgent::new(store.clone(), language);
    agent.analyse(&CallId::new("7")).await.unwrap();
    let sent = server
        .requests()
        .iter()
        .any(|request| request.body.to_string().contains("Zweig"));
    assert!(sent, "the test above would see nothing");
}
