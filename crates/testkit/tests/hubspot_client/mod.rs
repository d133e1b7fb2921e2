//! A plain HTTP client for tests of the simulated HubSpot, with no knowledge of it
//! beyond what a test writes down.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotSimulator, HubSpotSimulatorBuilder, HubSpotState};

/// A path with the newest version: `objects/deals` → `/crm/objects/2026-09/deals`.
pub(crate) fn crm(path: &str) -> String {
    let (family, rest) = path.split_once('/').unwrap_or((path, ""));
    match rest {
        "" => format!("/crm/{family}/2026-09"),
        rest => format!("/crm/{family}/2026-09/{rest}"),
    }
}

/// A simulator and a client that talks to it.
pub(crate) struct Session {
    pub(crate) hubspot: HubSpotSimulator,
    pub(crate) http: Client,
}

impl Session {
    pub(crate) async fn start(builder: HubSpotSimulatorBuilder) -> Self {
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        Self {
            hubspot: builder.start().await.unwrap(),
            http,
        }
    }

    /// With the records of the conformance suite: deals 9000000000 to 9000000039.
    pub(crate) async fn with_fixture() -> Self {
        Self::start(HubSpotSimulator::builder().fixture(&CrmFixture::new())).await
    }

    pub(crate) fn state(&self) -> HubSpotState {
        self.hubspot.state()
    }

    pub(crate) fn request_get(&self, path: &str) -> RequestBuilder {
        let address = format!("{}{path}", self.hubspot.base_url());
        self.http.get(address).bearer_auth(DEFAULT_TOKEN)
    }

    pub(crate) fn request_post(&self, path: &str, body: &Value) -> RequestBuilder {
        let address = format!("{}{path}", self.hubspot.base_url());
        self.http
            .post(address)
            .bearer_auth(DEFAULT_TOKEN)
            .json(body)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        split(self.request_get(path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        split(self.request_post(path, body).send().await.unwrap()).await
    }

    /// Reads a batch of records by id.
    pub(crate) async fn batch(&self, kind: &str, ids: &[&str]) -> (u16, Value) {
        let body = json!({"inputs": inputs(ids)});
        self.post(&crm(&format!("objects/{kind}/batch/read")), &body)
            .await
    }

    /// Ids that a search finds, in its order.
    pub(crate) async fn search(&self, kind: &str, filters: Value) -> Vec<String> {
        let body = json!({"filterGroups": [{"filters": filters}], "limit": 200});
        let (status, page) = self
            .post(&crm(&format!("objects/{kind}/search")), &body)
            .await;
        assert_eq!(status, 200, "{page}");
        ids(&page).into_iter().map(str::to_owned).collect()
    }
}

pub(crate) fn inputs(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({"id": id})).collect()
}

pub(crate) async fn split(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

/// Ids of the results of a reply.
pub(crate) fn ids(reply: &Value) -> Vec<&str> {
    let results = reply["results"].as_array().unwrap().iter();
    results
        .map(|record| record["id"].as_str().unwrap())
        .collect()
}

/// The names of an object's members, in order.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let object = object.as_object().unwrap();
    object.keys().map(String::as_str).collect()
}

/// A made-up deal with nothing but a name, a stage and a date of creation.
pub(crate) fn deal(id: &str) -> calls::Deal {
    let mut deal = calls::Deal::new(id);
    deal.name = Some(format!("Deal {id}"));
    deal.pipeline_id = Some("default".into());
    deal.stage_id = Some("qualified".into());
    deal.created = "2026-03-01T10:00:00Z".parse().ok();
    deal
}
