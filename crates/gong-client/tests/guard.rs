//! Listings that do not end by themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use futures_util::{StreamExt, TryStreamExt};
use gong_client::{
    CallFilter, ContentSelector, Cursor, Error, GongApiExt, Page, PageGuard, TranscriptFilter,
    items,
};
use resilience::ErrorKind;
use serde_json::{Value, json};
use server::{Received, Reply, Server};

const TRANSCRIPTS: &str = "/v2/calls/transcript";

/// A page of the calls `ids`, whose next page is `next`.
fn page(ids: &[u64], next: Option<&str>, total: Option<u64>) -> Page<u64> {
    let mut page = Page::new(ids.to_vec());
    page.next = next.map(Cursor::new);
    page.total_records = total;
    page
}

fn told(error: &Error, reason: &str) {
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = error.to_string();
    assert!(text.starts_with("/v2/calls"), "{text}");
    assert!(text.contains(reason), "{text}");
}

#[test]
fn a_cursor_that_came_before_is_refused() {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    guard.accept(&page(&[1], Some("A"), None), 1).unwrap();
    guard.accept(&page(&[2], Some("B"), None), 1).unwrap();
    let error = guard.accept(&page(&[3], Some("A"), None), 1).unwrap_err();
    told(&error, "a cursor repeated");
}

#[test]
fn two_pages_without_anything_new_are_one_too_many() {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    guard.accept(&page(&[], Some("A"), None), 0).unwrap();
    guard.accept(&page(&[1], Some("B"), None), 1).unwrap();
    guard.accept(&page(&[1], Some("C"), None), 0).unwrap();
    let error = guard.accept(&page(&[], Some("D"), None), 0).unwrap_err();
    told(&error, "no new records");
}

#[test]
fn a_last_page_is_accepted_whatever_came_before() {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    guard.accept(&page(&[], Some("A"), None), 0).unwrap();
    guard.accept(&page(&[], None, None), 0).unwrap();
}

#[test]
fn the_total_bounds_the_pages_with_some_to_spare() {
    // 45 records at 2 per page are 23 pages; two and three more are to spare.
    let mut guard = PageGuard::new(TRANSCRIPTS);
    for n in 0..27 {
        let next = n.to_string();
        let page = page(&[2 * n, 2 * n + 1], Some(&next), Some(45));
        guard.accept(&page, 2).unwrap();
    }
    let error = guard
        .accept(&page(&[99], Some("99"), Some(9_000)), 1)
        .unwrap_err();
    told(&error, "more pages than its total allows (page 28)");
}

#[test]
fn an_empty_first_page_or_an_unknown_total_bounds_nothing() {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    guard
        .accept(&page(&[], Some("first"), Some(300)), 0)
        .unwrap();
    for n in 0..300 {
        let next = n.to_string();
        guard
            .accept(&page(&[n], Some(&next), Some(300)), 1)
            .unwrap();
    }
    let mut guard = PageGuard::new(TRANSCRIPTS);
    for n in 0..300 {
        let next = n.to_string();
        guard.accept(&page(&[n], Some(&next), None), 1).unwrap();
    }
}

#[test]
fn a_total_that_shrinks_is_remembered() {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    for (n, total, shrank) in [
        (1, Some(250), false),
        (2, Some(251), false),
        (3, None, false),
        (4, Some(250), true),
        (5, Some(260), true),
    ] {
        let next = n.to_string();
        guard.accept(&page(&[n], Some(&next), total), 1).unwrap();
        assert_eq!(guard.shrank(), shrank, "page {n}");
    }
}

/// What a listing delivered, how it ended, and what it cost.
struct Followed {
    ids: Vec<String>,
    end: Option<Error>,
    requests: usize,
}

/// Follows a listing of transcripts; `script` gives ids and next cursor for a cursor.
async fn follow(
    script: impl Fn(Option<&str>, usize) -> (Vec<u64>, Option<String>) + Send + Sync + 'static,
) -> Followed {
    let server = Server::start(move |request: &Received, number| {
        let body = request.json();
        let (ids, next) = script(body["cursor"].as_str(), number);
        let records: Vec<Value> = ids
            .iter()
            .map(|id| json!({"callId": id.to_string(), "transcript": []}))
            .collect();
        Reply::json(&json!({"records": {"cursor": next}, "callTranscripts": records}))
    })
    .await;
    let client = server.client();
    let mut stream = items(client.transcript_pages(TranscriptFilter::default()));
    let mut followed = Followed {
        ids: Vec::new(),
        end: None,
        requests: 0,
    };
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => followed.ids.push(item.call_id.to_string()),
            Err(error) => followed.end = Some(error),
        }
    }
    followed.requests = server.received().len();
    followed
}

#[tokio::test]
async fn cursors_in_a_circle_are_followed_once() {
    let followed = follow(|cursor, _| match cursor {
        None => (vec![1, 2], Some("A".to_owned())),
        Some("A") => (vec![3, 4], Some("B".to_owned())),
        Some(_) => (vec![5, 6], Some("A".to_owned())),
    })
    .await;
    told(&followed.end.unwrap(), "a cursor repeated");
    // What came with the page that gave it away is not lost.
    assert_eq!(followed.ids, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(followed.requests, 3);
}

#[tokio::test]
async fn a_last_page_that_names_itself_loses_none_of_its_records() {
    let followed = follow(|cursor, _| match cursor {
        None => (vec![1, 2], Some("A".to_owned())),
        Some(_) => (vec![3], Some("A".to_owned())),
    })
    .await;
    told(&followed.end.unwrap(), "a cursor repeated");
    assert_eq!((followed.ids.len(), followed.requests), (3, 2));
}

#[tokio::test]
async fn ever_new_cursors_without_records_are_left_soon() {
    let followed = follow(|cursor, number| match cursor {
        None => (vec![1], Some("first".to_owned())),
        Some(_) => (vec![], Some(format!("c{number}"))),
    })
    .await;
    told(&followed.end.unwrap(), "no new records");
    assert_eq!((followed.ids, followed.requests), (vec!["1".to_owned()], 3));
}

#[tokio::test]
async fn page_one_served_again_under_new_cursors_is_delivered_once() {
    let followed = follow(|_, number| (vec![1, 2], Some(format!("c{number}")))).await;
    told(&followed.end.unwrap(), "no new records");
    assert_eq!(followed.ids, ["1", "2"]);
    assert_eq!(followed.requests, 3);
}

#[tokio::test]
async fn a_record_that_moved_to_a_later_page_is_delivered_once() {
    let followed = follow(|cursor, _| match cursor {
        None => (vec![1, 2], Some("A".to_owned())),
        Some(_) => (vec![2, 3], None),
    })
    .await;
    assert!(followed.end.is_none());
    assert_eq!(followed.ids, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_total_ends_calls_that_never_run_out() {
    let server = Server::start(|_, number| {
        Reply::json(&json!({
            "records": {"totalRecords": 3, "cursor": format!("c{number}")},
            "calls": [{"metaData": {"id": number.to_string()}}],
        }))
    })
    .await;
    let client = server.client();
    let pages = client.extensive_call_pages(CallFilter::default(), ContentSelector::default());
    let error = items(pages).try_collect::<Vec<_>>().await.unwrap_err();
    told(&error, "more pages than its total allows");
    assert_eq!(server.received().len(), 6);
}
