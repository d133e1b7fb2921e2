//! The part of the contract that streaming changes.

use async_trait::async_trait;
use calls::Timestamp;

use super::StreamedLanding;
use crate::{
    DeadLetter, DeadLetterRecord, KnownCall, KnownCallsQuery, Landed, Landing, LandingPage,
    OpenRun, Result, RunFinish, RunStart, Stream, SyncMode, TransformReport, TransformScope,
};

#[async_trait]
impl Landing for StreamedLanding {
    async fn land(&self, page: LandingPage) -> Result<Landed> {
        self.take(page).await
    }

    async fn transform(&self, scope: TransformScope) -> Result<TransformReport> {
        self.store.transform(scope).await
    }

    async fn start_run(&self, run: &RunStart) -> Result<()> {
        self.store.start_run(run).await
    }

    async fn finish_run(&self, run: &RunFinish) -> Result<()> {
        self.settle_all().await?;
        self.store.finish_run(run).await
    }

    async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>> {
        self.store.open_run(mode).await
    }

    async fn watermark(&self) -> Result<Option<Timestamp>> {
        self.store.watermark().await
    }

    async fn position(&self, stream: Stream) -> Result<Option<String>> {
        self.store.position(stream).await
    }

    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
        self.store.known_calls(query).await
    }

    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
        self.store.record_dead_letters(letters).await
    }

    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetterRecord>> {
        self.store.dead_letters(limit).await
    }
}
