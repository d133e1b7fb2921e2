//! How the simulated Gong pages: cursors, where they belong, and what they survive.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use client::{Session, call_at, ids, message, small_org, whole_org};
use serde_json::{Value, json};
use testkit::gong::{
    BulkCalls, CallVisibility, CursorKind, EndlessCursors, GongSimulator, SimulatorState,
};

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

/// Six calls at three a page, by page numbers; the last argument is done after page one.
async fn by_number(between: impl FnOnce(&SimulatorState)) -> (Value, Vec<String>, Value) {
    let calls = (0..6).map(|hour| {
        let time = format!("2026-05-19T0{hour}:00:00Z");
        call_at(&format!("{hour}"), "Outbound", &time, &time)
    });
    let session = Session::start(GongSimulator::builder().calls(calls).page_size(3)).await;
    let state = session.gong.state();
    state.set_cursor_kind(CursorKind::PageNumber);
    let body = json!({"filter": {}});
    let (_, first) = session.post("/v2/calls/extensive", &body).await;
    assert_eq!(ids(first["calls"].as_array().unwrap()), ["0", "1", "2"]);
    between(&state);
    let next = json!({"filter": {}, "cursor": first["records"]["cursor"]});
    let (_, second) = session.post("/v2/calls/extensive", &next).await;
    let served = ids(second["calls"].as_array().unwrap());
    let served = served.into_iter().map(str::to_owned).collect();
    (first["records"].clone(), served, second["records"].clone())
}

#[tokio::test]
async fn page_numbers_shift_when_a_call_goes_and_the_total_tells() {
    let (first, served, second) = by_number(|state| assert!(state.delete_call("1"))).await;
    assert_eq!(served, ["4", "5"], "3 slipped over the edge of page one");
    assert_eq!(
        (&first["totalRecords"], &second["totalRecords"]),
        (&json!(6), &json!(5))
    );
    assert!(second.get("cursor").is_none());
}

#[tokio::test]
async fn page_numbers_shift_when_a_call_comes() {
    let early = call_at("early", "Outbound", "", "2026-05-18T23:00:00Z");
    let (_, served, second) = by_number(|state| state.add_call(early).unwrap()).await;
    assert_eq!(served, ["2", "3", "4"], "2 is served twice");
    assert_eq!(second["totalRecords"], 7);
    assert!(second["cursor"].is_string());
}

#[tokio::test]
async fn a_call_in_analysis_leaves_its_numbered_page_short() {
    let (_, served, second) = by_number(|state| {
        state
            .set_visibility("4", CallVisibility::InAnalysis)
            .unwrap();
    })
    .await;
    assert_eq!(served, ["3", "5"]);
    assert_eq!(
        (&second["totalRecords"], &second["currentPageSize"]),
        (&json!(6), &json!(2))
    );
}

#[tokio::test]
async fn page_numbers_lead_through_bulk_calls_and_others_in_one_order() {
    let bulk = BulkCalls {
        anchor: "2026-06-01T00:00:00Z".parse().unwrap(),
        ..BulkCalls::new(25, 3)
    };
    let late = call_at("late", "Outbound", "", "2026-05-02T00:00:01Z");
    let builder = GongSimulator::builder()
        .bulk(bulk)
        .calls([late])
        .cursor_kind(CursorKind::PageNumber)
        .page_size(10);
    let session = Session::start(builder).await;
    let (calls, pages) = session
        .collect("/v2/calls/extensive", "calls", json!({"filter": {}}))
        .await;
    let started: Vec<_> = calls
        .iter()
        .map(|call| call["metaData"]["started"].as_str().unwrap())
        .collect();
    let instants: Vec<jiff::Timestamp> = started.iter().map(|text| text.parse().unwrap()).collect();
    assert!(instants.is_sorted());
    assert_eq!((calls.len(), pages), (26, 3));
}

/// The cursors and ids of so many pages of an endless listing.
async fn endless(
    path: &str,
    key: &str,
    cursors: EndlessCursors,
    pages: usize,
) -> Vec<(String, Vec<String>)> {
    let session = Session::start(GongSimulator::builder().org(&small_org()).page_size(20)).await;
    let state = session.gong.state();
    state.set_endless_cursors(path, Some(cursors));
    let mut body = json!({"filter": {}});
    let mut seen = Vec::new();
    for _ in 0..pages {
        let (status, page) = session.post(path, &body).await;
        assert_eq!(status, 200, "{page}");
        assert_eq!(page["records"]["totalRecords"], state.call_count());
        body["cursor"] = page["records"]["cursor"].clone();
        let served = ids(page[key].as_array().unwrap());
        let served = served.into_iter().map(str::to_owned).collect();
        seen.push((body["cursor"].as_str().unwrap().to_owned(), served));
    }
    state.set_endless_cursors(path, None);
    let (calls, _) = session.collect(path, key, json!({"filter": {}})).await;
    assert_eq!(calls.len(), state.call_count(), "it ends again");
    seen
}

#[tokio::test]
async fn listings_can_be_made_endless() {
    for (path, key) in [
        ("/v2/calls/extensive", "calls"),
        ("/v2/calls/transcript", "callTranscripts"),
    ] {
        let circle = endless(path, key, EndlessCursors::Circle, 5).await;
        let cursors: Vec<_> = circle.iter().map(|(cursor, _)| cursor.as_str()).collect();
        assert_eq!(cursors, ["A", "B", "A", "B", "A"]);
        assert_eq!(circle[1].1, circle[3].1);
        assert_ne!(circle[0].1, circle[1].1);

        let first = endless(path, key, EndlessCursors::FirstPage, 5).await;
        assert!(
            first
                .iter()
                .all(|(_, ids)| *ids == first[0].1 && ids.len() == 20)
        );
        assert_eq!(distinct_cursors(&first), 5);

        let true_pages = small_org().calls.len().div_ceil(20);
        let empty = endless(path, key, EndlessCursors::EmptyPages, true_pages + 4).await;
        assert!(empty[..true_pages].iter().all(|(_, ids)| !ids.is_empty()));
        assert!(empty[true_pages..].iter().all(|(_, ids)| ids.is_empty()));
        assert_eq!(distinct_cursors(&empty), true_pages + 4);
    }
}

fn distinct_cursors(pages: &[(String, Vec<String>)]) -> usize {
    let cursors: std::collections::BTreeSet<_> = pages.iter().map(|(cursor, _)| cursor).collect();
    cursors.len()
}
