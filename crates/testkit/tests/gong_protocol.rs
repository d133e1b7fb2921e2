//! What the simulated Gong answers to well-formed and to wrong requests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::client;

use client::{Session, call_at, ids, message, small_org, split};
use serde_json::{Value, json};
use testkit::gong::{GongLimits, GongSimulator};

const NO_CALLS: &str = "No calls found corresponding to the provided filters";

#[tokio::test]
async fn an_empty_result_is_404_only_with_a_filter() {
    let session = Session::start(GongSimulator::builder()).await;
    let window = "fromDateTime=2020-01-01T00:00:00Z&toDateTime=2020-01-02T00:00:00Z";
    let dates = json!({"filter": {
        "fromDateTime": "2020-01-01T00:00:00Z", "toDateTime": "2020-01-02T00:00:00Z"}});
    let (status, reply) = session.get(&format!("/v2/calls?{window}")).await;
    assert_eq!((status, message(&reply)), (404, NO_CALLS));
    for path in ["/v2/calls/extensive", "/v2/calls/transcript"] {
        let (status, reply) = session.post(path, &dates).await;
        assert_eq!((status, message(&reply)), (404, NO_CALLS));
        let (status, reply) = session.post(path, &json!({"filter": {}})).await;
        assert_eq!(
            (status, &reply["records"]["totalRecords"]),
            (200, &json!(0))
        );
    }
    let (status, reply) = session.get("/v2/calls/894").await;
    assert_eq!(
        (status, message(&reply)),
        (404, "Call ID 894 was not found")
    );
    let (status, reply) = session.get("/v2/nothing").await;
    assert_eq!((status, message(&reply)), (404, "HTTP 404 Not Found"));
    assert_eq!(session.get("/v2/calls/extensive").await.0, 405);
}

#[tokio::test]
async fn wrong_requests_are_400_and_name_the_field() {
    let (session, _) = Session::small().await;
    for (filter, expected) in [
        (
            json!({"callIds": []}),
            "filter.callIds: must not be empty but can be null or can be omitted",
        ),
        (json!({"callIds": "1"}), "filter.callIds: must be a list"),
        (
            json!({"fromDateTime": "yesterday"}),
            "filter.fromDateTime: 'yesterday' is not an ISO-8601 date and time with an offset",
        ),
        (
            json!({"toDateTime": "2026-05-19T00:00:00"}),
            "filter.toDateTime: '2026-05-19T00:00:00' is not an ISO-8601 date and time with an offset",
        ),
        (Value::Null, "filter: must not be null"),
    ] {
        let (status, reply) = session
            .post("/v2/calls/transcript", &json!({"filter": filter}))
            .await;
        assert_eq!((status, message(&reply)), (400, expected));
    }
    let null_ids = json!({"filter": {"callIds": null}});
    assert_eq!(session.post("/v2/calls/transcript", &null_ids).await.0, 200);
    let selector = json!({"filter": {}, "contentSelector": {"contextTiming": ["Now"]}});
    assert_eq!(session.post("/v2/calls/extensive", &selector).await.0, 400);
    let broken = session
        .request_post("/v2/calls/extensive", &json!({}))
        .body("{")
        .send()
        .await;
    assert_eq!(split(broken.unwrap()).await.0, 400);
    let form = session.request_get("/v2/users").build().unwrap();
    let mut form = form;
    *form.method_mut() = reqwest::Method::POST;
    *form.url_mut() = format!("{}/v2/calls/extensive", session.gong.url())
        .parse()
        .unwrap();
    assert_eq!(session.http.execute(form).await.unwrap().status(), 415);
}

#[tokio::test]
async fn the_window_is_half_open_and_means_the_scheduled_time_of_a_conference() {
    let day = "2026-05-19";
    let calls = [
        call_at(
            "conference",
            "Conference",
            &format!("{day}T10:00:00Z"),
            &format!("{day}T12:00:00Z"),
        ),
        call_at(
            "phone",
            "Outbound",
            &format!("{day}T12:00:00Z"),
            &format!("{day}T11:00:00Z"),
        ),
        call_at("unplanned", "Conference", "", &format!("{day}T09:00:00Z")),
    ];
    let mut calls = calls;
    calls[2].extensive["metaData"]["scheduled"] = Value::Null;
    let session = Session::start(GongSimulator::builder().calls(calls)).await;
    let within = async |from: &str, to: &str| -> Vec<String> {
        let filter = json!({"fromDateTime": from, "toDateTime": to});
        let (status, page) = session
            .post("/v2/calls/extensive", &json!({"filter": filter}))
            .await;
        match status {
            200 => ids(page["calls"].as_array().unwrap())
                .iter()
                .map(ToString::to_string)
                .collect(),
            _ => Vec::new(),
        }
    };
    let all = within("2026-05-19T00:00:00Z", "2026-05-20T00:00:00Z").await;
    assert_eq!(all, ["unplanned", "conference", "phone"]);
    assert_eq!(
        within("2026-05-19T10:00:00Z", "2026-05-19T11:00:00Z").await,
        ["conference"]
    );
    // The same window with an offset.
    assert_eq!(
        within("2026-05-19T12:00:00+02:00", "2026-05-19T13:00:00+02:00").await,
        ["conference"]
    );
    assert_eq!(
        within("2026-05-19T11:00:00Z", "2026-05-19T11:00:00.001Z").await,
        ["phone"]
    );
    assert!(
        within("2026-05-20T00:00:00Z", "2026-05-19T00:00:00Z")
            .await
            .is_empty()
    );
    // In a query the plus sign of an offset must be escaped.
    let path = "/v2/calls?fromDateTime=2026-05-19T12:00:00%2B02:00&toDateTime=2026-05-19T11:00:00Z";
    let (status, page) = session.get(path).await;
    assert_eq!(
        (status, ids(page["calls"].as_array().unwrap())),
        (200, vec!["conference"])
    );
    assert_eq!(session.get(&path.replace("%2B", "+")).await.0, 400);
}

