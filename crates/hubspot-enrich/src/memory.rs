//! A CRM held by the program itself.

use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, PipelineId, Stage, StageId};
use jiff::Timestamp;

use crate::batch::distinct_by;
use crate::{Batch, CrmSource, Result, match_key};

/// Records in memory: for trials, demonstrations, tests, and teams that load an
/// export of their CRM.
///
/// It can be changed while it is shared, so that a test may archive a deal between
/// two runs. Reading by id costs O(log n) per id; by e-mail or domain it walks all
/// records once per request.
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

#[derive(Debug, Default)]
struct Records {
    deals: BTreeMap<DealId, Deal>,
    contacts: BTreeMap<ContactId, Contact>,
    companies: BTreeMap<CompanyId, Company>,
    stages: BTreeMap<(PipelineId, StageId), Stage>,
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

    /// Adds or replaces a deal.
    pub fn put_deal(&self, deal: Deal) {
        self.write().deals.insert(deal.id.clone(), deal);
    }

    /// Adds or replaces a contact.
    pub fn put_contact(&self, contact: Contact) {
        self.write().contacts.insert(contact.id.clone(), contact);
    }

    /// Adds or replaces a company.
    pub fn put_company(&self, company: Company) {
        self.write().companies.insert(company.id.clone(), company);
    }

    /// Adds or replaces a stage.
    pub fn put_stage(&self, stage: Stage) {
        let key = (stage.pipeline_id.clone(), stage.id.clone());
        self.write().stages.insert(key, stage);
    }

    /// Takes a deal out of sight and hands it back; `None` when there is none.
    /// [`put_deal`](Self::put_deal) restores it.
    pub fn archive_deal(&self, id: &DealId) -> Option<Deal> {
        self.write().deals.remove(id)
    }

    /// Takes a contact out of sight, as [`archive_deal`](Self::archive_deal) does.
    pub fn archive_contact(&self, id: &ContactId) -> Option<Contact> {
        self.write().contacts.remove(id)
    }

    /// Takes a company out of sight, as [`archive_deal`](Self::archive_deal) does.
    pub fn archive_company(&self, id: &CompanyId) -> Option<Company> {
        self.write().companies.remove(id)
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

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        Ok(by_id(&self.read().deals, ids))
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        Ok(by_id(&self.read().contacts, ids))
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        let email = |contact: &Contact| contact.email.as_deref().map(match_key::email);
        Ok(by_key(
            &self.read().contacts,
            emails,
            match_key::email,
            email,
        ))
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        Ok(by_id(&self.read().companies, ids))
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        let domain = |company: &Company| company.domain.as_deref().map(match_key::domain);
        Ok(by_key(
            &self.read().companies,
            domains,
            match_key::domain,
            domain,
        ))
    }

    async fn stages(&self) -> Result<Vec<Stage>> {
        let mut stages: Vec<Stage> = self.read().stages.values().cloned().collect();
        stages.sort_by(|a, b| {
            let place = |stage: &Stage| stage.display_order;
            a.pipeline_id
                .cmp(&b.pipeline_id)
                .then_with(|| place(a).cmp(&place(b)))
        });
        Ok(stages)
    }
}

fn by_id<Id: Ord + Hash + Clone, T: Clone>(records: &BTreeMap<Id, T>, ids: &[Id]) -> Batch<T, Id> {
    let mut batch = Batch::empty(Timestamp::now());
    for id in distinct_by(ids, |id| id) {
        match records.get(id) {
            Some(record) => batch.found.push(record.clone()),
            None => batch.missing.push(id.clone()),
        }
    }
    batch
}

fn by_key<Id: Ord, T: Clone>(
    records: &BTreeMap<Id, T>,
    keys: &[String],
    spell: impl Fn(&str) -> String,
    key_of: impl Fn(&T) -> Option<String>,
) -> Batch<T, String> {
    let mut batch = Batch::empty(Timestamp::now());
    let wanted: HashSet<String> = keys
        .iter()
        .map(|key| spell(key))
        .filter(|key| !key.is_empty())
        .collect();
    let mut answered = HashSet::new();
    for record in records.values() {
        if let Some(key) = key_of(record).filter(|key| wanted.contains(key)) {
            batch.found.push(record.clone());
            answered.insert(key);
        }
    }
    batch.missing = distinct_by(keys, |key| spell(key))
        .into_iter()
        .filter(|key| !answered.contains(&spell(key)))
        .cloned()
        .collect();
    batch
}
