//! What changes while a client runs, and the faults that hit it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use std::time::{Duration, Instant};

use client::{Session, call_at, ids, message, small_org};
use serde_json::{Value, json};
use testkit::SimulatedCall;
use testkit::gong::{CallVisibility, Fault, FaultEffect, GongSimulator, RandomFaults};

const TRANSCRIPTS: &str = "/v2/calls/transcript";
const EXTENSIVE: &str = "/v2/calls/extensive";

fn by_id(id: &str) -> Value {
    json!({"filter": {"callIds": [id]}})
}

#[tokio::test]
async fn calls_and_transcripts_come_late_change_and_go() {
    let (session, org) = Session::small().await;
    let state = session.gong.state();
    let id = org.calls[3].id().unwrap();

    state.withhold_transcript(id).unwrap();
    let (status, reply) = session.post(TRANSCRIPTS, &by_id(id)).await;
    assert_eq!(status, 404, "{reply}");
    let (all, _) = session
        .collect(TRANSCRIPTS, "callTranscripts", json!({"filter": {}}))
        .await;
    assert_eq!(all.len(), org.calls.len() - 1);
    state.release_transcript(id).unwrap();
    assert_eq!(session.post(TRANSCRIPTS, &by_id(id)).await.0, 200);

    state.retitle_call(id, "Another title").unwrap();
    let (_, reply) = session.get(&format!("/v2/calls/{id}")).await;
    assert_eq!(reply["call"]["title"], "Another title");
    let first_word = |t: &mut Value| t["transcript"][0]["sentences"][0]["text"] = "Changed.".into();
    state.edit_transcript(id, first_word).unwrap();
    let (_, reply) = session.post(TRANSCRIPTS, &by_id(id)).await;
    let item = &reply["callTranscripts"][0];
    assert_eq!(item["transcript"][0]["sentences"][0]["text"], "Changed.");
    let sentences = |item: &Value| item["transcript"].as_array().unwrap().len();
    assert_eq!(
        sentences(item),
        sentences(org.calls[3].transcript.as_ref().unwrap())
    );

    assert!(state.delete_call(id));
    assert!(!state.delete_call(id));
    let (status, reply) = session.get(&format!("/v2/calls/{id}")).await;
    assert_eq!(
        (status, message(&reply).to_owned()),
        (404, format!("Call ID {id} was not found"))
    );
    assert!(state.retitle_call(id, "x").is_err());
    let late = call_at(
        "late",
        "Conference",
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:05Z",
    );
    state.add_call(late).unwrap();
    let window = json!({"filter": {"fromDateTime": "2020-01-01T00:00:00Z", "toDateTime": "2020-01-02T00:00:00Z"}});
    let (_, page) = session.post(EXTENSIVE, &window).await;
    assert_eq!(ids(page["calls"].as_array().unwrap()), ["late"]);
}

#[tokio::test]
async fn an_edit_that_leaves_no_time_is_refused_and_changes_nothing() {
    let (session, org) = Session::small().await;
    let state = session.gong.state();
    let id = org.calls[0].id().unwrap();
    let error = state
        .edit_call(id, |call| call["metaData"] = json!({"id": id}))
        .unwrap_err();
    assert_eq!(error.field(), Some("metaData.started"));
    assert_eq!(state.call(id), Some(org.calls[0].clone()));
    let without_id = SimulatedCall {
        extensive: json!({}),
        transcript: None,
    };
    assert_eq!(
        state.add_call(without_id).unwrap_err().field(),
        Some("metaData.id")
    );
}

