//! The contract of `CrmSource`, over the in-memory CRM, its pointers and hybrids of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use hubspot_enrich::{CrmSource, Hybrid, InMemoryCrm, OnMissing};
use resilience::Route;
use testkit::conformance::crm::CrmFixture;
use testkit::crm_source_suite;

async fn in_memory(fixture: CrmFixture) -> InMemoryCrm {
    let (deal, contact, company) = fixture.archived;
    let crm = InMemoryCrm::new()
        .with_deals(fixture.deals)
        .with_contacts(fixture.contacts)
        .with_companies(fixture.companies)
        .with_stages(fixture.stages)
        .with_owners(fixture.owners)
        .with_owners([fixture.archived_owner]);
    let (contact_id, email) = &fixture.secondary_email;
    crm.put_secondary_email(contact_id, email);
    let (merged_deal, merged_contact, merged_company) = fixture.merged;
    crm.merge_deal(&merged_deal.asked, &merged_deal.survivor);
    crm.merge_contact(&merged_contact.asked, &merged_contact.survivor);
    crm.merge_company(&merged_company.asked, &merged_company.survivor);
    crm.put_deal(deal.clone());
    crm.put_contact(contact.clone());
    crm.put_company(company.clone());
    assert_eq!(crm.archive_deal(&deal.id), Some(deal));
    assert_eq!(crm.archive_contact(&contact.id), Some(contact));
    assert_eq!(crm.archive_company(&company.id), Some(company));
    crm
}

async fn shared(fixture: CrmFixture) -> Arc<dyn CrmSource> {
    Arc::new(in_memory(fixture).await)
}

async fn boxed(fixture: CrmFixture) -> Box<dyn CrmSource> {
    Box::new(in_memory(fixture).await)
}

/// The primary has everything; the fallback would answer wrongly.
async fn hybrid_of_one(fixture: CrmFixture) -> impl CrmSource {
    Hybrid::new(in_memory(fixture).await, InMemoryCrm::new())
}

/// Every other record is only in the fallback.
async fn hybrid_of_halves(fixture: CrmFixture) -> impl CrmSource {
    let (mut left, mut right) = (fixture.clone(), fixture);
    let mut even = [true, false].into_iter().cycle();
    left.deals.retain(|_| even.next() == Some(true));
    right.deals.retain(|_| even.next() == Some(false));
    // No company has contacts on both sides: either source knows all of a company's.
    left.contacts.truncate(2);
    right.contacts.drain(..2);
    left.companies.drain(2..);
    right.companies.drain(..2);
    left.stages.clear();
    left.owners.truncate(1);
    right.owners.drain(..1);
    Hybrid::new(in_memory(left).await, in_memory(right).await)
        .with_on_missing(OnMissing::AskFallback)
}

/// Two equal sources that share the keys.
async fn hybrid_of_shares(fixture: CrmFixture) -> impl CrmSource {
    let route = Route::default()
        .with_primary_share(0.5)
        .with_shadow_share(0.5);
    Hybrid::new(in_memory(fixture.clone()).await, shared(fixture).await).with_route(route)
}

crm_source_suite!(memory, in_memory);
crm_source_suite!(arc, shared);
crm_source_suite!(r#box, boxed);
crm_source_suite!(hybrid_with_idle_fallback, hybrid_of_one);
crm_source_suite!(hybrid_that_fills_gaps, hybrid_of_halves);
crm_source_suite!(hybrid_that_shares, hybrid_of_shares);
