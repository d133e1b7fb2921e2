//! The methods of the contract that streaming changes.

use async_trait::async_trait;
use calls::Timestamp;

use super::StreamedLanding;
use crate::{
    CheckQuery, DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, KnownCall,
    KnownCallsQuery, Landed, Landing, LandingPage, OpenRun, Origin, Result, RunFinish, RunStart,
    Stream, SyncMode, TransformReport, TransformScope, Watermark,
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

    async fn watermark(&self) -> Result<Option<Watermark>> {
        self.store.watermark().await
    }

    async fn position(&self, stream: Stream) -> Result<Option<String>> {
        self.store.position(stream).await
    }

    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
        self.store.known_calls(query).await
    }

    async fn count_live_calls(&self) -> Result<u64> {
        self.store.count_live_calls().await
    }

    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
        self.store.record_dead_letters(letters).await
    }

    async fn dead_letters(&self, query: &DeadLettersQuery) -> Result<Vec<DeadLetterRecord>> {
        self.store.dead_letters(query).await
    }

    async fn retire_dead_letter(&self, stream: Stream, key: &str, at: Timestamp) -> Result<bool> {
        self.store.retire_dead_letter(stream, key, at).await
    }

    async fn origin(&self) -> Result<Option<Origin>> {
        self.store.origin().await
    }

    async fn set_origin(&self, origin: &Origin) -> Result<()> {
        self.store.set_origin(origin).await
    }

    async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck> {
        self.store.check_documents(query).await
    }
}
