//! What the client sends, endpoint by endpoint.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use calls::{CallId, Timestamp, UserId, WorkspaceId};
use gong_client::{
    CallFilter, ContentParts, ContentSelector, ContextTiming, Credentials, CrmContext, Cursor,
    GongApi, GongClient, GongConfig, TranscriptFilter,
};
use resilience::ErrorKind;
use serde_json::{Value, json};
use server::{ACCESS_KEY, ACCESS_KEY_SECRET, Received, Reply, Server};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn cursor() -> Option<Cursor> {
    Some(Cursor::new("eyJh.b/c+d=.e"))
}

/// A server that has nothing, whatever is asked.
async fn empty() -> Server {
    Server::replying([Reply::json(
        &json!({"users": [], "workspaces": [], "calls": [], "callTranscripts": []}),
    )])
    .await
}

fn only(server: &Server) -> Received {
    let received = server.received();
    assert_eq!(received.len(), 1);
    received[0].clone()
}

#[tokio::test]
async fn gets_carry_the_cursor_in_the_query() {
    let server = empty().await;
    GongApi::users(&server.client(), cursor()).await.unwrap();
    let request = only(&server);
    assert_eq!(request.method, "GET");
    assert_eq!(request.target, "/v2/users?cursor=eyJh.b%2Fc%2Bd%3D.e");
    assert_eq!(request.body, "");
}

#[tokio::test]
async fn posts_carry_the_cursor_at_the_top_of_the_body() {
    let server = empty().await;
    let client = server.client();
    let selector = ContentSelector::default();
    client
        .extensive_calls(&CallFilter::default(), &selector, cursor())
        .await
        .unwrap();
    client
        .transcripts(&TranscriptFilter::default(), cursor())
        .await
        .unwrap();
    let received = server.received();
    for (request, path) in received
        .iter()
        .zip(["/v2/calls/extensive", "/v2/calls/transcript"])
    {
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("POST", path)
        );
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.json()["cursor"], "eyJh.b/c+d=.e");
        assert_eq!(request.json()["filter"], json!({}));
    }
    assert_eq!(received.len(), 2);
}

#[tokio::test]
async fn a_first_page_has_no_cursor() {
    let server = empty().await;
    let client = server.client();
    GongApi::users(&client, None).await.unwrap();
    client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    let received = server.received();
    assert_eq!(received[0].target, "/v2/users");
    assert_eq!(received[1].json(), json!({"filter": {}}));
}

#[tokio::test]
async fn the_basic_listing_filters_by_query() {
    let server = empty().await;
    let filter = CallFilter {
        from: Some(at("2026-05-19T00:00:00-07:00")),
        to: Some(at("2026-05-20T00:00:00.5Z")),
        workspace_id: Some(WorkspaceId::new("623457276584334")),
        ..CallFilter::default()
    };
    GongApi::calls(&server.client(), &filter, None)
        .await
        .unwrap();
    assert_eq!(
        only(&server).target,
        "/v2/calls?fromDateTime=2026-05-19T07%3A00%3A00Z\
         &toDateTime=2026-05-20T00%3A00%3A00.5Z&workspaceId=623457276584334"
    );
}

