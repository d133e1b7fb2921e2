//! A CRM in memory that notes what it is asked for, and a store with calls.
#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId, Stage, Timestamp,
};
use hubspot_enrich::{
    Batch, CrmCapabilities, CrmSource, Error, InMemoryCrm, Result, UnreadableValue,
};
use ingest::{Enricher, EnrichmentReport};
use resilience::ErrorKind;
use serde_json::{Value, json};
use snowflake_store::{
    CallDetail, CallReader, CallStore, LandingPage, SqliteStore, TransformScope,
};
use testkit::conformance::store::CallDocument;

/// When the calls of these tests take place, unless they say otherwise.
pub(crate) const CALL_TIME: &str = "2026-03-02T10:00:00Z";

/// A CRM that notes what it is asked for.
#[derive(Debug)]
pub(crate) struct NotingCrm<S = InMemoryCrm> {
    pub(crate) records: S,
    /// Name of the question, and how many keys it was about.
    asked: Mutex<Vec<(String, usize)>>,
    /// Name of a question that fails.
    pub(crate) failing: Mutex<Option<&'static str>>,
    /// How it fails.
    pub(crate) failing_with: Mutex<ErrorKind>,
    /// A value that contacts found by address have and that cannot be read.
    pub(crate) unreadable: Mutex<Option<String>>,
}

impl<S> NotingCrm<S> {
    pub(crate) fn over(records: S) -> Self {
        Self {
            records,
            asked: Mutex::default(),
            failing: Mutex::default(),
            failing_with: Mutex::new(ErrorKind::Transient),
            unreadable: Mutex::default(),
        }
    }

    fn note(&self, question: impl Into<String>, keys: usize) -> Result<()> {
        let question = question.into();
        if *self.failing.lock().unwrap() == Some(question.as_str()) {
            let kind = *self.failing_with.lock().unwrap();
            return Err(Error::new(kind, "the CRM is out"));
        }
        self.asked.lock().unwrap().push((question, keys));
        Ok(())
    }

    /// What was asked since the last time, and forgets it.
    pub(crate) fn asked(&self) -> Vec<(String, usize)> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

/// The requests that HubSpot's batches cost for what was asked: 100 records, or the
/// associations of 1,000. Deals come with the associations of two kinds.
pub(crate) fn requests_for(asked: &[(String, usize)]) -> usize {
    asked
        .iter()
        .map(|(question, keys)| match question.as_str() {
            "deals" => keys.div_ceil(100) + 2 * keys.div_ceil(1_000),
            "stages" | "owners" => 1,
            question if question.starts_with("associations") => keys.div_ceil(1_000),
            _ => keys.div_ceil(100),
        })
        .sum()
}

#[async_trait]
impl<S: CrmSource> CrmSource for NotingCrm<S> {
    fn name(&self) -> &str {
        "noting"
    }

    fn capabilities(&self) -> CrmCapabilities {
        self.records.capabilities()
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        self.note("deals", ids.len())?;
        self.records.deals(ids).await
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        self.note("contacts", ids.len())?;
        self.records.contacts(ids).await
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        self.note("contacts by email", emails.len())?;
        let mut batch = self.records.contacts_by_email(emails).await?;
        let unreadable = self.unreadable.lock().unwrap().clone();
        batch
            .unreadable
            .extend(unreadable.map(|raw| UnreadableValue {
                record_id: "c-1".to_owned(),
                property: "email".to_owned(),
                raw,
                expected: "an address",
            }));
        Ok(batch)
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.note("companies", ids.len())?;
        self.records.companies(ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.note("companies by domain", domains.len())?;
        self.records.companies_by_domain(domains).await
    }

    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        self.note("owners", ids.len())?;
        self.records.owners(ids).await
    }

    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        self.note(format!("associations of {from} with {to}"), ids.len())?;
        self.records.associations(from, ids, to).await
    }

    async fn stages(&self) -> Result<hubspot_enrich::StageCatalogue> {
        self.note("stages", 1)?;
        self.records.stages().await
    }
}

