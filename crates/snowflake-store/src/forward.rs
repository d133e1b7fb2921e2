//! Stores that wrap another one: shared and boxed stores, and those that change one part.

use std::sync::Arc;

use async_trait::async_trait;
use calls::{CallId, Provenance, Timestamp};

use crate::{
    CallDetail, CallHeader, CallInsights, CallQuery, CallReader, CallReading, CheckQuery,
    ChunkEmbedding, ChunkHit, CoachingCall, CrmMatch, CrmSnapshot, CrmWanted, DeadLetter,
    DeadLetterRecord, DeadLettersQuery, DocumentCheck, Freshness, Health, Insights, KnownCall,
    KnownCallsQuery, KnownName, Landed, Landing, LandingPage, LeaseOutcome, LeaseOwner,
    LeaseRequest, NameKind, OpenRun, Origin, Performance, Period, Rep, RepFigures, Result,
    RetentionOutcome, RunFinish, RunStart, Stream, SyncMode, TableCount, TransformReport,
    TransformScope, TrendPoint, Upkeep, Watermark,
};

/// Forwards `Landing` from a type to what it wraps.
macro_rules! forward_landing {
    ([$($generics:tt)*] $type:ty, $this:ident => $inner:expr) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<$($generics)*> Landing for $type {
            async fn land(&self, page: LandingPage) -> Result<Landed> {
                let $this = self;
                $inner.land(page).await
            }

            fn pages_at_once(&self) -> usize {
                let $this = self;
                $inner.pages_at_once()
            }

            async fn transform(&self, scope: TransformScope) -> Result<TransformReport> {
                let $this = self;
                $inner.transform(scope).await
            }

            async fn start_run(&self, run: &RunStart) -> Result<()> {
                let $this = self;
                $inner.start_run(run).await
            }

            async fn finish_run(&self, run: &RunFinish) -> Result<()> {
                let $this = self;
                $inner.finish_run(run).await
            }

            async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>> {
                let $this = self;
                $inner.open_run(mode).await
            }

            async fn watermark(&self) -> Result<Option<Watermark>> {
                let $this = self;
                $inner.watermark().await
            }

            async fn position(&self, stream: Stream) -> Result<Option<String>> {
                let $this = self;
                $inner.position(stream).await
            }

            async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
                let $this = self;
                $inner.known_calls(query).await
            }

            async fn count_live_calls(&self) -> Result<u64> {
                let $this = self;
                $inner.count_live_calls().await
            }

            async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
                let $this = self;
                $inner.record_dead_letters(letters).await
            }

            async fn dead_letters(
                &self,
                query: &DeadLettersQuery,
            ) -> Result<Vec<DeadLetterRecord>> {
                let $this = self;
                $inner.dead_letters(query).await
            }

            async fn retire_dead_letter(
                &self,
                stream: Stream,
                key: &str,
                at: Timestamp,
            ) -> Result<bool> {
                let $this = self;
                $inner.retire_dead_letter(stream, key, at).await
            }

            async fn origin(&self) -> Result<Option<Origin>> {
                let $this = self;
                $inner.origin().await
            }

            async fn set_origin(&self, origin: &Origin) -> Result<()> {
                let $this = self;
                $inner.set_origin(origin).await
            }

            async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck> {
                let $this = self;
                $inner.check_documents(query).await
            }
        }
    };
}

