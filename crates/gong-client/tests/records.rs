//! One bad record never costs its page, and a good one keeps its bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use calls::{CallId, RawDocument};
use gong_client::{
    CallFilter, ContentSelector, Cursor, GongApi, Page, Result, TranscriptFilter, User,
};
use resilience::ErrorKind;
use server::{Reply, Server};

async fn transcripts(body: impl Into<Vec<u8>>) -> Result<Page<RawDocument>> {
    let server = Server::replying([Reply::ok(body)]).await;
    server
        .client()
        .transcripts(&TranscriptFilter::default(), None)
        .await
}

async fn extensive(body: impl Into<Vec<u8>>) -> Result<Page<RawDocument>> {
    let server = Server::replying([Reply::ok(body)]).await;
    let selector = ContentSelector::default();
    server
        .client()
        .extensive_calls(&CallFilter::default(), &selector, None)
        .await
}

#[tokio::test]
async fn a_record_keeps_its_bytes() {
    let record = r#"{ "callId" : 12345678901234567890, "transcript":[ ],
        "n": 1.10, "e": "\u00e9 é \ud83d\ude00", "e": 1e400 }"#;
    let page = transcripts(format!(r#"{{"callTranscripts":[ {record} ]}}"#))
        .await
        .unwrap();
    assert_eq!(page.items[0].text(), record);
    assert_eq!(page.items[0].call_id.as_str(), "12345678901234567890");
}

#[tokio::test]
async fn invalid_utf8_costs_only_the_record_that_holds_it() {
    let mut body = br#"{"records":{"totalRecords":4,"cursor":"next"},"callTranscripts":["#.to_vec();
    body.extend(br#"{"callId":"1","t":"good"},"#);
    body.extend(b"{\"callId\":\"2\",\"t\":\"caf\xe9\"},");
    body.extend(b"{\"callId\":\"3\xff\"},");
    body.extend("{\"callId\":\"4\",\"t\":\"café\"}]}".bytes());
    let page = transcripts(body).await.unwrap();
    let good: Vec<_> = page.items.iter().map(RawDocument::text).collect();
    assert_eq!(
        good,
        [
            r#"{"callId":"1","t":"good"}"#,
            r#"{"callId":"4","t":"café"}"#
        ]
    );
    assert_eq!(
        (page.total_records, page.next),
        (Some(4), Some(Cursor::new("next")))
    );
    assert_eq!(page.rejected.len(), 2);
    assert_eq!(page.rejected[0].position, 1);
    assert_eq!(page.rejected[0].call_id, Some(CallId::new("2")));
    assert_eq!(
        page.rejected[0].reason,
        "invalid UTF-8 at byte 22 of the record"
    );
    assert_eq!(
        page.rejected[0].payload,
        "{\"callId\":\"2\",\"t\":\"caf\u{fffd}\"}"
    );
    assert_eq!(page.rejected[1].position, 2);
}

#[tokio::test]
async fn an_id_with_invalid_utf8_is_no_id() {
    let page = transcripts(b"{\"callTranscripts\":[{\"callId\":\"3\xff\"}]}".to_vec())
        .await
        .unwrap();
    assert_eq!(page.rejected[0].call_id, None);
}

#[tokio::test]
async fn a_cursor_with_invalid_utf8_is_an_error_and_a_request_id_is_not() {
    let error =
        transcripts(b"{\"records\":{\"cursor\":\"a\xff\"},\"callTranscripts\":[]}".to_vec())
            .await
            .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let page = transcripts(b"{\"requestId\":\"\xff\",\"callTranscripts\":[]}".to_vec()).await;
    assert!(page.unwrap().items.is_empty());
}

#[tokio::test]
async fn records_without_an_id_are_rejected_with_the_reason() {
    let page = transcripts(
        r#"{"callTranscripts":[null,7,"x",[],{},{"callId":null},{"callId":""},{"callId":1.5},
           {"callId":{"id":1}},{"transcript":[{"callId":"inner"}]},{"transcript":[],"callId":"good"}]}"#,
    )
    .await
    .unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].call_id.as_str(), "good");
    let reasons: Vec<_> = page
        .rejected
        .iter()
        .map(|r| (r.position, r.reason.as_str()))
        .collect();
    let missing = "callId is missing or null";
    let wrong = "callId is not an id";
    assert_eq!(
        reasons,
        [
            (0, missing),
            (1, wrong),
            (2, wrong),
            (3, wrong),
            (4, missing),
            (5, missing),
            (6, "callId is empty"),
            (7, wrong),
            (8, wrong),
            (9, missing),
        ]
    );
    assert_eq!(page.rejected[5].payload, r#"{"callId":null}"#);
}

