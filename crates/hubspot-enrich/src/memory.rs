//! A CRM held by the program itself.
//!
//! For callers that test against a CRM.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId, Stage,
};
use jiff::Timestamp;

use crate::{Batch, CrmCapabilities, CrmSource, Result, StageCatalogue, match_key};

mod associations;
mod table;
use table::Records;

/// Records in memory: for trials, demonstrations, tests, and teams that load an
/// export of their CRM.
///
/// It can be changed while it is shared, so that a test may archive a deal between
/// two runs. Reading by id costs O(log n) per id; by e-mail or domain, and by an
/// association, it walks all records once per request.
///
/// Associations are those that the records themselves name: [`Deal::contact_ids`],
/// [`Deal::company_ids`], whose first is the primary one, and [`Contact::company_id`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), hubspot_enrich::Error> {
/// use calls::{Contact, ContactId};
/// use hubspot_enrich::{CrmSource, InMemoryCrm};
///
/// let crm = InMemoryCrm::new().with_contacts([Contact {
///     id: ContactId::new("501"),
///     email: Some("ana@buyer.example".into()),
///     name: Some("Ana Diaz".into()),
///     title: None,
///     company_id: None,
/// }]);
/// let asked = ["Ana@Buyer.example".to_owned()];
/// assert_eq!(crm.contacts_by_email(&asked).await?.found.len(), 1);
///
/// crm.archive_contact(&ContactId::new("501"));
/// assert_eq!(crm.contacts_by_email(&asked).await?.missing, asked);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct InMemoryCrm {
    records: RwLock<Records>,
}

impl InMemoryCrm {
    /// A CRM without records.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds deals; one whose id is known replaces the known one.
    #[must_use]
    pub fn with_deals(self, deals: impl IntoIterator<Item = Deal>) -> Self {
        deals.into_iter().for_each(|deal| self.put_deal(deal));
        self
    }

    /// Adds contacts; one whose id is known replaces the known one.
    #[must_use]
    pub fn with_contacts(self, contacts: impl IntoIterator<Item = Contact>) -> Self {
        contacts
            .into_iter()
            .for_each(|contact| self.put_contact(contact));
        self
    }

    /// Adds companies; one whose id is known replaces the known one.
    #[must_use]
    pub fn with_companies(self, companies: impl IntoIterator<Item = Company>) -> Self {
        companies
            .into_iter()
            .for_each(|company| self.put_company(company));
        self
    }

    /// Adds stages; one whose pipeline and id are known replaces the known one.
    #[must_use]
    pub fn with_stages(self, stages: impl IntoIterator<Item = Stage>) -> Self {
        stages.into_iter().for_each(|stage| self.put_stage(stage));
        self
    }

    /// Adds owners; one whose id is known replaces the known one.
    #[must_use]
    pub fn with_owners(self, owners: impl IntoIterator<Item = Owner>) -> Self {
        owners.into_iter().for_each(|owner| self.put_owner(owner));
        self
    }

    /// Adds or replaces a deal.
    pub fn put_deal(&self, deal: Deal) {
        self.write().deals.put(deal);
    }

    /// Adds or replaces a contact.
    pub fn put_contact(&self, contact: Contact) {
        self.write().contacts.put(contact);
    }

    /// Adds or replaces a company.
    pub fn put_company(&self, company: Company) {
        self.write().companies.put(company);
    }

    /// Adds or replaces a stage.
    pub fn put_stage(&self, stage: Stage) {
        let key = (stage.pipeline_id.clone(), stage.id.clone());
        self.write().stages.insert(key, stage);
    }

    /// Adds or replaces an owner.
    pub fn put_owner(&self, owner: Owner) {
        self.write().owners.put(owner);
    }

    /// Lets a contact be found by an address that [`Contact::email`] does not show.
    pub fn put_secondary_email(&self, id: &ContactId, email: &str) {
        let email = match_key::email(email);
        if !email.is_empty() {
            self.write().secondary_emails.insert(email, id.clone());
        }
    }

    /// Hides a deal and returns it; `None` when there is none.
    /// [`put_deal`](Self::put_deal) restores it.
    pub fn archive_deal(&self, id: &DealId) -> Option<Deal> {
        self.write().deals.take(id)
    }

    /// Hides a contact, as [`archive_deal`](Self::archive_deal) does.
    pub fn archive_contact(&self, id: &ContactId) -> Option<Contact> {
        self.write().contacts.take(id)
    }

    /// Hides a company, as [`archive_deal`](Self::archive_deal) does.
    pub fn archive_company(&self, id: &CompanyId) -> Option<Company> {
        self.write().companies.take(id)
    }

    /// Merges a deal into another: its record is gone, and from now on its id is answered
    /// by the survivor. What other records name stays as it is.
    pub fn merge_deal(&self, id: &DealId, into: &DealId) {
        self.write().deals.merge(id, into);
    }

    /// Merges a contact into another, as [`merge_deal`](Self::merge_deal) does.
    pub fn merge_contact(&self, id: &ContactId, into: &ContactId) {
        self.write().contacts.merge(id, into);
    }

    /// Merges a company into another, as [`merge_deal`](Self::merge_deal) does.
    pub fn merge_company(&self, id: &CompanyId, into: &CompanyId) {
        self.write().companies.merge(id, into);
    }

    // A panic cannot leave the maps half changed, so a poisoned lock is still good.
    fn read(&self) -> RwLockReadGuard<'_, Records> {
        self.records.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Records> {
        self.records.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl CrmSource for InMemoryCrm {
    fn name(&self) -> &str {
        "in-memory"
    }

    fn capabilities(&self) -> CrmCapabilities {
        CrmCapabilities {
            resolves_merged: true,
            finds_archived: false,
            finds_archived_owners: true,
            matches_secondary_emails: true,
            reads_a_copy: false,
            max_lag: Some(Duration::ZERO),
            catalogue_max_lag: Some(Duration::ZERO),
        }
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        Ok(self.read().deals.by_id(ids))
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        Ok(self.read().contacts.by_id(ids))
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        let records = self.read();
        Ok(records
            .contacts
            .by_key(emails, match_key::email, |contact| {
                let main = contact.email.as_deref().map(match_key::email);
                let others = records.secondary_emails.iter();
                let others = others.filter(|(_, id)| **id == contact.id);
                main.into_iter()
                    .chain(others.map(|(email, _)| email.clone()))
                    .collect()
            }))
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        Ok(self.read().companies.by_id(ids))
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        Ok(self
            .read()
            .companies
            .by_key(domains, match_key::domain, |company| {
                let domain = company.domain.as_deref().map(match_key::domain);
                domain.into_iter().collect()
            }))
    }

    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        Ok(self.read().owners.by_id(ids))
    }

    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        associations::between(&self.read(), from, ids, to)
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        let stages = self.read().stages.values().cloned().collect();
        Ok(StageCatalogue::new(stages, Timestamp::now()))
    }
}
