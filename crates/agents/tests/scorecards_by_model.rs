//! Scorecards that a generative model answers, and what stands in for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::insights::InsightBuilder;
use agents::scorecard::Scorecard;
use agents::task::Dispatcher;
use calls::Provenance;
use calls::reading::{CallType, Reading};
use cortex::rest::{EndpointConfig, OpenAiCompatible, Token, TokenKind};
use cortex::{LanguageBackend, LocalLanguage};
use resilience::RetryPolicy;
use serde_json::json;
use snowflake_store::SqliteStore;
use support::deals_world::keep;
use testkit::language_server::{DEFAULT_TOKEN, Failure, LanguageServer, ModelAnswer, Shape};

use crate::scorecards::{answer, cites, run, store};

fn by_model(store: &Arc<SqliteStore>, server: &LanguageServer) -> Dispatcher {
    Dispatcher::new(Arc::clone(store) as _, model(server))
}

fn model(server: &LanguageServer) -> InsightBuilder {
    let token = Token::new(TokenKind::ProgrammaticAccess, DEFAULT_TOKEN).unwrap();
    let config = EndpointConfig::new(&server.url(), "gpt-4o-mini")
        .unwrap()
        .with_token(token)
        .with_retry(RetryPolicy::never());
    let model: Arc<dyn LanguageBackend> = Arc::new(OpenAiCompatible::new(config).unwrap());
    InsightBuilder::new(Arc::new(LocalLanguage::new()) as Arc<dyn LanguageBackend>)
        .with_reader(model)
        .with_fallback(Arc::new(LocalLanguage::new()) as Arc<dyn LanguageBackend>)
}

/// Whether a scorecard is for a call is told by the reader that is asked, before any other.
#[tokio::test]
async fn another_readers_reading_says_what_a_call_is_only_where_there_is_no_own() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.when_asked(|_| ModelAnswer::json(&json!({"answers": []})));
    let card = r#"
        name = "renewals"
        title = "Renewals"
        call_types = ["renewal"]
        [[questions]]
        id = "step"
        text = "Is there a dated next step?"
        answer = "yes_no"
        shown_by = { reading = ["next_steps.dated"] }
    "#;
    let card = Scorecard::from_toml(card).unwrap();
    let read = |call_type| {
        let mut reading = Reading::default();
        reading.call_type = Some(call_type);
        reading
    };
    let other = Provenance::new("another", "v1");
    keep(&store, "1", other, read(CallType::Renewal)).await;
    let task = json!({"task_type": "scorecard", "scorecard": "renewals", "call_id": "1"});
    let dispatcher = || by_model(&store, &server).with_scorecards(vec![card.clone()]);
    let reply = run(&dispatcher(), &store, task.clone()).await;
    assert_eq!(reply["result"]["fits"], true, "{reply}");
    assert!(
        reply["result"]["notes"].to_string().contains("another v1"),
        "{reply}"
    );

    let own = model(&server).reader();
    keep(&store, "1", own, read(CallType::Discovery)).await;
    let reply = run(&dispatcher(), &store, task).await;
    assert_eq!(reply["result"]["fits"], false, "{reply}");
    assert!(
        !reply["result"]["notes"].to_string().contains("another v1"),
        "{reply}"
    );
}

#[tokio::test]
async fn a_model_answers_all_questions_in_one_request_and_only_with_quotes_that_were_said() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.when_asked(|request| {
        assert!(request.task().contains("economic_buyer"), "the questions are put");
        let quoted = |line: u64, quote: &str| json!([{"line": line, "quote": quote}]);
        ModelAnswer::json(&json!({"answers": [
            {"id": "metrics", "shown": true, "value": "5", "why": "A missed slot costs forty pounds an hour.",
                "evidence": quoted(3, "costs us forty pounds an hour")},
            {"id": "economic_buyer", "shown": true, "value": "4", "why": "Theodora has the money.",
                "evidence": quoted(7, "it goes to Gavin, our finance director")},
            {"id": "pain", "shown": true, "value": "5", "why": "Trucks burn.",
                "evidence": quoted(3, "the trucks burn every night")},
            {"id": "champion", "shown": true, "value": "9", "why": "Magda wants it.",
                "evidence": quoted(9, "let's talk again next Tuesday")},
            {"id": "competition", "shown": false, "value": "", "why": "", "evidence": []},
        ]}))
    });
    let task = json!({"task_type": "scorecard", "scorecard": "meddicc", "call_id": "1"});
    let reply = run(&by_model(&store, &server), &store, task).await;
    assert_eq!(server.requests().len(), 1, "one request a call");
    assert_eq!(reply["ai_enhanced"], true, "{reply}");
    let metrics = answer(&reply, "metrics");
    assert_eq!(metrics["answer"], 5);
    assert_eq!(metrics["why"], "A missed slot costs forty pounds an hour.");
    // A name that nobody said is not passed on; what was quoted is.
    let buyer = answer(&reply, "economic_buyer");
    assert_eq!(buyer["answer"], 4);
    assert!(buyer["why"].as_str().unwrap().contains("Gavin"), "{buyer}");
    assert!(
        !buyer["why"].as_str().unwrap().contains("Theodora"),
        "{buyer}"
    );
    for id in ["pain", "champion", "competition", "paper_process"] {
        assert_eq!(answer(&reply, id)["answer"], "not_shown", "{reply}");
    }
}

#[tokio::test]
async fn a_deal_is_answered_by_a_model_where_one_of_its_calls_is() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.when_asked(|_| ModelAnswer::json(&json!({"answers": []})));
    server.fail_next([Failure::openai(503, "server_error", "overloaded")]);
    let task = json!({"task_type": "scorecard", "scorecard": "meddicc", "deal_id": "d-1"});
    let reply = run(&by_model(&store, &server), &store, task).await;
    assert_eq!(reply["ai_enhanced"], true, "{reply}");
    assert_ne!(reply["degraded"], json!([]), "{reply}");
}

#[tokio::test]
async fn the_reading_answers_for_a_model_that_fails_and_says_so() {
    let store = store().await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    let down = || Failure::openai(503, "server_error", "overloaded");
    server.fail_next([down(), down(), down(), down()]);
    let task = json!({"task_type": "scorecard", "scorecard": "meddicc", "call_id": "1"});
    let reply = run(&by_model(&store, &server), &store, task.clone()).await;
    assert!(
        cites(answer(&reply, "economic_buyer"), 7) || cites(answer(&reply, "economic_buyer"), 6),
        "{reply}"
    );
    assert!(
        reply["degraded"][0].as_str().unwrap().contains("transient"),
        "{reply}"
    );
    assert_eq!(reply["ai_enhanced"], false, "{reply}");

    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    server.fail_next([Failure::openai(401, "invalid_api_key", "wrong key")]);
    let reply = run(&by_model(&store, &server), &store, task).await;
    assert_eq!(reply["error"]["code"], "backend_failed", "{reply}");
}
