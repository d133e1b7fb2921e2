//! What becomes of records that are odd, merged, archived, or gone.

use calls::{CompanyId, CrmObjectKind, DealId, DealOutcome};
use hubspot_enrich::{CrmSource, Merged};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{Fault, FaultEffect, HubSpotSimulator, ObjectType};

use crate::hubspot::world::World;

fn deal_id(n: usize) -> DealId {
    CrmFixture::new().deals[n].id.clone()
}

#[tokio::test]
async fn a_survivor_with_an_id_of_its_own_answers_for_both() {
    let world = World::with_fixture().await;
    let (one, other) = (deal_id(1), deal_id(3));
    let deal = ObjectType::Deal;
    let state = world.state();
    state
        .merge_as(deal, one.as_str(), other.as_str(), "9100000000")
        .unwrap();
    let asked = [other.clone(), deal_id(0), one.clone()];
    let batch = world.api.deals(&asked).await.unwrap();
    let found: Vec<&str> = batch.found.iter().map(|deal| deal.id.as_str()).collect();
    assert_eq!(found, [deal_id(0).as_str(), "9100000000"]);
    let merged = |asked: &DealId| Merged {
        asked: asked.clone(),
        survivor: DealId::new("9100000000"),
    };
    assert_eq!(batch.merged, [merged(&other), merged(&one)]);
    assert_eq!(batch.missing, []);
    // The survivor's associations, not those of the ids that were asked for.
    assert_eq!(batch.found[1].contact_ids.len(), 3);
}

#[tokio::test]
async fn a_survivor_that_does_not_name_what_it_took_in_is_found_anyway() {
    let world = World::with_fixture().await;
    let (one, other, unknown) = (deal_id(1), deal_id(3), DealId::new("999999999901"));
    let deal = ObjectType::Deal;
    let state = world.state();
    state.merge(deal, one.as_str(), other.as_str()).unwrap();
    state
        .set_property(deal, one.as_str(), "hs_merged_object_ids", None)
        .unwrap();
    let batch = world
        .api
        .deals(&[unknown.clone(), other.clone()])
        .await
        .unwrap();
    assert_eq!(batch.found[0].id, one);
    assert_eq!(
        batch.merged,
        [Merged {
            asked: other,
            survivor: one
        }]
    );
    assert_eq!(batch.missing, [unknown]);
}

#[tokio::test]
async fn a_deal_that_goes_between_two_readings_fails_nothing() {
    let world = World::with_fixture().await;
    let (stays, goes) = (deal_id(1), deal_id(3));
    let effect = FaultEffect::DeleteAfterwards {
        object: ObjectType::Deal,
        id: goes.to_string(),
    };
    world
        .state()
        .inject(Fault::new(effect).on_path("/crm/objects/deals/batch/read"));
    let asked = [stays.clone(), goes.clone()];
    let batch = world.api.deals(&asked).await.unwrap();
    let associated: Vec<usize> = batch
        .found
        .iter()
        .map(|deal| deal.contact_ids.len())
        .collect();
    assert_eq!(
        associated,
        [2, 0],
        "what it was associated with is gone too"
    );
    let batch = world.api.deals(&asked).await.unwrap();
    assert_eq!((batch.found.len(), batch.missing), (1, vec![goes]));
}

#[tokio::test]
async fn a_deal_comes_back_out_of_the_recycling_bin() {
    let world = World::with_fixture().await;
    let ids = [CrmFixture::new().archived.0.id];
    assert_eq!(world.api.deals(&ids).await.unwrap().missing, ids);
    let restored = world.state().restore(ObjectType::Deal, ids[0].as_str());
    restored.unwrap();
    assert_eq!(world.api.deals(&ids).await.unwrap().found[0].id, ids[0]);
}

#[tokio::test]
async fn the_recycling_bin_is_asked_only_for_what_is_missing() {
    let fixture = CrmFixture::new();
    let builder = HubSpotSimulator::builder().fixture(&fixture);
    let world = World::start(builder, |config| config.with_archived(true)).await;
    let ids: Vec<CompanyId> = fixture.companies.iter().map(|one| one.id.clone()).collect();
    world.api.companies(&ids).await.unwrap();
    assert_eq!(world.state().traffic().requests(), 1);
    let gone = fixture.archived.2.id;
    let batch = world
        .api
        .companies(&[ids[0].clone(), gone.clone()])
        .await
        .unwrap();
    assert_eq!((batch.found.len(), batch.archived), (2, vec![gone]));
    let requests = world.state().requests();
    let last: Vec<(&str, usize)> = requests[1..]
        .iter()
        .map(|request| (&*request.query, request.inputs))
        .collect();
    assert_eq!(last, [("archived=false", 2), ("archived=true", 1)]);
}

