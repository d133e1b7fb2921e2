//! What real tenants do to a sync: narrowed keys, late uploads, withdrawn transcripts,
//! odd records.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use client::{Session, call_at, ids, message};
use serde_json::{Value, json};
use testkit::SimulatedCall;
use testkit::gong::{Fault, FaultEffect, GongSimulator, SimulatorState};

const EXTENSIVE: &str = "/v2/calls/extensive";
const TRANSCRIPTS: &str = "/v2/calls/transcript";

/// Five calls an hour apart, `0` to `4`, with transcripts.
async fn five() -> (Session, SimulatorState) {
    let calls = (0..5).map(|hour| {
        let time = format!("2026-05-19T0{hour}:00:00Z");
        call_at(&format!("{hour}"), "Outbound", &time, &time)
    });
    let session = Session::start(GongSimulator::builder().calls(calls)).await;
    let state = session.gong.state();
    (session, state)
}

async fn listed(session: &Session, path: &str, filter: Value) -> Vec<String> {
    let (status, page) = session.post(path, &json!({"filter": filter})).await;
    if status == 404 {
        assert_eq!(
            message(&page),
            "No calls found corresponding to the provided filters"
        );
        return Vec::new();
    }
    let key = match path {
        TRANSCRIPTS => "callTranscripts",
        _ => "calls",
    };
    let records = page[key].as_array().unwrap();
    assert_eq!(page["records"]["totalRecords"], records.len());
    ids(records).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_narrowed_key_sees_a_few_calls_and_the_rest_looks_deleted() {
    let (session, state) = five().await;
    state.show_only(["1", "3", "unknown"]);
    for path in [EXTENSIVE, TRANSCRIPTS] {
        assert_eq!(listed(&session, path, json!({})).await, ["1", "3"]);
        let some = json!({"callIds": ["0", "3"]});
        assert_eq!(listed(&session, path, some).await, ["3"]);
        let none = json!({"callIds": ["0"]});
        assert!(listed(&session, path, none).await.is_empty());
    }
    assert_eq!(session.get("/v2/calls/3").await.0, 200);
    let (status, reply) = session.get("/v2/calls/0").await;
    assert_eq!((status, message(&reply)), (404, "Call ID 0 was not found"));
    let (_, page) = session.get("/v2/calls").await;
    assert_eq!(page["records"]["totalRecords"], 2);

    state.show_all();
    assert_eq!(listed(&session, EXTENSIVE, json!({})).await.len(), 5);
}

#[tokio::test]
async fn a_narrowed_key_sees_a_few_bulk_calls() {
    let bulk = testkit::gong::BulkCalls::new(40, 3);
    let session = Session::start(GongSimulator::builder().bulk(bulk)).await;
    let seen = [7, 9].map(testkit::gong::BulkCalls::call_id);
    session.gong.state().show_only(seen.clone());
    assert_eq!(listed(&session, EXTENSIVE, json!({})).await, seen);
}

#[tokio::test]
async fn what_is_served_can_be_asked_without_a_request() {
    let (session, state) = five().await;
    state
        .set_visibility("0", testkit::gong::CallVisibility::Invisible)
        .unwrap();
    state.withhold_transcript("1").unwrap();
    state.show_only(["0", "1", "2"]);
    let served = state.served();
    let known: Vec<_> = served.iter().map(|call| call.id().unwrap()).collect();
    let (_, page) = session.post(EXTENSIVE, &json!({"filter": {}})).await;
    assert_eq!(known, ids(page["calls"].as_array().unwrap()));
    let with_words: Vec<_> = served
        .iter()
        .filter(|call| call.transcript.is_some())
        .map(|call| call.id().unwrap())
        .collect();
    assert_eq!(with_words, listed(&session, TRANSCRIPTS, json!({})).await);
    assert_eq!(state.requests().len(), 2);
}

#[tokio::test]
async fn a_transcript_is_withdrawn_or_edited_while_its_call_stays() {
    let (session, state) = five().await;
    let words = |text: &str| json!([{"speakerId": "1", "topic": null, "sentences": [{"start": 0, "end": 900, "text": text}]}]);
    state
        .edit_transcript("2", |item| item["transcript"] = words("Redacted."))
        .unwrap();
    let (_, page) = session
        .post(TRANSCRIPTS, &json!({"filter": {"callIds": ["2"]}}))
        .await;
    assert_eq!(page["callTranscripts"][0]["transcript"], words("Redacted."));

    state.withhold_transcript("2").unwrap();
    let asked = json!({"callIds": ["2"]});
    assert!(
        listed(&session, TRANSCRIPTS, asked.clone())
            .await
            .is_empty()
    );
    assert_eq!(listed(&session, EXTENSIVE, asked.clone()).await, ["2"]);
    state.release_transcript("2").unwrap();
    assert_eq!(listed(&session, TRANSCRIPTS, asked).await, ["2"]);
}

#[tokio::test]
async fn an_old_recording_appears_under_its_old_date() {
    let (session, state) = five().await;
    state
        .add_call(call_at("upload", "Unknown", "", "2024-02-29T10:00:00Z"))
        .unwrap();
    let then =
        json!({"fromDateTime": "2024-02-29T00:00:00Z", "toDateTime": "2024-03-01T00:00:00Z"});
    assert_eq!(listed(&session, EXTENSIVE, then).await, ["upload"]);
    let now = json!({"fromDateTime": "2026-05-19T00:00:00Z"});
    assert_eq!(listed(&session, EXTENSIVE, now).await.len(), 5);
}

#[tokio::test]
async fn a_meeting_far_from_its_schedule_is_filtered_by_the_schedule() {
    let (session, state) = five().await;
    let (scheduled, started) = ("2026-03-01T10:00:00Z", "2026-05-20T10:00:00Z");
    state
        .add_call(call_at("meeting", "Conference", scheduled, started))
        .unwrap();
    state
        .add_call(call_at("dialled", "Outbound", scheduled, started))
        .unwrap();
    for path in [EXTENSIVE, TRANSCRIPTS] {
        let march =
            json!({"fromDateTime": "2026-03-01T00:00:00Z", "toDateTime": "2026-03-02T00:00:00Z"});
        assert_eq!(listed(&session, path, march).await, ["meeting"]);
        let may = json!({"fromDateTime": "2026-05-20T00:00:00Z"});
        assert_eq!(listed(&session, path, may).await, ["dialled"]);
    }
    // Moved while it runs.
    state
        .edit_call("meeting", |call| {
            call["metaData"]["scheduled"] = "2026-05-21T00:00:00Z".into()
        })
        .unwrap();
    let may = json!({"fromDateTime": "2026-05-20T00:00:00Z"});
    assert_eq!(
        listed(&session, EXTENSIVE, may).await,
        ["dialled", "meeting"]
    );
}

#[tokio::test]
async fn calls_are_chosen_by_workspace_and_by_host_and_private_ones_say_so() {
    let (session, state) = five().await;
    for (id, workspace, host) in [
        ("0", "sales", "11"),
        ("1", "sales", "12"),
        ("2", "service", "11"),
    ] {
        state
            .edit_call(id, |call| {
                call["metaData"]["workspaceId"] = workspace.into();
                call["metaData"]["primaryUserId"] = host.into();
            })
            .unwrap();
    }
    let sales = json!({"workspaceId": "sales"});
    for path in [EXTENSIVE, TRANSCRIPTS] {
        assert_eq!(listed(&session, path, sales.clone()).await, ["0", "1"]);
    }
    let (_, page) = session.get("/v2/calls?workspaceId=service").await;
    assert_eq!(ids(page["calls"].as_array().unwrap()), ["2"]);
    let host = json!({"primaryUserIds": ["11"]});
    assert_eq!(listed(&session, EXTENSIVE, host).await, ["0", "2"]);
    let both = json!({"primaryUserIds": ["11", "12"], "workspaceId": "sales"});
    assert_eq!(listed(&session, EXTENSIVE, both).await, ["0", "1"]);

    state.set_private("1", true).unwrap();
    let (_, page) = session.post(EXTENSIVE, &json!({"filter": sales})).await;
    let private: Vec<_> = page["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["metaData"]["isPrivate"] == true)
        .collect();
    assert_eq!(private, [false, true]);
}

#[tokio::test]
async fn values_of_another_type_are_served_as_they_are_put() {
    let (session, state) = five().await;
    let odd = |call: &mut Value| {
        call["metaData"]["duration"] = "600".into();
        call["metaData"]["isPrivate"] = "false".into();
        call["metaData"]["title"] = 7.into();
        call["content"] =
            json!({"topics": {"name": "x"}, "trackers": [{"name": "T", "count": "3"}]});
    };
    state.edit_call("1", odd).unwrap();
    let sentence = json!({"start": "0", "end": "1000", "text": "x"});
    state
        .edit_transcript("1", |item| {
            item["transcript"] = json!([{"speakerId": 1, "sentences": [sentence]}]);
        })
        .unwrap();
    let fields = json!({"content": {"topics": true, "trackers": true}});
    let asked = json!({"filter": {"callIds": ["1"]}, "contentSelector": {"exposedFields": fields}});
    let (_, page) = session.post(EXTENSIVE, &asked).await;
    let call = &page["calls"][0];
    assert_eq!(
        (&call["metaData"]["duration"], &call["metaData"]["title"]),
        (&json!("600"), &json!(7))
    );
    assert_eq!(call["content"]["topics"], json!({"name": "x"}));
    let (_, page) = session
        .post(TRANSCRIPTS, &json!({"filter": {"callIds": ["1"]}}))
        .await;
    assert_eq!(
        page["callTranscripts"][0]["transcript"][0]["sentences"][0],
        sentence
    );
}

async fn text(session: &Session, path: &str) -> String {
    let request = session.request_post(path, &json!({"filter": {}}));
    request.send().await.unwrap().text().await.unwrap()
}

#[tokio::test]
async fn records_can_hold_json_that_no_library_would_write() {
    let (session, state) = five().await;
    state
        .patch_json(
            "1",
            r#""title":"x""#,
            r#""title":"cut \ud83d","title":"again""#,
        )
        .unwrap();
    state
        .patch_json("2", r#""id":"2""#, r#""id":null"#)
        .unwrap();
    state
        .patch_json("2", r#""callId":"2""#, r#""callId":null"#)
        .unwrap();
    // Still there after an edit, and the call is found by its true id.
    state.retitle_call("2", "edited").unwrap();

    let body = text(&session, EXTENSIVE).await;
    assert!(
        body.contains(r#""title":"cut \ud83d","title":"again""#),
        "{body}"
    );
    assert_eq!(body.matches(r#""id":null"#).count(), 1);
    assert!(
        text(&session, TRANSCRIPTS)
            .await
            .contains(r#""callId":null"#)
    );
    let (_, page) = session
        .post(EXTENSIVE, &json!({"filter": {"callIds": ["2"]}}))
        .await;
    assert_eq!(page["calls"][0]["metaData"]["title"], "edited");
    assert!(page["calls"][0]["metaData"]["id"].is_null());

    state.patch_json("1", "", "").unwrap();
    state.patch_json("2", "", "").unwrap();
    assert_eq!(listed(&session, EXTENSIVE, json!({})).await.len(), 5);
    assert!(state.patch_json("nobody", "a", "b").is_err());
}

#[tokio::test]
async fn a_poison_call_spoils_every_page_that_holds_it() {
    for status in [400, 500] {
        let (session, state) = five().await;
        let effect = FaultEffect::Status {
            status,
            retry_after: None,
        };
        state.inject(Fault::new(effect).on_path(EXTENSIVE).for_call("2").always());
        let window = |from: &str, to: &str| json!({"filter": {"fromDateTime": format!("2026-05-19T{from}Z"), "toDateTime": format!("2026-05-19T{to}Z")}});
        for (from, to, expected) in [
            ("00:00:00", "05:00:00", status),
            ("00:00:00", "02:00:00", 200),
            ("02:00:00", "02:00:01", status),
            ("02:00:01", "05:00:00", 200),
        ] {
            assert_eq!(session.post(EXTENSIVE, &window(from, to)).await.0, expected);
        }
        assert_eq!(listed(&session, TRANSCRIPTS, json!({})).await.len(), 5);
    }
}

#[tokio::test]
async fn a_poison_transcript_spoils_every_batch_that_names_it() {
    let (session, state) = five().await;
    // Named is enough: it need not be served.
    state.withhold_transcript("2").unwrap();
    let effect = FaultEffect::Status {
        status: 400,
        retry_after: None,
    };
    state.inject(
        Fault::new(effect)
            .on_path(TRANSCRIPTS)
            .for_call("2")
            .always(),
    );
    for (batch, expected) in [
        (vec!["0", "1"], 200),
        (vec!["1", "2", "3"], 400),
        (vec!["2"], 400),
    ] {
        let body = json!({"filter": {"callIds": batch}});
        assert_eq!(session.post(TRANSCRIPTS, &body).await.0, expected);
    }
    assert_eq!(
        listed(&session, EXTENSIVE, json!({"callIds": ["2"]})).await,
        ["2"]
    );
}

#[tokio::test]
async fn a_call_can_be_put_back_after_it_was_deleted() {
    let (session, state) = five().await;
    let call: SimulatedCall = state.call("3").unwrap();
    assert!(state.delete_call("3"));
    assert!(
        listed(&session, EXTENSIVE, json!({"callIds": ["3"]}))
            .await
            .is_empty()
    );
    state.add_call(call).unwrap();
    assert_eq!(
        listed(&session, EXTENSIVE, json!({"callIds": ["3"]})).await,
        ["3"]
    );
}
