//! Cases about what belongs together: merged records, owners, associations.

// The suite is test code, although it is a library.
#![allow(clippy::expect_used)]

use std::fmt::Debug;

use calls::{Association, CrmObjectKind, OwnerId};
use hubspot_enrich::{Batch, CrmSource, Merged};
use resilience::ErrorKind;

use super::{CrmFixture, read};

use CrmObjectKind::{Company, Contact, Deal};

/// An id that was merged away is answered by the survivor and noted, or missing.
pub async fn answers_merged_ids_as_declared(source: &dyn CrmSource, fixture: &CrmFixture) {
    fn check<T, Key: Clone + PartialEq + Debug>(
        source: &dyn CrmSource,
        merged: &Merged<Key>,
        batch: Batch<T, Key>,
        id: impl Fn(&T) -> Key,
    ) {
        if source.capabilities().resolves_merged {
            let found: Vec<Key> = batch.found.iter().map(id).collect();
            assert_eq!(
                (found, batch.missing),
                (vec![merged.survivor.clone()], vec![])
            );
            assert_eq!(batch.merged, std::slice::from_ref(merged));
        } else {
            assert_eq!(
                (batch.found.len(), batch.missing),
                (0, vec![merged.asked.clone()])
            );
            assert_eq!(batch.merged, []);
        }
    }
    let (deal, contact, company) = &fixture.merged;
    let deals = read(source.deals(std::slice::from_ref(&deal.asked)).await);
    check(source, deal, deals, |deal| deal.id.clone());
    let contacts = read(source.contacts(std::slice::from_ref(&contact.asked)).await);
    check(source, contact, contacts, |contact| contact.id.clone());
    let companies = read(source.companies(std::slice::from_ref(&company.asked)).await);
    check(source, company, companies, |company| company.id.clone());

    // Asked for under both ids, a record is found once, at the place of its own.
    let last = fixture.deals[7].id.clone();
    let asked = [deal.asked.clone(), deal.survivor.clone(), last.clone()];
    let batch = read(source.deals(&asked).await);
    let found: Vec<_> = batch.found.into_iter().map(|deal| deal.id).collect();
    assert_eq!(found, [deal.survivor.clone(), last.clone()]);

    // Otherwise survivors come last.
    let batch = read(source.deals(&[deal.asked.clone(), last.clone()]).await);
    let found: Vec<_> = batch.found.into_iter().map(|deal| deal.id).collect();
    assert_eq!(found[0], last);
}

/// Owners come in the order asked; those who left are found where the source says so.
pub async fn finds_owners_by_id(source: &dyn CrmSource, fixture: &CrmFixture) {
    let (first, last) = (&fixture.owners[0], &fixture.owners[2]);
    let left = &fixture.archived_owner;
    let unknown = OwnerId::new("99999901");
    let asked = [&last.id, &unknown, &left.id, &first.id, &last.id].map(Clone::clone);
    let batch = read(source.owners(&asked).await);
    if source.capabilities().finds_archived_owners {
        assert_eq!(batch.found, [last.clone(), left.clone(), first.clone()]);
        assert_eq!(batch.missing, [unknown]);
    } else {
        assert_eq!(batch.found, [last.clone(), first.clone()]);
        assert_eq!(batch.missing, [unknown, left.id.clone()]);
    }
}

/// Each end knows the other, and the primary one is the same from both sides.
pub async fn associates_in_every_direction(source: &dyn CrmSource, fixture: &CrmFixture) {
    let of_deals = |(from, to, is_primary): (&str, &str, bool)| Association {
        from_id: from.to_owned(),
        to_id: to.to_owned(),
        is_primary,
        labels: Vec::new(),
    };
    let deals_contacts: Vec<Association> = fixture
        .deals
        .iter()
        .flat_map(|deal| {
            let contacts = deal.contact_ids.iter();
            contacts.map(|contact| of_deals((deal.id.as_str(), contact.as_str(), false)))
        })
        .collect();
    let deals_companies: Vec<Association> = fixture
        .deals
        .iter()
        .flat_map(|deal| {
            let companies = deal.company_ids.iter().enumerate();
            companies
                .map(|(place, company)| of_deals((deal.id.as_str(), company.as_str(), place == 0)))
        })
        .collect();
    let contacts_companies: Vec<Association> = fixture
        .contacts
        .iter()
        .filter_map(|contact| {
            let company = contact.company_id.as_ref()?;
            Some(of_deals((contact.id.as_str(), company.as_str(), true)))
        })
        .collect();
    for (from, expected, to) in [
        (&Deal, &deals_contacts, &Contact),
        (&Deal, &deals_companies, &Company),
        (&Contact, &contacts_companies, &Company),
    ] {
        assert!(expected.len() > 4, "the fixture says something");
        check_direction(source, from, expected, to).await;
        check_direction(source, to, &turned_round(expected), from).await;
    }
}

