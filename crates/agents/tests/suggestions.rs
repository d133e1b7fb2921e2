//! What was probably meant by a name that is not found.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::task::Dispatcher;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;
use support::PhraseLanguage;

async fn world() -> (Arc<SqliteStore>, Dispatcher) {
    let store = support::store_of(&support::small_org()).await;
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, Arc::new(PhraseLanguage::default()));
    (store, dispatcher)
}

async fn reply(dispatcher: &Dispatcher, task: &Value) -> Value {
    let bytes = task.to_string();
    let (reply, _) = dispatcher
        .run_json_at(bytes.as_bytes(), support::anchor())
        .await;
    reply
}

/// Two letters in the wrong order.
fn slip(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

/// A rep, a company and a stage that calls have.
async fn known(dispatcher: &Dispatcher) -> [String; 3] {
    let listed = reply(
        dispatcher,
        &json!({"task_type": "list_calls", "limit": 500}),
    )
    .await;
    let calls = listed["result"]["calls"].as_array().unwrap();
    let with_deal = calls.iter().find(|call| !call["deal_id"].is_null());
    let with_deal = with_deal.unwrap();
    let task = json!({"task_type": "deal_overview", "deal_id": with_deal["deal_id"]});
    let deal = &reply(dispatcher, &task).await["result"]["deal"];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    [
        text(&with_deal["rep"]["name"]),
        text(&deal["company"]),
        text(&deal["stage"]),
    ]
}

#[tokio::test]
async fn every_task_that_takes_a_name_says_what_was_meant() {
    let (_store, dispatcher) = world().await;
    let [rep, account, stage] = known(&dispatcher).await;
    let mut cases: Vec<(Value, &str, &str)> = Vec::new();
    for task_type in [
        "coach_rep",
        "coaching_summary",
        "team_benchmark",
        "find_patterns",
        "sentiment_trends",
        "digest",
        "list_calls",
    ] {
        let task = json!({"task_type": task_type, "rep_name": slip(&rep), "days": 90});
        cases.push((task, "rep_not_found", &rep));
        let all_of_time = json!({"task_type": task_type, "rep_name": slip(&rep),
            "from": "2025-01-01", "to": "2026-02-01"});
        cases.push((all_of_time, "rep_not_found", &rep));
    }
    let asked = json!({"task_type": "ask", "question": "What does it cost?",
        "rep_name": slip(&rep), "days": 90});
    cases.push((asked, "rep_not_found", &rep));
    let trends = json!({"task_type": "sentiment_trends", "account": slip(&account), "days": 90});
    cases.push((trends, "account_not_found", &account));
    for task_type in ["list_calls", "search_calls", "find_similar_calls"] {
        let mut task = json!({"task_type": task_type, "deal_stage": slip(&stage)});
        if task_type != "list_calls" {
            task["query"] = "price".into();
        }
        cases.push((task, "invalid_value", &stage));
    }
    for (task, code, meant) in cases {
        let reply = reply(&dispatcher, &task).await;
        let error = &reply["error"];
        assert_eq!(error["code"], code, "{task}: {reply}");
        assert_eq!(error["suggestions"][0], meant, "{task}: {reply}");
    }
    let misspelt = json!({"task_type": "list_calls", "deal_stage": slip(&stage)});
    let error = &reply(&dispatcher, &misspelt).await["error"];
    assert_eq!(error["field"], "deal_stage", "{error}");
}

#[tokio::test]
async fn names_of_tasks_scorecards_and_fields_are_suggested_too() {
    let (store, dispatcher) = world().await;
    let call_id = support::call_ids(&store).await[0].to_string();
    for (task, code, meant) in [
        (
            json!({"task_type": "analyse_call", "call_id": call_id}),
            "unknown_task_type",
            "analyze_call",
        ),
        (
            json!({"task_type": "scorecard", "scorecard": "medicc", "call_id": call_id}),
            "scorecard_not_found",
            "meddicc",
        ),
        (
            json!({"task_type": "analyze_call", "callid": call_id, "call_id": call_id}),
            "unknown_field",
            "call_id",
        ),
    ] {
        let reply = reply(&dispatcher, &task).await;
        let error = &reply["error"];
        assert_eq!(error["code"], code, "{reply}");
        assert_eq!(error["suggestions"], json!([meant]), "{reply}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(meant), "{message}");
    }
}

/// Somebody whose name is right and who has no call then is not somebody else.
#[tokio::test]
async fn a_name_that_is_right_is_no_slip() {
    let (_store, dispatcher) = world().await;
    let [rep, account, stage] = known(&dispatcher).await;
    let then = |mut task: Value| {
        task["from"] = "2001-01-01".into();
        task["to"] = "2001-02-01".into();
        task
    };
    for task in [
        json!({"task_type": "coach_rep", "rep_name": rep}),
        json!({"task_type": "sentiment_trends", "account": account}),
    ] {
        let reply = reply(&dispatcher, &then(task)).await;
        assert_eq!(reply["error"].get("suggestions"), None, "{reply}");
    }
    for task in [
        json!({"task_type": "list_calls", "deal_stage": stage}),
        json!({"task_type": "find_patterns", "rep_name": rep}),
        json!({"task_type": "list_calls", "rep_name": rep}),
    ] {
        let reply = reply(&dispatcher, &then(task)).await;
        assert_eq!(reply["success"], true, "{reply}");
    }
}
