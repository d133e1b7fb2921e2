//! What agents read: each question in one read transaction.

mod columns;
mod detail;
mod figures;
mod listing;
mod readings;
mod search;
mod words;

use async_trait::async_trait;
use calls::{CallId, Provenance};

use super::store::SqliteStore;
use crate::{
    CallDetail, CallHeader, CallQuery, CallReader, CallReading, ChunkEmbedding, ChunkHit,
    CoachingCall, Colleague, FindingHit, KnownName, NameKind, Period, Rep, RepFigures, Result,
};

#[async_trait]
impl CallReader for SqliteStore {
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
        let id = id.clone();
        self.read(move |connection| detail::call(connection, &id))
            .await
    }

    async fn readings<'a>(
        &self,
        ids: &[CallId],
        reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>> {
        let (ids, reader) = (ids.to_vec(), reader.cloned());
        self.read(move |connection| readings::of_calls(connection, &ids, reader.as_ref()))
            .await
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        let query = query.clone();
        self.read(move |connection| listing::find(connection, &query))
            .await
    }

    async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>> {
        self.read(move |connection| listing::names(connection, kind))
            .await
    }

    async fn colleagues(&self) -> Result<Vec<Colleague>> {
        self.read(listing::colleagues).await
    }

    async fn calls_for_coaching<'a>(
        &self,
        rep: Option<&'a Rep>,
        period: Period,
        limit: usize,
    ) -> Result<Vec<CoachingCall>> {
        let rep = rep.cloned();
        self.read(move |connection| listing::for_coaching(connection, rep.as_ref(), period, limit))
            .await
    }

    async fn team_figures<'a>(
        &self,
        period: Period,
        insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>> {
        let insights = insights.cloned();
        self.read(move |connection| figures::of_team(connection, period, insights.as_ref()))
            .await
    }

    async fn similar_chunks<'a>(
        &self,
        query: &ChunkEmbedding,
        excluding: Option<&'a CallId>,
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        let query = query.clone();
        let excluding = excluding.cloned();
        self.read(move |connection| search::similar(connection, &query, excluding.as_ref(), limit))
            .await
    }

    async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
        let words = words.to_owned();
        self.read(move |connection| words::by_words(connection, &words, limit))
            .await
    }

    async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>> {
        let words = words.to_owned();
        self.read(move |connection| words::in_findings(connection, &words, limit))
            .await
    }
}
