//! What every [`CrmSource`] does, whatever stands behind it.
//!
//! [`crm_source_suite!`](crate::crm_source_suite) turns the cases into tests. Where the
//! contract leaves a choice (archived and merged records, secondary addresses, owners
//! who left) the case holds a source to what it
//! [declares](hubspot_enrich::CrmCapabilities). Cases tell nothing about errors, which
//! cannot be provoked from outside.

// The suite is test code, although it is a library.
#![allow(clippy::expect_used)]

use std::fmt::Debug;
use std::time::Duration;

use calls::{Company, CompanyId, ContactId, CrmObjectKind, Deal, DealId, Stage, Timestamp};
use hubspot_enrich::{Batch, CrmSource, Result};

mod fixture;
mod relations;
pub use fixture::CrmFixture;
pub use relations::{
    answers_merged_ids_as_declared, associates_in_every_direction, finds_owners_by_id,
    finds_primary_associations_first, keeps_ids_without_associations_apart,
    refuses_kinds_that_nobody_associates,
};

/// Makes the cases of this module tests of one implementation.
///
/// Takes a name for the module of tests and an async function from a [`CrmFixture`]
/// to a source that holds it. The calling crate needs `tokio` with its macros.
///
/// ```
/// use hubspot_enrich::InMemoryCrm;
/// use testkit::conformance::crm::CrmFixture;
///
/// async fn in_memory(fixture: CrmFixture) -> InMemoryCrm {
///     let crm = InMemoryCrm::new()
///         .with_deals(fixture.deals)
///         .with_contacts(fixture.contacts)
///         .with_companies(fixture.companies)
///         .with_stages(fixture.stages)
///         .with_owners(fixture.owners)
///         .with_owners([fixture.archived_owner]);
///     let (deal, contact, company) = fixture.merged;
///     crm.merge_deal(&deal.asked, &deal.survivor);
///     crm.merge_contact(&contact.asked, &contact.survivor);
///     crm.merge_company(&company.asked, &company.survivor);
///     let (contact, email) = fixture.secondary_email;
///     crm.put_secondary_email(&contact, &email);
///     crm
/// }
/// testkit::crm_source_suite!(in_memory_crm, in_memory);
/// ```
#[macro_export]
macro_rules! crm_source_suite {
    ($module:ident, $make:ident) => {
        $crate::crm_source_suite!(@cases $module, $make,
            has_a_name
            finds_records_by_id_in_the_order_asked
            keeps_missing_ids_apart
            treats_archived_records_as_declared
            answers_merged_ids_as_declared
            answers_duplicates_once
            answers_an_empty_request_with_an_empty_batch
            takes_requests_of_any_size
            matches_addresses_in_any_case
            matches_domains_in_any_case_and_with_www
            finds_every_company_of_a_domain
            says_which_key_found_which_record
            matches_secondary_addresses_as_declared
            finds_nothing_for_blank_keys
            finds_owners_by_id
            associates_in_every_direction
            finds_primary_associations_first
            keeps_ids_without_associations_apart
            refuses_kinds_that_nobody_associates
            lists_stages_by_pipeline_and_position
            dates_what_it_read
            answers_alike_at_once_and_after_a_dropped_request
        );
    };
    (@cases $module:ident, $make:ident, $($case:ident)+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $case() {
                    let fixture = $crate::conformance::crm::CrmFixture::new();
                    let source = super::$make(fixture.clone()).await;
                    $crate::conformance::crm::$case(&source, &fixture).await;
                }
            )+
        }
    };
}

fn read<T>(answer: Result<T>) -> T {
    answer.expect("a source that holds the fixture answers")
}

/// What the contract promises about a deal; labels, probabilities and owners' names
/// are filled by sources that know them.
fn promised(deal: &Deal) -> Deal {
    Deal {
        stage_label: None,
        probability: None,
        owner_name: None,
        ..deal.clone()
    }
}

fn deal_ids(deals: &[Deal]) -> Vec<DealId> {
    deals.iter().map(|deal| deal.id.clone()).collect()
}

/// The name is not empty and does not change.
pub async fn has_a_name(source: &dyn CrmSource, _: &CrmFixture) {
    assert!(!source.name().trim().is_empty());
    assert_eq!(source.name(), source.name());
}

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

/// Addresses match in any case and with white space around them.
pub async fn matches_addresses_in_any_case(source: &dyn CrmSource, fixture: &CrmFixture) {
    let contact = &fixture.contacts[2];
    let email = contact.email.clone().unwrap_or_default();
    let batch = read(
        source
            .contacts_by_email(&[format!(" {} ", email.to_uppercase())])
            .await,
    );
    assert_eq!(batch.found, std::slice::from_ref(contact));
    assert!(batch.missing.is_empty());
}

/// Domains match in any case, with and without `www.`.
pub async fn matches_domains_in_any_case_and_with_www(
    source: &dyn CrmSource,
    fixture: &CrmFixture,
) {
    let company = &fixture.companies[0];
    let domain = company.domain.clone().unwrap_or_default();
    for spelled in [
        domain.clone(),
        domain.to_uppercase(),
        format!(" www.{domain} "),
    ] {
        let batch = read(source.companies_by_domain(&[spelled]).await);
        assert_eq!(batch.found, std::slice::from_ref(company));
        assert!(batch.missing.is_empty());
    }
}

