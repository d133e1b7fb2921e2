//! A store between agents and another store that fails on demand.

mod whole;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use calls::{CallId, Provenance, Timestamp};
use resilience::ErrorKind;
use snowflake_store::{
    CallDetail, CallHeader, CallInsights, CallQuery, CallReader, CallReading, ChunkEmbedding,
    ChunkHit, CoachingCall, Colleague, CrmMatch, CrmSnapshot, CrmWanted, Error, FindingHit,
    Insights, KnownName, NameKind, Period, Rep, RepFigures, Result,
};

/// How a [`FaultySource`] fails.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum SourceFault {
    /// No request is ever answered.
    Hangs,
    /// Every request is refused: `Permission`.
    Refuses,
    /// No request is one that it can answer: `Unsupported`.
    Unable,
    /// Every request fails: `Transient`.
    Fails,
    /// No reply can be read: `Decode`.
    Rubbish,
    /// Replies are read, and point to sentences and calls that do not exist.
    Garbled,
    /// So many requests are answered, then each fails: `Transient`.
    DiesAfter(u64),
    /// This share of the requests, 0 to 1, fails: `Transient`.
    Fitful(f64),
}

/// A store that fails on demand.
///
/// ```
/// use snowflake_store::{CallReader, SqliteStore};
/// use testkit::faulty::{FaultySource, SourceFault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> snowflake_store::Result<()> {
/// let store = FaultySource::new(SqliteStore::in_memory().await?, 1);
/// store.set_fault(Some(SourceFault::Fails));
/// assert!(store.call_detail(&"7".into()).await.is_err());
/// store.set_fault(None);
/// assert!(store.call_detail(&"7".into()).await?.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FaultySource<S> {
    inner: S,
    fault: Mutex<Option<SourceFault>>,
    random: Mutex<fastrand::Rng>,
    since_fault: AtomicU64,
    keeps: bool,
}

impl<S> FaultySource<S> {
    /// A store that does not fail yet. The seed is that of [`SourceFault::Fitful`].
    pub fn new(inner: S, seed: u64) -> Self {
        Self {
            inner,
            fault: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
            since_fault: AtomicU64::new(0),
            keeps: true,
        }
    }

    /// Takes what is to be kept and drops it, so that tasks leave no trace.
    #[must_use]
    pub fn keeping_nothing(mut self) -> Self {
        self.keeps = false;
        self
    }

    /// Fails from now on, or works again.
    pub fn set_fault(&self, fault: Option<SourceFault>) {
        *lock(&self.fault) = fault;
        self.since_fault.store(0, Ordering::SeqCst);
    }

    /// Requests since the fault was last set.
    pub fn requests(&self) -> u64 {
        self.since_fault.load(Ordering::SeqCst)
    }

