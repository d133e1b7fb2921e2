//! How the simulated HubSpot serves single records, batches and pages of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use hubspot_client::{Session, crm, deal, ids, inputs, keys};
use serde_json::{Value, json};
use testkit::hubspot::{HubSpotSimulator, ObjectType};

#[tokio::test]
async fn every_value_is_text_or_null_and_instants_come_with_and_without_a_fraction() {
    let session = Session::with_fixture().await;
    let body = json!({"inputs": inputs(&["9000000001"]), "properties": [
        "amount", "closedate", "createdate", "hs_is_closed_won", "hs_is_closed",
        "hs_deal_stage_probability", "hs_next_step", "no_such_property",
    ]});
    let (status, reply) = session.post(&crm("objects/0-3/batch/read"), &body).await;
    assert_eq!((status, &reply["status"]), (200, &json!("COMPLETE")));
    let record = &reply["results"][0];
    let properties = record["properties"].as_object().unwrap();
    assert!(
        properties
            .values()
            .all(|value| value.is_string() || value.is_null())
    );
    assert_eq!(properties["amount"], "1000.01");
    assert_eq!(properties["hs_is_closed_won"], "false");
    assert_eq!(properties["hs_is_closed"], "true");
    assert_eq!(properties["closedate"], "2026-09-22T14:13:20Z");
    assert_eq!(properties["createdate"], "2026-05-28T20:26:40.000Z");
    assert_eq!(properties["hs_next_step"], Value::Null);
    assert!(!properties.contains_key("no_such_property"));
    // Always there, asked for or not.
    assert_eq!(properties["hs_object_id"], "9000000001");
    assert_eq!(record["archived"], json!(false));
    assert_eq!(record["createdAt"], "2026-05-28T20:26:40.000Z");

    let open =
        json!({"inputs": inputs(&["9000000002"]), "properties": ["hs_deal_stage_probability"]});
    let (_, reply) = session.post(&crm("objects/deals/batch/read"), &open).await;
    assert_eq!(
        reply["results"][0]["properties"]["hs_deal_stage_probability"],
        "0.40000000000000002220446049250313080847263336181640625"
    );
}

#[tokio::test]
async fn defaults_come_when_no_properties_are_asked_for() {
    let session = Session::with_fixture().await;
    for (kind, id, expected) in [
        (
            "deals",
            "9000000003",
            "amount closedate createdate dealname dealstage hs_lastmodifieddate hs_object_id pipeline",
        ),
        (
            "contacts",
            "5000000003",
            "createdate email firstname hs_object_id lastmodifieddate lastname",
        ),
        (
            "companies",
            "7000000003",
            "createdate domain hs_lastmodifieddate hs_object_id name",
        ),
    ] {
        let (_, reply) = session.batch(kind, &[id]).await;
        let found = keys(&reply["results"][0]["properties"]).join(" ");
        assert_eq!(found, expected);
    }
    // An amount that is not known is null, not absent.
    let (_, reply) = session.batch("deals", &["9000000003"]).await;
    assert_eq!(reply["results"][0]["properties"]["amount"], Value::Null);
}

#[tokio::test]
async fn a_batch_that_lacks_records_is_207_and_names_them_in_one_error() {
    let session = Session::with_fixture().await;
    let asked = [
        "404",
        "9000000007",
        "9000000005",
        "405",
        "404",
        "9000000007",
    ];
    let (status, reply) = session.batch("deals", &asked).await;
    assert_eq!(status, 207);
    // By ascending id, each once, whatever was asked.
    assert_eq!(ids(&reply), ["9000000005", "9000000007"]);
    assert_eq!(reply["numErrors"], json!(1));
    let error = &reply["errors"][0];
    assert_eq!(error["category"], "OBJECT_NOT_FOUND");
    assert_eq!(error["context"]["ids"], json!(["404", "405"]));
    assert!(error["message"].as_str().unwrap().contains("DEAL"));

    let (status, reply) = session.batch("deals", &["404"]).await;
    assert_eq!((status, ids(&reply).len()), (207, 0));
    let (status, reply) = session.batch("deals", &["9000000005"]).await;
    assert_eq!((status, reply.get("errors")), (200, None));
}

