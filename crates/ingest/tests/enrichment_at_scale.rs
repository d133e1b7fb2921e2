//! Ten thousand calls with four thousand deals, in the fewest requests that batches allow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::crm_world;

use std::sync::Arc;

use calls::{Company, Contact, Deal, Owner, Timestamp};
use crm_world::{NotingCrm, company, contact, deal, land, owner, requests_for, stage};
use hubspot_enrich::{AccessToken, CrmSource, HubSpotApi, HubSpotConfig};
use ingest::Enricher;
use serde_json::json;
use snowflake_store::{CallQuery, CallStore, SqliteStore};
use testkit::conformance::store::CallDocument;
use testkit::hubspot::{DEFAULT_TOKEN, HubSpotLimits, HubSpotSimulator};

const CALLS: usize = 10_000;
const DEALS: usize = 4_000;
const CONTACTS: usize = 3_000;
const COMPANIES: usize = 1_000;

/// Calls that are landed at once.
const PAGE: usize = 1_000;

// HubSpot's ids are numbers.
fn deal_id(n: usize) -> String {
    (9_000_000 + n % DEALS).to_string()
}

fn contact_id(n: usize) -> String {
    (5_000_000 + n % CONTACTS).to_string()
}

fn company_id(n: usize) -> String {
    (7_000_000 + n % COMPANIES).to_string()
}

fn contacts() -> Vec<Contact> {
    let contact = |n| {
        let email = format!("person.{n}@buyer{}.test", n % COMPANIES);
        contact(&contact_id(n), &email, Some(&company_id(n)))
    };
    (0..CONTACTS).map(contact).collect()
}

fn companies() -> Vec<Company> {
    let company = |n| company(&company_id(n), &format!("buyer{n}.test"));
    (0..COMPANIES).map(company).collect()
}

fn deals() -> Vec<Deal> {
    let deal = |n| {
        let mut deal = deal(&deal_id(n), &[&contact_id(n)], &[&company_id(n)]);
        deal.owner_id = Some("601".into());
        deal
    };
    (0..DEALS).map(deal).collect()
}

fn owners() -> [Owner; 1] {
    [Owner {
        id: "601".into(),
        ..owner()
    }]
}

/// Lands calls of all deals; with nothing but what enrichment looks at, which is quick.
async fn land_calls(store: &dyn CallStore) {
    let call = |n: usize| {
        CallDocument::new(&format!("{n:05}"))
            .with_part("parties", json!([]))
            .with_part("content", json!({}))
            .linked("Opportunity", &deal_id(n))
    };
    for from in (0..CALLS).step_by(PAGE) {
        land(store, (from..from + PAGE).map(call).collect()).await;
    }
}

/// Batch reads of deals, and of the associations of two kinds that deals come with; of
/// contacts and companies; pipelines, and a page of owners.
const FEWEST_REQUESTS: usize = DEALS.div_ceil(100)
    + 2 * DEALS.div_ceil(1_000)
    + CONTACTS.div_ceil(100)
    + COMPANIES.div_ceil(100)
    + 1
    + 1;

#[tokio::test(flavor = "multi_thread")]
async fn asks_for_each_record_once_in_full_batches_and_within_limits() {
    let (deals, contacts, companies) = (deals(), contacts(), companies());
    let hubspot = HubSpotSimulator::builder()
        .limits(HubSpotLimits::professional())
        .stages(&[stage()])
        .deals(&deals)
        .contacts(&contacts)
        .companies(&companies)
        .owners(&owners())
        .start()
        .await
        .unwrap();
    let config = HubSpotConfig::new(AccessToken::new(DEFAULT_TOKEN).unwrap())
        .unwrap()
        .with_base_url(&hubspot.base_url())
        .unwrap()
        .with_requests_per_ten_seconds(190);
    let crm = Arc::new(NotingCrm::over(HubSpotApi::new(config).unwrap()));
    let store: Arc<dyn CallStore> = Arc::new(SqliteStore::in_memory().await.unwrap());
    land_calls(&*store).await;

    let enricher = Enricher::new(Arc::clone(&crm) as Arc<dyn CrmSource>, Arc::clone(&store));
    let start = Timestamp::now();
    let report = enricher.enrich(start).await.unwrap();
    assert_eq!(
        (
            report.deals,
            report.contacts,
            report.companies,
            report.owners
        ),
        (DEALS as u64, CONTACTS as u64, COMPANIES as u64, 1)
    );
    assert_eq!((report.missing, report.merged), (0, 0));
    let asked = crm.asked();
    assert_eq!(requests_for(&asked), FEWEST_REQUESTS, "{asked:?}");
    let traffic = hubspot.state().traffic();
    assert_eq!(traffic.requests(), FEWEST_REQUESTS as u64, "{traffic:?}");
    assert_eq!(traffic.too_many_requests, 0);

    enricher.enrich(start).await.unwrap();
    assert_eq!(crm.asked(), []);

    let query = CallQuery {
        deal_id: Some(deal_id(DEALS - 1).as_str().into()),
        limit: 10,
        ..CallQuery::default()
    };
    assert_eq!(store.find_calls(&query).await.unwrap().len(), 2);
    let call = store.call_detail(&"09999".into()).await.unwrap().unwrap();
    let deal = call.deal.unwrap();
    assert_eq!(deal.stage_label.as_deref(), Some("Demo booked"));
    assert_eq!(deal.owner_name.as_deref(), Some("Ana Reyes"));
    assert!(call.company.is_some());
}
