//! Every request is one that Gong's specification allows, by a validator that is not ours:
//! Prism, where `GONG_SNOWFLAKE_PRISM_URL` names one that serves the specification.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::server;
use crate::spec;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use server::{Received, Reply, Server};
use spec::Spec;
use spec::calls::every_operation;
use spec::full::operations_in_full;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn every_request_is_valid() {
    let Ok(url) = std::env::var("GONG_SNOWFLAKE_PRISM_URL") else {
        eprintln!("skipped: GONG_SNOWFLAKE_PRISM_URL names no Prism");
        return;
    };
    let Some(spec) = Spec::read() else { return };
    let specified: BTreeSet<String> = spec
        .operations()
        .into_iter()
        .map(|(one, _)| one.id)
        .collect();
    let server = Server::replying([Reply::json(&json!({}))]).await;
    let client = server.client();
    let address = url.strip_prefix("http://").expect("a plain address");
    let mut wrong = Vec::new();
    let mut checked = BTreeSet::new();
    let all = every_operation(&client).into_iter();
    for call in all.chain(operations_in_full(&client)) {
        let before = server.received().len();
        let outcome = call.outcome.await;
        // Operations that came after the specification are not in it.
        if !specified.contains(call.id) {
            continue;
        }
        checked.insert(call.id);
        let received = server.received().get(before).cloned();
        let mut received = received.unwrap_or_else(|| panic!("{}: {outcome:?}", call.id));
        if call.id == "getCrmObjects" {
            // Gong takes ids in the body, as the operation's description says; its parameters have
            // them in the query, and Prism goes by those.
            received.target.push_str("&objectsCrmIds=1");
            received.body.clear();
        }
        let violations = violations(address, &received).await;
        if !violations.is_empty() {
            wrong.push(format!("{}: {violations:?}", call.id));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(checked.len(), specified.len());
}

/// What Prism says of a request.
async fn violations(address: &str, request: &Received) -> Vec<String> {
    let mut stream = TcpStream::connect(address).await.expect("Prism is there");
    let content_type = request
        .header("content-type")
        .map_or(String::new(), |value| format!("Content-Type: {value}\r\n"));
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\n\
         Authorization: Basic YTpi\r\n{content_type}Content-Length: {}\r\nConnection: close\r\n\r\n",
        request.method,
        request.target,
        request.body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("to Prism");
    stream
        .write_all(request.body.as_bytes())
        .await
        .expect("to Prism");
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.expect("from Prism");
    let reply = String::from_utf8_lossy(&reply);
    let (head, body) = reply.split_once("\r\n\r\n").expect("a head");
    let listed = head
        .lines()
        .find_map(|line| line.strip_prefix("sl-violations: "));
    let Some(listed) = listed else {
        // Without a list it is an answer, or a problem of another kind.
        let status = head.split(' ').nth(1).unwrap_or_default();
        // 406: the request is valid, and the specification has no reply to show.
        return match status.starts_with('2') || status == "406" {
            true => Vec::new(),
            false => vec![format!("{status}: {body}")],
        };
    };
    let listed: Vec<Value> = serde_json::from_str(listed).expect("a list");
    let of_request = listed.iter().filter(|one| one["location"][0] == "request");
    of_request.map(|one| one["message"].to_string()).collect()
}
