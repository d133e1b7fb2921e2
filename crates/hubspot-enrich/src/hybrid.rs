//! Two CRM sources that stand in for each other.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use calls::{Company, CompanyId, Contact, ContactId, Deal, DealId, Stage};
use jiff::Timestamp;
use resilience::{Answered, Route};

use crate::batch::distinct_by;
use crate::lookup::{Companies, CompaniesByDomain, Contacts, ContactsByEmail, Deals, Lookup};
use crate::{Batch, CrmSource, Result};

/// Two sources as one: the primary answers, and the fallback where the
/// [`Route`] says so, and for what the primary misses if [`OnMissing`] says so.
///
/// It keeps the contract of [`CrmSource`], so it can stand anywhere a source can,
/// also in another `Hybrid`. A route's shares and shadows are by key: with a primary
/// share of 0.25 a quarter of the ids goes to the primary, always the same ones.
/// Shadow reads are taken per request, by its first key; disagreements are logged
/// with the numbers of records, never with their content.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OnMissing {
    /// The primary is right: what it misses is missing. For a fallback that may be
    /// older than the primary, and would bring archived records back.
    #[default]
    Accept,
    /// The fallback is asked too, and missing is what neither has. When it fails,
    /// the request fails, or a record would count as missing that nobody looked for.
    AskFallback,
}

impl<P: CrmSource, F: CrmSource> Hybrid<P, F> {
    /// Everything to the primary; the fallback for failures that the default
    /// [`Route`] names.
    pub fn new(primary: P, fallback: F) -> Self {
        let name = format!("{}, else {}", primary.name(), fallback.name());
        Self {
            primary,
            fallback,
            route: Route::default(),
            on_missing: OnMissing::default(),
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

    async fn lookup<L: Lookup>(&self, keys: &[L::Key]) -> Result<Batch<L::Record, L::Key>> {
        let asked = distinct_by(keys, L::spelled);
        let (ours, theirs): (Vec<&L::Key>, Vec<&L::Key>) = asked
            .iter()
            .copied()
            .partition(|key| self.route.prefers_primary(&L::spelled(key)));
        let (ours, theirs): (Vec<L::Key>, Vec<L::Key>) = (
            ours.into_iter().cloned().collect(),
            theirs.into_iter().cloned().collect(),
        );
        let (by_route, by_share) = tokio::try_join!(
            self.ask_primary::<L>(&ours),
            ask_unless_empty::<L, F>(&self.fallback, &theirs)
        )?;
        Ok(merge::<L>(&asked, by_route.into_iter().chain(by_share)))
    }

    /// Answers to keys of the primary's share: the primary's, then the fallback's.
    async fn ask_primary<L: Lookup>(
        &self,
        keys: &[L::Key],
    ) -> Result<Vec<Batch<L::Record, L::Key>>> {
        let Some(first) = keys.first() else {
            return Ok(Vec::new());
        };
        let routed = self
            .route
            .run_with_shadow(
                &L::spelled(first),
                || L::ask(&self.primary, keys),
                || L::ask(&self.fallback, keys),
                |ours, theirs| compare(L::NAME, ours, theirs),
            )
            .await?;
        self.note(L::NAME, routed.answered);
        let mut answer = routed.value;
        if routed.answered != Answered::Primary || self.on_missing == OnMissing::Accept {
            return Ok(vec![answer]);
        }
        let missing = std::mem::take(&mut answer.missing);
        let rest = ask_unless_empty::<L, F>(&self.fallback, &missing).await?;
        Ok(std::iter::once(answer).chain(rest).collect())
    }

    fn note(&self, request: &str, answered: Answered) {
        if !matches!(answered, Answered::Primary | Answered::FallbackByShare) {
            tracing::warn!(
                request,
                primary = self.primary.name(),
                fallback = self.fallback.name(),
                reason = ?answered,
                "the fallback answered in the primary's place"
            );
        }
    }
}

async fn ask_unless_empty<L: Lookup, S: CrmSource>(
    source: &S,
    keys: &[L::Key],
) -> Result<Option<Batch<L::Record, L::Key>>> {
    match keys {
        [] => Ok(None),
        keys => L::ask(source, keys).await.map(Some),
    }
}

/// Puts answers together, in the order that the contract wants.
fn merge<L: Lookup>(
    asked: &[&L::Key],
    answers: impl Iterator<Item = Batch<L::Record, L::Key>>,
) -> Batch<L::Record, L::Key> {
    let place: HashMap<String, usize> = asked
        .iter()
        .enumerate()
        .map(|(place, key)| (L::spelled(key), place))
        .collect();
    let place_of = |key: &str| place.get(key).copied().unwrap_or(usize::MAX);
    let mut merged = Batch::empty(Timestamp::now());
    for answer in answers {
        merged.read_at = merged.read_at.min(answer.read_at);
        merged.found.extend(answer.found);
        merged.missing.extend(answer.missing);
    }
    let mut seen = HashSet::new();
    merged
        .found
        .retain(|record| seen.insert(L::id(record).to_owned()));
    merged.found.sort_by(|a, b| L::id(a).cmp(L::id(b)));
    if L::BY_ID {
        merged
            .found
            .sort_by_cached_key(|record| place_of(L::id(record)));
    }
    merged
        .missing
        .sort_by_cached_key(|key| place_of(&L::spelled(key)));
    merged
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

    async fn deals(&self, ids: &[DealId]) -> Result<Batch<Deal, DealId>> {
        self.lookup::<Deals>(ids).await
    }

    async fn contacts(&self, ids: &[ContactId]) -> Result<Batch<Contact, ContactId>> {
        self.lookup::<Contacts>(ids).await
    }

    async fn contacts_by_email(&self, emails: &[String]) -> Result<Batch<Contact, String>> {
        self.lookup::<ContactsByEmail>(emails).await
    }

    async fn companies(&self, ids: &[CompanyId]) -> Result<Batch<Company, CompanyId>> {
        self.lookup::<Companies>(ids).await
    }

    async fn companies_by_domain(&self, domains: &[String]) -> Result<Batch<Company, String>> {
        self.lookup::<CompaniesByDomain>(domains).await
    }

    async fn stages(&self) -> Result<Vec<Stage>> {
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
            && routed.value.is_empty()
            && self.on_missing == OnMissing::AskFallback;
        if ask_again {
            self.fallback.stages().await
        } else {
            Ok(routed.value)
        }
    }
}
