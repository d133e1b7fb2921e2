//! Two CRM sources that stand in for each other.
//!
//! For callers that have the data share and the API.

use async_trait::async_trait;
use calls::{
    Association, Company, CompanyId, Contact, ContactId, CrmObjectKind, Deal, DealId, Owner,
    OwnerId,
};
use resilience::{Answered, Route};

use crate::batch::distinct_by;
use crate::lookup::{
    Associations, Companies, CompaniesByDomain, Contacts, ContactsByEmail, Deals, Lookup, Owners,
    merge,
};
use crate::{Batch, CrmCapabilities, CrmSource, Result, StageCatalogue};

/// Two sources as one: the primary answers, and the fallback where the
/// [`Route`] says so, and for what the primary misses if [`OnMissing`] says so.
///
/// It keeps the contract of [`CrmSource`], so it can stand anywhere a source can,
/// also in another `Hybrid`. What it [declares](CrmSource::capabilities) holds as long as
/// both sources answer: with [`OnMissing::AskFallback`] what either can find, else what
/// both can. A route's shares and shadows are by key: with a primary
/// share of 0.25 a quarter of the ids goes to the primary, always the same ones.
/// Shadow reads are taken per request, by its first key; disagreements are logged
/// with the numbers of records, never with their content.
///
/// # The data share with the REST API
/// `Hybrid::new(share, api)`: the share is the primary and answers what it has, which
/// costs HubSpot's limits nothing; the API is asked for what the share misses (made or
/// merged since, archived, found by a secondary address) and steps in when the share
/// cannot be read. What the share has may have been archived in the CRM since; how long
/// ago that may be is in [`Batch::as_of`]. `Hybrid::new(api, share)`: the API's answers,
/// and the share's when the API fails; what the API misses is missing.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), hubspot_enrich::Error> {
/// use hubspot_enrich::{CrmSource, Hybrid, InMemoryCrm, OnMissing};
///
/// # let company = |id: &str| calls::Company {
/// #     id: id.into(), name: None, domain: None, industry: None,
/// # };
/// let live = InMemoryCrm::new().with_companies([company("7001")]);
/// let export = InMemoryCrm::new().with_companies([company("7002")]);
/// let crm = Hybrid::new(live, export).with_on_missing(OnMissing::AskFallback);
///
/// let batch = crm.companies(&["7002".into(), "7001".into(), "7003".into()]).await?;
/// assert_eq!(batch.found, [company("7002"), company("7001")]);
/// assert_eq!(batch.missing, ["7003".into()]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Hybrid<P, F> {
    primary: P,
    fallback: F,
    route: Route,
    on_missing: OnMissing,
    name: String,
}

/// What a [`Hybrid`] does with keys that its primary misses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnMissing {
    /// The primary is right: what it misses is missing. For a fallback that may be
    /// older than the primary, and would bring archived records back.
    Accept,
    /// The fallback is asked too, and missing is what neither has. When it fails,
    /// the request fails, or a record would count as missing that nobody looked for.
    AskFallback,
}

impl<P: CrmSource, F: CrmSource> Hybrid<P, F> {
    /// Everything to the primary; the fallback for failures that the default
    /// [`Route`] names, and for what the primary misses when it
    /// [reads a copy](CrmCapabilities::reads_a_copy) and the fallback does not: what a
    /// copy misses may be younger than it.
    pub fn new(primary: P, fallback: F) -> Self {
        let name = format!("{}, else {}", primary.name(), fallback.name());
        let is_behind =
            primary.capabilities().reads_a_copy && !fallback.capabilities().reads_a_copy;
        Self {
            primary,
            fallback,
            route: Route::default().with_component("crm"),
            on_missing: if is_behind {
                OnMissing::AskFallback
            } else {
                OnMissing::Accept
            },
            name,
        }
    }

