//! Questions about a call, a deal, an account and a period, by extracts and by a model.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use agents::task::Dispatcher;
use calls::reading::Reading;
use calls::{Provenance, Timestamp};
use cortex::rest::{EndpointConfig, OpenAiCompatible, Token, TokenKind};
use cortex::{LanguageBackend, LocalLanguage};
use resilience::RetryPolicy;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;
use support::deals_world::keep;
use support::{PhraseLanguage, check_evidence, store_of_calls};
use testkit::SimulatedCall;
use testkit::language_server::{DEFAULT_TOKEN, Failure, LanguageServer, ModelAnswer, Shape};

/// A call of Craig with a customer, linked with a deal, spoken as given.
fn call(id: &str, day: u8, deal: &str, domain: &str, said: &[(&str, &str)]) -> SimulatedCall {
    let mut at = 0;
    let monologues: Vec<Value> = said
        .iter()
        .map(|(voice, text)| {
            at += 5_000;
            json!({"speakerId": voice, "topic": null,
                "sentences": [{"start": at, "end": at + 4_000, "text": text}]})
        })
        .collect();
    SimulatedCall {
        extensive: json!({
            "metaData": {"id": id, "title": format!("Call {id}"), "duration": 600,
                "started": format!("2026-01-{day:02}T10:00:00Z"), "primaryUserId": "500",
                "direction": "Conference", "media": "Video", "scope": "External"},
            "context": [{"system": "HubSpot", "objects": [
                {"objectType": "Deal", "objectId": deal, "fields": []},
                {"objectType": "Account", "objectId": domain, "fields": [
                    {"name": "Name", "value": domain.replace(".example", " Group")}]}]}],
            "parties": [
                {"id": "p1", "speakerId": "rep", "userId": "500", "name": "Craig Benfold",
                 "emailAddress": "craig@seller.example", "affiliation": "Internal"},
                {"id": "p2", "speakerId": "buyer", "name": "Magda Nowak",
                 "title": "Head of Operations",
                 "emailAddress": format!("magda@{domain}"), "affiliation": "External"},
            ],
        }),
        transcript: Some(json!({"callId": id, "transcript": monologues})),
    }
}

async fn store() -> Arc<SqliteStore> {
    store_of_calls(&[
        call(
            "1",
            10,
            "d-1",
            "tolland.example",
            &[
                ("rep", "Thanks for joining, how was the weekend?"),
                ("buyer", "Rainy, and the dog was ill."),
                ("rep", "What does a missed slot cost you?"),
                ("buyer", "A missed slot costs us forty pounds an hour, and last peak it was a hundred and eighty-six thousand."),
                ("rep", "And who would sign for something of this size?"),
                ("buyer", "Up to ten thousand I can sign."),
                ("buyer", "Above that it goes to Gavin, our finance director."),
            ],
        ),
        call(
            "2",
            17,
            "d-1",
            "tolland.example",
            &[
                ("rep", "Did Gavin have a look at the proposal?"),
                ("buyer", "He did, and the bundle from Orvanta is cheaper, he says."),
                ("rep", "I'll send you the comparison by Friday."),
                ("buyer", "Fine, we decide at the board on the third of February."),
            ],
        ),
        call(
            "3",
            18,
            "d-2",
            "brightholm.example",
            &[
                ("rep", "Where is legal with our terms?"),
                ("buyer", "Fiona has a bee in her bonnet about the liability cap."),
            ],
        ),
    ])
    .await
}

async fn asked(store: &Arc<SqliteStore>, language: Arc<dyn LanguageBackend>, task: Value) -> Value {
    let dispatcher = Dispatcher::new(Arc::clone(store) as _, language);
    let now: Timestamp = "2026-01-31T08:00:00Z".parse().unwrap();
    let (reply, code) = dispatcher
        .run_json_at(task.to_string().as_bytes(), now)
        .await;
    assert_eq!(code == 0, reply["success"] == true, "{reply}");
    reply
}

