//! What tasks answer: one envelope, whatever happens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::sync::Arc;

use agents::task::Dispatcher;
use resilience::ErrorKind;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;
use support::PhraseLanguage;

fn dispatcher(store: &Arc<SqliteStore>) -> Dispatcher {
    Dispatcher::new(Arc::clone(store) as _, Arc::new(PhraseLanguage::default()))
}

#[tokio::test]
async fn every_task_answers_in_one_envelope() {
    let org = support::small_org();
    let store = support::store_of(&org).await;
    let dispatcher = dispatcher(&store);
    let ids = support::call_ids(&store).await;
    let listed = run(&dispatcher, json!({"task_type": "list_calls", "limit": 1})).await;
    let rep = listed["calls"][0]["rep"]["email"]
        .as_str()
        .unwrap()
        .to_owned();

    let analysis = run(
        &dispatcher,
        json!({"task_type": "analyze_call", "call_id": ids[0]}),
    )
    .await;
    assert_eq!(analysis["call"]["id"], ids[0].as_str());

    let batch = json!({"task_type": "batch_analysis", "concurrency": 3,
        "call_ids": [ids[2], "404", ids[1], ids[2]]});
    let batch = run(&dispatcher, batch).await;
    assert_eq!(
        (&batch["analysed"], &batch["failed"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(batch["duplicates"], 1);
    let order: Vec<&str> = batch["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["call_id"].as_str().unwrap())
        .collect();
    assert_eq!(order, [ids[2].as_str(), "404", ids[1].as_str()]);
    assert_eq!(batch["calls"][1]["success"], false);
    assert_eq!(batch["calls"][1]["error"]["code"], "call_not_found");
    assert_eq!(batch["calls"][0]["result"]["call"]["id"], ids[2].as_str());

    // The rest of the backlog, so that search has chunks.
    run(
        &dispatcher,
        json!({"task_type": "batch_analysis", "limit": 500}),
    )
    .await;
    let similar = json!({"task_type": "find_similar_calls", "call_id": ids[0], "limit": 3});
    let similar = run(&dispatcher, similar).await;
    let found = similar["calls"].as_array().unwrap();
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|call| call["call_id"] != ids[0].as_str()));
    support::check_evidence(&store, &similar).await;

    let searched = run(
        &dispatcher,
        json!({"task_type": "search_calls", "query": "budget price"}),
    )
    .await;
    assert!(!searched["calls"].as_array().unwrap().is_empty());
    support::check_evidence(&store, &searched).await;
    let by_text = json!({"task_type": "find_similar_calls", "query": "how much does it cost"});
    assert!(
        !run(&dispatcher, by_text).await["calls"]
            .as_array()
            .unwrap()
            .is_empty()
    );

    let coaching = run(
        &dispatcher,
        json!({"task_type": "coach_rep", "rep": rep, "days": 90}),
    )
    .await;
    assert_eq!(coaching["rep"]["email"], rep.as_str());
    assert!(support::check_evidence(&store, &coaching).await > 0);

    let team = run(
        &dispatcher,
        json!({"task_type": "team_overview", "days": 90}),
    )
    .await;
    assert!(team["reps"].as_array().unwrap().len() >= 3);
}

async fn run(dispatcher: &Dispatcher, task: Value) -> Value {
    let (reply, exit) = dispatcher
        .run_json_at(task.to_string().as_bytes(), support::anchor())
        .await;
    assert_eq!(exit, 0, "{task}: {reply}");
    assert_eq!(reply["success"], true);
    assert_eq!(reply["task_type"], task["task_type"]);
    assert!(reply["meta"]["duration_ms"].as_f64().unwrap() >= 0.0);
    assert_eq!(reply["meta"]["backend"], "phrases");
    reply["result"].clone()
}

#[tokio::test]
async fn failures_have_the_shape_and_exit_code_of_their_kind() {
    let store = support::store_of_one_call("Pricing", &[("rep", 0, 900, "Hello.")]).await;
    let dispatcher = dispatcher(&store);
    let unknown = br#"{"task_type": "analyze_call", "call_id": "404"}"#;
    let (reply, exit) = dispatcher.run_json(unknown).await;
    assert_eq!(exit, 2);
    assert_eq!(
        reply["error"],
        json!({"code": "call_not_found", "message": "the store has no call 404",
               "field": "call_id"})
    );
    let (reply, exit) = dispatcher.run_json(b"\xff").await;
    assert_eq!((exit, &reply["error"]["code"]), (2, &json!("invalid_json")));
    for task_type in ["coach_rep", "digest", "list_calls"] {
        for field in ["rep", "rep_name"] {
            let mut nobody = json!({"task_type": task_type});
            nobody[field] = json!("Nobody");
            let (reply, exit) = dispatcher.run_json(nobody.to_string().as_bytes()).await;
            let code = &reply["error"]["code"];
            assert_eq!((exit, code), (2, &json!("rep_not_found")), "{reply}");
            assert_eq!(reply["error"]["field"], field, "{nobody}");
        }
    }

    let language = PhraseLanguage {
        refuses: Some(("Hello", ErrorKind::Transient)),
        ..PhraseLanguage::default()
    };
    let failing = Dispatcher::new(Arc::clone(&store) as _, Arc::new(language));
    let task = br#"{"task_type": "analyze_call", "call_id": "77"}"#;
    let (reply, exit) = failing.run_json(task).await;
    assert_eq!(
        (exit, &reply["error"]["code"]),
        (1, &json!("backend_failed"))
    );
}

#[tokio::test]
async fn every_answer_has_the_same_fields() {
    let store = support::store_of(&support::small_org()).await;
    let dispatcher = dispatcher(&store).with_data_source("sqlite");
    let call_id = support::call_ids(&store).await[0].to_string();
    let analyse = json!({"task_type": "analyze_call", "call_id": call_id, "request_id": "r-17"});
    let tasks = [
        (analyse, Some("analyze_call"), Some("r-17")),
        (json!({"task_type": "list_calls"}), Some("list_calls"), None),
        (
            json!({"task_type": "analyze_call", "call_id": "404", "request_id": 18}),
            Some("analyze_call"),
            Some("18"),
        ),
        (
            json!({"task_type": "list_calls", "limit": 0}),
            Some("list_calls"),
            None,
        ),
        (json!({"task_type": "dance"}), None, None),
        (json!([]), None, None),
    ];
    for (task, task_type, request_id) in tasks {
        let (reply, _) = dispatcher.run_json(task.to_string().as_bytes()).await;
        let mut fields: Vec<&str> = reply
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        fields.retain(|field| !["result", "error"].contains(field));
        assert_eq!(
            fields,
            [
                "ai_enhanced",
                "confidence",
                "data_source",
                "degraded",
                "meta",
                "request_id",
                "success",
                "task_type",
                "version"
            ],
            "{task}"
        );
        let of_kind = match reply["success"].as_bool().unwrap() {
            true => "result",
            false => "error",
        };
        assert!(reply[of_kind].is_object(), "{task}");
        assert_eq!(reply["task_type"], json!(task_type), "{task}");
        assert_eq!(reply["data_source"], "sqlite");
        assert_eq!(reply["degraded"], json!([]));
        match request_id {
            Some(given) => assert_eq!(reply["request_id"], given),
            None => assert_eq!(reply["request_id"].as_str().unwrap().len(), 36),
        }
    }
}

#[tokio::test]
async fn confidence_is_that_of_the_claims_that_are_shown() {
    let store = support::store_of(&support::small_org()).await;
    let dispatcher = dispatcher(&store);
    let call_id = support::call_ids(&store).await[0].to_string();
    let analyse = json!({"task_type": "analyze_call", "call_id": call_id});
    let (reply, _) = dispatcher.run_json(analyse.to_string().as_bytes()).await;
    let claimed: Vec<f64> = ["insights", "risks", "next_steps"]
        .into_iter()
        .chain(["recommendations"])
        .flat_map(|part| reply["result"][part].as_array().unwrap())
        .map(|one| {
            if one["claim"].is_object() {
                &one["claim"]
            } else {
                one
            }
        })
        .map(|claim| claim["confidence"].as_f64().unwrap())
        .collect();
    let confidence = &reply["confidence"];
    let of = confidence["of"].as_array().unwrap();
    let claims: u64 = of.iter().map(|part| part["claims"].as_u64().unwrap()).sum();
    assert!(
        claims as usize >= claimed.len() && !claimed.is_empty(),
        "{confidence}"
    );
    let steps = of.iter().find(|part| part["what"] == "next_steps").unwrap();
    assert_eq!((&steps["value"], &steps["calls"]), (&json!(0.8), &json!(1)));
    let value = confidence["value"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&value), "{value}");

    let (reply, _) = dispatcher.run_json(br#"{"task_type": "list_calls"}"#).await;
    assert_eq!(reply["confidence"], Value::Null, "a list claims nothing");
}
