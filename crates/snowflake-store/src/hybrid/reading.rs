//! Questions, answered by the one or the other.

use async_trait::async_trait;
use calls::{CallId, Provenance, UserId};

use super::Hybrid;
use crate::{
    CallDetail, CallHeader, CallQuery, CallReader, CallReading, ChunkEmbedding, ChunkHit,
    CoachingCall, Colleague, FindingHit, KnownName, NameKind, Period, Rep, RepFigures, Result,
};

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<P: CallReader, F: CallReader> CallReader for Hybrid<P, F> {
    async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
        self.ask(
            "call_detail",
            id.as_str(),
            || self.primary.call_detail(id),
            || self.fallback.call_detail(id),
        )
        .await
    }

    async fn readings<'a>(
        &self,
        ids: &[CallId],
        reader: Option<&'a Provenance>,
    ) -> Result<Vec<CallReading>> {
        self.ask(
            "readings",
            ids.first().map_or("readings", CallId::as_str),
            || self.primary.readings(ids, reader),
            || self.fallback.readings(ids, reader),
        )
        .await
    }

    async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
        let deal = query.deal_id.as_ref().map(|id| id.to_string());
        let key = query.rep.as_ref().map(rep_key).or(deal);
        self.ask(
            "find_calls",
            key.as_deref().unwrap_or("find_calls"),
            || self.primary.find_calls(query),
            || self.fallback.find_calls(query),
        )
        .await
    }

    async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>> {
        self.ask(
            "names",
            "names",
            || self.primary.names(kind),
            || self.fallback.names(kind),
        )
        .await
    }

    async fn colleagues(&self) -> Result<Vec<Colleague>> {
        self.ask(
            "colleagues",
            "colleagues",
            || self.primary.colleagues(),
            || self.fallback.colleagues(),
        )
        .await
    }

    async fn calls_for_coaching<'a>(
        &self,
        rep: Option<&'a Rep>,
        period: Period,
        limit: usize,
    ) -> Result<Vec<CoachingCall>> {
        let key = rep.map(rep_key);
        self.ask(
            "calls_for_coaching",
            key.as_deref().unwrap_or("calls_for_coaching"),
            || self.primary.calls_for_coaching(rep, period, limit),
            || self.fallback.calls_for_coaching(rep, period, limit),
        )
        .await
    }

    async fn team_figures<'a>(
        &self,
        period: Period,
        insights: Option<&'a Provenance>,
    ) -> Result<Vec<RepFigures>> {
        self.ask(
            "team_figures",
            "team_figures",
            || self.primary.team_figures(period, insights),
            || self.fallback.team_figures(period, insights),
        )
        .await
    }

    async fn similar_chunks<'a>(
        &self,
        query: &ChunkEmbedding,
        excluding: Option<&'a CallId>,
        limit: usize,
    ) -> Result<Vec<ChunkHit>> {
        self.ask(
            "similar_chunks",
            excluding.map_or("similar_chunks", CallId::as_str),
            || self.primary.similar_chunks(query, excluding, limit),
            || self.fallback.similar_chunks(query, excluding, limit),
        )
        .await
    }

    async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
        self.ask(
            "search_chunks",
            words,
            || self.primary.search_chunks(words, limit),
            || self.fallback.search_chunks(words, limit),
        )
        .await
    }

    async fn search_findings(&self, words: &str, limit: usize) -> Result<Vec<FindingHit>> {
        self.ask(
            "search_findings",
            words,
            || self.primary.search_findings(words, limit),
            || self.fallback.search_findings(words, limit),
        )
        .await
    }
}

/// A rep's key, the same in whatever case they are named.
fn rep_key(rep: &Rep) -> String {
    match rep {
        Rep::Id(id) => id.to_string(),
        Rep::Email(text) | Rep::Name(text) => text.to_lowercase(),
        Rep::AnyOf(ids) => ids.first().map(UserId::to_string).unwrap_or_default(),
    }
}