#[tokio::test]
async fn filters_by_ids_users_and_workspace() {
    let (session, org) = Session::small().await;
    let wanted: Vec<&str> = org.calls[2..5]
        .iter()
        .map(|call| call.id().unwrap())
        .collect();
    let mut asked = wanted.clone();
    asked.push("404");
    let body = json!({"filter": {"callIds": asked}});
    let (_, page) = session.post("/v2/calls/transcript", &body).await;
    assert_eq!(ids(page["callTranscripts"].as_array().unwrap()), wanted);

    let user = &org.calls[0].extensive["metaData"]["primaryUserId"];
    let body = json!({"filter": {"primaryUserIds": [user]}});
    let (_, page) = session.post("/v2/calls/extensive", &body).await;
    let calls = page["calls"].as_array().unwrap();
    assert!(
        !calls.is_empty()
            && calls
                .iter()
                .all(|c| c["metaData"]["primaryUserId"] == *user)
    );
    // The transcript filter has no such field: it is ignored.
    let (_, page) = session.post("/v2/calls/transcript", &body).await;
    assert_eq!(page["records"]["totalRecords"], org.calls.len());

    let workspace = &org.workspaces[0]["id"];
    for (id, expected) in [(workspace.clone(), 200), (json!("1"), 404)] {
        let body = json!({"filter": {"workspaceId": id}});
        assert_eq!(session.post("/v2/calls/extensive", &body).await.0, expected);
    }
    assert_eq!(
        session.get("/v2/workspaces").await.1["workspaces"],
        json!(org.workspaces)
    );
    let id = org.calls[0].id().unwrap();
    let (_, reply) = session.get(&format!("/v2/calls/{id}")).await;
    assert_eq!(reply["call"], org.calls[0].extensive["metaData"]);
}

#[tokio::test]
async fn only_parts_that_are_asked_for_are_there() {
    let (session, org) = Session::small().await;
    let call = org
        .calls
        .iter()
        .find(|call| call.extensive["content"]["trackers"][0].is_object());
    let id = call.unwrap().id().unwrap();
    let ask = async |selector: Value| {
        let body = json!({"filter": {"callIds": [id]}, "contentSelector": selector});
        let (status, page) = session.post("/v2/calls/extensive", &body).await;
        assert_eq!(status, 200, "{page}");
        page["calls"][0].clone()
    };
    let keys = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };

    assert_eq!(keys(&ask(json!(null)).await), ["metaData"]);
    let basic = ask(json!({"context": "Basic"})).await;
    assert!(basic["context"][0]["objects"][0].get("fields").is_none());

    let now = ask(json!({"context": "Extended"})).await;
    let timings = |call: &Value| -> Vec<Value> {
        let objects = call["context"][0]["objects"].as_array().unwrap().iter();
        objects.map(|object| object["timing"].clone()).collect()
    };
    assert_eq!(timings(&now), [Value::Null, json!("Now")]);
    let both = json!({"context": "Extended", "contextTiming": ["Now", "TimeOfCall"]});
    assert_eq!(
        timings(&ask(both).await),
        [Value::Null, json!("Now"), json!("TimeOfCall")]
    );

    let some = ask(json!({"exposedFields": {
        "parties": true,
        "content": {"trackers": true, "topics": false},
        "interaction": {"speakers": true, "personInteractionStats": true},
    }}))
    .await;
    assert_eq!(keys(&some["content"]), ["trackers"]);
    assert!(some["content"]["trackers"][0].get("occurrences").is_none());
    assert_eq!(keys(&some["interaction"]), ["interactionStats", "speakers"]);
    assert!(some["parties"][0].get("context").is_none());

    let media = json!({"exposedFields": {"media": true}});
    let (first, second) = (ask(media.clone()).await, ask(media).await);
    assert_ne!(
        first["media"]["audioUrl"], second["media"]["audioUrl"],
        "signed anew each time"
    );
}