#[tokio::test]
async fn a_call_in_analysis_is_counted_and_not_delivered() {
    let (session, org) = Session::small().await;
    let state = session.gong.state();
    let ids: Vec<&str> = org.calls[..2]
        .iter()
        .map(|call| call.id().unwrap())
        .collect();
    let body = json!({"filter": {"callIds": ids}});
    for (visibility, total) in [
        (CallVisibility::InAnalysis, 2),
        (CallVisibility::Invisible, 1),
    ] {
        state.set_visibility(ids[1], visibility).unwrap();
        let (_, page) = session.post(EXTENSIVE, &body).await;
        assert_eq!(page["records"]["totalRecords"], total);
        assert_eq!(page["records"]["currentPageSize"], 1);
        assert_eq!(session.get(&format!("/v2/calls/{}", ids[1])).await.0, 404);
    }
    state
        .set_visibility(ids[1], CallVisibility::Visible)
        .unwrap();
    assert_eq!(
        session.post(EXTENSIVE, &body).await.1["records"]["currentPageSize"],
        2
    );

    state.hide_all_calls(true);
    let (status, reply) = session.post(EXTENSIVE, &body).await;
    let expected = "No calls found corresponding to the provided filters";
    assert_eq!((status, message(&reply)), (404, expected));
    assert_eq!(session.get("/v2/users").await.0, 200);
}

#[tokio::test]
async fn faults_hit_what_they_are_aimed_at_and_as_often_as_told() {
    let (session, org) = Session::small().await;
    let state = session.gong.state();
    let body = json!({"filter": {}});
    let status = FaultEffect::Status {
        status: 503,
        retry_after: Some(7),
    };
    state.inject(Fault::new(status).on_path(TRANSCRIPTS).times(2).after(1));
    assert_eq!(session.post(EXTENSIVE, &body).await.0, 200);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(session.post(TRANSCRIPTS, &body).await.0);
    }
    assert_eq!(seen, [200, 503, 503, 200]);

    // Aimed at a call: pages without it pass, however they are asked for.
    let (poisoned, healthy) = (org.calls[1].id().unwrap(), org.calls[2].id().unwrap());
    state.inject(
        Fault::new(FaultEffect::Status {
            status: 500,
            retry_after: None,
        })
        .for_call(poisoned)
        .always(),
    );
    assert_eq!(session.post(EXTENSIVE, &body).await.0, 500);
    assert_eq!(session.post(EXTENSIVE, &by_id(poisoned)).await.0, 500);
    assert_eq!(session.get(&format!("/v2/calls/{poisoned}")).await.0, 500);
    assert_eq!(session.post(EXTENSIVE, &by_id(healthy)).await.0, 200);
    state.clear_faults();
    assert_eq!(session.post(EXTENSIVE, &body).await.0, 200);

    state.inject(Fault::new(FaultEffect::BadGatewayPage).when_body_contains(healthy));
    assert_eq!(session.post(EXTENSIVE, &body).await.0, 200);
    let request = session.request_post(EXTENSIVE, &by_id(healthy));
    let reply = request.send().await.unwrap();
    assert_eq!(
        (
            reply.status().as_u16(),
            reply.headers()["content-type"].as_bytes()
        ),
        (502, &b"text/html"[..])
    );
    let log = state.requests();
    assert_eq!(
        log.iter().filter(|request| request.fault.is_some()).count() as u64,
        state.traffic().faults
    );
    assert_eq!(log.last().unwrap().fault, Some("bad_gateway_page"));
    assert_eq!(state.traffic().requests_for(EXTENSIVE), 7);
    assert_eq!(state.traffic().requests_for("/v2/calls/{id}"), 1);
}

#[tokio::test]
async fn a_429_on_demand_says_when_to_come_back() {
    let (session, _) = Session::small().await;
    let effect = FaultEffect::Status {
        status: 429,
        retry_after: Some(3),
    };
    session.gong.state().inject(Fault::new(effect));
    let reply = session.request_get("/v2/users").send().await.unwrap();
    assert_eq!(
        (
            reply.status().as_u16(),
            reply.headers()["retry-after"].as_bytes()
        ),
        (429, &b"3"[..])
    );
    assert_eq!(session.gong.state().traffic().too_many_requests, 1);
}