/// What one reader sees in a call is not what another one sees.
#[tokio::test]
async fn whose_reading_helps_to_answer_is_said() {
    let store = store().await;
    let other = || Provenance::new("another", "v1");
    keep(&store, "1", other(), Reading::default()).await;
    let task = json!({"task_type": "ask", "call_id": "1", "question": "Who has to sign?"});
    // Reading it anew costs nothing: the other's reading is left alone.
    let language = Arc::new(PhraseLanguage::default());
    let reply = asked(&store, Arc::clone(&language) as _, task.clone()).await;
    assert_eq!(language.calls_read.load(Ordering::SeqCst), 1, "{reply}");
    assert_eq!(reply["degraded"], json!([]), "{reply}");
    // A model would cost a request more.
    let model = || PhraseLanguage {
        generates: true,
        ..PhraseLanguage::default()
    };
    let language = Arc::new(model());
    let reply = asked(&store, Arc::clone(&language) as _, task.clone()).await;
    assert_eq!(language.calls_read.load(Ordering::SeqCst), 0, "{reply}");
    let degraded = reply["degraded"].to_string();
    assert!(degraded.contains("another v1"), "{reply}");
    let own = model().provenance();
    keep(&store, "1", own, Reading::default()).await;
    let reply = asked(&store, Arc::new(model()), task).await;
    assert!(
        !reply["degraded"].to_string().contains("another"),
        "{reply}"
    );
}

async fn by_extracts(store: &Arc<SqliteStore>, mut task: Value) -> Value {
    task["task_type"] = "ask".into();
    let reply = asked(store, Arc::new(LocalLanguage::new()), task).await;
    check_evidence(store, &reply["result"]).await;
    reply
}

fn cites(reply: &Value, call: &str, index: u64) -> bool {
    let evidence = reply["result"]["evidence"].as_array().unwrap();
    assert!(evidence.len() <= 5, "{reply}");
    let mut evidence = evidence.iter();
    evidence.any(|one| one["call_id"] == call && one["index"] == index)
}

#[tokio::test]
async fn a_call_a_deal_an_account_and_a_period_are_asked() {
    let store = store().await;
    let scopes = [
        json!({"call_id": "1"}),
        json!({"deal_id": "d-1"}),
        json!({"account": "Tolland.example"}),
        json!({"account": "tolland group"}),
        json!({"days": 30}),
        json!({"from": "2026-01-01", "to": "2026-01-31", "rep_email": "craig@seller.example"}),
    ];
    for scope in scopes {
        let mut task = scope.clone();
        task["question"] = "Who has to sign?".into();
        let reply = by_extracts(&store, task).await;
        assert_eq!(reply["result"]["answered"], true, "{scope}: {reply}");
        assert_eq!(reply["result"]["source"], "extracts");
        assert!(
            cites(&reply, "1", 5) || cites(&reply, "1", 6),
            "{scope}: {reply}"
        );
        let calls = &reply["result"]["calls_searched"];
        let expected = match scope.get("call_id") {
            Some(_) => 1,
            None if scope.get("days").is_some() || scope.get("from").is_some() => 3,
            None => 2,
        };
        assert_eq!(*calls, expected, "{scope}");
    }
}

#[tokio::test]
async fn the_best_extract_says_who_said_it_and_when() {
    let store = store().await;
    let task = json!({"call_id": "3", "question": "What is legal's issue?"});
    let reply = by_extracts(&store, task).await;
    let answer = reply["result"]["answer"].as_str().unwrap();
    assert!(
        answer.contains("Magda Nowak, 0:10: \u{201c}Fiona has a bee in her bonnet"),
        "{reply}"
    );
}

#[tokio::test]
async fn what_is_not_said_is_not_answered() {
    let store = store().await;
    for question in [
        "How many tablets would the warehouse need?",
        "What does Docufalcon charge for a licence in a year?",
    ] {
        let task = json!({"call_id": "2", "question": question});
        let result = &by_extracts(&store, task).await["result"];
        assert_eq!(result["answered"], false, "{question}: {result}");
        assert_eq!(result["answer"], "Not said.");
        assert_eq!(result["evidence"], json!([]));
    }
}

