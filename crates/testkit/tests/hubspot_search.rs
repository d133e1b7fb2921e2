//! How the simulated HubSpot searches, and what it will not do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use hubspot_client::{Session, crm, deal, ids};
use serde_json::{Value, json};
use testkit::hubspot::{HubSpotSimulator, ObjectType};

fn filter(property: &str, operator: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    let key = if value.is_array() { "values" } else { "value" };
    json!({"propertyName": property, "operator": operator, key: value})
}

#[tokio::test]
async fn operators_compare_numbers_instants_and_words() {
    let session = Session::with_fixture().await;
    let deals = async |filters: Value| session.search("deals", filters).await;
    let between = json!([
        filter("amount", "GTE", "2000.02"),
        filter("amount", "LT", "10000.10")
    ]);
    let amounts = [
        "9000000002",
        "9000000004",
        "9000000005",
        "9000000007",
        "9000000008",
    ];
    assert_eq!(deals(between).await, amounts);
    // The date of deal 37, with an offset and as epoch milliseconds.
    let last = ["9000000038", "9000000039"];
    for date in ["2026-10-28T16:13:20+02:00", "1793196800000"] {
        assert_eq!(deals(json!([filter("closedate", "GT", date)])).await, last);
    }
    let ids_above = json!([filter("hs_object_id", "GTE", "9000000038")]);
    assert_eq!(deals(ids_above).await, last);
    let range = json!([{"propertyName": "amount", "operator": "BETWEEN",
        "value": "1000.01", "highValue": 2000.02}]);
    assert_eq!(deals(range).await, ["9000000001", "9000000002"]);

    let contacts = async |filters: Value| session.search("contacts", filters).await;
    let address = json!([filter("email", "EQ", "PERSON.3@Buyer3.example")]);
    assert_eq!(contacts(address).await, ["5000000003"]);
    // Only the main address is searched.
    let second = json!([filter("email", "EQ", "four@elsewhere.example")]);
    assert!(contacts(second).await.is_empty());
    assert_eq!(
        contacts(json!([filter("email", "NOT_HAS_PROPERTY", "")])).await,
        ["5000000007"]
    );
    assert_eq!(
        contacts(json!([filter("email", "HAS_PROPERTY", "")]))
            .await
            .len(),
        7
    );
    assert_eq!(
        contacts(json!([filter("jobtitle", "NEQ", "vp operations")]))
            .await
            .len(),
        4
    );

    let companies = async |filters: Value| session.search("companies", filters).await;
    for (text, expected) in [("holding", 2), ("hold", 0), ("hold*", 2), ("*example", 5)] {
        let token = json!([filter("domain", "CONTAINS_TOKEN", text)]);
        assert_eq!(companies(token).await.len(), expected, "{text}");
    }
}

#[tokio::test]
async fn lists_of_texts_match_in_lower_case_only() {
    let session = Session::with_fixture().await;
    let found = async |address: &str| {
        let filters = json!([filter("email", "IN", json!([address]))]);
        session.search("contacts", filters).await.len()
    };
    assert_eq!(found("person.1@buyer1.example").await, 1);
    assert_eq!(found("Person.1@buyer1.example").await, 0);
    // Names of options are not free text.
    let stages = json!([filter(
        "dealstage",
        "IN",
        json!(["ClosedWon", "closedlost"])
    )]);
    assert_eq!(session.search("deals", stages).await.len(), 20);
}

