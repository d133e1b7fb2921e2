//! Real replies of Gong, sanitised, served and read to the last record. They are
//! not part of this repository; without them the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;

use calls::RawDocument;
use calls::gong::{decode_call, decode_transcript};
use gong_client::{CallFilter, ContentSelector, GongApi, GongClient, Page, TranscriptFilter};
use resilience::ErrorKind;
use server::{Reply, Server};

async fn serving(status: u16, path: &str) -> Option<GongClient> {
    let path = format!("{}/../../../shared/gong/{path}", env!("CARGO_MANIFEST_DIR"));
    let Ok(body) = std::fs::read(&path) else {
        eprintln!("skipped: {path} is absent");
        return None;
    };
    let server = Server::replying([Reply::new(status, body)]).await;
    let client = server.client();
    // Lives as long as the test's runtime.
    std::mem::forget(server);
    Some(client)
}

async fn extensive(client: &GongClient) -> Page<RawDocument> {
    let selector = ContentSelector::default();
    client
        .extensive_calls(&CallFilter::default(), &selector, None)
        .await
        .unwrap()
}

#[tokio::test]
async fn every_recorded_call_is_delivered_and_readable() {
    for (path, calls) in [
        ("recorded/extensive_response.json", 13),
        ("recorded/retention_response.json", 67),
        ("recorded/january_response.json", 61),
        ("examples/extensive_200_hubspot.json", 1),
    ] {
        let Some(client) = serving(200, path).await else {
            continue;
        };
        let page = extensive(&client).await;
        assert_eq!(
            (page.items.len(), page.rejected.len()),
            (calls, 0),
            "{path}"
        );
        assert_eq!(
            (page.total_records, page.next),
            (Some(calls as u64), None),
            "{path}"
        );
        for document in &page.items {
            assert_eq!(decode_call(document.text()).unwrap().id, document.call_id);
        }
    }
}

#[tokio::test]
async fn every_recorded_sentence_is_delivered() {
    for (path, sentences) in [
        ("recorded/transcript_response.json", 834),
        ("examples/transcript_200.json", 3),
    ] {
        let Some(client) = serving(200, path).await else {
            continue;
        };
        let page = client
            .transcripts(&TranscriptFilter::default(), None)
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.rejected.len()), (1, 0));
        let transcript = decode_transcript(page.items[0].text()).unwrap();
        assert_eq!(transcript.sentences.len(), sentences);
        assert_eq!(transcript.call_id, page.items[0].call_id);
    }
}

#[tokio::test]
async fn the_examples_of_lists_are_delivered() {
    if let Some(client) = serving(200, "examples/get_calls_200.json").await {
        let page = GongApi::calls(&client, &CallFilter::default(), None)
            .await
            .unwrap();
        assert_eq!((page.items.len(), page.total_records), (1, Some(263)));
        assert_eq!(
            page.next.unwrap().as_str(),
            "eyJhbGciOiJIUzI1NiJ9.EXAMPLE.CURSOR"
        );
    }
    if let Some(client) = serving(200, "examples/users_200.json").await {
        let page = GongApi::users(&client, None).await.unwrap();
        assert_eq!(page.items[0].id.as_str(), "413440499764841252");
        assert_eq!(page.items[0].title, None);
    }
}

#[tokio::test]
async fn the_examples_of_refusals_are_understood() {
    for path in [
        "examples/empty_404.json",
        "examples/empty_404_scorecards.json",
    ] {
        if let Some(client) = serving(404, path).await {
            assert!(extensive(&client).await.items.is_empty());
        }
    }
    for (status, path, kind, words) in [
        (
            401,
            "examples/missing_scope_401.json",
            ErrorKind::Permission,
            "api:stats:interaction",
        ),
        (
            400,
            "examples/empty_callids_400.json",
            ErrorKind::InvalidInput,
            "filter.callIds",
        ),
    ] {
        if let Some(client) = serving(status, path).await {
            let error = GongApi::users(&client, None).await.unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
