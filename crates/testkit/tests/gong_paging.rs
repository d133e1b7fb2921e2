//! How the simulated Gong pages: cursors, where they belong, and what they survive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;

use client::{Session, call_at, ids, message, small_org, whole_org};
use serde_json::{Value, json};
use testkit::gong::GongSimulator;

#[tokio::test]
async fn a_post_pages_by_a_cursor_in_the_body_until_there_is_none() {
    let org = whole_org();
    let session = Session::start(GongSimulator::builder().org(&org)).await;
    let (calls, pages) = session
        .collect("/v2/calls/extensive", "calls", json!({"filter": {}}))
        .await;
    assert_eq!(pages, org.calls.len().div_ceil(100));
    assert!(pages >= 2);
    let mut expected: Vec<&str> = org.calls.iter().map(|call| call.id().unwrap()).collect();
    let mut served = ids(&calls);
    expected.sort_unstable();
    served.sort_unstable();
    assert_eq!(served, expected);

    let (transcripts, _) = session
        .collect(
            "/v2/calls/transcript",
            "callTranscripts",
            json!({"filter": {}}),
        )
        .await;
    let of_org = |id: &Value| {
        let call = org
            .calls
            .iter()
            .find(|call| call.id() == id.as_str())
            .unwrap();
        call.transcript.clone().unwrap()
    };
    for transcript in &transcripts {
        assert_eq!(*transcript, of_org(&transcript["callId"]));
    }
    assert_eq!(transcripts.len(), org.calls.len());
}

#[tokio::test]
async fn a_cursor_in_the_query_of_a_post_is_ignored() {
    let session = Session::start(GongSimulator::builder().org(&small_org()).page_size(5)).await;
    let body = json!({"filter": {}});
    let (_, first) = session.post("/v2/calls/extensive", &body).await;
    let cursor = first["records"]["cursor"].as_str().unwrap();
    let path = format!("/v2/calls/extensive?cursor={cursor}");
    let (status, again) = session.post(&path, &body).await;
    assert_eq!(status, 200);
    assert_eq!(again["calls"], first["calls"]);
    assert_eq!(again["records"]["currentPageNumber"], 0);
}

#[tokio::test]
async fn a_get_pages_by_a_cursor_in_the_query() {
    let org = small_org();
    let session = Session::start(GongSimulator::builder().org(&org).page_size(4)).await;
    for (path, key, count) in [
        ("/v2/calls?x=1", "calls", org.calls.len()),
        ("/v2/users?x=1", "users", org.users.len()),
    ] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, page) = session.get(&format!("{path}{cursor}")).await;
            assert_eq!(status, 200, "{page}");
            assert_eq!(page["records"]["totalRecords"], count);
            seen.extend(
                ids(page[key].as_array().unwrap())
                    .into_iter()
                    .map(str::to_owned),
            );
            match page["records"].get("cursor") {
                Some(next) => cursor = format!("&cursor={}", next.as_str().unwrap()),
                None => break,
            }
        }
        assert_eq!(seen.len(), count);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count, "{path} repeats a record");
    }
}

#[tokio::test]
async fn cursors_expire_and_belong_to_their_request() {
    let session = Session::start(GongSimulator::builder().org(&small_org()).page_size(5)).await;
    let (_, first) = session
        .post("/v2/calls/extensive", &json!({"filter": {}}))
        .await;
    let cursor = &first["records"]["cursor"];
    for (path, body) in [
        (
            "/v2/calls/extensive",
            json!({"filter": {"workspaceId": "1"}, "cursor": cursor}),
        ),
        (
            "/v2/calls/transcript",
            json!({"filter": {}, "cursor": cursor}),
        ),
        (
            "/v2/calls/extensive",
            json!({"filter": {}, "cursor": "eyJhbGciOiJIUzI1NiJ9.x.y"}),
        ),
    ] {
        let (status, reply) = session.post(path, &body).await;
        assert_eq!(status, 400);
        assert!(message(&reply).starts_with("cursor: "), "{reply}");
    }
    let next = json!({"filter": {}, "cursor": cursor});
    assert_eq!(session.post("/v2/calls/extensive", &next).await.0, 200);
    session.gong.state().expire_cursors();
    let (status, reply) = session.post("/v2/calls/extensive", &next).await;
    assert_eq!((status, message(&reply)), (400, "cursor: has expired"));
}

#[tokio::test]
async fn calls_added_and_deleted_between_two_pages_shift_nothing() {
    let calls = (0..6).map(|hour| {
        let time = format!("2026-05-19T0{hour}:00:00Z");
        call_at(&format!("{hour}"), "Outbound", &time, &time)
    });
    let session = Session::start(GongSimulator::builder().calls(calls).page_size(3)).await;
    let body = json!({"filter": {}});
    let (_, first) = session.post("/v2/calls/extensive", &body).await;
    assert_eq!(ids(first["calls"].as_array().unwrap()), ["0", "1", "2"]);
    let state = session.gong.state();
    assert!(state.delete_call("1"));
    state
        .add_call(call_at("late", "Outbound", "", "2026-05-18T23:00:00Z"))
        .unwrap();
    let next = json!({"filter": {}, "cursor": first["records"]["cursor"]});
    let (_, second) = session.post("/v2/calls/extensive", &next).await;
    assert_eq!(ids(second["calls"].as_array().unwrap()), ["3", "4", "5"]);
}
