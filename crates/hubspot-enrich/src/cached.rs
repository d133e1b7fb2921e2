//! A source whose answers are cached for a while.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};
use moka::future::Cache;

use crate::aged::Aged;
use crate::batch::distinct_by;
use crate::lookup::{
    Associations, Companies, CompaniesByDomain, Contacts, ContactsByEmail, Deals, Lookup, Owners,
    merge,
};
use crate::{Batch, CrmCapabilities, CrmSource, Result, StageCatalogue, part};

/// Answers of one method by key, each a batch of its own.
type Kept<T, Key> = Cache<String, Arc<Batch<T, Key>>>;

/// Answers kept of each method, unless told otherwise.
const MAX_ANSWERS: u64 = 100_000;
/// Longest age that the cache underneath accepts is a thousand years.
const LONGEST_AGE: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A source whose answers are kept, key by key, until they are too old.
///
/// It keeps the contract of [`CrmSource`], so it can stand anywhere a source can. That a
/// key is missing is kept like a record is. How old an answer is shows in
/// [`Batch::read_at`] and [`Batch::as_of`], which are those of its oldest part; only keys that are not kept are
/// asked for, in one request.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), hubspot_enrich::Error> {
/// use std::sync::Arc;
/// use std::time::Duration;
/// use calls::CompanyId;
/// use hubspot_enrich::{Cached, CrmSource, InMemoryCrm};
///
/// # let company = |id: &str| calls::Company {
/// #     id: id.into(), name: None, domain: None, industry: None,
/// # };
/// let crm = Arc::new(InMemoryCrm::new().with_companies([company("7001")]));
/// let cached = Cached::new(Arc::clone(&crm), Duration::from_secs(600));
/// let first = cached.companies(&["7001".into()]).await?;
///
/// crm.archive_company(&CompanyId::new("7001"));
/// let second = cached.companies(&["7001".into()]).await?;
/// assert_eq!(second, first, "ten minutes have not passed, and read_at tells");
/// # Ok(())
/// # }
/// ```
pub struct Cached<S> {
    source: S,
    name: String,
    max_age: Duration,
    deals: Kept<Deal, DealId>,
    contacts: Kept<Contact, ContactId>,
    contacts_by_email: Kept<Contact, String>,
    companies: Kept<Company, CompanyId>,
    companies_by_domain: Kept<Company, String>,
    owners: Kept<Owner, OwnerId>,
    associations: Kept<Association, String>,
    stages: Aged<StageCatalogue>,
}

impl<S: CrmSource> Cached<S> {
    /// Keeps answers for `max_age` from the time they are given; zero keeps nothing. Of
    /// each method the 100,000 answers that are asked for most are kept.
    pub fn new(source: S, max_age: Duration) -> Self {
        Self::with_max_answers(source, max_age, MAX_ANSWERS)
    }

    /// As [`new`](Self::new), with another number of answers kept of each method.
    pub fn with_max_answers(source: S, max_age: Duration, max_answers: u64) -> Self {
        let max_age = max_age.min(LONGEST_AGE);
        Self {
            name: format!("cached {}", source.name()),
            source,
            max_age,
            deals: kept(max_age, max_answers),
            contacts: kept(max_age, max_answers),
            contacts_by_email: kept(max_age, max_answers),
            companies: kept(max_age, max_answers),
            companies_by_domain: kept(max_age, max_answers),
            owners: kept(max_age, max_answers),
            associations: kept(max_age, max_answers),
            stages: Aged::new(max_age),
        }
    }

    async fn lookup<L: Lookup>(
        &self,
        lookup: L,
        kept: &Kept<L::Record, L::Key>,
        keys: &[L::Key],
    ) -> Result<Batch<L::Record, L::Key>> {
        let name = lookup.name();
        let slot = |key: &L::Key| format!("{name}: {}", lookup.spelled(key));
        let asked = distinct_by(keys, |key| lookup.spelled(key));
        let mut parts: Vec<Batch<L::Record, L::Key>> = Vec::with_capacity(asked.len());
        let mut unknown: Vec<L::Key> = Vec::new();
        for key in &asked {
            match kept.get(&slot(key)).await {
                Some(part) => parts.push(part::spelled_as(&part, key)),
                None => unknown.push((*key).clone()),
            }
        }
        if !unknown.is_empty() {
            let answer = lookup.ask(&self.source, &unknown).await?;
            if !self.max_age.is_zero() {
                for (key, part) in unknown
                    .iter()
                    .zip(part::of_each(&lookup, &answer, &unknown))
                {
                    kept.insert(slot(key), Arc::new(part)).await;
                }
            }
            parts.push(answer);
        }
        Ok(merge(&lookup, &asked, parts.into_iter()))
    }
}

fn kept<T, Key>(max_age: Duration, max_answers: u64) -> Kept<T, Key>
where
    T: Send + Sync + 'static,
    Key: Send + Sync + 'static,
{
    Cache::builder()
        .max_capacity(max_answers)
        .time_to_live(max_age)
        .build()
}

#[async_trait]
impl<S: CrmSource> CrmSource for Cached<S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self) -> CrmCapabilities {
        let declared = self.source.capabilities();
        let kept = |lag: Option<Duration>| lag.map(|lag| lag.saturating_add(self.max_age));
        CrmCapabilities {
            max_lag: kept(declared.max_lag),
            catalogue_max_lag: kept(declared.catalogue_max_lag),
            ..declared
        }
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        self.lookup(Deals, &self.deals, ids).await
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        self.lookup(Contacts, &self.contacts, ids).await
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        self.lookup(ContactsByEmail, &self.contacts_by_email, emails)
            .await
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.lookup(Companies, &self.companies, ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.lookup(CompaniesByDomain, &self.companies_by_domain, domains)
            .await
    }

    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        self.lookup(Owners, &self.owners, ids).await
    }

    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        let (from, to) = (from.clone(), to.clone());
        self.lookup(Associations { from, to }, &self.associations, ids)
            .await
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        let (stages, _) = self.stages.get_or_read(self.source.stages()).await?;
        Ok(stages.as_ref().clone())
    }
}

impl<S: fmt::Debug> fmt::Debug for Cached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("source", &self.source)
            .field("max_age", &self.max_age)
            .finish_non_exhaustive()
    }
}
