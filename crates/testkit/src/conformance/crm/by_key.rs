//! Cases about records requested by address and by domain.

use calls::Company;
use hubspot_enrich::CrmSource;

use super::{CrmFixture, deal_ids, read};

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

/// `matches` names every record found by a key that is not an id, in the key's first spelling.
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