#[tokio::test]
async fn the_basic_listing_refuses_filters_it_does_not_have() {
    let server = empty().await;
    let client = server.client();
    let by_host = CallFilter {
        primary_user_ids: vec![UserId::new("1")],
        ..CallFilter::default()
    };
    for (filter, field) in [
        (CallFilter::of_calls([CallId::new("1")]), "call_ids"),
        (by_host, "primary_user_ids"),
    ] {
        let error = GongApi::calls(&client, &filter, None).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some(field))
        );
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn the_extensive_listing_asks_for_everything_but_media() {
    let server = empty().await;
    let filter = CallFilter {
        from: Some(at("2026-05-19T00:00:00Z")),
        to: Some(at("2026-05-20T00:00:00Z")),
        call_ids: vec![CallId::new("18446744073709551616"), CallId::new("7")],
        primary_user_ids: vec![UserId::new("9")],
        ..CallFilter::default()
    };
    server
        .client()
        .extensive_calls(&filter, &ContentSelector::default(), None)
        .await
        .unwrap();
    assert_eq!(
        only(&server).json(),
        json!({
            "filter": {
                "fromDateTime": "2026-05-19T00:00:00Z",
                "toDateTime": "2026-05-20T00:00:00Z",
                "callIds": ["18446744073709551616", "7"],
                "primaryUserIds": ["9"],
            },
            "contentSelector": {
                "context": "Extended",
                "contextTiming": ["Now", "TimeOfCall"],
                "exposedFields": {
                    "parties": true,
                    "content": {
                        "structure": true, "topics": true, "trackers": true,
                        "trackerOccurrences": true, "brief": true, "outline": true,
                        "highlights": true, "callOutcome": true, "keyPoints": true,
                    },
                    "interaction": {
                        "speakers": true, "video": true, "personInteractionStats": true,
                        "questions": true,
                    },
                    "collaboration": {"publicComments": true},
                    "media": false,
                },
            },
        })
    );
}

#[tokio::test]
async fn the_context_of_a_call_is_chosen_with_its_time() {
    for (chosen, context, timing) in [
        (CrmContext::None, "None", json!(null)),
        (CrmContext::Links, "Basic", json!(null)),
        (
            CrmContext::Fields(ContextTiming::Now),
            "Extended",
            json!(["Now"]),
        ),
        (
            CrmContext::Fields(ContextTiming::TimeOfCall),
            "Extended",
            json!(["TimeOfCall"]),
        ),
    ] {
        let server = empty().await;
        let mut selector = ContentSelector::default();
        selector.crm_context = chosen;
        let (gong, filter) = (server.client(), CallFilter::default());
        gong.extensive_calls(&filter, &selector, None)
            .await
            .unwrap();
        let sent = &only(&server).json()["contentSelector"];
        assert_eq!(sent["context"], context);
        // Absent, not null: Gong refuses a timing that has no fields.
        assert_eq!(sent.get("contextTiming").is_some(), timing.is_array());
        assert_eq!(sent["contextTiming"], timing);
    }
}

#[tokio::test]
async fn parts_of_a_call_are_chosen_one_by_one() {
    let server = empty().await;
    let mut selector = ContentSelector::default();
    selector.content = ContentParts::NONE;
    selector.content.key_points = true;
    selector.interaction.video = false;
    let (gong, filter) = (server.client(), CallFilter::default());
    gong.extensive_calls(&filter, &selector, None)
        .await
        .unwrap();
    let sent = &only(&server).json()["contentSelector"]["exposedFields"];
    let content = sent["content"].as_object().unwrap();
    assert_eq!(content.len(), 9);
    for (name, is_asked) in content {
        assert_eq!(*is_asked, name == "keyPoints", "{name}");
    }
    assert_eq!(
        sent["interaction"],
        json!({"speakers": true, "video": false, "personInteractionStats": true, "questions": true})
    );
}

#[tokio::test]
async fn an_id_given_twice_is_sent_once_in_order() {
    let server = empty().await;
    let filter = TranscriptFilter::of_calls(["3", "1", "3", "2", "1"].map(CallId::from));
    server.client().transcripts(&filter, None).await.unwrap();
    assert_eq!(
        only(&server).json(),
        json!({"filter": {"callIds": ["3", "1", "2"]}})
    );
}

#[tokio::test]
async fn one_call_is_asked_for_by_its_path() {
    let server = Server::replying([Reply::json(
        &json!({"call": {"id": "42", "started": "2026-05-19T03:30:46.81-07:00"}}),
    )])
    .await;
    let call = server.client().call(&CallId::new("4/2?x")).await.unwrap();
    assert_eq!(only(&server).target, "/v2/calls/4%2F2%3Fx");
    assert_eq!(call.started, at("2026-05-19T10:30:46.81Z"));
}

