//! Keys that HubSpot calls invalid stop nothing but themselves.

use calls::{Company, CompanyId, DealId};
use hubspot_enrich::CrmSource;
use resilience::ErrorKind;
use serde_json::json;
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{HubSpotSimulator, ObjectType};

use crate::hubspot::scripted::{Scripted, json};
use crate::hubspot::world::World;

#[tokio::test]
async fn one_invalid_address_is_missing_and_the_others_are_found() {
    let world = World::with_fixture().await;
    let fixture = CrmFixture::new();
    let mut asked: Vec<String> = fixture
        .contacts
        .iter()
        .filter_map(|contact| contact.email.clone())
        .collect();
    let valid = asked.len();
    let invalid = ["ana diaz@buyer.example", "@", "two@at@buyer.example"];
    for (place, address) in invalid.iter().enumerate() {
        asked.insert(3 * place, (*address).to_owned());
    }
    let batch = world.api.contacts_by_email(&asked).await.unwrap();
    assert_eq!(batch.found.len(), valid);
    assert_eq!(batch.missing, invalid);
    let alone = invalid[..1].iter().map(|key| (*key).to_owned());
    let alone: Vec<String> = alone.collect();
    let batch = world.api.contacts_by_email(&alone).await.unwrap();
    assert_eq!(batch.missing, alone);
}

#[tokio::test]
async fn one_invalid_address_of_many_costs_few_requests() {
    let builder = HubSpotSimulator::builder().fixture(&CrmFixture::new());
    let world = World::start(builder, |config| config.with_secondary_emails(false)).await;
    let mut asked: Vec<String> = (0..199).map(|n| format!("n{n}@nowhere.example")).collect();
    asked.push("not valid@nowhere.example".to_owned());
    let batch = world.api.contacts_by_email(&asked).await.unwrap();
    assert_eq!(batch.missing, asked);
    // Two batches and one that is sound; then one of two halves is refused each time, of
    // 100, 50, 25, 13, 7, 4 and 2 keys at most.
    let requests = world.state().traffic().requests();
    assert!(requests <= 3 + 2 * 7, "{requests}");
}

#[tokio::test]
async fn a_request_that_is_refused_whatever_the_key_finds_nobody_missing() {
    let refusal = json(
        400,
        &json!({"category": "VALIDATION_ERROR", "message": "no such thing"}),
    );
    let server = Scripted::replying(vec![refusal]).await;
    let asked: Vec<DealId> = (1..=100).map(|n| DealId::new(n.to_string())).collect();
    let error = server.api().deals(&asked).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("no such thing"), "{error}");
    assert_eq!(
        server.received().len(),
        2,
        "the batch, and an id that is sound"
    );
}

#[tokio::test]
async fn an_outage_while_the_invalid_key_is_looked_for_fails_the_request() {
    let refusal = json(400, &json!({"category": "VALIDATION_ERROR"}));
    let sound = json(200, &json!({"status": "COMPLETE", "results": []}));
    let denied = json(403, &json!({"category": "MISSING_SCOPES"}));
    let server = Scripted::replying(vec![refusal, sound, denied]).await;
    let asked = ["1", "2"].map(CompanyId::from);
    let error = server.api().companies(&asked).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
}

#[tokio::test]
async fn an_unnamed_survivor_among_many_missing_ids_costs_few_requests() {
    let companies: Vec<Company> = (1..=2)
        .map(|n| Company {
            id: CompanyId::new(format!("70000{n}")),
            name: None,
            domain: None,
            industry: None,
        })
        .collect();
    let world = World::start(
        HubSpotSimulator::builder().companies(&companies),
        |config| config,
    )
    .await;
    let state = world.state();
    let (kept, lost) = (&companies[0].id, &companies[1].id);
    let company = ObjectType::Company;
    state.merge(company, kept.as_str(), lost.as_str()).unwrap();
    state
        .set_property(company, kept.as_str(), "hs_merged_object_ids", None)
        .unwrap();
    let mut asked: Vec<CompanyId> = (0..255)
        .map(|n| CompanyId::new(format!("8{n:05}")))
        .collect();
    asked.push(lost.clone());
    let batch = world.api.companies(&asked).await.unwrap();
    assert_eq!(batch.found[0].id, *kept);
    assert_eq!(batch.missing.len(), 255);
    // Three batches of all, three of parts, then two halves of 100, 50, …, 2 at most.
    let requests = state.traffic().requests();
    assert!(requests <= 3 + 3 + 2 * 7, "{requests}");
}
