//! A plain HTTP client for tests of the simulator, with no knowledge of Gong
//! beyond what a test writes down.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use testkit::gong::{
    DEFAULT_ACCESS_KEY, DEFAULT_ACCESS_KEY_SECRET, GongSimulator, GongSimulatorBuilder,
};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

/// The instant that stands for now.
pub(crate) const ANCHOR: &str = "2026-10-16T20:00:00Z";

/// A company with a few dozen short calls.
pub(crate) fn small_org() -> SyntheticOrg {
    SyntheticOrg::generate(&SyntheticConfig {
        seed: 7,
        anchor: ANCHOR.parse().unwrap(),
        deals: 12,
        sentences: 30..=40,
        ..SyntheticConfig::default()
    })
}

/// A company with about two hundred calls.
pub(crate) fn whole_org() -> SyntheticOrg {
    SyntheticOrg::generate(&SyntheticConfig {
        seed: 7,
        anchor: ANCHOR.parse().unwrap(),
        written_deal: true,
        ..SyntheticConfig::default()
    })
}

/// `{"metaData": …}` of one made-up call, for tests that need exact times.
pub(crate) fn call_at(
    id: &str,
    direction: &str,
    scheduled: &str,
    started: &str,
) -> testkit::SimulatedCall {
    testkit::SimulatedCall {
        extensive: json!({"metaData": {
            "id": id, "title": "x", "direction": direction, "scheduled": scheduled,
            "started": started, "primaryUserId": "1", "workspaceId": "2",
        }}),
        transcript: Some(json!({"callId": id, "transcript": []})),
    }
}

/// A simulator and a client that talks to it.
pub(crate) struct Session {
    pub(crate) gong: GongSimulator,
    pub(crate) http: Client,
}

impl Session {
    pub(crate) async fn start(builder: GongSimulatorBuilder) -> Self {
        let http = Client::builder()
            .no_proxy()
            .no_gzip()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self {
            gong: builder.start().await.unwrap(),
            http,
        }
    }

    pub(crate) async fn small() -> (Self, SyntheticOrg) {
        let org = small_org();
        (Self::start(GongSimulator::builder().org(&org)).await, org)
    }

    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.gong.url())
    }

    pub(crate) fn request_get(&self, path: &str) -> RequestBuilder {
        self.http
            .get(self.address(path))
            .basic_auth(DEFAULT_ACCESS_KEY, Some(DEFAULT_ACCESS_KEY_SECRET))
    }

    pub(crate) fn request_post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.http
            .post(self.address(path))
            .basic_auth(DEFAULT_ACCESS_KEY, Some(DEFAULT_ACCESS_KEY_SECRET))
            .json(body)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        split(self.request_get(path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        split(self.request_post(path, body).send().await.unwrap()).await
    }

    /// Every record of a POST endpoint, and how many pages they came on.
    pub(crate) async fn collect(
        &self,
        path: &str,
        key: &str,
        mut body: Value,
    ) -> (Vec<Value>, usize) {
        let (mut records, mut pages) = (Vec::new(), 0);
        loop {
            let (status, page) = self.post(path, &body).await;
            assert_eq!(status, 200, "{page}");
            assert_eq!(page["records"]["currentPageNumber"], pages);
            let shown = page[key].as_array().unwrap();
            assert_eq!(page["records"]["currentPageSize"], shown.len());
            records.extend(shown.iter().cloned());
            pages += 1;
            match page["records"].get("cursor") {
                Some(cursor) => body["cursor"] = cursor.clone(),
                None => return (records, pages),
            }
        }
    }
}

pub(crate) async fn split(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

/// The text of an error reply.
pub(crate) fn message(body: &Value) -> &str {
    assert!(body["requestId"].is_string(), "{body}");
    body["errors"][0].as_str().unwrap()
}

/// Ids of a list of calls or transcripts.
pub(crate) fn ids(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .map(|record| {
            let places = [&record["metaData"]["id"], &record["id"], &record["callId"]];
            places.into_iter().find_map(|place| place.as_str()).unwrap()
        })
        .collect()
}
