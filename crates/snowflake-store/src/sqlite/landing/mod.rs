//! How documents get into the store.

mod check;
mod dead_letters;
mod deletion;
mod origin;
mod page;
mod runs;

use async_trait::async_trait;
use calls::Timestamp;

use super::erasure;
use super::store::SqliteStore;
use crate::blocking::blocking;
use crate::page::PreparedPage;
use crate::{
    CheckQuery, DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, KnownCall,
    KnownCallsQuery, Landed, Landing, LandingPage, OpenRun, Origin, Result, RunFinish, RunStart,
    Stream, SyncMode, TransformReport, TransformScope, Watermark,
};

#[async_trait]
impl Landing for SqliteStore {
    async fn land(&self, page: LandingPage) -> Result<Landed> {
        // Hashing is most of the work of a page that holds nothing new: the
        // writer's thread has no part in it.
        let max_bytes = self.max_document_bytes();
        let (page, seen) = erasure::guarded(self, page).await?;
        let page = blocking(move || PreparedPage::new(page, max_bytes)).await?;
        self.write(move |connection| page::land(connection, &page, seen))
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

    async fn watermark(&self) -> Result<Option<Watermark>> {
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

    async fn count_live_calls(&self) -> Result<u64> {
        self.read(page::count_live_calls).await
    }

    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
        if letters.is_empty() {
            return Ok(());
        }
        let letters = letters.to_vec();
        self.write(move |connection| dead_letters::record(connection, letters))
            .await
    }

    async fn dead_letters(&self, query: &DeadLettersQuery) -> Result<Vec<DeadLetterRecord>> {
        let (after, retired, limit) = (query.position()?, query.retired, query.limit);
        self.read(move |connection| dead_letters::list(connection, after, retired, limit))
            .await
    }

    async fn retire_dead_letter(&self, stream: Stream, key: &str, at: Timestamp) -> Result<bool> {
        let key = key.to_owned();
        self.write(move |connection| dead_letters::retire(connection, stream, &key, at))
            .await
    }

    async fn origin(&self) -> Result<Option<Origin>> {
        self.read(origin::read).await
    }

    async fn set_origin(&self, origin: &Origin) -> Result<()> {
        let origin = origin.clone();
        self.write(move |connection| origin::set(connection, &origin))
            .await
    }

    async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck> {
        check::run(self, query).await
    }
}