#[tokio::test]
async fn an_extensive_call_has_its_id_in_the_metadata() {
    let page = extensive(
        r#"{"calls":[{"metaData":{"title":"t","id":"1"}},{"context":[],"metaData":{"id":2}},
           {"id":"3"},{"metaData":null},{"metaData":{"id":null}}]}"#,
    )
    .await
    .unwrap();
    let ids: Vec<_> = page.items.iter().map(|raw| raw.call_id.as_str()).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(page.rejected.len(), 3);
    assert!(
        page.rejected
            .iter()
            .all(|r| r.reason == "metaData.id is missing or null")
    );
}

#[tokio::test]
async fn a_basic_call_that_cannot_be_read_names_its_field_and_id() {
    let body =
        r#"{"calls":[{"id":"1","started":"2026-05-19T10:00:00Z"},{"id":"2","started":"SECRET"}]}"#;
    let server = Server::replying([Reply::ok(body)]).await;
    let page = GongApi::calls(&server.client(), &CallFilter::default(), None)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 1);
    let rejected = &page.rejected[0];
    assert_eq!(rejected.call_id, Some(CallId::new("2")));
    assert!(
        rejected.reason.starts_with("metaData.started"),
        "{}",
        rejected.reason
    );
    assert!(!rejected.reason.contains("SECRET"));
}

#[tokio::test]
async fn a_cursor_may_be_absent_null_or_empty_but_nothing_else() {
    for records in [
        "{}",
        "null",
        r#"{"cursor":null}"#,
        r#"{"cursor":""}"#,
        r#"{"totalRecords":"x"}"#,
    ] {
        let page = transcripts(format!(r#"{{"records":{records},"callTranscripts":[]}}"#)).await;
        let page = page.unwrap();
        assert_eq!((page.next, page.total_records), (None, None), "{records}");
    }
    for records in [r#"{"cursor":7}"#, r#"{"cursor":["a"]}"#, "7", "\"x\""] {
        let page = transcripts(format!(r#"{{"records":{records},"callTranscripts":[]}}"#)).await;
        assert_eq!(page.unwrap_err().kind(), ErrorKind::Decode, "{records}");
    }
}

#[tokio::test]
async fn users_may_have_nulls_and_numbers() {
    let body = r#"{"users":[
        {"id":413440499764841252,"emailAddress":"a@example.com","firstName":"A","lastName":null,
         "title":"","managerId":12,"active":false,"settings":{"x":true},"spokenLanguages":[]},
        {"id":"2","active":null},{"id":"3","firstName":["SECRET"]},{"emailAddress":"x"},{"id":""}]}"#;
    let server = Server::replying([Reply::ok(body)]).await;
    let page = GongApi::users(&server.client(), None).await.unwrap();
    let mut first = User::new("413440499764841252");
    first.email = Some("a@example.com".to_owned());
    first.first_name = Some("A".to_owned());
    first.manager_id = Some("12".into());
    first.active = false;
    assert_eq!(page.items, [first, User::new("2")]);
    let reasons: Vec<_> = page.rejected.iter().map(|r| r.reason.as_str()).collect();
    assert!(
        reasons[0].starts_with("a field has an unexpected type"),
        "{reasons:?}"
    );
    assert!(!reasons[0].contains("SECRET"));
    assert_eq!(reasons[1..], ["missing field `id`", "id is empty"]);
}

#[tokio::test]
async fn workspaces_are_read_or_refused_as_a_whole() {
    let body =
        r#"{"workspaces":[{"id":1,"name":"Sales","description":null},{"id":"2","name":null}]}"#;
    let server = Server::replying([Reply::ok(body)]).await;
    let workspaces = GongApi::workspaces(&server.client()).await.unwrap();
    assert_eq!(workspaces[0].name, "Sales");
    assert_eq!(
        (workspaces[1].id.as_str(), workspaces[1].name.as_str()),
        ("2", "")
    );

    let server = Server::replying([Reply::ok(r#"{"workspaces":[{"name":"Sales"}]}"#)]).await;
    let error = GongApi::workspaces(&server.client()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("workspaces[0]: missing field `id`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_transcript_of_twenty_megabytes_is_one_record() {
    let text = "word ".repeat(4 * 1024 * 1024);
    let body =
        format!(r#"{{"callTranscripts":[{{"callId":"1","text":"{text}"}},{{"callId":"2"}}]}}"#);
    let size = body.len() as u64;
    let server = Server::replying([Reply::ok(body)]).await;
    let client = server.client();
    let page = client
        .transcripts(&TranscriptFilter::default(), None)
        .await
        .unwrap();
    assert_eq!(page.items.len(), 2);
    assert!(page.items[0].text().len() > text.len());
    assert_eq!(client.client_stats().bytes, size);
}
