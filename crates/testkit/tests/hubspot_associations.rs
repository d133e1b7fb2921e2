//! How the simulated HubSpot tells what belongs together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::hubspot_client;

use hubspot_client::{Session, crm, deal, inputs};
use serde_json::{Value, json};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{HubSpotSimulator, ObjectType};

const DEAL: ObjectType = ObjectType::Deal;
const CONTACT: ObjectType = ObjectType::Contact;

fn to_ids(result: &Value) -> Vec<&str> {
    let ends = result["to"].as_array().unwrap().iter();
    ends.map(|end| end["toObjectId"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn every_association_has_an_unlabelled_type_beside_its_primary_one() {
    let session = Session::with_fixture().await;
    for (from, to, id, other, primary, unlabelled) in [
        ("deals", "companies", "9000000003", "7000000004", 5, 341),
        ("companies", "deals", "7000000004", "9000000003", 6, 342),
        ("contacts", "companies", "5000000004", "7000000004", 1, 279),
        ("companies", "contacts", "7000000004", "5000000004", 2, 280),
    ] {
        let path = crm(&format!("associations/{from}/{to}/batch/read"));
        let (status, reply) = session.post(&path, &json!({"inputs": inputs(&[id])})).await;
        assert_eq!(status, 200, "{reply}");
        assert_eq!(reply["results"][0]["from"], json!({"id": id}));
        let ends = reply["results"][0]["to"].as_array().unwrap();
        let end = ends.iter().find(|end| end["toObjectId"] == other).unwrap();
        assert_eq!(
            end["associationTypes"],
            json!([
                {"category": "HUBSPOT_DEFINED", "typeId": primary, "label": "Primary"},
                {"category": "HUBSPOT_DEFINED", "typeId": unlabelled, "label": null},
            ])
        );
    }
    // By id, so that the primary one need not be the first.
    let path = crm("associations/0-3/0-2/batch/read");
    let (_, reply) = session
        .post(&path, &json!({"inputs": inputs(&["9000000003"])}))
        .await;
    assert_eq!(to_ids(&reply["results"][0]), ["7000000000", "7000000004"]);
    let plain = &reply["results"][0]["to"][0]["associationTypes"];
    assert_eq!(
        *plain,
        json!([{"category": "HUBSPOT_DEFINED", "typeId": 341, "label": null}])
    );
}

#[tokio::test]
async fn records_without_associations_make_a_207() {
    let session = Session::with_fixture().await;
    let path = crm("associations/deals/contacts/batch/read");
    let asked = ["9000000001", "9000000000", "404"];
    let (status, reply) = session
        .post(&path, &json!({"inputs": inputs(&asked)}))
        .await;
    assert_eq!((status, &reply["status"]), (207, &json!("COMPLETE")));
    assert_eq!(reply["results"].as_array().unwrap().len(), 1);
    assert_eq!(to_ids(&reply["results"][0]), ["5000000000", "5000000001"]);
    assert_eq!(reply["numErrors"], json!(2));
    let error = &reply["errors"][0];
    assert_eq!(error["category"], "OBJECT_NOT_FOUND");
    assert_eq!(
        error["subCategory"],
        "crm.associations.NO_ASSOCIATIONS_FOUND"
    );
    assert_eq!(
        error["message"],
        "No contact is associated with deal 9000000000."
    );
    assert_eq!(
        error["context"],
        json!({"fromObjectId": ["9000000000"], "fromObjectType": ["deal"], "toObjectType": ["contact"]})
    );
}

#[tokio::test]
async fn each_input_has_pages_of_its_own() {
    let fixture = CrmFixture::new();
    let builder = HubSpotSimulator::builder()
        .fixture(&fixture)
        .associations_page(2);
    let session = Session::start(builder).await;
    for n in 0..7 {
        let contact = format!("5000000{n:03}");
        session
            .state()
            .associate((DEAL, "9000000000"), (CONTACT, &contact));
    }
    let path = crm("associations/deals/contacts/batch/read");
    let mut asked = json!([{"id": "9000000000"}, {"id": "9000000001"}]);
    let (mut pages, mut seen) = (0, Vec::new());
    loop {
        let (status, reply) = session.post(&path, &json!({"inputs": asked})).await;
        assert_eq!(status, 200);
        pages += 1;
        let result = &reply["results"][0];
        seen.extend(to_ids(result).into_iter().map(str::to_owned));
        if pages == 1 {
            assert_eq!(reply["results"].as_array().unwrap().len(), 2);
            assert_eq!(reply["results"][1].get("paging"), None, "two of two");
        }
        match result["paging"]["next"].get("after") {
            Some(after) => asked = json!([{"id": "9000000000", "after": after}]),
            None => break,
        }
    }
    assert_eq!((pages, seen.len()), (4, 7));
    assert!(seen.is_sorted());
}

#[tokio::test]
async fn a_batch_holds_a_thousand() {
    let session = Session::start(HubSpotSimulator::builder().deals([&deal("1")])).await;
    let path = crm("associations/deals/contacts/batch/read");
    let many: Vec<String> = (1..=1_001).map(|id| id.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let body = json!({"inputs": inputs(&many[..1_000])});
    assert_eq!(session.post(&path, &body).await.0, 207);
    let (status, reply) = session.post(&path, &json!({"inputs": inputs(&many)})).await;
    assert_eq!(
        (status, &reply["category"]),
        (400, &json!("VALIDATION_ERROR"))
    );
    assert_eq!(session.state().requests()[0].inputs, 1_000);
}

#[tokio::test]
async fn associations_of_a_merged_record_are_the_survivors() {
    let session = Session::with_fixture().await;
    let path = crm("associations/deals/companies/batch/read");
    // Deal 3 has companies 4 (primary) and 0, deal 1 has 0 (primary).
    session
        .state()
        .merge(DEAL, "9000000001", "9000000003")
        .unwrap();
    let (status, reply) = session
        .post(
            &path,
            &json!({"inputs": inputs(&["9000000003", "9000000001"])}),
        )
        .await;
    assert_eq!(status, 207);
    assert_eq!(
        reply["errors"][0]["context"]["fromObjectId"],
        json!(["9000000003"])
    );
    let one = crm("objects/deals/9000000003/associations/companies");
    assert_eq!(session.get(&one).await, (200, json!({"results": []})));
    let result = &reply["results"][0];
    assert_eq!(to_ids(result), ["7000000000", "7000000004"]);
    let primary: Vec<bool> = [0, 1]
        .map(|n| result["to"][n]["associationTypes"][0]["typeId"] == 5)
        .into();
    assert_eq!(
        primary,
        [true, false],
        "the survivor keeps its own primary company"
    );
}

#[tokio::test]
async fn archived_records_are_associated_with_nothing() {
    let session = Session::with_fixture().await;
    let path = crm("associations/deals/contacts/batch/read");
    let body = json!({"inputs": inputs(&["9000000001"])});
    session.state().archive(CONTACT, "5000000000").unwrap();
    let (_, reply) = session.post(&path, &body).await;
    assert_eq!(to_ids(&reply["results"][0]), ["5000000001"]);
    session.state().archive(DEAL, "9000000001").unwrap();
    assert_eq!(session.post(&path, &body).await.0, 207);
    session.state().restore(DEAL, "9000000001").unwrap();
    assert!(
        session
            .state()
            .dissociate((DEAL, "9000000001"), (CONTACT, "5000000001"))
    );
    assert_eq!(session.post(&path, &body).await.0, 207);
}

#[tokio::test]
async fn labels_of_the_portal_have_an_id_in_each_direction() {
    let session = Session::with_fixture().await;
    let state = session.state();
    state.label(
        (DEAL, "9000000001"),
        (CONTACT, "5000000001"),
        "Decision maker",
    );
    let (_, reply) = session
        .get(&crm("associations/deals/contacts/labels"))
        .await;
    let expected = json!([
        {"category": "USER_DEFINED", "typeId": 1, "label": "Decision maker"},
        {"category": "HUBSPOT_DEFINED", "typeId": 3, "label": null},
    ]);
    assert_eq!(reply["results"], expected);
    let (_, reply) = session
        .get(&crm("associations/contacts/deals/labels"))
        .await;
    assert_eq!(reply["results"][0]["typeId"], json!(2));
    let path = crm("associations/deals/contacts/batch/read");
    let (_, reply) = session
        .post(&path, &json!({"inputs": inputs(&["9000000001"])}))
        .await;
    let ends = reply["results"][0]["to"].as_array().unwrap();
    assert_eq!(ends[0]["associationTypes"].as_array().unwrap().len(), 1);
    assert_eq!(ends[1]["associationTypes"], expected);
    let (status, _) = session.get(&crm("associations/deals/deals/labels")).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn one_record_has_pages_too_and_ids_may_be_numbers() {
    let builder = HubSpotSimulator::builder()
        .fixture(&CrmFixture::new())
        .numeric_association_ids(true);
    let session = Session::start(builder).await;
    let path = crm("objects/deals/9000000001/associations/contacts");
    let (status, first) = session.get(&format!("{path}?limit=1")).await;
    assert_eq!(status, 200);
    assert_eq!(first["results"][0]["toObjectId"], json!(5_000_000_000_u64));
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    let after: String = url::form_urlencoded::byte_serialize(after.as_bytes()).collect();
    let (_, second) = session.get(&format!("{path}?limit=1&after={after}")).await;
    assert_eq!(second["results"][0]["toObjectId"], json!(5_000_000_001_u64));
    assert_eq!(second.get("paging"), None);
    assert_eq!(
        session
            .get(&crm("objects/deals/404/associations/contacts"))
            .await
            .0,
        404
    );
}
