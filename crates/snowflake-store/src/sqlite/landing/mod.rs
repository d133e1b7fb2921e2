//! How documents get in.

mod dead_letters;
mod deletion;
mod page;
mod runs;

use async_trait::async_trait;
use calls::Timestamp;

use super::store::SqliteStore;
use crate::blocking::blocking;
use crate::page::PreparedPage;
use crate::{
    DeadLetter, DeadLetterRecord, KnownCall, KnownCallsQuery, Landed, Landing, LandingPage,
    OpenRun, Result, RunFinish, RunStart, Stream, SyncMode, TransformReport, TransformScope,
};

#[async_trait]
impl Landing for SqliteStore {
    async fn land(&self, page: LandingPage) -> Result<Landed> {
        // Hashing is most of the work of a page that holds nothing new: the
        // writer's thread has no part in it.
        let max_bytes = self.max_document_bytes();
        let page = blocking(move || PreparedPage::new(page, max_bytes)).await?;
        self.write(move |connection| page::land(connection, &page))
            .await
    }

    async fn transform(&self, scope: TransformScope) -> Result<TransformReport> {
        super::transform::run(self, scope).await
    }

    async fn start_run(&self, run: &RunStart) -> Result<()> {
        let run = run.clone();
        self.write(move |connection| runs::start(connection, &run))
            .await
    }

    async fn finish_run(&self, run: &RunFinish) -> Result<()> {
        let run = run.clone();
        self.write(move |connection| runs::finish(connection, &run))
            .await
    }

    async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>> {
        self.read(move |connection| runs::open(connection, mode))
            .await
    }

    async fn watermark(&self) -> Result<Option<Timestamp>> {
        self.read(runs::watermark).await
    }

    async fn position(&self, stream: Stream) -> Result<Option<String>> {
        self.read(move |connection| runs::position(connection, stream))
            .await
    }

    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
        let query = query.clone();
        self.read(move |connection| page::known_calls(connection, &query))
            .await
    }

    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
        if letters.is_empty() {
            return Ok(());
        }
        let letters = letters.to_vec();
        self.write(move |connection| dead_letters::record(connection, &letters))
            .await
    }

    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetterRecord>> {
        self.read(move |connection| dead_letters::list(connection, limit))
            .await
    }
}
