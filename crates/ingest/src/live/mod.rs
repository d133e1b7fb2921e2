//! Calls read straight from Gong, for when the store is down.

mod listing;

use std::fmt;

use async_trait::async_trait;
use calls::{CallId, Provenance, RawDocument, Timestamp};
use gong_client::{CallFilter, ContentSelector, GongApi, Page, TranscriptFilter};
use resilience::{ErrorKind, Failure};
use snowflake_store::{
    CallDetail, CallHeader, CallInsights, CallQuery, CallReader, CallReading, ChunkEmbedding,
    ChunkHit, CoachingCall, Colleague, CrmMatch, CrmSnapshot, CrmWanted, FindingHit, Insights,
    KnownName, NameKind, Period, Rep, RepFigures, Result,
};

use crate::CallChoice;
use crate::choice::Chooser;

/// Answers agents from Gong itself: what was said in single calls, and which calls a period
/// has. It is the fallback of a store that is down.
///
/// A call is decoded as a store stages it. It costs two requests, and a list one for each
/// hundred calls, so a list needs a period. Nothing is kept: no insights, no readings, no CRM
/// records beside what Gong links. What takes more than that (a rep's figures, a team's, search)
/// is [`Unsupported`](ErrorKind::Unsupported), and a list with a record that cannot be read an
/// error, since without it the call would seem not to exist. Calls that a sync would not
/// [choose](CallChoice), private ones by default, are not shown either.
pub struct LiveCalls<G> {
    gong: G,
    chooser: Chooser,
}

impl<G: GongApi> LiveCalls<G> {
    /// All calls but private ones.
    ///
    /// # Errors
    /// None with these settings; see [`choosing`](Self::choosing).
    pub fn new(gong: G) -> crate::Result<Self> {
        Self::choosing(gong, &CallChoice::default())
    }

    /// The calls that a sync with this choice would store.
    ///
    /// # Errors
    /// As [`CallChoice::validate`].
    pub fn choosing(gong: G, choice: &CallChoice) -> crate::Result<Self> {
        Ok(Self {
            gong,
            chooser: Chooser::new(choice)?,
        })
    }

    /// The documents of calls, and of which of them Gong has a transcript.
    async fn documents(&self, id: &CallId) -> Result<Option<(RawDocument, Option<RawDocument>)>> {
        let filter = CallFilter::of_calls([id.clone()]);
        let page = self
            .gong
            .extensive_calls(&filter, &ContentSelector::default(), None)
            .await
            .map_err(of_gong)?;
        let mut found = only(page, id)?;
        self.chooser.take_unwanted(&mut found);
        let Some(call) = found.pop() else {
            return Ok(None);
        };
        let filter = TranscriptFilter::of_calls([id.clone()]);
        let page = self
            .gong
            .transcripts(&filter, None)
            .await
            .map_err(of_gong)?;
        Ok(Some((call, only(page, id)?.pop())))
    }
}

/// The document of one call. That Gong's record of it cannot be read is an error: the call
/// is there.
fn only(page: Page<RawDocument>, id: &CallId) -> Result<Vec<RawDocument>> {
    let mut found = page.items;
    found.retain(|document| document.call_id == *id);
    match page.rejected.first() {
        Some(rejected) if found.is_empty() => {
            let message = format!(
                "gong's record of call {id} cannot be read: {}",
                rejected.reason
            );
            Err(snowflake_store::Error::new(ErrorKind::Decode, message))
        }
        _ => Ok(found),
    }
}

fn of_gong(error: gong_client::Error) -> snowflake_store::Error {
    let wrapped = snowflake_store::Error::new(error.kind(), format!("gong: {error}"))
        .with_retry_after(error.retry_after());
    match error.is_exhausted() {
        true => wrapped.exhausted().with_source(error),
        false => wrapped.with_source(error),
    }
}

fn unsupported<T>(what: &str) -> Result<T> {
    let message = format!("gong itself is asked for single calls and lists only, not for {what}");
    Err(snowflake_store::Error::new(ErrorKind::Unsupported, message))
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<G: GongApi> CallReader for LiveCalls<G> {
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
        let documents = self.documents(id).await?;
        documents
            .map(|(call, transcript)| CallDetail::of_documents(call, transcript))
            .transpose()
    }

    async fn readings<'a>(
        &self,
        _ids: &[CallId],
        _reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>> {
        Ok(Vec::new())
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        self.list(query).await
    }

    async fn names(&self, _kind: NameKind) -> Result<Vec<KnownName>> {
        unsupported("names")
    }

    async fn colleagues(&self) -> Result<Vec<Colleague>> {
        unsupported("who reports to whom")
    }

    async fn calls_for_coaching<'a>(
        &self,
        _rep: Option<&'a Rep>,
        _period: Period,
        _limit: usize,
    ) -> Result<Vec<CoachingCall>> {
        unsupported("the figures of a rep's calls")
    }

    async fn team_figures<'a>(
        &self,
        _period: Period,
        _insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>> {
        unsupported("a team's figures")
    }

    async fn similar_chunks<'a>(
        &self,
        _query: &ChunkEmbedding,
        _excluding: Option<&'a CallId>,
        _limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        unsupported("a search by meaning")
    }

    async fn search_chunks(&self, _words: &str, _limit: usize) -> Result<Vec<ChunkHit>> {
        unsupported("a search by words")
    }

    async fn search_findings(&self, _words: &str, _limit: usize) -> Result<Vec<FindingHit>> {
        unsupported("a search in what Gong found")
    }
}

/// Nothing is kept: every call is unknown here.
#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<G: GongApi> Insights for LiveCalls<G> {
    async fn save_insights(&self, _insights: &[CallInsights]) -> Result<u64> {
        Ok(0)
    }

    async fn save_readings(&self, _readings: &[CallReading]) -> Result<u64> {
        Ok(0)
    }

    async fn save_crm(&self, _snapshot: &CrmSnapshot) -> Result<()> {
        unsupported("keeping CRM records")
    }

    async fn save_crm_matches(&self, _matches: &[CrmMatch]) -> Result<u64> {
        Ok(0)
    }

    async fn crm_wanted(&self, _older_than: Timestamp, _limit: usize) -> Result<CrmWanted> {
        Ok(CrmWanted::default())
    }
}

impl<G: fmt::Debug> fmt::Debug for LiveCalls<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveCalls")
            .field("gong", &self.gong)
            .finish_non_exhaustive()
    }
}