#[tokio::test]
async fn a_wrong_task_names_its_field() {
    let store = store().await;
    let table = [
        (json!({"call_id": "1"}), "missing_field", "question"),
        (
            json!({"question": " ", "call_id": "1"}),
            "invalid_value",
            "question",
        ),
        (json!({"question": "Who?"}), "missing_field", "call_id"),
        (
            json!({"question": "Who?", "call_id": "1", "deal_id": "d-1"}),
            "invalid_value",
            "deal_id",
        ),
        (
            json!({"question": "Who?", "account": "a", "days": 3}),
            "invalid_value",
            "account",
        ),
        (
            json!({"question": "Who?", "call_id": "1", "rep": "Craig"}),
            "invalid_value",
            "rep",
        ),
        (
            json!({"question": "Who?", "call_id": "9"}),
            "call_not_found",
            "call_id",
        ),
        (
            json!({"question": "Who?", "deal_id": "9"}),
            "deal_not_found",
            "deal_id",
        ),
        (
            json!({"question": "Who?", "account": "nobody.example"}),
            "account_not_found",
            "account",
        ),
        (
            json!({"question": "Who?", "call_id": "1", "colour": "red"}),
            "unknown_field",
            "colour",
        ),
    ];
    for (task, code, field) in table {
        let reply = by_extracts(&store, task.clone()).await;
        assert_eq!(reply["error"]["code"], code, "{task}: {reply}");
        assert_eq!(reply["error"]["field"], field, "{task}: {reply}");
    }
}

async fn by_model(store: &Arc<SqliteStore>, server: &LanguageServer, task: Value) -> Value {
    let token = Token::new(TokenKind::ProgrammaticAccess, DEFAULT_TOKEN).unwrap();
    let config = EndpointConfig::new(&server.url(), "gpt-4o-mini")
        .unwrap()
        .with_token(token)
        .with_retry(RetryPolicy::never());
    let language = Arc::new(OpenAiCompatible::new(config).unwrap());
    let mut task = task;
    task["task_type"] = "ask".into();
    let reply = asked(store, language, task).await;
    check_evidence(store, &reply["result"]).await;
    reply
}

#[tokio::test]
async fn a_model_answers_in_its_own_words_with_quotes_that_were_said() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    let answer = "Gavin, the finance director, above 10,000.";
    server.when_asked(move |request| {
        assert!(request.task().contains("Who signs?"), "the question is put");
        ModelAnswer::json(&json!({"answered": true, "answer": answer, "evidence": [
            {"line": 6, "quote": "it goes to Gavin, our finance director"},
            {"line": 5, "quote": "Up to ten thousand"},
            {"line": 1, "quote": "the board signs everything"}]}))
    });
    let task = json!({"call_id": "1", "question": "Who signs?"});
    let reply = by_model(&store, &server, task).await;
    let result = &reply["result"];
    assert_eq!(result["answer"], answer, "{reply}");
    assert_eq!(result["source"], "model");
    assert_eq!(reply["ai_enhanced"], true);
    let cited: Vec<u64> = result["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["index"].as_u64().unwrap())
        .collect();
    assert_eq!(cited, [6, 5]);
    assert_eq!(server.requests().len(), 1, "one request a question");
}

#[tokio::test]
async fn what_a_model_makes_up_is_not_shown() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    let task = json!({"call_id": "1", "question": "Who signs?"});
    for (answer, quote, answered) in [
        ("The board.", "the board has to sign", false),
        ("Gavin, above 12,000.", "it goes to Gavin", true),
        ("Theodora and Gavin.", "it goes to Gavin", true),
    ] {
        server.when_asked(move |_| {
            ModelAnswer::json(&json!({"answered": true, "answer": answer,
                "evidence": [{"line": 6, "quote": quote}]}))
        });
        let reply = by_model(&store, &server, task.clone()).await;
        let result = &reply["result"];
        assert_eq!(result["answered"], answered, "{reply}");
        assert!(
            !result["answer"].as_str().unwrap().contains(answer),
            "{reply}"
        );
        if answered {
            assert_eq!(result["source"], "extracts");
        } else {
            assert_eq!(result["answer"], "Not said.");
        }
    }
}

#[tokio::test]
async fn extracts_stand_for_a_model_that_fails_and_say_so() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.fail_next([Failure::openai(503, "server_error", "overloaded")]);
    let task = json!({"call_id": "1", "question": "Who has to sign?"});
    let reply = by_model(&store, &server, task.clone()).await;
    let result = &reply["result"];
    assert_eq!(result["source"], "extracts", "{reply}");
    assert!(
        result["degraded"].to_string().contains("transient"),
        "{reply}"
    );

    assert_eq!(reply["degraded"], result["degraded"]);
    assert_eq!(reply["ai_enhanced"], false);

    server.fail_next([Failure::openai(401, "invalid_api_key", "wrong key")]);
    let reply = by_model(&store, &server, task).await;
    assert_eq!(reply["error"]["code"], "backend_failed", "{reply}");
}
