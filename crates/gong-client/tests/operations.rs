//! Every operation of Gong's specification has a method, the method sends what it says, and
//! what comes back is read without losing a field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;
use crate::spec;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use server::{Received, Reply, Server};
use spec::calls::every_operation;
use spec::fields::fields_sent;
use spec::full::operations_in_full;
use spec::{Listed, Spec, listed, lost};

use crate::traced::Log;

/// Whether a request is one of an operation: ids stand where its path has names.
fn is_of(received: &Received, listed: &Listed) -> bool {
    let path = received.target.split('?').next().unwrap();
    let (sent, named): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), listed.path.split('/').collect());
    received.method == listed.method
        && sent.len() == named.len()
        && sent
            .iter()
            .zip(&named)
            .all(|(sent, named)| sent == named || named.starts_with('{'))
}

#[test]
fn the_list_is_that_of_the_specification() {
    let Some(spec) = Spec::read() else { return };
    let listed: BTreeSet<Listed> = listed().into_iter().collect();
    for (operation, _) in spec.operations() {
        assert!(listed.contains(&operation), "{operation:?} is not listed");
    }
    // Two came after the specification that is at hand.
    assert_eq!(listed.len(), spec.operations().len() + 2);
}

#[test]
fn every_operation_has_a_method() {
    let have: BTreeSet<Listed> = gong_client::operations()
        .map(|operation| Listed {
            method: operation.method.to_owned(),
            path: operation.path.to_owned(),
            id: operation.id.to_owned(),
        })
        .collect();
    let want: BTreeSet<Listed> = listed().into_iter().collect();
    assert_eq!(have, want);
    let calls: BTreeSet<&str> = gong_client::operations()
        .map(|operation| operation.call)
        .collect();
    assert_eq!(calls.len(), have.len(), "two operations share a method");
}

#[test]
fn every_operation_names_the_scope_of_the_specification() {
    let Some(spec) = Spec::read() else { return };
    for (listed, operation) in spec.operations() {
        let description = operation["description"].as_str().unwrap_or_default();
        let ours = gong_client::operations()
            .find(|ours| ours.id == listed.id)
            .unwrap();
        match ours.scope {
            "" => assert!(!description.contains("scope"), "{}", listed.id),
            scope => assert!(description.contains(scope), "{}: {scope}", listed.id),
        }
    }
}

#[test]
fn the_table_in_the_docs_is_that_of_the_client() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/gong-operations.md");
    let docs = std::fs::read_to_string(path).unwrap();
    let rows = gong_client::operations().map(|operation| {
        let scope = match operation.scope {
            "" => "not stated".to_owned(),
            scope => format!("`{scope}`"),
        };
        let (call, method, path) = (operation.call, operation.method, operation.path);
        format!("| `{call}` | {method} `{path}` | {scope} |\n")
    });
    let rows: String = rows.collect();
    assert!(
        docs.contains(&rows),
        "docs/gong-operations.md should hold\n{rows}"
    );
}

#[tokio::test]
async fn every_method_sends_its_operation() {
    let server = Server::replying([Reply::json(&json!({}))]).await;
    let client = server.client();
    let listed = listed();
    let mut called = BTreeSet::new();
    for call in every_operation(&client) {
        let before = server.received().len();
        // Most replies lack what they should hold, which is another test's.
        let _ = call.outcome.await;
        let received = server.received()[before].clone();
        let named = listed.iter().find(|listed| listed.id == call.id).unwrap();
        assert!(
            is_of(&received, named),
            "{}: {} {}",
            call.id,
            received.method,
            received.target
        );
        called.insert(call.id);
    }
    assert_eq!(called.len(), listed.len());
}

/// Together the two lists of calls set whatever a builder can set.
#[tokio::test]
async fn every_documented_field_of_a_request_can_be_sent() {
    let Some(spec) = Spec::read() else { return };
    let server = Server::replying([Reply::json(&json!({}))]).await;
    let client = server.client();
    let mut sent: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let all = every_operation(&client).into_iter();
    for call in all.chain(operations_in_full(&client)) {
        let before = server.received().len();
        let _ = call.outcome.await;
        let received = server.received()[before].clone();
        let fields = fields_sent(&received.target, &received.body);
        sent.entry(call.id).or_default().extend(fields);
    }
    let mut missing = BTreeSet::new();
    for (operation, _) in spec.operations() {
        let id = operation.id.as_str();
        let fields = spec.fields_of_request(id).into_iter();
        // A page adds where the next one begins.
        let fields = fields.filter(|field| field != "?cursor" && field != ".cursor");
        missing.extend(
            fields
                .filter(|field| !sent[id].contains(field))
                .map(|field| format!("{id} {field}")),
        );
    }
    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
    assert_eq!(missing, UNSENT);
}

/// What the specification documents of requests and no method sends: ids that Gong takes in the
/// body, as their description says, and what Gong removed in 2025.
const UNSENT: &[&str] = &[
    "getCrmObjects ?objectsCrmIds",
    "listCallsExtensive .contentSelector.exposedFields.content.pointsOfInterest",
];

