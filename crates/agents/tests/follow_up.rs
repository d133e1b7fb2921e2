//! What follows after a call: a mail that says what both sides heard, and what is for the
//! seller alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::task::Dispatcher;
use calls::reading::{Confidence, Fact, Handling, PushbackKind, Reading, StepStatus};
use cortex::rest::{EndpointConfig, OpenAiCompatible, Token, TokenKind};
use cortex::{LanguageBackend, LocalLanguage};
use resilience::RetryPolicy;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;
use support::{Spoken, check_evidence, keep_reading, pushback, step, store_of_calls};
use testkit::language_server::{DEFAULT_TOKEN, Failure, LanguageServer, ModelAnswer, Shape};

const SAID: &[(&str, &str)] = &[
    (
        "rep",
        "Before she joins, we give her ten percent if she asks.",
    ), // 0, among colleagues
    ("helper", "Okay, I'll tell our legal team tonight."), // 1, among colleagues
    ("buyer", "Hi, sorry that I am late."),                // 2
    ("rep", "No worries, I'll send you the comparison by Friday."), // 3
    ("buyer", "Great, and I ask Dean about the sheet."),   // 4
    ("buyer", "Does it integrate with our warehouse system?"), // 5
    ("rep", "I'd have to check that with Priya."),         // 6
    ("buyer", "And thirty-eight thousand is a lot for us."), // 7
    ("buyer", "We need single sign-on before anything goes live."), // 8
    ("buyer", "Tuesday at ten again?"),                    // 9
    ("rep", "Tuesday at ten works, I'll send the invite."), // 10
    ("helper", "She is never going to sign this."),        // 11, among colleagues
    ("rep", "I will ask Gavin for a discount tomorrow."),  // 12, among colleagues
];

async fn store(language: &str) -> Arc<SqliteStore> {
    let call = Spoken {
        id: "1",
        started: "2026-03-05T10:00:00Z",
        deal: "d-1",
        language,
        said: SAID,
    };
    let alone = Spoken {
        id: "2",
        said: &[("rep", "I'll send the deck tomorrow."), ("helper", "Fine.")],
        ..call
    };
    let store = store_of_calls(&[call.call(), alone.call()]).await;
    let mut reading = Reading::default();
    reading.next_steps = vec![
        step(
            "I tell legal tonight",
            Some("p3"),
            Some("2026-03-05"),
            StepStatus::Promised,
            &[1],
        ),
        step(
            "I send you the comparison",
            Some("p1"),
            Some("2026-03-06"),
            StepStatus::Promised,
            &[3],
        ),
        step(
            "I ask Dean about the sheet",
            Some("p2"),
            None,
            StepStatus::Promised,
            &[4],
        ),
        step(
            "Tuesday at ten again",
            Some("both"),
            Some("2026-03-10"),
            StepStatus::Agreed,
            &[9, 10],
        ),
        step(
            "I ask Gavin for a discount",
            Some("p1"),
            Some("2026-03-06"),
            StepStatus::Promised,
            &[12],
        ),
    ];
    reading.pushback = vec![
        pushback(
            PushbackKind::Price,
            "thirty-eight thousand is a lot",
            3,
            Handling::Ignored,
            &[7],
        ),
        pushback(
            PushbackKind::SecurityLegal,
            "We need single sign-on",
            2,
            Handling::Ignored,
            &[8],
        ),
    ];
    let price = Fact::new("thirty-eight thousand", vec![7], Confidence::claimed(0.9));
    reading.pricing = vec![price];
    keep_reading(&store, "1", reading).await;
    store
}

async fn follow_up(store: &Arc<SqliteStore>, dispatcher: &Dispatcher, id: &str) -> Value {
    let task = json!({"task_type": "follow_up", "call_id": id}).to_string();
    let now = "2026-03-05T18:00:00Z".parse().unwrap();
    let (reply, _) = dispatcher.run_json_at(task.as_bytes(), now).await;
    check_evidence(store, &reply).await;
    // Every sentence of the mail stands in its text, and says nothing of the call without
    // evidence.
    let draft = &reply["result"]["draft"];
    for sentence in draft["sentences"].as_array().into_iter().flatten() {
        let text = sentence["text"].as_str().unwrap();
        assert!(draft["text"].as_str().unwrap().contains(text), "{sentence}");
        let frames = ["greeting", "thanks", "closing"];
        let is_frame = frames.contains(&sentence["section"].as_str().unwrap());
        let claims = sentence["claims"].as_array().unwrap();
        assert_eq!(claims.is_empty(), is_frame, "{sentence}");
    }
    reply
}

fn local(store: &Arc<SqliteStore>) -> Dispatcher {
    Dispatcher::new(Arc::clone(store) as _, Arc::new(LocalLanguage::new()))
}