/// Forwards `CallReader` from a type to what it wraps.
macro_rules! forward_reader {
    ([$($generics:tt)*] $type:ty, $this:ident => $inner:expr) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<$($generics)*> CallReader for $type {
            async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
                let $this = self;
                $inner.call_detail(id).await
            }

            async fn readings<'a>(
                &self,
                ids: &[CallId],
                reader: Option<&'a Provenance>,
            ) -> Result<Vec<CallReading>> {
                let $this = self;
                $inner.readings(ids, reader).await
            }

            async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
                let $this = self;
                $inner.find_calls(query).await
            }

            async fn names(&self, kind: NameKind) -> Result<Vec<KnownName>> {
                let $this = self;
                $inner.names(kind).await
            }

            async fn calls_for_coaching<'a>(
                &self,
                rep: Option<&'a Rep>,
                period: Period,
                limit: usize,
            ) -> Result<Vec<CoachingCall>> {
                let $this = self;
                $inner.calls_for_coaching(rep, period, limit).await
            }

            async fn rep_performance(
                &self,
                rep: &Rep,
                period: Period,
            ) -> Result<Option<Performance>> {
                let $this = self;
                $inner.rep_performance(rep, period).await
            }

            async fn team_figures<'a>(
                &self,
                period: Period,
                insights: Option<&'a Provenance>,
            ) -> Result<Vec<RepFigures>> {
                let $this = self;
                $inner.team_figures(period, insights).await
            }

            async fn trend(
                &self,
                rep: &Rep,
                period: Period,
                bucket_days: u32,
            ) -> Result<Vec<TrendPoint>> {
                let $this = self;
                $inner.trend(rep, period, bucket_days).await
            }

            async fn similar_chunks<'a>(
                &self,
                query: &ChunkEmbedding,
                excluding: Option<&'a CallId>,
                limit: usize,
            ) -> Result<Vec<ChunkHit>> {
                let $this = self;
                $inner.similar_chunks(query, excluding, limit).await
            }

            async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
                let $this = self;
                $inner.search_chunks(words, limit).await
            }
        }
    };
}

/// Forwards `Insights` from a type to what it wraps.
macro_rules! forward_insights {
    ([$($generics:tt)*] $type:ty, $this:ident => $inner:expr) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<$($generics)*> Insights for $type {
            async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
                let $this = self;
                $inner.save_insights(insights).await
            }

            async fn save_readings(&self, readings: &[CallReading]) -> Result<u64> {
                let $this = self;
                $inner.save_readings(readings).await
            }

            async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
                let $this = self;
                $inner.save_crm(snapshot).await
            }

            async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
                let $this = self;
                $inner.save_crm_matches(matches).await
            }

            async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
                let $this = self;
                $inner.crm_wanted(older_than, limit).await
            }
        }
    };
}

/// Forwards `Upkeep` from a type to what it wraps.
macro_rules! forward_upkeep {
    ([$($generics:tt)*] $type:ty, $this:ident => $inner:expr) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<$($generics)*> Upkeep for $type {
            async fn migrate(&self) -> Result<u32> {
                let $this = self;
                $inner.migrate().await
            }

            async fn health(&self) -> Result<Health> {
                let $this = self;
                $inner.health().await
            }

            async fn freshness(&self) -> Result<Freshness> {
                let $this = self;
                $inner.freshness().await
            }

            async fn counts(&self) -> Result<Vec<TableCount>> {
                let $this = self;
                $inner.counts().await
            }

            async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
                let $this = self;
                $inner.apply_retention(now).await
            }

            async fn acquire_lease(&self, request: &LeaseRequest) -> Result<LeaseOutcome> {
                let $this = self;
                $inner.acquire_lease(request).await
            }

            async fn release_lease(&self, name: &str, owner: &LeaseOwner) -> Result<()> {
                let $this = self;
                $inner.release_lease(name, owner).await
            }
        }
    };
}

pub(crate) use {forward_landing, forward_upkeep};

macro_rules! forward_pointer {
    ($pointer:ident) => {
        forward_landing!([T: Landing + ?Sized] $pointer<T>, this => (**this));
        forward_reader!([T: CallReader + ?Sized] $pointer<T>, this => (**this));
        forward_insights!([T: Insights + ?Sized] $pointer<T>, this => (**this));
        forward_upkeep!([T: Upkeep + ?Sized] $pointer<T>, this => (**this));
    };
}

forward_pointer!(Arc);
forward_pointer!(Box);

#[cfg(feature = "streaming")]
mod streamed {
    use super::*;
    use crate::StreamedLanding;

    forward_reader!([] StreamedLanding, this => this.store());
    forward_insights!([] StreamedLanding, this => this.store());
    forward_upkeep!([] StreamedLanding, this => this.store());
}
