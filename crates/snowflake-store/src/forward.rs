//! Shared and boxed stores are stores.

use std::sync::Arc;

use async_trait::async_trait;
use calls::{CallId, Timestamp};

use crate::{
    Benchmark, CallDetail, CallHeader, CallInsights, CallQuery, CallReader, ChunkEmbedding,
    ChunkHit, CoachingCall, CrmMatch, CrmSnapshot, CrmWanted, DeadLetter, DeadLetterRecord, Health,
    Insights, KnownCall, KnownCallsQuery, Landed, Landing, LandingPage, OpenRun, Performance,
    Period, Rep, Result, RetentionOutcome, RunFinish, RunStart, Stream, SyncMode, TableCount,
    TransformReport, TransformScope, TrendPoint, Upkeep,
};

macro_rules! forward {
    ($pointer:ident) => {
        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<T: Landing + ?Sized> Landing for $pointer<T> {
            async fn land(&self, page: LandingPage) -> Result<Landed> {
                (**self).land(page).await
            }

            fn pages_at_once(&self) -> usize {
                (**self).pages_at_once()
            }

            async fn transform(&self, scope: TransformScope) -> Result<TransformReport> {
                (**self).transform(scope).await
            }

            async fn start_run(&self, run: &RunStart) -> Result<()> {
                (**self).start_run(run).await
            }

            async fn finish_run(&self, run: &RunFinish) -> Result<()> {
                (**self).finish_run(run).await
            }

            async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>> {
                (**self).open_run(mode).await
            }

            async fn watermark(&self) -> Result<Option<Timestamp>> {
                (**self).watermark().await
            }

            async fn position(&self, stream: Stream) -> Result<Option<String>> {
                (**self).position(stream).await
            }

            async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
                (**self).known_calls(query).await
            }

            async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
                (**self).record_dead_letters(letters).await
            }

            async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetterRecord>> {
                (**self).dead_letters(limit).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<T: CallReader + ?Sized> CallReader for $pointer<T> {
            async fn call_detail(&self, id: &CallId) -> Result<Option<CallDetail>> {
                (**self).call_detail(id).await
            }

            async fn find_calls(&self, query: &CallQuery) -> Result<Vec<CallHeader>> {
                (**self).find_calls(query).await
            }

            async fn calls_for_coaching(
                &self,
                rep: &Rep,
                period: Period,
                limit: usize,
            ) -> Result<Vec<CoachingCall>> {
                (**self).calls_for_coaching(rep, period, limit).await
            }

            async fn rep_performance(
                &self,
                rep: &Rep,
                period: Period,
            ) -> Result<Option<Performance>> {
                (**self).rep_performance(rep, period).await
            }

            async fn team_benchmark(&self, period: Period) -> Result<Benchmark> {
                (**self).team_benchmark(period).await
            }

            async fn trend(
                &self,
                rep: &Rep,
                period: Period,
                bucket_days: u32,
            ) -> Result<Vec<TrendPoint>> {
                (**self).trend(rep, period, bucket_days).await
            }

            async fn similar_chunks<'a>(
                &self,
                query: &ChunkEmbedding,
                excluding: Option<&'a CallId>,
                limit: usize,
            ) -> Result<Vec<ChunkHit>> {
                (**self).similar_chunks(query, excluding, limit).await
            }

            async fn search_chunks(&self, words: &str, limit: usize) -> Result<Vec<ChunkHit>> {
                (**self).search_chunks(words, limit).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<T: Insights + ?Sized> Insights for $pointer<T> {
            async fn save_insights(&self, insights: &[CallInsights]) -> Result<u64> {
                (**self).save_insights(insights).await
            }

            async fn save_crm(&self, snapshot: &CrmSnapshot) -> Result<()> {
                (**self).save_crm(snapshot).await
            }

            async fn save_crm_matches(&self, matches: &[CrmMatch]) -> Result<u64> {
                (**self).save_crm_matches(matches).await
            }

            async fn crm_wanted(&self, older_than: Timestamp, limit: usize) -> Result<CrmWanted> {
                (**self).crm_wanted(older_than, limit).await
            }
        }

        #[deny(clippy::missing_trait_methods)]
        #[async_trait]
        impl<T: Upkeep + ?Sized> Upkeep for $pointer<T> {
            async fn migrate(&self) -> Result<u32> {
                (**self).migrate().await
            }

            async fn health(&self) -> Result<Health> {
                (**self).health().await
            }

            async fn counts(&self) -> Result<Vec<TableCount>> {
                (**self).counts().await
            }

            async fn apply_retention(&self, now: Timestamp) -> Result<Vec<RetentionOutcome>> {
                (**self).apply_retention(now).await
            }
        }
    };
}

forward!(Arc);
forward!(Box);
