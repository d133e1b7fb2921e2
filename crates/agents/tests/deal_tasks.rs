//! Deals, accounts, filters and names that are nearly right, as tasks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::HashSet;
use std::sync::Arc;

use agents::insights::analyse_backlog;
use agents::targets::CoachingSettings;
use agents::task::Dispatcher;
use cortex::LocalLanguage;
use serde_json::{Value, json};
use snowflake_store::SqliteStore;

async fn world() -> (Arc<SqliteStore>, Dispatcher) {
    let store = support::store_of(&support::small_org()).await;
    let dispatcher = Dispatcher::new(Arc::clone(&store) as _, Arc::new(LocalLanguage::new()));
    (store, dispatcher)
}

async fn reply(dispatcher: &Dispatcher, task: Value) -> Value {
    let (reply, _) = dispatcher
        .run_json_at(task.to_string().as_bytes(), support::anchor())
        .await;
    reply
}

async fn result(dispatcher: &Dispatcher, task: Value) -> Value {
    let reply = reply(dispatcher, task).await;
    assert_eq!(reply["success"], true, "{reply}");
    reply["result"].clone()
}

/// A call that is linked with a deal, and its deal as a task tells it.
async fn a_deal(dispatcher: &Dispatcher) -> Value {
    let listed = result(dispatcher, json!({"task_type": "list_calls", "limit": 500})).await;
    let calls = listed["calls"].as_array().unwrap();
    let call = calls
        .iter()
        .find(|call| !call["deal_id"].is_null())
        .unwrap();
    let task = json!({"task_type": "deal_overview", "deal_id": call["deal_id"]});
    result(dispatcher, task).await
}

#[tokio::test]
async fn a_deal_is_found_by_id_name_and_account() {
    let (store, dispatcher) = world().await;
    let deal = a_deal(&dispatcher).await;
    assert!(support::check_evidence(&store, &deal).await > 3);
    let name = deal["deal"]["name"].as_str().unwrap();
    let by_name = json!({"task_type": "deal_overview", "deal_name": name.to_uppercase()});
    assert_eq!(result(&dispatcher, by_name).await, deal);
    let account = deal["deal"]["company"].as_str().unwrap();
    let timeline = json!({"task_type": "account_timeline", "account": account});
    let timeline = result(&dispatcher, timeline).await;
    let deals = timeline["deals"].as_array().unwrap();
    assert!(
        deals.iter().any(|one| one["deal_id"] == deal["deal_id"]),
        "{deals:?}"
    );
    let by_account = json!({"task_type": "deal_overview", "account": account});
    let latest = result(&dispatcher, by_account).await;
    assert_eq!(latest["deal_id"], deals[0]["deal_id"]);
}

#[tokio::test]
async fn a_deal_is_told_as_of_a_day() {
    let (_store, dispatcher) = world().await;
    let deal = a_deal(&dispatcher).await;
    let calls = deal["calls"].as_array().unwrap();
    let first = calls[0]["started"]
        .as_str()
        .unwrap()
        .split('T')
        .next()
        .unwrap()
        .to_owned();
    let task = json!({"task_type": "deal_overview", "deal_id": deal["deal_id"], "today": first});
    let then = result(&dispatcher, task).await;
    assert_eq!(then["today"], first);
    assert!(then["calls"].as_array().unwrap().len() <= calls.len());
    assert_eq!(then["calls"][0], calls[0]);
    let task =
        json!({"task_type": "deal_overview", "deal_id": deal["deal_id"], "today": "2001-01-01"});
    assert_eq!(
        reply(&dispatcher, task).await["error"]["code"],
        "deal_not_found"
    );
}

#[tokio::test]
async fn settings_decide_a_reps_skill_over_a_deal_too() {
    let (_store, dispatcher) = world().await;
    let settings = json!({"part_weights": {"questions": 1, "talk_balance": 0, "listening": 0,
        "customer_engagement": 0, "next_steps": 0, "deal_qualification": 0,
        "objection_handling": 0}});
    let settings: CoachingSettings = serde_json::from_value(settings).unwrap();
    let otherwise = a_deal(&dispatcher).await["rep_skill"]["score"].clone();
    let dispatcher = dispatcher.with_settings(settings).unwrap();
    let deal = a_deal(&dispatcher).await;
    let mut scores = Vec::new();
    for call in deal["calls"].as_array().unwrap() {
        let task = json!({"task_type": "score_call", "call_id": call["call_id"]});
        let scored = result(&dispatcher, task).await;
        scores.push(scored["score"]["overall"].as_f64().unwrap());
    }
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    let skill = deal["rep_skill"]["score"].as_f64().unwrap();
    assert!((skill - mean).abs() < 0.06, "{skill} of {scores:?}");
    assert_ne!(deal["rep_skill"]["score"], otherwise);
}

