//! Ten thousand calls with four thousand deals, in the fewest requests that batches allow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod crm_world;

use calls::{Company, Contact, Deal, Timestamp};
use crm_world::{CrmWorld, NotingCrm, company, contact, deal, owner, stage};
use hubspot_enrich::InMemoryCrm;
use serde_json::json;
use snowflake_store::{CallQuery, CallReader};
use testkit::conformance::store::CallDocument;

const CALLS: usize = 10_000;
const DEALS: usize = 4_000;
const CONTACTS: usize = 3_000;
const COMPANIES: usize = 1_000;

/// Calls that are landed at once.
const PAGE: usize = 1_000;

fn contacts() -> Vec<Contact> {
    let contact = |n| {
        let company = format!("k{}", n % COMPANIES);
        contact(
            &format!("c{n}"),
            &format!("person.{n}@buyer.test"),
            Some(&company),
        )
    };
    (0..CONTACTS).map(contact).collect()
}

fn companies() -> Vec<Company> {
    let company = |n| company(&format!("k{n}"), &format!("buyer{n}.test"));
    (0..COMPANIES).map(company).collect()
}

fn deals() -> Vec<Deal> {
    let deal = |n| {
        let contact = format!("c{}", n % CONTACTS);
        deal(
            &format!("d{n}"),
            &[&contact],
            &[&format!("k{}", n % COMPANIES)],
        )
    };
    (0..DEALS).map(deal).collect()
}

/// Calls of all deals; nothing but what enrichment looks at, so that landing them is quick.
fn page(from: usize) -> Vec<CallDocument> {
    let call = |n: usize| {
        CallDocument::new(&format!("{n:05}"))
            .with_part("parties", json!([]))
            .with_part("content", json!({}))
            .linked("Opportunity", &format!("d{}", n % DEALS))
    };
    (from..from + PAGE).map(call).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_each_record_once_in_full_batches() {
    let records = InMemoryCrm::new()
        .with_deals(deals())
        .with_contacts(contacts())
        .with_companies(companies())
        .with_stages([stage()])
        .with_owners([owner()]);
    let world = CrmWorld::new(records, Vec::new()).await;
    for from in (0..CALLS).step_by(PAGE) {
        world.land(page(from)).await;
    }
    let start = Timestamp::now();
    let report = world.enrich(start).await;
    assert_eq!(
        (
            report.deals,
            report.contacts,
            report.companies,
            report.owners
        ),
        (DEALS as u64, CONTACTS as u64, COMPANIES as u64, 1)
    );
    let asked = world.crm.asked();
    // Deals and the associations of two kinds, contacts, companies, pipelines, owners.
    let fewest = DEALS.div_ceil(100)
        + 2 * DEALS.div_ceil(1_000)
        + CONTACTS.div_ceil(100)
        + COMPANIES.div_ceil(100)
        + 1
        + 1;
    assert_eq!(NotingCrm::requests(&asked), fewest, "{asked:?}");
    world.enrich(start).await;
    assert_eq!(world.crm.asked(), []);

    let query = CallQuery {
        deal_id: Some("d3999".into()),
        limit: 10,
        ..CallQuery::default()
    };
    assert_eq!(world.store.find_calls(&query).await.unwrap().len(), 2);
    assert!(world.call("09999").await.deal.is_some());
}