    /// Fails as a request now fails; else says whether its reply is garbled.
    async fn request(&self) -> Result<bool> {
        let number = self.since_fault.fetch_add(1, Ordering::SeqCst);
        let fault = *lock(&self.fault);
        let fail = |kind, message| Err(Error::new(kind, message));
        let down = || fail(ErrorKind::Transient, "the store is down");
        match fault {
            Some(SourceFault::Hangs) => std::future::pending().await,
            Some(SourceFault::Refuses) => fail(ErrorKind::Permission, "the store refuses"),
            Some(SourceFault::Unable) => fail(ErrorKind::Unsupported, "no such questions here"),
            Some(SourceFault::Fails) => down(),
            Some(SourceFault::Rubbish) => fail(ErrorKind::Decode, "the reply cannot be read"),
            Some(SourceFault::DiesAfter(most)) if number >= most => down(),
            Some(SourceFault::Fitful(share)) if lock(&self.random).f64() < share => down(),
            Some(SourceFault::Garbled) => Ok(true),
            _ => Ok(false),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Far behind the last sentence of any call.
const NOWHERE: u32 = 900_000;

fn garbled_reading(mut kept: CallReading) -> CallReading {
    let reading = &mut kept.reading;
    let sentences = reading
        .next_steps
        .iter_mut()
        .map(|one| &mut one.sentences)
        .chain(reading.pushback.iter_mut().map(|one| &mut one.sentences))
        .chain(reading.competitors.iter_mut().map(|one| &mut one.sentences))
        .chain(reading.pains.iter_mut().map(|one| &mut one.sentences))
        .chain(reading.praise.iter_mut().map(|one| &mut one.sentences));
    for all in sentences {
        *all = vec![NOWHERE as usize];
    }
    kept
}

/// Figures that nobody can have measured.
fn garbled_figures(mut row: RepFigures) -> RepFigures {
    row.figures.talk_ratio = Some(f64::NAN);
    row.figures.sentiment = Some(f64::INFINITY);
    row
}

fn garbled_detail(mut detail: CallDetail) -> CallDetail {
    detail.readings = detail.readings.into_iter().map(garbled_reading).collect();
    if let Some(insights) = &mut detail.insights {
        insights.sentence_sentiments = vec![(NOWHERE, 0.9), (0, f64::NAN), (1, 700.0)];
        for finding in insights.next_steps.iter_mut().flatten() {
            finding.sentences = vec![NOWHERE];
        }
    }
    detail
}

fn garbled_hit(mut hit: ChunkHit) -> ChunkHit {
    (hit.first_sentence, hit.last_sentence) = (NOWHERE, NOWHERE + 3);
    hit
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: CallReader> CallReader for FaultySource<S> {
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
        let is_garbled = self.request().await?;
        let detail = self.inner.call_detail(id).await?;
        Ok(match is_garbled {
            true => detail.map(garbled_detail),
            false => detail,
        })
    }

    async fn readings<'a>(
        &self,
        ids: &[CallId],
        reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>> {
        let is_garbled = self.request().await?;
        let readings = self.inner.readings(ids, reader).await?;
        Ok(match is_garbled {
            true => readings.into_iter().map(garbled_reading).collect(),
            false => readings,
        })
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        let is_garbled = self.request().await?;
        let mut found = self.inner.find_calls(query).await?;
        if is_garbled && let Some(first) = found.first_mut() {
            first.id = "no such call".into();
        }
        Ok(found)
    }

    async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>> {
        let is_garbled = self.request().await?;
        let mut names = self.inner.names(kind).await?;
        let ids = names.iter_mut().filter(|_| is_garbled);
        ids.for_each(|known| known.id = Some("nobody".to_owned()));
        Ok(names)
    }

    async fn colleagues(&self) -> Result<Vec<Colleague>> {
        let is_garbled = self.request().await?;
        let mut colleagues = self.inner.colleagues().await?;
        // Everybody reports to themselves.
        for one in colleagues.iter_mut().filter(|_| is_garbled) {
            one.manager_id = Some(one.id.clone());
        }
        Ok(colleagues)
    }

    async fn calls_for_coaching<'a>(
        &self,
        rep: Option<&'a Rep>,
        period: Period,
        limit: usize,
    ) -> Result<Vec<CoachingCall>> {
        let is_garbled = self.request().await?;
        let mut calls = self.inner.calls_for_coaching(rep, period, limit).await?;
        let findings = calls.iter_mut().flat_map(|call| &mut call.next_steps);
        if is_garbled {
            findings.for_each(|finding| finding.sentences = vec![NOWHERE]);
        }
        Ok(calls)
    }

    async fn team_figures<'a>(
        &self,
        period: Period,
        insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>> {
        let is_garbled = self.request().await?;
        let figures = self.inner.team_figures(period, insights).await?;
        Ok(match is_garbled {
            true => figures.into_iter().map(garbled_figures).collect(),
            false => figures,
        })
    }

    async fn similar_chunks<'a>(
        &self,
        query: &ChunkEmbedding,
        excluding: Option<&'a CallId>,
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        let is_garbled = self.request().await?;
        let hits = self.inner.similar_chunks(query, excluding, limit).await?;
        Ok(match is_garbled {
            true => hits.into_iter().map(garbled_hit).collect(),
            false => hits,
        })
    }

    async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
        let is_garbled = self.request().await?;
        let hits = self.inner.search_chunks(words, limit).await?;
        Ok(match is_garbled {
            true => hits.into_iter().map(garbled_hit).collect(),
            false => hits,
        })
    }

    async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>> {
        let is_garbled = self.request().await?;
        let mut hits = self.inner.search_findings(words, limit).await?;
        let hit = hits.iter_mut().filter(|_| is_garbled);
        hit.for_each(|hit| hit.call_id = "no such call".into());
        Ok(hits)
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: Insights> Insights for FaultySource<S> {
    async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
        self.request().await?;
        match self.keeps {
            true => self.inner.save_insights(insights).await,
            false => Ok(0),
        }
    }

    async fn save_readings(&self, readings: &[CallReading]) -> Result<u64> {
        self.request().await?;
        match self.keeps {
            true => self.inner.save_readings(readings).await,
            false => Ok(0),
        }
    }

    async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
        self.request().await?;
        self.inner.save_crm(snapshot).await
    }

    async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
        self.request().await?;
        self.inner.save_crm_matches(matches).await
    }

    async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
        self.request().await?;
        self.inner.crm_wanted(older_than, limit).await
    }
}
