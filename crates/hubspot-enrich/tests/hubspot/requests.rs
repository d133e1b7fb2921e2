//! How many requests an enrichment takes: the least that batching allows.

use std::time::Duration;

use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, DealOutcome, Owner, OwnerId};
use hubspot_enrich::{Cached, CrmSource};
use testkit::conformance::crm::CrmFixture;
use testkit::hubspot::{HubSpotLimits, HubSpotSimulator, HubSpotSimulatorBuilder};

use crate::world::{World, without_waits};

const DEALS: usize = 4_000;
const CONTACTS: usize = 5_000;
const COMPANIES: usize = 1_950;
const OWNERS: usize = 150;

/// A company in which every deal has two contacts and a company.
fn large_account() -> HubSpotSimulatorBuilder {
    let contact_id = |n: usize| ContactId::new(format!("5{:09}", n % CONTACTS));
    let company_id = |n: usize| CompanyId::new(format!("7{:09}", n % COMPANIES));
    let some_deal = CrmFixture::new().deals.swap_remove(1);
    let deals: Vec<Deal> = (0..DEALS)
        .map(|n| Deal {
            id: DealId::new(format!("9{n:09}")),
            outcome: DealOutcome::Open,
            contact_ids: vec![contact_id(n), contact_id(n + 1_000)],
            company_ids: vec![company_id(n)],
            owner_id: Some(OwnerId::new((n % OWNERS).to_string())),
            ..some_deal.clone()
        })
        .collect();
    let contacts: Vec<Contact> = (0..CONTACTS)
        .map(|n| Contact {
            id: contact_id(n),
            email: None,
            name: None,
            title: None,
            company_id: Some(company_id(n)),
        })
        .collect();
    let companies: Vec<Company> = (0..COMPANIES)
        .map(|n| Company {
            id: company_id(n),
            name: Some(format!("Company {n}")),
            domain: None,
            industry: None,
        })
        .collect();
    let owners: Vec<Owner> = (0..OWNERS)
        .map(|n| Owner {
            id: OwnerId::new(n.to_string()),
            name: Some(format!("Owner {n}")),
            email: None,
            archived: false,
        })
        .collect();
    HubSpotSimulator::builder()
        .stages(&CrmFixture::new().stages)
        .owners(&owners)
        .companies(&companies)
        .contacts(&contacts)
        .deals(&deals)
}

/// Reads 4,000 deals with all that belongs to them.
async fn enrich(crm: &dyn CrmSource) {
    let ids: Vec<DealId> = (0..DEALS)
        .map(|n| DealId::new(format!("9{n:09}")))
        .collect();
    let deals = crm.deals(&ids).await.unwrap().found;
    assert_eq!(deals.len(), DEALS);
    assert_eq!(crm.stages().await.unwrap().len(), 7);
    let distinct = |ids: Vec<String>| {
        let ids: std::collections::BTreeSet<String> = ids.into_iter().collect();
        ids
    };
    let contacts = deals.iter().flat_map(|deal| &deal.contact_ids);
    let contacts = distinct(contacts.map(ToString::to_string).collect());
    let companies = deals.iter().flat_map(|deal| &deal.company_ids);
    let companies = distinct(companies.map(ToString::to_string).collect());
    let owners = deals.iter().flat_map(|deal| &deal.owner_id);
    let owners = distinct(owners.map(ToString::to_string).collect());
    let contacts: Vec<ContactId> = contacts.into_iter().map(ContactId::new).collect();
    let companies: Vec<CompanyId> = companies.into_iter().map(CompanyId::new).collect();
    let owners: Vec<OwnerId> = owners.into_iter().map(OwnerId::new).collect();
    assert_eq!(crm.contacts(&contacts).await.unwrap().found.len(), CONTACTS);
    assert_eq!(
        crm.companies(&companies).await.unwrap().found.len(),
        COMPANIES
    );
    assert_eq!(crm.owners(&owners).await.unwrap().found.len(), OWNERS);
}

/// ⌈deals/100⌉ + 2·⌈deals/1000⌉ + ⌈contacts/100⌉ + ⌈companies/100⌉ + pipelines + owners.
const LEAST: u64 = 40 + 2 * 4 + 50 + 20 + 1 + 2;

#[tokio::test]
async fn ten_thousand_calls_with_four_thousand_deals_take_the_least_requests() {
    // At full speed 121 requests in ten seconds would be 21 too many.
    let builder = large_account().limits(HubSpotLimits::free());
    let limit = |config: hubspot_enrich::HubSpotConfig| {
        without_waits(config).with_requests_per_ten_seconds(100)
    };
    let world = World::start(builder, limit).await;
    enrich(&world.api).await;
    let traffic = world.state().traffic();
    assert_eq!(traffic.requests(), LEAST, "{:?}", traffic.requests_by_path);
    assert_eq!(traffic.too_many_requests, 0);
    let stats = world.api.stats();
    assert_eq!(
        (stats.requests, stats.retries, stats.refused_for_rate),
        (LEAST, 0, 0)
    );
}

#[tokio::test]
async fn a_second_round_within_the_age_takes_none() {
    let world = World::start(large_account(), |config| config).await;
    let state = world.state();
    let crm = Cached::new(world.api, Duration::from_secs(3_600));
    enrich(&crm).await;
    assert_eq!(state.traffic().requests(), LEAST);
    enrich(&crm).await;
    assert_eq!(state.traffic().requests(), LEAST);
}

#[tokio::test]
async fn full_batches_are_sent_and_no_id_twice() {
    let world = World::start(large_account(), |config| config).await;
    let ids: Vec<DealId> = (0..250)
        .flat_map(|n| [n, n])
        .map(|n| DealId::new(format!("9{n:09}")))
        .collect();
    world.api.deals(&ids).await.unwrap();
    let requests = world.state().requests();
    let mut inputs: Vec<usize> = requests.iter().map(|request| request.inputs).collect();
    inputs.sort_unstable();
    assert_eq!(inputs, [50, 100, 100, 250, 250]);
}