#[tokio::test]
async fn values_that_cannot_be_read_are_kept_as_they_came() {
    let world = World::with_fixture().await;
    let state = world.state();
    let id = deal_id(1);
    for (property, value) in [
        ("amount", "20.000,50"),
        ("closedate", "1767225600000"),
        ("createdate", "yesterday"),
        ("hs_is_closed_won", "perhaps"),
        ("dealname", "  "),
    ] {
        state
            .set_property(ObjectType::Deal, id.as_str(), property, Some(value))
            .unwrap();
    }
    let batch = world.api.deals(&[id.clone(), deal_id(2)]).await.unwrap();
    let deal = &batch.found[0];
    assert_eq!((deal.amount, deal.created, &deal.name), (None, None, &None));
    assert_eq!(deal.close_date.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(deal.outcome, DealOutcome::Lost);
    let kept: Vec<(&str, &str, &str)> = batch
        .unreadable
        .iter()
        .map(|value| (&*value.record_id, &*value.property, &*value.raw))
        .collect();
    assert_eq!(
        kept,
        [
            (id.as_str(), "amount", "20.000,50"),
            (id.as_str(), "createdate", "yesterday"),
            (id.as_str(), "hs_is_closed_won", "perhaps"),
        ]
    );
    assert_eq!(
        batch.unreadable[0].expected,
        "an amount of at most 26 digits"
    );
}

#[tokio::test]
async fn ids_of_another_crm_are_missing_without_asking() {
    let world = World::with_fixture().await;
    let foreign = [
        "006Dn00000A1bCdIAJ",
        "",
        "-5",
        "99999999999999999999",
        "9223372036854775808",
    ]
    .map(DealId::from);
    let batch = world.api.deals(&foreign).await.unwrap();
    assert_eq!(batch.missing, foreign);
    let (from, to) = (CrmObjectKind::Contact, CrmObjectKind::Deal);
    let ids = ["003Dn".to_owned()];
    assert_eq!(
        world
            .api
            .associations(&from, &ids, &to)
            .await
            .unwrap()
            .missing,
        ids
    );
    assert_eq!(world.state().traffic().requests(), 0);

    let mut asked = foreign.to_vec();
    asked.push(deal_id(0));
    assert_eq!(world.api.deals(&asked).await.unwrap().found.len(), 1);
}

#[tokio::test]
async fn associations_keep_the_labels_that_people_gave() {
    let world = World::with_fixture().await;
    let fixture = CrmFixture::new();
    let (deal, contact) = (&fixture.deals[1], &fixture.deals[1].contact_ids[1]);
    world.state().label(
        (ObjectType::Deal, deal.id.as_str()),
        (ObjectType::Contact, contact.as_str()),
        "Decision maker",
    );
    let (from, to) = (CrmObjectKind::Deal, CrmObjectKind::Contact);
    let ids = [deal.id.to_string()];
    let batch = world.api.associations(&from, &ids, &to).await.unwrap();
    let labels: Vec<&[String]> = batch.found.iter().map(|end| &*end.labels).collect();
    assert_eq!(labels, [&[] as &[String], &["Decision maker".to_owned()]]);
}

#[tokio::test]
async fn owners_who_left_still_have_names() {
    let world = World::with_fixture().await;
    let fixture = CrmFixture::new();
    let deals = world
        .api
        .deals(&[deal_id(1), deal_id(3)])
        .await
        .unwrap()
        .found;
    let ids: Vec<_> = deals
        .iter()
        .filter_map(|deal| deal.owner_id.clone())
        .collect();
    let owners = world.api.owners(&ids).await.unwrap().found;
    assert!(!owners[0].archived && owners[1].archived);
    let names: Vec<Option<&str>> = owners.iter().map(|owner| owner.name.as_deref()).collect();
    assert_eq!(names, [Some("Owner 601"), Some("Owner 603")]);
    assert_eq!(owners[0], fixture.owners[0]);
}

#[tokio::test]
async fn secondary_addresses_are_searched_only_when_wanted() {
    let fixture = CrmFixture::new();
    let (id, email) = fixture.secondary_email.clone();
    let asked = [email, "nobody@nowhere.example".to_owned()];
    let nobodys = "no address at all".to_owned();
    let world = World::with_fixture().await;
    let batch = world.api.contacts_by_email(&asked).await.unwrap();
    assert_eq!(
        (batch.found[0].id.clone(), batch.missing),
        (id, vec![asked[1].clone()])
    );
    assert_eq!(world.api.stats().searches, 1);
    let sent = world.state().traffic().requests();
    let batch = world
        .api
        .contacts_by_email(std::slice::from_ref(&nobodys))
        .await
        .unwrap();
    assert_eq!(batch.missing, [nobodys]);
    assert_eq!(
        world.state().traffic().requests(),
        sent,
        "not worth a request"
    );

    let builder = HubSpotSimulator::builder().fixture(&fixture);
    let world = World::start(builder, |config| config.with_secondary_emails(false)).await;
    world.api.contacts_by_email(&asked).await.unwrap();
    assert_eq!(world.api.stats().searches, 0);
    assert!(!world.api.capabilities().matches_secondary_emails);
}
