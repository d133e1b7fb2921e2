//! What agents read, one round trip per question.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::{CallId, Provenance};

use crate::{
    CallDetail, CallHeader, CallQuery, CallReading, ChunkEmbedding, ChunkHit, CoachingCall,
    Colleague, FindingHit, KnownName, NameKind, Period, Rep, RepFigures, Result,
};

/// What agents read.
///
/// # Contract
/// - **Deleted calls** are never returned or counted.
/// - **One round trip** per method, with bound parameters only.
/// - **Unknown** call or rep: `None` or an empty list, not an error.
/// - **Limits** of 0 give empty lists.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait CallReader: Debug + Send + Sync + 'static {
    /// One call in full.
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>>;

    /// Readings of calls' present transcripts, by one reader or by all: call by call in the
    /// order given, each once, of a call the latest first.
    async fn readings<'a>(
        &self,
        ids: &[CallId],
        reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>>;

    /// Calls in a list.
    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>>;

    /// The names of a kind that calls know, to tell which one was meant: each name of each
    /// one once, in the order of names, at most [`MOST_NAMES`](crate::MOST_NAMES).
    async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>>;

    /// Gong's users and whom they report to, ascending by id; none where a sync did not bring
    /// [them](crate::RecordStream::Users).
    async fn colleagues(&self) -> Result<Vec<Colleague>>;

    /// A rep's calls of a period that have a transcript, or everybody's, newest first.
    async fn calls_for_coaching<'a>(
        &self,
        rep: Option<&'a Rep>,
        period: Period,
        limit: usize,
    ) -> Result<Vec<CoachingCall>>;

    /// The figures of every rep with a call in the period, a row for each way in which the
    /// deals of their calls stand; the rows of a rep stand together. Tone and next steps are
    /// counted where `insights` computed them, or anybody did.
    async fn team_figures<'a>(
        &self,
        period: Period,
        insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>>;

    /// Chunks closest to a vector by cosine, best first; only chunks of the same
    /// model and dimension are compared. `excluding` leaves out one call. A vector
    /// without a direction (all zeros) resembles nothing.
    ///
    /// # Errors
    /// `InvalidInput` with the field `vector` when a component is not finite.
    async fn similar_chunks<'a>(
        &self,
        query: &ChunkEmbedding,
        excluding: Option<&'a CallId>,
        limit: usize,
    ) -> Result<Vec<ChunkHit>>;

    /// Chunks that hold words of the query, best first. The query is words, not
    /// a query language: operators and quotes have no meaning.
    async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>>;

    /// Calls of which Gong's brief, key points, outline or highlights hold words of the
    /// query, best first. Words as in [`search_chunks`](Self::search_chunks).
    async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>>;
}
