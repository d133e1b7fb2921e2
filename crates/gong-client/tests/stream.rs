//! Listings followed to their end.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use std::sync::Arc;

use calls::RawDocument;
use futures_util::{StreamExt, TryStreamExt};
use gong_client::{
    CallFilter, ContentSelector, GongApi, GongApiExt, Result, TranscriptFilter, User, items,
};
use resilience::ErrorKind;
use serde_json::{Value, json};
use server::{Received, Reply, Server};

/// Three pages; the cursor is taken from where each method must carry it.
fn three_pages(request: &Received) -> Reply {
    let cursor = match request.method.as_str() {
        "GET" => request
            .target
            .split_once("cursor=")
            .map(|(_, cursor)| cursor.to_owned()),
        _ => request.json()["cursor"].as_str().map(str::to_owned),
    };
    let page = cursor.map_or(0, |cursor| {
        cursor.strip_prefix('p').unwrap().parse::<usize>().unwrap()
    });
    let mut records = json!({"totalRecords": 6, "currentPageSize": 2, "currentPageNumber": page});
    if page < 2 {
        records["cursor"] = json!(format!("p{}", page + 1));
    }
    let (key, record): (&str, fn(usize) -> Value) = match request.target.split('?').next().unwrap()
    {
        "/v2/users" => ("users", |n| json!({"id": n})),
        "/v2/calls" => (
            "calls",
            |n| json!({"id": n, "started": "2026-05-19T10:00:00Z"}),
        ),
        "/v2/calls/extensive" => ("calls", |n| json!({"metaData": {"id": n.to_string()}})),
        "/v2/calls/transcript" => ("callTranscripts", |n| json!({"callId": n.to_string()})),
        other => panic!("{other}"),
    };
    let mut reply = json!({"requestId": "r", "records": records});
    reply[key] = json!([record(page * 2), record(page * 2 + 1)]);
    Reply::json(&reply)
}

#[tokio::test]
async fn every_listing_delivers_all_pages_in_order() {
    let server = Server::start(|request, _| three_pages(request)).await;
    let client = server.client();
    let all: Vec<String> = (0..6).map(|n| n.to_string()).collect();

    let users: Vec<User> = items(client.user_pages()).try_collect().await.unwrap();
    assert_eq!(
        users
            .iter()
            .map(|user| user.id.to_string())
            .collect::<Vec<_>>(),
        all
    );

    let filter = CallFilter::default();
    let calls: Vec<_> = items(client.call_pages(filter.clone()))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        calls
            .iter()
            .map(|call| call.id.to_string())
            .collect::<Vec<_>>(),
        all
    );

    let pages = client.extensive_call_pages(filter, ContentSelector::default());
    let extensive: Vec<RawDocument> = items(pages).try_collect().await.unwrap();
    assert_eq!(
        extensive
            .iter()
            .map(|raw| raw.call_id.to_string())
            .collect::<Vec<_>>(),
        all
    );

    let pages = client.transcript_pages(TranscriptFilter::default());
    let transcripts: Vec<RawDocument> = items(pages).try_collect().await.unwrap();
    assert_eq!(
        transcripts
            .iter()
            .map(|raw| raw.call_id.to_string())
            .collect::<Vec<_>>(),
        all
    );
    assert_eq!(server.received().len(), 12);
}

#[tokio::test]
async fn a_page_is_fetched_when_it_is_asked_for() {
    let server = Server::start(|request, _| three_pages(request)).await;
    let client = server.client();
    let mut pages = client.user_pages();
    assert_eq!(server.received().len(), 0);
    assert_eq!(
        pages.try_next().await.unwrap().unwrap().total_records,
        Some(6)
    );
    drop(pages);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn the_filter_stays_the_same_from_page_to_page() {
    let server = Server::start(|request, _| three_pages(request)).await;
    let filter = TranscriptFilter::of_calls(["1".into(), "2".into()]);
    let client = server.client();
    let pages: Vec<_> = client.transcript_pages(filter).try_collect().await.unwrap();
    assert_eq!(pages.len(), 3);
    for request in server.received() {
        assert_eq!(request.json()["filter"], json!({"callIds": ["1", "2"]}));
    }
}

#[tokio::test]
async fn a_server_that_ignores_the_cursor_is_not_followed_for_ever() {
    let server = Server::replying([Reply::json(
        &json!({"records": {"cursor": "p1"}, "callTranscripts": [{"callId": "1"}]}),
    )])
    .await;
    let client = server.client();
    let pages: Vec<Result<_>> = client
        .transcript_pages(TranscriptFilter::default())
        .collect()
        .await;
    assert_eq!(pages.len(), 3);
    assert!(pages[1].as_ref().unwrap().items.is_empty());
    assert_eq!(pages[2].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_listing_ends_with_its_first_error() {
    let server = Server::start(|request, number| match number {
        0 => three_pages(request),
        _ => Reply::refused(400, "cursor has expired"),
    })
    .await;
    let client = server.client();
    let pages: Vec<Result<_>> = client.user_pages().collect().await;
    assert_eq!(pages.len(), 2);
    assert!(pages[0].is_ok());
    assert_eq!(
        pages[1].as_ref().unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn an_empty_result_on_a_later_page_ends_the_listing() {
    let server = Server::start(|request, number| match number {
        0 => three_pages(request),
        _ => Reply::refused(404, "No calls found corresponding to the provided filters"),
    })
    .await;
    let client = server.client();
    let users: Vec<User> = items(client.user_pages()).try_collect().await.unwrap();
    assert_eq!(users.len(), 2);
}

#[tokio::test]
async fn single_records_tell_of_rejected_ones_and_go_on() {
    let server = Server::start(|request, _| {
        if request.target.contains("cursor") {
            return Reply::json(&json!({"users": [{"id": 3}]}));
        }
        Reply::json(&json!({"records": {"cursor": "p1"}, "users": [{"id": 1}, {"id": null}]}))
    })
    .await;
    let client = server.client();
    let users: Vec<Result<User>> = items(client.user_pages()).collect().await;
    assert_eq!(users.len(), 3);
    assert_eq!(users[0].as_ref().unwrap().id.as_str(), "1");
    assert_eq!(users[1].as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(users[2].as_ref().unwrap().id.as_str(), "3");
}

#[tokio::test]
async fn works_behind_pointers() {
    let server = Server::start(|request, _| three_pages(request)).await;
    let shared: Arc<dyn GongApi> = Arc::new(server.client());
    let boxed: Box<dyn GongApi> = Box::new(Arc::clone(&shared));
    assert_eq!(
        boxed
            .user_pages()
            .try_collect::<Vec<_>>()
            .await
            .unwrap()
            .len(),
        3
    );
    assert_eq!(shared.users(None).await.unwrap().items.len(), 2);
}