#[tokio::test]
async fn a_bad_key_and_a_missing_scope_are_both_401_with_different_words() {
    let builder = GongSimulator::builder()
        .org(&small_org())
        .bearer_token("token")
        .without_scope("api:calls:read:transcript");
    let session = Session::start(builder).await;
    let body = json!({"filter": {}});
    let (status, reply) = session.post("/v2/calls/transcript", &body).await;
    let expected = "You don't have permission to use 'api:calls:read:transcript' in your app.";
    assert_eq!((status, message(&reply)), (401, expected));
    session
        .gong
        .state()
        .grant_scope("api:calls:read:transcript");
    assert_eq!(session.post("/v2/calls/transcript", &body).await.0, 200);
    session
        .gong
        .state()
        .revoke_scope("api:calls:read:media-url");
    let media = json!({"filter": {}, "contentSelector": {"exposedFields": {"media": true}}});
    assert_eq!(session.post("/v2/calls/extensive", &media).await.0, 401);

    let users = format!("{}/v2/users", session.gong.url());
    let bearer = session
        .http
        .get(&users)
        .bearer_auth("token")
        .send()
        .await
        .unwrap();
    assert_eq!(bearer.status(), 200);
    for request in [
        session.http.get(&users),
        session.http.get(&users).bearer_auth("other"),
        session
            .http
            .get(&users)
            .basic_auth("simulator-key", Some("wrong")),
    ] {
        let (status, reply) = split(request.send().await.unwrap()).await;
        assert_eq!(status, 401);
        assert!(!message(&reply).contains("permission"), "{reply}");
    }
    session.gong.state().rotate_access_key("new", "secret");
    assert_eq!(session.get("/v2/users").await.0, 401);
}

#[tokio::test]
async fn beyond_the_limits_it_is_429_with_retry_after() {
    let limits = GongLimits {
        requests_per_second: Some(0.2),
        ..GongLimits::default()
    };
    let session = Session::start(GongSimulator::builder().limits(limits)).await;
    let send = || session.request_get("/v2/users").send();
    let replies = futures_util::future::join_all((0..8).map(|_| send())).await;
    let refused: Vec<_> = replies
        .into_iter()
        .map(Result::unwrap)
        .filter(|r| r.status() == 429)
        .collect();
    assert!(!refused.is_empty());
    for reply in &refused {
        let seconds: u64 = reply.headers()["retry-after"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!((1..=5).contains(&seconds), "{seconds}");
    }
    let traffic = session.gong.state().traffic();
    assert_eq!(traffic.requests(), 8);
    assert_eq!(traffic.too_many_requests, refused.len() as u64);

    let daily = GongLimits {
        requests_per_day: Some(0),
        ..GongLimits::default()
    };
    session.gong.state().set_limits(daily);
    let reply = send().await.unwrap();
    assert_eq!(
        (
            reply.status().as_u16(),
            reply.headers()["retry-after"].as_bytes()
        ),
        (429, &b"21600"[..])
    );
}

#[tokio::test]
async fn replies_carry_their_request_id_and_are_zipped_above_a_size() {
    let (session, _) = Session::small().await;
    let reply = session.request_get("/v2/workspaces").send().await.unwrap();
    let trace = reply.headers()["x-traceid"].to_str().unwrap().to_owned();
    assert_eq!(split(reply).await.1["requestId"], trace);

    let body = json!({"filter": {}});
    let zipping = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = |path: &str| {
        let mut request = session.request_post(path, &body).build().unwrap();
        request
            .headers_mut()
            .insert("accept-encoding", "gzip".parse().unwrap());
        zipping.execute(request)
    };
    let raw = reqwest::Client::builder()
        .no_proxy()
        .no_gzip()
        .build()
        .unwrap();
    let mut asking = session
        .request_post("/v2/calls/transcript", &body)
        .build()
        .unwrap();
    asking
        .headers_mut()
        .insert("accept-encoding", "gzip".parse().unwrap());
    let zipped = raw.execute(asking).await.unwrap();
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    let plain = session
        .request_post("/v2/calls/transcript", &body)
        .send()
        .await
        .unwrap();
    assert!(plain.headers().get("content-encoding").is_none());
    let (short, long) = (zipped.bytes().await.unwrap(), plain.bytes().await.unwrap());
    assert!(short.len() * 2 < long.len());
    let unzipped = split(request("/v2/calls/transcript").await.unwrap())
        .await
        .1;
    let plain: Value = serde_json::from_slice(&long).unwrap();
    assert_eq!(unzipped["callTranscripts"], plain["callTranscripts"]);
}

#[tokio::test]
async fn it_stops_when_it_is_dropped() {
    let session = Session::start(GongSimulator::builder()).await;
    let url = format!("{}/v2/users", session.gong.url());
    assert_eq!(session.http.get(&url).send().await.unwrap().status(), 401);
    drop(session.gong);
    let mut last = session.http.get(&url).send().await;
    // The task ends at its next turn.
    for _ in 0..100 {
        if last.is_err() {
            break;
        }
        tokio::task::yield_now().await;
        last = session.http.get(&url).send().await;
    }
    assert!(last.is_err());
}