#[tokio::test]
async fn an_id_that_would_vanish_from_the_path_is_refused() {
    let server = empty().await;
    for id in ["", ".", ".."] {
        let error = server.client().call(&CallId::new(id)).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.field()),
            (ErrorKind::InvalidInput, Some("id"))
        );
    }
    assert!(server.received().is_empty());
}

#[tokio::test]
async fn says_who_it_is() {
    let server = empty().await;
    GongApi::workspaces(&server.client()).await.unwrap();
    let request = only(&server);
    assert_eq!(request.target, "/v2/workspaces");
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("gong-snowflake/")
    );
    let authorization = request.header("authorization").unwrap();
    assert_eq!(authorization, "Basic QUNDRVNTS0VZN1EyOnMzY3IzdHZhbHVlOVo=");
    assert!(!authorization.contains(ACCESS_KEY) && !authorization.contains(ACCESS_KEY_SECRET));
}

#[tokio::test]
async fn sends_a_bearer_token() {
    let server = empty().await;
    let config =
        gong_client::GongConfig::new(&server.address, gong_client::Credentials::bearer("t0ken"))
            .unwrap();
    let client = GongClient::new(config).unwrap();
    GongApi::users(&client, None).await.unwrap();
    assert_eq!(only(&server).header("authorization"), Some("Bearer t0ken"));
}

#[tokio::test]
async fn keeps_a_path_in_front_of_the_api_and_drops_a_copied_version() {
    for (suffix, target) in [
        ("/", "/v2/users"),
        ("/v2/", "/v2/users"),
        ("/gate/v2", "/gate/v2/users"),
    ] {
        let server = empty().await;
        let address = format!("{}{suffix}", server.address);
        let credentials = gong_client::Credentials::bearer("t0ken");
        let config = gong_client::GongConfig::new(&address, credentials).unwrap();
        let client = GongClient::new(config).unwrap();
        GongApi::users(&client, None).await.unwrap();
        assert_eq!(only(&server).target, target);
    }
}

#[test]
fn the_example_of_an_extensive_request_is_what_is_sent() {
    // Independent of the network: the shape above is the one of Gong's own sample.
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/gong/examples/extensive_request.json"
    );
    let Ok(text) = std::fs::read_to_string(path) else {
        eprintln!("skipped: {path} is absent");
        return;
    };
    let sample: Value = serde_json::from_str(&text).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let sent = runtime.block_on(async {
        let server = empty().await;
        let filter = CallFilter::between(at("2026-05-19T00:00:00Z"), at("2026-05-20T00:00:00Z"));
        server
            .client()
            .extensive_calls(&filter, &ContentSelector::default(), None)
            .await
            .unwrap();
        only(&server).json()
    });
    assert_eq!(sent, sample);
}

#[tokio::test]
async fn a_page_says_when_it_was_served() {
    let date = |reply: Reply| reply.with_header("date", "Thu, 29 Jan 2026 23:59:59 GMT");
    let page = Reply::json(&json!({"users": []}));
    let nothing = Reply::refused(404, "No calls found corresponding to the provided filters");
    let server = Server::replying([
        date(page.clone()),
        date(nothing),
        page.clone(),
        page.with_header("date", "soon"),
    ])
    .await;
    let client = server.client();
    for expected in [
        Some(at("2026-01-29T23:59:59Z")),
        Some(at("2026-01-29T23:59:59Z")),
        None,
        None,
    ] {
        assert_eq!(
            GongApi::users(&client, None).await.unwrap().served_at,
            expected
        );
    }
}

#[tokio::test]
async fn a_client_names_its_tenant_without_the_scheme() {
    for (address, authority) in [
        ("https://us-12345.api.gong.io/v2/", "us-12345.api.gong.io"),
        ("https://US-12345.api.gong.io:443", "us-12345.api.gong.io"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
    ] {
        let config = GongConfig::new(address, Credentials::bearer("t")).unwrap();
        let client: Box<dyn GongApi> = Box::new(GongClient::new(config).unwrap());
        assert_eq!(client.authority(), authority);
    }
}