/// Companies that share a domain are all found, by ascending id.
pub async fn finds_every_company_of_a_domain(source: &dyn CrmSource, fixture: &CrmFixture) {
    let asked = ["unheard-of.example", CrmFixture::SHARED_DOMAIN].map(str::to_owned);
    let batch = read(source.companies_by_domain(&asked).await);
    let mut sharing: Vec<Company> = fixture
        .companies
        .iter()
        .filter(|company| company.domain.as_deref() == Some(CrmFixture::SHARED_DOMAIN))
        .cloned()
        .collect();
    sharing.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(batch.found, sharing);
    assert_eq!(batch.missing, asked[..1]);
}

/// `matches` names every record found by a key that is no id, in the key's first spelling.
pub async fn says_which_key_found_which_record(source: &dyn CrmSource, fixture: &CrmFixture) {
    let spelled = CrmFixture::SHARED_DOMAIN.to_uppercase();
    let first = fixture.companies[0].domain.clone().unwrap_or_default();
    let asked = [
        spelled.clone(),
        first.clone(),
        CrmFixture::SHARED_DOMAIN.to_owned(),
    ];
    let batch = read(source.companies_by_domain(&asked).await);
    let sharing = fixture
        .companies
        .iter()
        .filter(|company| company.domain.as_deref() == Some(CrmFixture::SHARED_DOMAIN));
    let expected: Vec<(&str, &str)> = sharing
        .map(|company| (&*spelled, company.id.as_str()))
        .chain([(&*first, fixture.companies[0].id.as_str())])
        .collect();
    let matches: Vec<(&str, &str)> = batch
        .matches
        .iter()
        .map(|pair| (&*pair.key, &*pair.id))
        .collect();
    assert_eq!(matches, expected);
    assert_eq!(batch.found.len(), 3);
    let by_id = read(source.deals(&deal_ids(&fixture.deals)).await);
    assert_eq!(by_id.matches, []);
}

/// A contact is found by an address that it does not show, where the source says so.
pub async fn matches_secondary_addresses_as_declared(source: &dyn CrmSource, fixture: &CrmFixture) {
    let (id, email) = &fixture.secondary_email;
    let asked = [email.to_uppercase()];
    let batch = read(source.contacts_by_email(&asked).await);
    if !source.capabilities().matches_secondary_emails {
        assert_eq!((batch.found, batch.missing), (vec![], asked.to_vec()));
        return;
    }
    let expected = fixture.contacts.iter().find(|contact| contact.id == *id);
    assert_eq!(
        batch.found.iter().collect::<Vec<_>>(),
        expected.into_iter().collect::<Vec<_>>()
    );
    assert_eq!(batch.missing, Vec::<String>::new());
    assert_eq!(batch.matches.len(), 1);
    assert_eq!(
        (&batch.matches[0].key, &*batch.matches[0].id),
        (&asked[0], id.as_str())
    );
}

/// Blank keys are missing, also where records lack the field.
pub async fn finds_nothing_for_blank_keys(source: &dyn CrmSource, _: &CrmFixture) {
    let blank = [String::new(), "  ".to_owned()];
    let contacts = read(source.contacts_by_email(&blank).await);
    assert_eq!(
        (contacts.found, contacts.missing),
        (vec![], vec![String::new()])
    );
    let companies = read(source.companies_by_domain(&blank).await);
    assert_eq!(
        (companies.found, companies.missing),
        (vec![], vec![String::new()])
    );
}

/// All stages of all pipelines, in order.
pub async fn lists_stages_by_pipeline_and_position(source: &dyn CrmSource, fixture: &CrmFixture) {
    let mut expected: Vec<Stage> = fixture.stages.clone();
    expected
        .sort_by(|a, b| (&a.pipeline_id, a.display_order).cmp(&(&b.pipeline_id, b.display_order)));
    assert_eq!(read(source.stages().await), expected);
}

/// `read_at` is not in the future.
pub async fn dates_what_it_read(source: &dyn CrmSource, fixture: &CrmFixture) {
    let batch = read(source.deals(&deal_ids(&fixture.deals)).await);
    assert!(batch.read_at <= Timestamp::now());
    assert!(batch.read_at > Timestamp::UNIX_EPOCH);
}

/// Requests at the same time do not disturb each other, nor does one that is dropped.
pub async fn answers_alike_at_once_and_after_a_dropped_request(
    source: &dyn CrmSource,
    fixture: &CrmFixture,
) {
    let ids = deal_ids(&fixture.deals);
    // Polled once, then dropped unless it was ready.
    let _ = tokio::time::timeout(Duration::ZERO, source.deals(&ids)).await;
    let (all, half, stages) = tokio::join!(
        source.deals(&ids),
        source.deals(&ids[..ids.len() / 2]),
        source.stages()
    );
    assert_eq!(deal_ids(&read(all).found), ids);
    assert_eq!(deal_ids(&read(half).found), ids[..ids.len() / 2]);
    assert_eq!(read(stages).len(), fixture.stages.len());
}