#[tokio::test]
async fn names_that_are_nearly_right_get_suggestions() {
    let (_store, dispatcher) = world().await;
    let listed = result(&dispatcher, json!({"task_type": "list_calls", "limit": 1})).await;
    let rep = listed["calls"][0]["rep"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    let deal = a_deal(&dispatcher).await;
    let (name, account) = (&deal["deal"]["name"], &deal["deal"]["company"]);
    let slip = |name: &str| {
        let mut letters: Vec<char> = name.chars().collect();
        letters.swap(1, 2);
        letters.into_iter().collect::<String>()
    };
    let (name, account) = (name.as_str().unwrap(), account.as_str().unwrap());
    for (task, code, meant) in [
        (
            json!({"task_type": "coach_rep", "rep_name": slip(&rep)}),
            "rep_not_found",
            rep.as_str(),
        ),
        (
            json!({"task_type": "list_calls", "rep_name": slip(&rep)}),
            "rep_not_found",
            &rep,
        ),
        (
            json!({"task_type": "account_timeline", "account": slip(account)}),
            "account_not_found",
            account,
        ),
        (
            json!({"task_type": "list_calls", "account": slip(account)}),
            "account_not_found",
            account,
        ),
        (
            json!({"task_type": "deal_overview", "deal_name": slip(name)}),
            "deal_not_found",
            name,
        ),
    ] {
        let reply = reply(&dispatcher, task).await;
        let error = &reply["error"];
        assert_eq!(error["code"], code, "{reply}");
        assert_eq!(error["suggestions"][0], meant, "{reply}");
        assert!(
            error["message"].as_str().unwrap().contains(meant),
            "{reply}"
        );
    }
    let unheard_of = json!({"task_type": "account_timeline", "account": "qqqq"});
    assert_eq!(
        reply(&dispatcher, unheard_of).await["error"].get("suggestions"),
        None
    );
}

#[tokio::test]
async fn lists_and_searches_keep_to_their_filters() {
    let (store, dispatcher) = world().await;
    let language = Arc::new(LocalLanguage::new());
    let at_once = std::num::NonZeroUsize::new(4).unwrap();
    analyse_backlog(Arc::clone(&store) as _, language, at_once, |_| {})
        .await
        .unwrap();
    let ids = |calls: &Value, name: &str| -> HashSet<String> {
        let calls = calls["calls"].as_array().unwrap().iter();
        calls
            .map(|call| call[name].as_str().unwrap().to_owned())
            .collect()
    };
    let won = json!({"task_type": "list_calls", "outcome": "won", "limit": 500});
    let won = ids(&result(&dispatcher, won).await, "id");
    let all = json!({"task_type": "list_calls", "limit": 500});
    let all = ids(&result(&dispatcher, all).await, "id");
    assert!(!won.is_empty() && won.len() < all.len());
    let search = |filter: Value| {
        let mut task = json!({"task_type": "search_calls", "query": "price discount", "limit": 50});
        task.as_object_mut()
            .unwrap()
            .extend(filter.as_object().unwrap().clone());
        task
    };
    let found = result(&dispatcher, search(json!({"outcome": "won"}))).await;
    let found_ids = ids(&found, "call_id");
    assert!(
        !found_ids.is_empty() && found_ids.is_subset(&won),
        "{found_ids:?} {won:?}"
    );
    let everywhere = result(&dispatcher, search(json!({}))).await;
    assert!(!ids(&everywhere, "call_id").is_subset(&won));
    // Each says why, and no deal comes twice before another came once.
    let mut seen = HashSet::new();
    let mut is_second_round = false;
    for call in everywhere["calls"].as_array().unwrap() {
        let why = &call["why"];
        assert!(
            !why["words"].as_array().unwrap().is_empty() || why["cosine"].is_f64(),
            "{call}"
        );
        if let Some(deal) = call["deal_id"].as_str() {
            let is_new = seen.insert(deal.to_owned());
            assert!(!(is_second_round && is_new), "{deal} came late");
            is_second_round |= !is_new;
        }
    }
}

#[tokio::test]
async fn greetings_and_other_matters_are_no_hits() {
    let (store, dispatcher) = world().await;
    let language = Arc::new(LocalLanguage::new());
    let at_once = std::num::NonZeroUsize::new(4).unwrap();
    analyse_backlog(Arc::clone(&store) as _, language, at_once, |_| {})
        .await
        .unwrap();
    for query in [
        "hello how are you",
        "medieval tapestry restoration chemistry",
    ] {
        let task = json!({"task_type": "search_calls", "query": query});
        let found = result(&dispatcher, task).await;
        assert_eq!(found["calls"], json!([]), "{query}");
    }
}
