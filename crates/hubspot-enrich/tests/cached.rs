//! Answers that are kept for a while.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use calls::{Company, CompanyId, Contact, CrmObjectKind};
use hubspot_enrich::{Cached, CrmSource, InMemoryCrm};
use testkit::conformance::crm::CrmFixture;
use testkit::crm_source_suite;

const HOUR: Duration = Duration::from_secs(3_600);

fn crm() -> Arc<InMemoryCrm> {
    let fixture = CrmFixture::new();
    let crm = InMemoryCrm::new()
        .with_deals(fixture.deals)
        .with_contacts(fixture.contacts)
        .with_companies(fixture.companies)
        .with_stages(fixture.stages)
        .with_owners(fixture.owners)
        .with_owners([fixture.archived_owner]);
    let (deal, contact, company) = fixture.merged;
    crm.merge_deal(&deal.asked, &deal.survivor);
    crm.merge_contact(&contact.asked, &contact.survivor);
    crm.merge_company(&company.asked, &company.survivor);
    let (contact, email) = fixture.secondary_email;
    crm.put_secondary_email(&contact, &email);
    Arc::new(crm)
}

async fn for_an_hour(_: CrmFixture) -> impl CrmSource {
    Cached::new(crm(), HOUR)
}

/// Everything has been asked for before, at least once.
async fn warm(fixture: CrmFixture) -> impl CrmSource {
    let cached = Cached::new(crm(), HOUR);
    let ids: Vec<_> = fixture.deals.iter().map(|deal| deal.id.clone()).collect();
    let mut asked = ids.clone();
    asked.push(fixture.merged.0.asked.clone());
    asked.push("999999999901".into());
    cached.deals(&asked).await.unwrap();
    let domains = [CrmFixture::SHARED_DOMAIN, "unheard-of.example"].map(str::to_owned);
    cached.companies_by_domain(&domains).await.unwrap();
    let email = fixture.secondary_email.1.clone();
    cached.contacts_by_email(&[email]).await.unwrap();
    let (deal, company) = (CrmObjectKind::Deal, CrmObjectKind::Company);
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    cached.associations(&deal, &ids, &company).await.unwrap();
    cached.stages().await.unwrap();
    cached
}

/// Room for next to nothing.
async fn cramped(_: CrmFixture) -> impl CrmSource {
    Cached::with_max_answers(crm(), HOUR, 2)
}

crm_source_suite!(cached, for_an_hour);
crm_source_suite!(cached_and_warm, warm);
crm_source_suite!(cached_and_cramped, cramped);

fn company(id: &str, name: &str) -> Company {
    Company {
        id: CompanyId::new(id),
        name: Some(name.to_owned()),
        domain: Some(format!("{id}.example")),
        industry: None,
    }
}

#[tokio::test]
async fn an_answer_tells_its_age_and_that_of_its_oldest_part() {
    let crm =
        Arc::new(InMemoryCrm::new().with_companies([company("1", "old"), company("2", "two")]));
    let cached = Cached::new(Arc::clone(&crm), HOUR);
    let first = cached.companies(&["1".into()]).await.unwrap();
    crm.put_company(company("1", "new"));
    let both = cached.companies(&["2".into(), "1".into()]).await.unwrap();
    assert_eq!(both.found[1].name.as_deref(), Some("old"));
    assert_eq!((both.read_at, both.as_of), (first.read_at, first.as_of));
    let second = cached.companies(&["2".into()]).await.unwrap();
    assert!(second.read_at > first.read_at);
    assert_eq!(cached.capabilities().max_lag, Some(HOUR));
}

#[tokio::test]
async fn an_answer_that_is_too_old_is_asked_for_again() {
    let crm = Arc::new(InMemoryCrm::new().with_companies([company("1", "old")]));
    let age = Duration::from_millis(40);
    let cached = Cached::new(Arc::clone(&crm), age);
    cached.companies(&["1".into()]).await.unwrap();
    cached.stages().await.unwrap();
    crm.put_company(company("1", "new"));
    crm.put_stage(CrmFixture::new().stages.swap_remove(0));
    std::thread::sleep(2 * age);
    let batch = cached.companies(&["1".into()]).await.unwrap();
    assert_eq!(batch.found[0].name.as_deref(), Some("new"));
    assert_eq!(cached.stages().await.unwrap().stages.len(), 1);
}

#[tokio::test]
async fn what_is_missing_is_kept_too_in_the_spelling_of_each_request() {
    let crm = Arc::new(InMemoryCrm::new());
    let cached = Cached::new(Arc::clone(&crm), HOUR);
    let asked = ["Ana@buyer.example".to_owned()];
    assert_eq!(
        cached.contacts_by_email(&asked).await.unwrap().missing,
        asked
    );
    crm.put_contact(Contact {
        id: "1".into(),
        email: Some("ana@buyer.example".to_owned()),
        name: None,
        title: None,
        company_id: None,
    });
    let asked = ["ANA@BUYER.example".to_owned()];
    assert_eq!(
        cached.contacts_by_email(&asked).await.unwrap().missing,
        asked
    );
}

#[tokio::test]
async fn directions_of_associations_are_kept_apart() {
    let cached = Cached::new(crm(), HOUR);
    let deal = CrmFixture::new().deals[3].clone();
    let ids = [deal.id.to_string()];
    let (from, contact, company) = (
        CrmObjectKind::Deal,
        CrmObjectKind::Contact,
        CrmObjectKind::Company,
    );
    let contacts = cached.associations(&from, &ids, &contact).await.unwrap();
    let companies = cached.associations(&from, &ids, &company).await.unwrap();
    assert_eq!((contacts.found.len(), companies.found.len()), (1, 2));
    let again = cached.associations(&from, &ids, &contact).await.unwrap();
    assert_eq!(again, contacts);
}