#[tokio::test]
async fn the_mail_says_what_both_sides_heard_and_nothing_of_colleagues() {
    let store = store("eng").await;
    let reply = follow_up(&store, &local(&store), "1").await;
    let draft = &reply["result"]["draft"];
    assert_eq!(
        draft["to"],
        json!([{"name": "Magda Nowak", "email": "magda@tolland.example"}]),
        "{reply}"
    );
    assert_eq!(draft["without_address"], json!(["Dean Purvis"]));
    let text = draft["text"].as_str().unwrap();
    for said in [
        "Hello Magda and Dean,",
        "Thank you for the call on Thu 5 Mar 2026.",
        "I, by Fri 6 Mar 2026: “No worries, I'll send you the comparison by Friday.”",
        "Magda: “I ask Dean about the sheet”",
        "We, by Tue 10 Mar 2026: “Tuesday at ten works, I'll send the invite.” “Tuesday at ten again”",
        "“Does it integrate with our warehouse system?”",
        "You asked about: “We need single sign-on”",
        "Best regards\nCraig Benfold",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for private in [
        "legal",
        "discount",
        "ten percent",
        "never going to sign",
        "seller.example",
        "thirty-eight",
        "Priya",
    ] {
        assert!(!text.contains(private), "{private}: {text}");
    }

    let internal = &reply["result"]["internal"];
    let dues: Vec<&Value> = internal["to_dos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["due"])
        .collect();
    assert_eq!(
        dues,
        ["2026-03-05", "2026-03-06", "2026-03-06", "2026-03-10"]
    );
    assert_eq!(internal["to_dos"][1]["mine"], true, "{internal}");
    assert_eq!(internal["waiting_for"][0]["owner"], "Magda Nowak");
    let fields: Vec<&str> = internal["crm_updates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["next_step", "amount"], "{internal}");
}

#[tokio::test]
async fn without_a_customer_there_is_no_mail_and_another_language_is_said() {
    let store = store("de").await;
    let reply = follow_up(&store, &local(&store), "2").await;
    assert_eq!(reply["result"]["draft"], Value::Null, "{reply}");
    let reply = follow_up(&store, &local(&store), "1").await;
    let notes = reply["result"]["notes"].to_string();
    assert!(notes.contains("another language (de)"), "{notes}");
    let reply = follow_up(&store, &local(&store), "9").await;
    assert_eq!(reply["error"]["code"], "call_not_found");
}

/// Calls are read in this process, mails are worded by a model.
fn by_model(store: &Arc<SqliteStore>, server: &LanguageServer) -> Dispatcher {
    let token = Token::new(TokenKind::ProgrammaticAccess, DEFAULT_TOKEN).unwrap();
    let config = EndpointConfig::new(&server.url(), "gpt-4o-mini")
        .unwrap()
        .with_token(token)
        .with_retry(RetryPolicy::never());
    let model: Arc<dyn LanguageBackend> = Arc::new(OpenAiCompatible::new(config).unwrap());
    let local: Arc<dyn LanguageBackend> = Arc::new(LocalLanguage::new());
    let language = agents::insights::InsightBuilder::new(model).with_reader(local);
    Dispatcher::new(Arc::clone(store) as _, language)
}

fn mail(middle: &str) -> Value {
    json!({"subject": "Comparison and Tuesday", "sentences": [
        {"section": "greeting", "text": "Hi Magda and Dean,", "facts": [0]},
        {"section": "thanks", "text": "Thanks for your time on Thursday, 5 March.", "facts": [1]},
        {"section": "agreed", "text": "We talk again on Tuesday, 10 March, at ten.", "facts": [2]},
        {"section": "ours", "text": middle, "facts": [3]},
        {"section": "yours", "text": "You ask Dean about the sheet.", "facts": [4]},
        {"section": "closing", "text": "Best,\nCraig Benfold", "facts": [8]},
    ]})
}

#[tokio::test]
async fn a_model_words_the_mail_as_far_as_the_call_says_it() {
    let store = store("eng").await;
    let server = LanguageServer::start(Shape::OpenAi).await.unwrap();
    let table = [
        ("I send you the comparison by Friday, 6 March.", true),
        ("I send you the comparison by Monday, 9 March.", false),
        ("I send you the comparison by Friday, 6 April.", false),
        ("Theodora sends you the comparison by Friday.", false),
        (
            "I send you the comparison and 15 percent off by Friday.",
            false,
        ),
        ("", false),
    ];
    for (middle, holds) in table {
        server.when_asked(move |_| ModelAnswer::json(&mail(middle)));
        let reply = follow_up(&store, &by_model(&store, &server), "1").await;
        let draft = &reply["result"]["draft"];
        assert_eq!(draft["by_model"], holds, "{middle}: {reply}");
        assert_eq!(reply["ai_enhanced"], holds);
        assert_eq!(
            reply["degraded"].as_array().unwrap().is_empty(),
            holds,
            "{reply}"
        );
        let text = draft["text"].as_str().unwrap();
        assert_eq!(!middle.is_empty() && text.contains(middle), holds, "{text}");
    }
    // What was promised must not get lost.
    server.when_asked(|_| {
        let mut mail = mail("I send you the comparison by Friday.");
        mail["sentences"].as_array_mut().unwrap().remove(4);
        ModelAnswer::json(&mail)
    });
    let reply = follow_up(&store, &by_model(&store, &server), "1").await;
    assert_eq!(reply["result"]["draft"]["by_model"], false, "{reply}");

    server.fail_next([Failure::openai(503, "server_error", "overloaded")]);
    let reply = follow_up(&store, &by_model(&store, &server), "1").await;
    assert_eq!(reply["result"]["draft"]["by_model"], false);
    assert!(
        reply["degraded"][0].as_str().unwrap().contains("transient"),
        "{reply}"
    );
}