    /// Shares, timeout, breaker, shadow reads, and the failures that the fallback
    /// steps in for.
    #[must_use]
    pub fn with_route(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// What happens with keys that the primary misses.
    #[must_use]
    pub fn with_on_missing(mut self, on_missing: OnMissing) -> Self {
        self.on_missing = on_missing;
        self
    }

    async fn lookup<L: Lookup>(
        &self,
        lookup: L,
        keys: &[L::Key],
    ) -> Result<Batch<L::Record, L::Key>> {
        let asked = distinct_by(keys, |key| lookup.spelled(key));
        let (ours, theirs): (Vec<&L::Key>, Vec<&L::Key>) = asked
            .iter()
            .copied()
            .partition(|key| self.route.prefers_primary(&lookup.spelled(key)));
        let (ours, theirs): (Vec<L::Key>, Vec<L::Key>) = (
            ours.into_iter().cloned().collect(),
            theirs.into_iter().cloned().collect(),
        );
        let (by_route, by_share) = tokio::try_join!(
            self.ask_primary(&lookup, &ours),
            ask_unless_empty(&lookup, &self.fallback, &theirs)
        )?;
        Ok(merge(&lookup, &asked, by_route.into_iter().chain(by_share)))
    }

    /// Answers to keys of the primary's share: the primary's, then the fallback's.
    async fn ask_primary<L: Lookup>(
        &self,
        lookup: &L,
        keys: &[L::Key],
    ) -> Result<Vec<Batch<L::Record, L::Key>>> {
        let Some(first) = keys.first() else {
            return Ok(Vec::new());
        };
        let name = lookup.name();
        let routed = self
            .route
            .run_with_shadow(
                &lookup.spelled(first),
                || lookup.ask(&self.primary, keys),
                || lookup.ask(&self.fallback, keys),
                |ours, theirs| compare(&name, ours, theirs),
            )
            .await?;
        self.note(&name, routed.answered);
        let mut answer = routed.value;
        if routed.answered != Answered::Primary || self.on_missing == OnMissing::Accept {
            return Ok(vec![answer]);
        }
        let missing = std::mem::take(&mut answer.missing);
        let rest = ask_unless_empty(lookup, &self.fallback, &missing).await?;
        Ok(std::iter::once(answer).chain(rest).collect())
    }

    fn note(&self, request: &str, answered: Answered) {
        if !matches!(answered, Answered::Primary | Answered::FallbackByShare) {
            tracing::warn!(
                request,
                primary = self.primary.name(),
                fallback = self.fallback.name(),
                reason = ?answered,
                "the fallback answered instead of the primary"
            );
        }
    }
}

async fn ask_unless_empty<L: Lookup, S: CrmSource>(
    lookup: &L,
    source: &S,
    keys: &[L::Key],
) -> Result<Option<Batch<L::Record, L::Key>>> {
    match keys {
        [] => Ok(None),
        keys => lookup.ask(source, keys).await.map(Some),
    }
}

fn compare<T, Key>(request: &str, ours: &Result<Batch<T, Key>>, theirs: &Result<Batch<T, Key>>) {
    let counts = |answer: &Result<Batch<T, Key>>| {
        answer
            .as_ref()
            .map(|batch| (batch.found.len(), batch.missing.len()))
            .ok()
    };
    let (primary, fallback) = (counts(ours), counts(theirs));
    if primary != fallback {
        tracing::warn!(
            request,
            ?primary,
            ?fallback,
            "the sources disagree (found, missing)"
        );
    }
}

#[async_trait]
impl<P: CrmSource, F: CrmSource> CrmSource for Hybrid<P, F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn capabilities(&self) -> CrmCapabilities {
        let (ours, theirs) = (self.primary.capabilities(), self.fallback.capabilities());
        if self.on_missing == OnMissing::Accept {
            return ours.common(theirs);
        }
        // The primary is not asked for what goes to the fallback by share.
        let ours = match self.route.primary_share() >= 1.0 {
            true => ours,
            false => ours.common(theirs),
        };
        ours.complemented_by(theirs)
    }

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        self.lookup(Deals, ids).await
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        self.lookup(Contacts, ids).await
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        self.lookup(ContactsByEmail, emails).await
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.lookup(Companies, ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.lookup(CompaniesByDomain, domains).await
    }

    async fn owners(&self, ids: &[OwnerId]) -> Result<Batch<Owner, OwnerId>> {
        self.lookup(Owners, ids).await
    }

    async fn associations(
        &self,
        from: &CrmObjectKind,
        ids: &[String],
        to: &CrmObjectKind,
    ) -> Result<Batch<Association, String>> {
        let (from, to) = (from.clone(), to.clone());
        self.lookup(Associations { from, to }, ids).await
    }

    async fn stages(&self) -> Result<StageCatalogue> {
        let routed = self
            .route
            .run(
                "stages",
                || self.primary.stages(),
                || self.fallback.stages(),
            )
            .await?;
        self.note("stages", routed.answered);
        let ask_again = routed.answered == Answered::Primary
            && routed.value.stages.is_empty()
            && self.on_missing == OnMissing::AskFallback;
        if ask_again {
            self.fallback.stages().await
        } else {
            Ok(routed.value)
        }
    }
}