/// Asks for every `from_id` at once.
async fn check_direction(
    source: &dyn CrmSource,
    from: &CrmObjectKind,
    expected: &[Association],
    to: &CrmObjectKind,
) {
    let mut ids: Vec<String> = expected.iter().map(|end| end.from_id.clone()).collect();
    ids.dedup();
    let batch = read(source.associations(from, &ids, to).await);
    assert_eq!(batch.missing, Vec::<String>::new(), "{from} to {to}");
    // What a source knows of labels is its own.
    let found: Vec<Association> = batch
        .found
        .into_iter()
        .map(|association| Association {
            labels: Vec::new(),
            ..association
        })
        .collect();
    assert_eq!(found, expected, "{from} to {to}");
}

/// The same associations from the other side, in the order of the contract.
fn turned_round(associations: &[Association]) -> Vec<Association> {
    let mut turned: Vec<Association> = associations
        .iter()
        .map(|association| Association {
            from_id: association.to_id.clone(),
            to_id: association.from_id.clone(),
            ..association.clone()
        })
        .collect();
    turned.sort_by(|a, b| {
        let place = |end: &Association| (end.from_id.clone(), !end.is_primary, end.to_id.clone());
        place(a).cmp(&place(b))
    });
    turned
}

/// A deal's primary company comes first, also in the deal itself, whatever the ids.
pub async fn finds_primary_associations_first(source: &dyn CrmSource, fixture: &CrmFixture) {
    let deal = &fixture.deals[3];
    let expected: Vec<&str> = deal.company_ids.iter().map(|id| id.as_str()).collect();
    assert!(expected[0] > expected[1], "the fixture says something");
    let ids = [deal.id.to_string(), deal.id.to_string()];
    let batch = read(source.associations(&Deal, &ids, &Company).await);
    let found: Vec<&str> = batch.found.iter().map(|end| &*end.to_id).collect();
    assert_eq!(found, expected);
    assert!(batch.found[0].is_primary && !batch.found[1].is_primary);
    let found = read(source.deals(std::slice::from_ref(&deal.id)).await).found;
    assert_eq!(found[0].company_ids, deal.company_ids);
}

/// Records that belong to nothing are missing, and so are records that do not exist.
pub async fn keeps_ids_without_associations_apart(source: &dyn CrmSource, fixture: &CrmFixture) {
    let alone = fixture.deals[0].id.to_string();
    let with = fixture.deals[1].id.to_string();
    let unknown = "999999999901".to_owned();
    let asked = [&unknown, &with, &alone, &unknown].map(Clone::clone);
    let batch = read(source.associations(&Deal, &asked, &Contact).await);
    assert!(
        batch
            .found
            .iter()
            .all(|association| association.from_id == with)
    );
    assert_eq!(batch.found.len(), fixture.deals[1].contact_ids.len());
    assert_eq!(batch.missing, [unknown, alone]);
}

/// What cannot be associated is `Unsupported`, not missing.
pub async fn refuses_kinds_that_nobody_associates(source: &dyn CrmSource, _: &CrmFixture) {
    let lead = CrmObjectKind::Other("no-such-kind".to_owned());
    let asked = ["1".to_owned()];
    for (from, to) in [(&lead, &Deal), (&Company, &lead)] {
        let error = source
            .associations(from, &asked, to)
            .await
            .expect_err("no answer");
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