#[tokio::test]
async fn a_batch_holds_a_hundred_or_fifty_with_histories() {
    let session = Session::with_fixture().await;
    let path = crm("objects/deals/batch/read");
    let many: Vec<String> = (0..101).map(|n| format!("9000000{n:03}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(session.batch("deals", &many[..100]).await.0, 207);
    let (status, reply) = session.batch("deals", &many).await;
    assert_eq!(
        (status, &reply["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert!(reply["correlationId"].is_string());
    for (count, expected) in [(40, 200), (51, 400)] {
        let body =
            json!({"inputs": inputs(&many[..count]), "propertiesWithHistory": ["dealstage"]});
        assert_eq!(session.post(&path, &body).await.0, expected);
    }
    for broken in [
        json!({}),
        json!({"inputs": []}),
        json!({"inputs": [{"ids": "1"}]}),
    ] {
        assert_eq!(session.post(&path, &broken).await.0, 400, "{broken}");
    }
}

#[tokio::test]
async fn archived_records_are_found_only_where_they_are_asked_for() {
    let session = Session::with_fixture().await;
    session
        .state()
        .archive(ObjectType::Deal, "9000000004")
        .unwrap();
    let live = crm("objects/deals/9000000004");
    let (status, reply) = session.get(&live).await;
    assert_eq!((status, reply.get("category")), (404, None));
    assert_eq!(reply["message"], "resource not found");
    let (status, reply) = session.get(&crm("objects/deals/my-deal")).await;
    assert_eq!(
        (status, &reply["category"]),
        (404, &json!("OBJECT_NOT_FOUND"))
    );
    let (status, reply) = session.get(&format!("{live}?archived=true")).await;
    assert_eq!((status, &reply["archived"]), (200, &json!(true)));
    assert!(reply["archivedAt"].is_string());

    let (status, reply) = session.batch("deals", &["9000000004", "9000000005"]).await;
    assert_eq!((status, ids(&reply)), (207, vec!["9000000005"]));
    let body = json!({"inputs": inputs(&["9000000004", "9000000005"])});
    let path = crm("objects/deals/batch/read?archived=true");
    let (status, reply) = session.post(&path, &body).await;
    assert_eq!((status, ids(&reply)), (207, vec!["9000000004"]));

    let (_, page) = session.get(&crm("objects/deals?archived=true")).await;
    assert_eq!(ids(&page), ["9000000004", "9000000090"]);
    session
        .state()
        .restore(ObjectType::Deal, "9000000004")
        .unwrap();
    assert_eq!(session.get(&live).await.0, 200);
    session
        .state()
        .delete(ObjectType::Deal, "9000000004")
        .unwrap();
    assert_eq!(session.get(&format!("{live}?archived=true")).await.0, 404);
    assert_eq!(session.get(&live).await.0, 404);
}

#[tokio::test]
async fn an_id_that_was_merged_away_answers_with_the_survivor() {
    let session = Session::with_fixture().await;
    let state = session.state();
    state
        .merge(ObjectType::Deal, "9000000010", "9000000011")
        .unwrap();
    let (status, reply) = session.get(&crm("objects/deals/9000000011")).await;
    assert_eq!((status, &reply["id"]), (200, &json!("9000000010")));
    // Both ids in one batch: one record.
    let body = json!({
        "inputs": inputs(&["9000000011", "9000000010"]),
        "properties": ["hs_merged_object_ids", "dealname"],
    });
    let path = crm("objects/deals/batch/read");
    let (status, reply) = session.post(&path, &body).await;
    assert_eq!((status, ids(&reply)), (200, vec!["9000000010"]));
    assert_eq!(
        reply["results"][0]["properties"]["hs_merged_object_ids"],
        "9000000011"
    );

    // The survivor may get an id of its own, and be merged again.
    state
        .merge_as(ObjectType::Deal, "9000000010", "9000000012", "9100000000")
        .unwrap();
    let (status, reply) = session.post(&path, &body).await;
    assert_eq!((status, ids(&reply)), (200, vec!["9100000000"]));
    let merged = &reply["results"][0]["properties"]["hs_merged_object_ids"];
    assert_eq!(merged, "9000000011;9000000012;9000000010");
    assert_eq!(
        session.get(&crm("objects/deals/9000000012")).await.1["id"],
        "9100000000"
    );
    // Gone from lists under its old ids.
    let (_, page) = session.get(&crm("objects/deals?limit=100")).await;
    assert!(!ids(&page).contains(&"9000000010") && ids(&page).contains(&"9100000000"));
    let itself = state.merge(ObjectType::Deal, "9000000001", "9000000001");
    assert!(itself.is_err());
}

#[tokio::test]
async fn contacts_are_found_by_any_of_their_addresses_and_nothing_by_other_properties() {
    let session = Session::with_fixture().await;
    let path = crm("objects/contacts/batch/read");
    let body = json!({
        "inputs": inputs(&["PERSON.1@buyer1.example", "four@elsewhere.example", "x@y.example"]),
        "idProperty": "email",
    });
    let (status, reply) = session.post(&path, &body).await;
    assert_eq!(
        (status, ids(&reply)),
        (207, vec!["5000000001", "5000000004"])
    );
    // It shows its main address, which is not the one asked for.
    assert_eq!(
        reply["results"][1]["properties"]["email"],
        "person.4@buyer4.example"
    );
    assert_eq!(reply["errors"][0]["context"]["ids"], json!(["x@y.example"]));
    let one = crm("objects/contacts/person.2%40buyer2.example?idProperty=email");
    assert_eq!(session.get(&one).await.1["id"], "5000000002");
    let domain = json!({"inputs": inputs(&["buyer1.example"]), "idProperty": "domain"});
    let path = crm("objects/companies/batch/read");
    assert_eq!(session.post(&path, &domain).await.0, 400);
}

#[tokio::test]
async fn lists_are_walked_with_opaque_cursors() {
    let session = Session::with_fixture().await;
    let (mut seen, mut pages) = (Vec::new(), 0);
    let mut path = crm("objects/0-3?limit=15&properties=dealname,amount");
    loop {
        let (status, page) = session.get(&path).await;
        assert_eq!(status, 200, "{page}");
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        pages += 1;
        let Some(after) = page["paging"]["next"]["after"].as_str() else {
            assert_eq!(page.get("paging"), None);
            break;
        };
        assert!(after.parse::<u64>().is_err(), "no number: {after}");
        let after: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
        path = crm(&format!("objects/0-3?limit=15&after={after}"));
    }
    assert_eq!((pages, seen.len()), (3, 40));
    assert!(seen.is_sorted());
    let (_, page) = session.get(&crm("objects/deals")).await;
    assert_eq!(ids(&page).len(), 10);
    for wrong in [
        "limit=101",
        "limit=0",
        "after=12",
        "limit=51&propertiesWithHistory=amount",
    ] {
        assert_eq!(
            session.get(&crm(&format!("objects/deals?{wrong}"))).await.0,
            400,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn associations_come_with_records_that_are_read_one_by_one_or_listed() {
    let session = Session::with_fixture().await;
    let path = crm("objects/deals/9000000003?associations=companies,contacts");
    let (_, record) = session.get(&path).await;
    assert_eq!(
        record["associations"]["companies"]["results"],
        json!([
            {"id": "7000000000", "type": "deal_to_company_unlabeled"},
            {"id": "7000000004", "type": "deal_to_company"},
            {"id": "7000000004", "type": "deal_to_company_unlabeled"},
        ])
    );
    assert_eq!(
        record["associations"]["contacts"]["results"],
        json!([{"id": "5000000002", "type": "deal_to_contact"}])
    );
    let (_, page) = session
        .get(&crm("objects/deals?limit=4&associations=contacts"))
        .await;
    assert!(page["results"][3]["associations"]["contacts"].is_object());
    assert_eq!(page["results"][0].get("associations"), None);
}

#[tokio::test]
async fn an_edit_shows_in_the_next_read_and_in_the_history() {
    let session = Session::with_fixture().await;
    let state = session.state();
    let id = "9000000002";
    state.rename_deal(id, "Another name").unwrap();
    state.change_stage(id, "closedwon").unwrap();
    state
        .set_property(ObjectType::Deal, id, "amount", Some(""))
        .unwrap();
    state
        .set_property(ObjectType::Deal, id, "deal_score", Some("high"))
        .unwrap();
    let body = json!({
        "inputs": inputs(&[id]),
        "properties": ["dealname", "amount", "deal_score", "hs_is_closed_won",
            "hs_v2_date_entered_closedwon", "hs_deal_stage_probability"],
        "propertiesWithHistory": ["dealstage"],
    });
    let (_, reply) = session.post(&crm("objects/deals/batch/read"), &body).await;
    let record = &reply["results"][0];
    let properties = &record["properties"];
    assert_eq!(properties["dealname"], "Another name");
    assert_eq!(properties["amount"], "");
    assert_eq!(properties["deal_score"], "high");
    assert_eq!(properties["hs_is_closed_won"], "true");
    assert_eq!(properties["hs_deal_stage_probability"], "1");
    assert!(properties["hs_v2_date_entered_closedwon"].is_string());
    assert!(properties["hs_lastmodifieddate"].as_str() > properties["createdate"].as_str());
    let history = record["propertiesWithHistory"]["dealstage"]
        .as_array()
        .unwrap();
    let values: Vec<&str> = history
        .iter()
        .map(|past| past["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["closedwon", "qualified"]);
    assert!(state.rename_deal("404", "x").is_err());
}

#[tokio::test]
async fn a_deal_without_a_date_of_creation_has_none() {
    let undated = {
        let mut deal = deal("1");
        deal.created = None;
        deal
    };
    let session = Session::start(HubSpotSimulator::builder().deals([&undated])).await;
    let (_, reply) = session.batch("deals", &["1"]).await;
    assert_eq!(reply["results"][0]["properties"]["createdate"], Value::Null);
}