/// A store with calls beside a CRM.
pub(crate) struct CrmWorld {
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) crm: Arc<NotingCrm>,
}

impl CrmWorld {
    pub(crate) async fn new(records: InMemoryCrm, calls: Vec<CallDocument>) -> Self {
        let world = Self {
            store: Arc::new(SqliteStore::in_memory().await.unwrap()),
            crm: Arc::new(NotingCrm::over(records)),
        };
        world.land(calls).await;
        world
    }

    pub(crate) async fn land(&self, calls: Vec<CallDocument>) {
        land(&*self.store, calls).await;
    }

    /// Enriches what is older than an instant.
    pub(crate) async fn enrich(&self, older_than: Timestamp) -> EnrichmentReport {
        self.try_enrich(older_than).await.unwrap()
    }

    pub(crate) async fn try_enrich(
        &self,
        older_than: Timestamp,
    ) -> ingest::Result<EnrichmentReport> {
        let store = Arc::clone(&self.store) as Arc<dyn CallStore>;
        let crm = Arc::clone(&self.crm) as Arc<dyn CrmSource>;
        Enricher::new(crm, store).enrich(older_than).await
    }

    pub(crate) async fn call(&self, id: &str) -> CallDetail {
        self.store.call_detail(&id.into()).await.unwrap().unwrap()
    }
}

/// Lands and transforms calls.
pub(crate) async fn land(store: &dyn CallStore, calls: Vec<CallDocument>) {
    let page =
        LandingPage::new("run").with_calls(calls.iter().map(CallDocument::document).collect());
    let landed = store.land(page).await.unwrap();
    let scope = TransformScope::Calls(landed.changed);
    assert_eq!(store.transform(scope).await.unwrap().failed, []);
}

/// A call of Ana with outsiders of these addresses.
pub(crate) fn call_with(id: &str, emails: &[&str]) -> CallDocument {
    let outsiders = emails.iter().map(|email| {
        json!({"id": email, "name": email, "emailAddress": email, "affiliation": "External"})
    });
    let ana = json!({"id": "ana", "userId": "u-ana", "name": "Ana Reyes",
                     "emailAddress": "ana@seller.test", "affiliation": "Internal"});
    let parties: Vec<Value> = std::iter::once(ana).chain(outsiders).collect();
    CallDocument::new(id)
        .at(CALL_TIME)
        .with_part("parties", parties.into())
}

/// A deal that was open when the calls took place.
pub(crate) fn deal(id: &str, contacts: &[&str], companies: &[&str]) -> Deal {
    let mut deal = Deal::new(id);
    deal.name = Some(format!("Deal {id}"));
    deal.amount = "1200.50".parse().ok();
    deal.currency = Some("EUR".to_owned());
    deal.pipeline_id = Some("default".into());
    deal.stage_id = Some("demo".into());
    deal.close_date = "2026-06-30T00:00:00Z".parse().ok();
    deal.created = "2026-02-01T00:00:00Z".parse().ok();
    deal.owner_id = Some("o-1".into());
    deal.contact_ids = contacts.iter().map(|id| ContactId::from(*id)).collect();
    deal.company_ids = companies.iter().map(|id| CompanyId::from(*id)).collect();
    deal
}

pub(crate) fn contact(id: &str, email: &str, company: Option<&str>) -> Contact {
    Contact {
        id: id.into(),
        email: Some(email.to_owned()),
        name: Some(format!("Contact {id}")),
        title: None,
        company_id: company.map(CompanyId::from),
    }
}

pub(crate) fn company(id: &str, domain: &str) -> Company {
    Company {
        id: id.into(),
        name: Some(format!("Company {id}")),
        domain: Some(domain.to_owned()),
        industry: None,
    }
}

pub(crate) fn stage() -> Stage {
    Stage {
        pipeline_id: "default".into(),
        id: "demo".into(),
        label: "Demo booked".to_owned(),
        probability: Some(0.4),
        display_order: 0,
    }
}

pub(crate) fn owner() -> Owner {
    Owner {
        id: "o-1".into(),
        name: Some("Ana Reyes".to_owned()),
        email: None,
        archived: false,
    }
}