#[tokio::test]
async fn bodies_are_cut_damaged_or_never_come() {
    let (session, org) = Session::small().await;
    let state = session.gong.state();
    let body = json!({"filter": {}});
    let target = org.calls[4].id().unwrap();
    let send = async |effect: FaultEffect, path: &str| {
        state.inject(Fault::new(effect).for_call(target));
        session.request_post(path, &body).send().await
    };

    let cut = send(FaultEffect::CutBody, TRANSCRIPTS).await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.content_length().unwrap() > 1_000);
    assert!(cut.bytes().await.is_err());
    assert!(send(FaultEffect::Disconnect, TRANSCRIPTS).await.is_err());
    let empty = send(FaultEffect::EmptyBody, TRANSCRIPTS).await.unwrap();
    assert!(empty.bytes().await.unwrap().is_empty());

    let text = send(FaultEffect::InvalidUtf8, TRANSCRIPTS)
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    let error = std::str::from_utf8(&text).unwrap_err();
    // The damage is inside the record it is aimed at.
    let before = String::from_utf8_lossy(&text[..error.valid_up_to()]).into_owned();
    assert_eq!(
        before.rfind("\"callId\"").unwrap(),
        before.find(&format!("\"callId\":\"{target}\"")).unwrap()
    );
    let text = send(FaultEffect::MalformedJson, EXTENSIVE)
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap();
    assert!(serde_json::from_slice::<Value>(&text).is_err());

    for (path, key) in [(TRANSCRIPTS, "callTranscripts"), (EXTENSIVE, "calls")] {
        let text = send(FaultEffect::MissingId, path)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        let page: Value = serde_json::from_slice(&text).unwrap();
        let records = page[key].as_array().unwrap();
        let has_id = |r: &&Value| r["callId"].is_string() || r["metaData"]["id"].is_string();
        assert_eq!(
            records.iter().filter(has_id).count(),
            records.len() - 1,
            "{path}"
        );
    }

    let delay = Duration::from_millis(150);
    let before = Instant::now();
    assert_eq!(
        send(FaultEffect::Hang(delay), TRANSCRIPTS)
            .await
            .unwrap()
            .status(),
        200
    );
    assert!(before.elapsed() >= delay);
    assert_eq!(session.post(TRANSCRIPTS, &body).await.0, 200);
}

#[tokio::test]
async fn random_faults_hit_about_their_share_and_the_same_requests_again() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let faults = RandomFaults {
            retry_after: 0,
            ..RandomFaults::new(0.3, 5)
        };
        let builder = GongSimulator::builder()
            .org(&small_org())
            .random_faults(faults);
        let session = Session::start(builder).await;
        for _ in 0..200 {
            let reply = session.request_get("/v2/users").send().await.unwrap();
            // The connection is used again only when the body was read.
            let _ = reply.bytes().await;
        }
        let log = session.gong.state().requests();
        runs.push(
            log.into_iter()
                .map(|r| (r.status, r.fault))
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(runs[0], runs[1]);
    let hit = runs[0].iter().filter(|(_, fault)| fault.is_some()).count();
    assert!((30..=90).contains(&hit), "{hit} of 200");
    for status in [200, 429, 500, 503] {
        assert!(
            runs[0].iter().any(|(seen, _)| *seen == status),
            "no {status}"
        );
    }
    assert!(runs[0].contains(&(200, Some("cut_body"))));
}

#[tokio::test]
async fn a_firewalls_page_comes_with_status_200_for_a_while() {
    let (session, _) = Session::small().await;
    let state = session.gong.state();
    state.inject(Fault::new(FaultEffect::HtmlPage).lasting(Duration::from_secs(3_600)));
    for _ in 0..3 {
        let request = session.request_get("/v2/users");
        let reply = request.send().await.unwrap();
        assert_eq!(
            (
                reply.status().as_u16(),
                reply.headers()["content-type"].as_bytes()
            ),
            (200, &b"text/html"[..])
        );
        assert!(reply.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    }
    assert_eq!(state.requests()[0].fault, Some("html_page"));
    state.clear_faults();
    state.inject(Fault::new(FaultEffect::HtmlPage).lasting(Duration::ZERO));
    assert_eq!(session.get("/v2/users").await.0, 200);
}