/// Serves one value after another and returns what the client made of each.
struct Stage {
    server: Server,
    reply: Arc<Mutex<Value>>,
}

impl Stage {
    async fn new() -> Self {
        let reply = Arc::new(Mutex::new(Value::Null));
        let served = Arc::clone(&reply);
        let server = Server::start(move |_, _| Reply::json(&served.lock().unwrap())).await;
        Self { server, reply }
    }
}

#[tokio::test]
async fn every_reply_is_read_without_losing_a_field() {
    let Some(spec) = Spec::read() else { return };
    let stage = Stage::new().await;
    let client = stage.server.client();
    let mut random = fastrand::Rng::with_seed(7);
    let mut read = 0;
    for _ in 0..12 {
        for call in every_operation(&client) {
            let Some(schema) = spec.reply_of(call.id) else {
                continue;
            };
            let mut sent = spec.value(schema, &mut random, 0);
            if call.id == "listFlowsFolders" {
                // The wire says otherwise than the specification.
                sent["flowsFolders"] = sent["flows"].take();
            }
            *stage.reply.lock().unwrap() = sent.clone();
            let got = call
                .outcome
                .await
                .unwrap_or_else(|error| panic!("{}: {error}\n{sent}", call.id));
            let expected = match call.key {
                "" => &sent,
                key => &sent[key],
            };
            let lost = lost(expected, &got, call.key);
            assert!(lost.is_empty(), "{}: {lost:#?}", call.id);
            read += 1;
        }
    }
    assert_eq!(read, 12 * 67);
    // Where a listing is continued is read by the client itself.
    let mut reachable = spec.reachable();
    assert!(reachable.remove("Records"));
    assert_eq!(spec.made(), reachable);
}

/// A field that is misspelt, of another kind or not modelled stays in `extra`, where
/// [`lost`] finds it: its name is traced.
#[tokio::test]
async fn every_documented_field_is_typed() {
    let Some(spec) = Spec::read() else { return };
    let stage = Stage::new().await;
    let client = stage.server.client();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (mut extra, mut wrong) = (BTreeSet::new(), Vec::new());
    for call in every_operation(&client) {
        let Some(schema) = spec.reply_of(call.id) else {
            continue;
        };
        let mut sent = spec.documented(schema, 0);
        if call.id == "listFlowsFolders" {
            sent["flowsFolders"] = sent["flows"].take();
        }
        *stage.reply.lock().unwrap() = sent.clone();
        let id = call.id;
        let got = match call.outcome.await {
            Ok(got) => got,
            Err(error) => {
                wrong.push(format!("{id}: {error}"));
                continue;
            }
        };
        let expected = match call.key {
            "" => &sent,
            key => &sent[key],
        };
        let gone = lost(expected, &got, call.key).into_iter();
        wrong.extend(gone.map(|one| format!("{id}: {one}")));
        let text = log.take();
        let lines = text.lines();
        let fields = lines.filter_map(|line| line.split_once("not modelled record="));
        extra.extend(fields.map(|(_, one)| one.replace(" field=", ".").replace('"', "")));
    }
    let extra: Vec<&str> = extra.iter().map(String::as_str).collect();
    assert_eq!((extra.as_slice(), wrong), (UNTYPED, Vec::new()));
}

/// What the specification documents and has no type here: folders of flows, which it takes for
/// flows.
const UNTYPED: &[&str] = &[
    "FlowFolder.creationDate",
    "FlowFolder.exclusive",
    "FlowFolder.folderId",
    "FlowFolder.folderName",
    "FlowFolder.visibility",
];

#[tokio::test]
async fn recorded_replies_and_examples_lose_nothing() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/gong");
    let stage = Stage::new().await;
    let client = stage.server.client();
    for (path, id) in [
        ("recorded/extensive_response.json", "listCallsExtensive"),
        ("recorded/january_response.json", "listCallsExtensive"),
        ("recorded/retention_response.json", "listCallsExtensive"),
        ("recorded/transcript_response.json", "getCallTranscripts"),
        ("examples/extensive_200_hubspot.json", "listCallsExtensive"),
        ("examples/get_calls_200.json", "listCalls"),
        ("examples/users_200.json", "listUsers"),
        ("examples/transcript_200.json", "getCallTranscripts"),
        ("examples/scorecards_200.json", "listScorecards"),
        (
            "examples/answered_scorecards_200.json",
            "listAnsweredScorecards",
        ),
        (
            "examples/interaction_stats_200.json",
            "listInteractionStats",
        ),
    ] {
        let Ok(text) = std::fs::read(format!("{folder}/{path}")) else {
            eprintln!("skipped: {path} is absent");
            continue;
        };
        let sent: Value = serde_json::from_slice(&text).unwrap();
        *stage.reply.lock().unwrap() = sent.clone();
        let call = every_operation(&client)
            .into_iter()
            .find(|call| call.id == id)
            .unwrap();
        let got = call.outcome.await.unwrap();
        let lost = lost(&sent[call.key], &got, path);
        assert!(lost.is_empty(), "{lost:#?}");
    }
}
