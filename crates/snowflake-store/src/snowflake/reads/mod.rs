//! What agents read: one statement per question, its reply cached for a while.

mod columns;
mod detail;
mod figures;
mod found;
mod listing;
mod parts;
mod replies;
mod search;

use async_trait::async_trait;
use calls::{CallId, Provenance};

pub(super) use replies::ReadReplies;

use super::readings;
use super::store::SnowflakeStore;
use crate::{
    CallDetail, CallHeader, CallQuery, CallReader, CallReading, ChunkEmbedding, ChunkHit,
    CoachingCall, Colleague, FindingHit, KnownName, NameKind, Period, Rep, RepFigures, Result,
};

#[async_trait]
impl CallReader for SnowflakeStore {
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
        let rows = self.ask_remembering(&detail::statement(id)).await?;
        detail::read(id, &rows)
    }

    async fn readings<'a>(
        &self,
        ids: &[CallId],
        reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let statement = readings::of_calls(ids, reader)?;
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(readings::reading).collect()
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        let Some(statement) = listing::find(query)? else {
            return Ok(Vec::new());
        };
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(listing::header).collect()
    }

    async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>> {
        let rows = self.ask_remembering(&listing::names(kind)).await?;
        rows.iter().map(listing::name).collect()
    }

    async fn colleagues(&self) -> Result<Vec<Colleague>> {
        let rows = self.ask_remembering(&listing::colleagues()).await?;
        rows.iter().map(listing::colleague).collect()
    }

    async fn calls_for_coaching<'a>(
        &self,
        rep: Option<&'a Rep>,
        period: Period,
        limit: usize,
    ) -> Result<Vec<CoachingCall>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let statement = listing::for_coaching(rep, period, limit);
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(listing::coaching_call).collect()
    }

    async fn team_figures<'a>(
        &self,
        period: Period,
        insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>> {
        let statement = figures::of_team(period, insights);
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(figures::of_rep_and_outcome).collect()
    }

    async fn similar_chunks<'a>(
        &self,
        query: &ChunkEmbedding,
        excluding: Option<&'a CallId>,
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        let Some(statement) = search::similar(query, excluding, limit)? else {
            return Ok(Vec::new());
        };
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(search::hit).collect()
    }

    async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
        if let Some(service) = self.config().search_service() {
            return found::by_service(self, &**service, words, limit).await;
        }
        let Some(statement) = search::by_words(words, limit)? else {
            return Ok(Vec::new());
        };
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(search::hit).collect()
    }

    async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>> {
        let Some(statement) = search::in_findings(words, limit)? else {
            return Ok(Vec::new());
        };
        let rows = self.ask_remembering(&statement).await?;
        rows.iter().map(search::finding_hit).collect()
    }
}
