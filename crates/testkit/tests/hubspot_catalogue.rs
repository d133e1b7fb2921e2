//! Pipelines, owners, properties, the account, and paths that there are not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use hubspot_client::{Session, crm, ids, split};
use serde_json::{Value, json};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{HubSpotLimits, HubSpotSimulator, ObjectType};
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

#[tokio::test]
async fn pipelines_hold_their_stages_with_probabilities_as_text() {
    let session = Session::with_fixture().await;
    let (status, reply) = session.get(&crm("pipelines/deals")).await;
    assert_eq!((status, ids(&reply)), (200, vec!["renewals", "default"]));
    let stages = &reply["results"][1]["stages"];
    let stage = |id: &str| {
        let stages = stages.as_array().unwrap().iter();
        stages
            .clone()
            .find(|stage| stage["id"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        stage("qualified")["metadata"],
        json!({"isClosed": "false", "probability": "0.4"})
    );
    assert_eq!(
        stage("closedwon")["metadata"],
        json!({"isClosed": "true", "probability": "1.0"})
    );
    assert_eq!(
        stage("closedlost")["metadata"],
        json!({"isClosed": "true", "probability": "0.0"})
    );
    assert_eq!(stage("contractsent")["displayOrder"], json!(1));

    let state = session.state();
    state.rename_pipeline("default", "New business").unwrap();
    state.rename_stage("default", "qualified", "Fits").unwrap();
    state.remove_stage("default", "contractsent").unwrap();
    let (_, reply) = session.get(&crm("pipelines/0-3")).await;
    assert_eq!(reply["results"][1]["label"], "New business");
    let labels: Vec<&str> = reply["results"][1]["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stage| stage["label"].as_str().unwrap())
        .collect();
    assert_eq!(labels, ["Closed lost", "Closed won", "Fits"]);
    assert!(state.rename_stage("renewals", "contractsent", "x").is_err());
    assert!(state.remove_stage("default", "contractsent").is_err());

    // A deal may stand in a stage that nobody knows.
    state.change_stage("9000000002", "contractsent").unwrap();
    let (_, reply) = session.batch("deals", &["9000000002"]).await;
    assert_eq!(
        reply["results"][0]["properties"]["dealstage"],
        "contractsent"
    );
}

#[tokio::test]
async fn owners_are_paged_and_those_who_left_come_apart() {
    let builder = HubSpotSimulator::builder()
        .fixture(&CrmFixture::new())
        .owners_page(2);
    let session = Session::start(builder).await;
    let (_, first) = session.get(&crm("owners")).await;
    assert_eq!(ids(&first), ["601", "602"]);
    assert_eq!(first["results"][0]["firstName"], "Owner");
    assert_eq!(first["results"][0]["email"], "owner.601@seller.example");
    // Another number than the id.
    assert!(first["results"][0]["userId"].is_u64());
    assert_ne!(first["results"][0]["userId"], json!(601));
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let after: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
    let (_, second) = session
        .get(&format!("{}?limit=500&after={after}", crm("owners")))
        .await;
    assert_eq!((ids(&second), second.get("paging")), (vec!["604"], None));

    let archived = format!("{}?archived=true", crm("owners"));
    let (_, left) = session.get(&archived).await;
    assert_eq!(ids(&left), ["603"]);
    assert_eq!(left["results"][0].get("userId"), None);
    session.state().archive_owner("601").unwrap();
    assert_eq!(ids(&session.get(&archived).await.1), ["601", "603"]);
    let address = format!("{}?email=Owner.602%40seller.example", crm("owners"));
    assert_eq!(ids(&session.get(&address).await.1), ["602"]);
    assert_eq!(session.get(&crm("owners/602")).await.1["id"], "602");
    assert_eq!(session.get(&crm("owners/603")).await.0, 404);
    assert_eq!(session.get(&crm("owners/603?archived=true")).await.0, 200);
}

#[tokio::test]
async fn a_synthetic_company_comes_with_its_owners() {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        seed: 7,
        anchor: "2026-10-16T20:00:00Z".parse().unwrap(),
        deals: 12,
        sentences: 30..=40,
        ..SyntheticConfig::default()
    });
    let session = Session::start(HubSpotSimulator::builder().org(&org)).await;
    assert_eq!(session.state().count(ObjectType::Deal), org.deals.len());
    assert_eq!(
        session.state().count(ObjectType::Company),
        org.companies.len()
    );
    let (_, reply) = session.get(&crm("owners")).await;
    for deal in &org.deals {
        let owners = reply["results"].as_array().unwrap();
        let owner = owners
            .iter()
            .find(|owner| owner["id"].as_str() == deal.owner_id.as_ref().map(AsRef::as_ref))
            .unwrap();
        let name = [&owner["firstName"], &owner["lastName"]].map(|name| name.as_str().unwrap());
        assert_eq!(Some(name.join(" ")), deal.owner_name);
        assert!(
            owner["email"]
                .as_str()
                .unwrap()
                .ends_with("@fernhollow.example")
        );
    }
    let (status, reply) = session.batch("deals", &[org.deals[0].id.as_str()]).await;
    assert_eq!(status, 200);
    let stage = &reply["results"][0]["properties"]["dealstage"];
    assert_eq!(
        stage.as_str(),
        org.deals[0].stage_id.as_ref().map(AsRef::as_ref)
    );
}

#[tokio::test]
async fn properties_are_listed_with_their_types() {
    let session = Session::with_fixture().await;
    session
        .state()
        .set_property(ObjectType::Deal, "9000000001", "deal_score", Some("1"))
        .unwrap();
    let (_, reply) = session.get(&crm("properties/deals")).await;
    let property = |name: &str| {
        let all = reply["results"].as_array().unwrap();
        all.iter()
            .find(|property| property["name"] == name)
            .unwrap()
    };
    assert_eq!(property("closedate")["type"], "datetime");
    assert_eq!(property("amount")["type"], "number");
    assert_eq!(property("deal_score")["hubspotDefined"], json!(false));
    let (_, reply) = session.get(&crm("properties/contacts")).await;
    let unique: Vec<&Value> = reply["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|property| property["hasUniqueValue"] == true)
        .collect();
    assert_eq!((unique.len(), &unique[0]["name"]), (1, &json!("email")));
}

#[tokio::test]
async fn the_account_tells_who_it_is_and_how_much_of_the_day_is_used() {
    let limits = HubSpotLimits::professional();
    let session = Session::start(HubSpotSimulator::builder().limits(limits)).await;
    let (status, details) = session.get("/account-info/2026-03/details").await;
    assert_eq!(status, 200);
    assert!(details["portalId"].is_u64() && details["timeZone"].is_string());
    let path = "/account-info/2026-09/api-usage/daily/private-apps";
    let (_, usage) = session.get(path).await;
    assert_eq!(usage["results"][0]["usageLimit"], json!(650_000));
    assert_eq!(usage["results"][0]["currentUsage"], json!(2));
}

#[tokio::test]
async fn only_the_dated_versions_are_there() {
    let session = Session::with_fixture().await;
    for version in ["2026-03", "2026-09"] {
        let path = format!("/crm/objects/{version}/deals/9000000001");
        assert_eq!(session.get(&path).await.0, 200);
    }
    for path in [
        "/crm/objects/2025-09/deals/9000000001",
        "/crm/v3/objects/deals",
        "/crm/v3/owners",
        "/crm/v4/associations/deals/contacts/batch/read",
        "/crm/objects/2026-09/deals/merge/now",
    ] {
        let reply = session.request_get(path).send().await.unwrap();
        assert_eq!(reply.status(), 404, "{path}");
        let page = reply.text().await.unwrap();
        assert!(page.starts_with("<html>"), "no JSON: {page}");
    }
    let (status, reply) = session.get(&crm("objects/tickets")).await;
    assert_eq!(
        (status, &reply["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert!(reply["message"].as_str().unwrap().contains("tickets"));
}

#[tokio::test]
async fn methods_media_types_and_long_addresses_are_refused() {
    let session = Session::with_fixture().await;
    let path = crm("objects/deals/batch/read");
    assert_eq!(session.post(&crm("objects/deals"), &json!({})).await.0, 405);
    let plain = session.request_get(&path).build().unwrap();
    let address = plain.url().clone();
    let typed = |kind: &'static str, body: &'static str| {
        let request = session.http.post(address.clone());
        let request = request.bearer_auth(testkit::hubspot::DEFAULT_TOKEN);
        request.header("content-type", kind).body(body).send()
    };
    assert_eq!(split(typed("text/plain", "{}").await.unwrap()).await.0, 415);
    assert_eq!(
        split(typed("application/json", "{").await.unwrap()).await.0,
        400
    );
    let many: Vec<String> = (0..2_000).map(|n| format!("property_{n:04}")).collect();
    let long = crm(&format!("objects/deals?properties={}", many.join(",")));
    assert_eq!(session.get(&long).await.0, 414);
}
