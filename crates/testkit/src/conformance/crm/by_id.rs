//! Cases about records requested by id.

use std::fmt::Debug;

use calls::{CompanyId, ContactId, CrmObjectKind, DealId};
use hubspot_enrich::{Batch, CrmSource, Result};

use super::{CrmFixture, deal_ids, promised, read};

/// Records come whole, in the order of the ids.
pub async fn finds_records_by_id_in_the_order_asked(source: &dyn CrmSource, fixture: &CrmFixture) {
    let mut deals = fixture.deals.clone();
    deals.reverse();
    deals.rotate_left(3);
    let found = read(source.deals(&deal_ids(&deals)).await).found;
    assert_eq!(
        found.iter().map(promised).collect::<Vec<_>>(),
        deals.iter().map(promised).collect::<Vec<_>>()
    );

    let mut contacts = fixture.contacts.clone();
    contacts.reverse();
    let ids: Vec<ContactId> = contacts.iter().map(|contact| contact.id.clone()).collect();
    assert_eq!(read(source.contacts(&ids).await).found, contacts);

    let mut companies = fixture.companies.clone();
    companies.reverse();
    let ids: Vec<CompanyId> = companies.iter().map(|company| company.id.clone()).collect();
    assert_eq!(read(source.companies(&ids).await).found, companies);
}

/// Ids that nobody has are in `missing`, in order, and take nothing from the rest.
pub async fn keeps_missing_ids_apart(source: &dyn CrmSource, fixture: &CrmFixture) {
    let known = fixture.deals[4].id.clone();
    let asked = [
        DealId::new("999999999903"),
        known.clone(),
        DealId::new("999999999901"),
    ];
    let batch = read(source.deals(&asked).await);
    assert_eq!(deal_ids(&batch.found), [known]);
    assert_eq!(batch.missing, [asked[0].clone(), asked[2].clone()]);

    let asked = [
        ContactId::new("999999999902"),
        fixture.contacts[0].id.clone(),
    ];
    let batch = read(source.contacts(&asked).await);
    assert_eq!(
        (batch.found.len(), batch.missing),
        (1, vec![asked[0].clone()])
    );

    let asked = [
        CompanyId::new("999999999904"),
        fixture.companies[0].id.clone(),
    ];
    let batch = read(source.companies(&asked).await);
    assert_eq!(
        (batch.found.len(), batch.missing),
        (1, vec![asked[0].clone()])
    );
}

/// Archived records are missing by id, or found and marked by a source that says so;
/// other keys never find them.
pub async fn treats_archived_records_as_declared(source: &dyn CrmSource, fixture: &CrmFixture) {
    fn check<T, Key: Clone + PartialEq + Debug>(
        source: &dyn CrmSource,
        id: &Key,
        batch: Batch<T, Key>,
    ) {
        if source.capabilities().finds_archived {
            assert_eq!((batch.found.len(), batch.missing), (1, vec![]));
            assert_eq!(batch.archived, std::slice::from_ref(id));
        } else {
            assert_eq!((batch.found.len(), batch.missing), (0, vec![id.clone()]));
            assert_eq!(batch.archived, []);
        }
    }
    let (deal, contact, company) = &fixture.archived;
    let deals = read(source.deals(std::slice::from_ref(&deal.id)).await);
    check(source, &deal.id, deals);
    let contacts = read(source.contacts(std::slice::from_ref(&contact.id)).await);
    check(source, &contact.id, contacts);
    let companies = read(source.companies(std::slice::from_ref(&company.id)).await);
    check(source, &company.id, companies);

    let email: Vec<String> = contact.email.iter().cloned().collect();
    let by_email = read(source.contacts_by_email(&email).await);
    assert_eq!((by_email.found, by_email.missing), (vec![], email));
    let domain: Vec<String> = company.domain.iter().cloned().collect();
    let by_domain = read(source.companies_by_domain(&domain).await);
    assert_eq!((by_domain.found, by_domain.missing), (vec![], domain));
}

/// A key that comes twice is answered once, found or missing, whatever its spelling.
pub async fn answers_duplicates_once(source: &dyn CrmSource, fixture: &CrmFixture) {
    let (first, second) = (fixture.deals[0].id.clone(), fixture.deals[1].id.clone());
    let unknown = DealId::new("999999999901");
    let asked = [&second, &unknown, &first, &second, &unknown, &first].map(Clone::clone);
    let batch = read(source.deals(&asked).await);
    assert_eq!(deal_ids(&batch.found), [second, first]);
    assert_eq!(batch.missing, [unknown]);

    let email = fixture.contacts[0].email.clone().unwrap_or_default();
    let asked = [
        &*email,
        "Nobody@nowhere.example",
        &*email.to_uppercase(),
        "nobody@nowhere.example",
    ];
    let batch = read(source.contacts_by_email(&asked.map(str::to_owned)).await);
    assert_eq!(batch.found, fixture.contacts[..1]);
    assert_eq!(batch.missing, ["Nobody@nowhere.example"]);
}

/// No keys, no records, no error.
pub async fn answers_an_empty_request_with_an_empty_batch(source: &dyn CrmSource, _: &CrmFixture) {
    fn assert_empty<T, Key>(answer: Result<Batch<T, Key>>) {
        let batch = read(answer);
        assert!(batch.found.is_empty() && batch.missing.is_empty());
        assert!(batch.merged.is_empty() && batch.matches.is_empty());
    }
    assert_empty(source.deals(&[]).await);
    assert_empty(source.contacts(&[]).await);
    assert_empty(source.contacts_by_email(&[]).await);
    assert_empty(source.companies(&[]).await);
    assert_empty(source.companies_by_domain(&[]).await);
    assert_empty(source.owners(&[]).await);
    let (from, to) = (CrmObjectKind::Deal, CrmObjectKind::Contact);
    assert_empty(source.associations(&from, &[], &to).await);
}

/// More keys than any backend takes at once: HubSpot's limit is 100.
pub async fn takes_requests_of_any_size(source: &dyn CrmSource, fixture: &CrmFixture) {
    let unknown: Vec<DealId> = (0..2_345)
        .map(|n| DealId::new(format!("88888888{n:04}")))
        .collect();
    let mut asked = unknown.clone();
    for (place, deal) in fixture.deals.iter().enumerate() {
        asked.insert(place * 10, deal.id.clone());
    }
    let batch = read(source.deals(&asked).await);
    assert_eq!(deal_ids(&batch.found), deal_ids(&fixture.deals));
    assert_eq!(batch.missing, unknown);
}
