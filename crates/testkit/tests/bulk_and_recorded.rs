//! Calls for load tests, and calls from a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use std::collections::BTreeSet;

use client::{ANCHOR, Session, call_at, ids};
use serde_json::json;
use testkit::gong::{BulkCalls, GongSimulator};

fn bulk(count: usize) -> BulkCalls {
    BulkCalls {
        anchor: ANCHOR.parse().unwrap(),
        ..BulkCalls::new(count, 60)
    }
}

#[tokio::test]
async fn bulk_calls_page_filter_and_join_like_any_others() {
    let session = Session::start(GongSimulator::builder().bulk(bulk(730))).await;
    let selector = json!({"exposedFields": {"parties": true}});
    let body = json!({"filter": {}, "contentSelector": selector});
    let (calls, pages) = session.collect("/v2/calls/extensive", "calls", body).await;
    assert_eq!((calls.len(), pages), (730, 8));
    let unique: BTreeSet<&str> = ids(&calls).into_iter().collect();
    assert_eq!(unique.len(), 730);
    let times: Vec<&str> = calls
        .iter()
        .map(|call| call["metaData"]["scheduled"].as_str().unwrap())
        .collect();
    let instants: Vec<jiff::Timestamp> = times.iter().map(|time| time.parse().unwrap()).collect();
    assert!(instants.is_sorted());

    let wanted: Vec<String> = (100..200).map(BulkCalls::call_id).collect();
    let body = json!({"filter": {"callIds": wanted}});
    let (transcripts, _) = session
        .collect("/v2/calls/transcript", "callTranscripts", body)
        .await;
    assert_eq!(ids(&transcripts), wanted);
    for (transcript, call) in transcripts.iter().zip(&calls[100..]) {
        let speakers: Vec<_> = call["parties"]
            .as_array()
            .unwrap()
            .iter()
            .map(|party| &party["speakerId"])
            .collect();
        let monologues = transcript["transcript"].as_array().unwrap();
        assert!(
            monologues
                .iter()
                .all(|monologue| speakers.contains(&&monologue["speakerId"]))
        );
        let sentences = monologues
            .iter()
            .map(|m| m["sentences"].as_array().unwrap().len());
        assert_eq!(sentences.sum::<usize>(), 60);
    }

    // Half-open windows that touch give every call exactly once.
    let (middle, mut seen) = (times[300], 0);
    for (from, to) in [(times[0], middle), (middle, "2026-12-01T00:00:00Z")] {
        let body = json!({"filter": {"fromDateTime": from, "toDateTime": to}});
        let (calls, _) = session.collect("/v2/calls/extensive", "calls", body).await;
        seen += calls.len();
    }
    assert_eq!(seen, 730);
    let id = BulkCalls::call_id(42);
    let (_, reply) = session.get(&format!("/v2/calls/{id}")).await;
    assert_eq!(reply["call"], calls[42]["metaData"]);
    assert_eq!(
        session
            .get(&format!("/v2/calls/{}", BulkCalls::call_id(730)))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn bulk_calls_and_added_ones_come_in_one_order() {
    let session = Session::start(GongSimulator::builder().bulk(bulk(50)).page_size(7)).await;
    let time = "2026-09-20T12:00:00Z";
    session
        .gong
        .state()
        .add_call(call_at("added", "Outbound", time, time))
        .unwrap();
    let (calls, _) = session
        .collect("/v2/calls/extensive", "calls", json!({"filter": {}}))
        .await;
    assert_eq!(calls.len(), 51);
    let at = ids(&calls).iter().position(|id| *id == "added").unwrap();
    assert!(at > 0 && at < 50);
    let time_of = |index: usize| -> jiff::Timestamp {
        let metadata = &calls[index]["metaData"];
        metadata["scheduled"].as_str().unwrap().parse().unwrap()
    };
    assert!(time_of(at - 1) <= time.parse().unwrap() && time_of(at + 1) >= time.parse().unwrap());
}

#[tokio::test]
async fn serves_the_file_of_recorded_conversations() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/calls/calls.ndjson.gz"
    );
    if !std::path::Path::new(path).exists() {
        eprintln!("skipped: {path} is absent");
        return;
    }
    let calls = testkit::recorded::read_calls(path).unwrap();
    assert_eq!(calls.len(), 93);
    let sentences: usize = calls
        .iter()
        .map(testkit::SimulatedCall::sentence_count)
        .sum();
    assert_eq!(sentences, 107_619);
    let session = Session::start(GongSimulator::builder().calls(calls).page_size(10)).await;
    let (transcripts, pages) = session
        .collect(
            "/v2/calls/transcript",
            "callTranscripts",
            json!({"filter": {}}),
        )
        .await;
    assert_eq!((transcripts.len(), pages), (93, 10));
    let (_, users) = session.get("/v2/users").await;
    assert!(users["records"]["totalRecords"].as_u64().unwrap() > 0);
}