#[tokio::test]
async fn groups_are_alternatives_and_there_are_five_at_most() {
    let session = Session::with_fixture().await;
    let path = crm("objects/0-2/search");
    let group = |id: &str| json!({"filters": [filter("hs_object_id", "EQ", id)]});
    let body = json!({"filterGroups": [group("7000000001"), group("7000000003")],
        "after": "0", "limit": 10, "properties": ["name"], "sorts": []});
    let (status, page) = session.post(&path, &body).await;
    assert_eq!((status, &page["total"]), (200, &json!(2)));
    assert_eq!(ids(&page), ["7000000001", "7000000003"]);

    let six: Vec<Value> = (0..6).map(|_| group("1")).collect();
    let eleven: Vec<Value> = (0..11)
        .map(|_| filter("name", "HAS_PROPERTY", ""))
        .collect();
    for wrong in [
        json!({"filterGroups": six}),
        json!({"filterGroups": [{"filters": eleven}]}),
        json!({"filterGroups": [{"filters": [filter("no_such_property", "EQ", "1")]}]}),
        json!({"filterGroups": [{"filters": [filter("name", "LIKE", "1")]}]}),
        json!({"filterGroups": [{"filters": [filter("name", "IN", "text")]}]}),
        json!({"limit": 201}),
        json!({"after": "opaque"}),
        json!({"query": "x".repeat(3_001)}),
        json!({"sorts": ["name", "domain"]}),
    ] {
        let (status, reply) = session.post(&path, &wrong).await;
        assert_eq!(
            (status, &reply["category"]),
            (400, &json!("VALIDATION_ERROR")),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn neither_archived_records_nor_associations_are_found() {
    let session = Session::with_fixture().await;
    session
        .state()
        .archive(ObjectType::Deal, "9000000001")
        .unwrap();
    let body = json!({"filterGroups": [], "limit": 200, "associations": ["contacts"]});
    let path = crm("objects/deals/search?archived=true&associations=contacts");
    let (_, page) = session.post(&path, &body).await;
    assert_eq!(page["total"], json!(39));
    assert!(!ids(&page).contains(&"9000000001"));
    let records = page["results"].as_array().unwrap();
    assert!(
        records
            .iter()
            .all(|record| record.get("associations").is_none())
    );
    assert_eq!(page.get("paging"), None);
}

#[tokio::test]
async fn ten_thousand_is_the_end_and_windows_lead_past_it() {
    let deals: Vec<calls::Deal> = (1..=10_450).map(|n| deal(&n.to_string())).collect();
    let session = Session::start(HubSpotSimulator::builder().deals(&deals)).await;
    let path = crm("objects/deals/search");
    let page_at = async |after: usize, least: &str| {
        let body = json!({
            "filterGroups": [{"filters": [filter("hs_object_id", "GTE", least)]}],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "limit": 200, "after": after.to_string(), "properties": ["dealname"],
        });
        session.post(&path, &body).await
    };
    let (status, last) = page_at(9_800, "1").await;
    assert_eq!((status, &last["total"]), (200, &json!(10_450)));
    assert_eq!(*ids(&last).last().unwrap(), "10000");
    assert_eq!(last["paging"]["next"]["after"], "10000");
    let (status, refused) = page_at(10_000, "1").await;
    assert_eq!(
        (status, &refused["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert_eq!(page_at(9_900, "1").await.0, 400);
    let (_, rest) = page_at(200, "10001").await;
    assert_eq!((&rest["total"], ids(&rest)[0]), (&json!(450), "10201"));
}

#[tokio::test]
async fn results_are_sorted_by_one_property() {
    let session = Session::with_fixture().await;
    let path = crm("objects/deals/search");
    for (sort, expected) in [
        (
            json!({"propertyName": "amount", "direction": "DESCENDING"}),
            "9000000038",
        ),
        (json!("-closedate"), "9000000039"),
        (json!("closedate"), "9000000000"),
    ] {
        let (_, page) = session
            .post(&path, &json!({"sorts": [sort], "limit": 1}))
            .await;
        assert_eq!(ids(&page), [expected], "{sort}");
        assert_eq!(page["paging"]["next"]["after"], "1");
    }
}

#[tokio::test]
async fn the_index_may_lag_behind_what_a_batch_read_shows() {
    let session = Session::with_fixture().await;
    let state = session.state();
    state.freeze_search();
    state.rename_deal("9000000001", "Renamed lately").unwrap();
    state.delete(ObjectType::Deal, "9000000002").unwrap();
    let named = json!([filter("dealname", "CONTAINS_TOKEN", "lately")]);
    assert!(session.search("deals", named.clone()).await.is_empty());
    let gone = json!([filter("hs_object_id", "EQ", "9000000002")]);
    assert_eq!(session.search("deals", gone.clone()).await, ["9000000002"]);
    assert_eq!(session.batch("deals", &["9000000002"]).await.0, 207);
    state.catch_up_search();
    assert_eq!(session.search("deals", named).await, ["9000000001"]);
    assert!(session.search("deals", gone).await.is_empty());
}
