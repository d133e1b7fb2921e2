//! Calls that resemble a call, as far as any does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::support;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

use agents::insights::analyse_backlog;
use agents::task::Dispatcher;
use cortex::LocalLanguage;
use serde_json::json;
use support::{Spoken, store_of_calls};

const FREIGHT: &[(&str, &str)] = &[
    (
        "rep",
        "How do you plan the trucks and the loading docks at your depots today?",
    ),
    (
        "buyer",
        "In spreadsheets, and we lose loading slots whenever a truck is late.",
    ),
    (
        "rep",
        "What does a lost loading slot cost you in demurrage each month?",
    ),
    (
        "buyer",
        "Some forty thousand, and the carriers are angry with our depots.",
    ),
];

const FREIGHT_TOO: &[(&str, &str)] = &[
    (
        "buyer",
        "Our carriers wait for hours at the docks, and demurrage eats the margin.",
    ),
    (
        "rep",
        "So the trucks miss their loading slots at both of the depots?",
    ),
    (
        "buyer",
        "Each week, and the planners only see it in the spreadsheets afterwards.",
    ),
];

const BAKING: &[(&str, &str)] = &[
    (
        "buyer",
        "The sourdough needs flour, salt and a warm oven with plenty of steam.",
    ),
    (
        "rep",
        "And butter, cinnamon and brown sugar are rolled into the buns?",
    ),
    (
        "buyer",
        "Yes, then we glaze the buns with lemon icing and vanilla.",
    ),
];

#[tokio::test]
async fn a_call_that_resembles_none_has_no_similar_calls() {
    let call = |id, deal, said| Spoken {
        id,
        started: "2026-01-20T10:00:00Z",
        deal,
        language: "eng",
        said,
    };
    let calls = [
        call("1", "d-1", FREIGHT),
        call("2", "d-2", FREIGHT_TOO),
        call("3", "d-3", BAKING),
    ];
    let store = store_of_calls(&calls.map(|call| call.call())).await;
    let language = Arc::new(LocalLanguage::new());
    let workers = NonZeroUsize::MIN;
    let report = analyse_backlog(
        Arc::clone(&store) as _,
        Arc::clone(&language),
        workers,
        |_| {},
    );
    assert_eq!(report.await.unwrap().failed, []);
    let dispatcher = Dispatcher::new(store, language);
    for (id, similar) in [("1", vec!["2"]), ("2", vec!["1"]), ("3", vec![])] {
        let task = json!({"task_type": "find_similar_calls", "call_id": id});
        let (reply, _) = dispatcher.run_json(task.to_string().as_bytes()).await;
        assert_eq!(reply["success"], true, "{reply}");
        let found = reply["result"]["calls"].as_array().unwrap();
        let ids: BTreeSet<&str> = found
            .iter()
            .filter_map(|one| one["call_id"].as_str())
            .collect();
        assert_eq!(ids, similar.into_iter().collect(), "{reply}");
    }
}
