//! Landing documents, and the progress of a sync.

mod dead_letters;
mod origin;
mod page;
mod runs;
#[cfg(feature = "streaming")]
pub(super) mod streamed;

use async_trait::async_trait;
use calls::Timestamp;

use super::store::SnowflakeStore;
use super::{bounded_instant, erasure, limit, statements, transform};
use crate::erasure::guard_letters;
use crate::{
    CheckQuery, DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, KnownCall,
    KnownCallsQuery, Landed, Landing, LandingPage, OpenRun, Origin, Result, RunFinish, RunStart,
    Stream, SyncMode, TransformReport, TransformScope, Watermark,
};

#[async_trait]
impl Landing for SnowflakeStore {
    async fn land(&self, page: LandingPage) -> Result<Landed> {
        page::land(self, page).await
    }

    fn pages_at_once(&self) -> usize {
        self.config().pages_at_once()
    }

    async fn transform(&self, scope: TransformScope) -> Result<TransformReport> {
        transform::run(self, scope).await
    }

    async fn start_run(&self, run: &RunStart) -> Result<()> {
        self.forget_erased().await;
        self.write(&[runs::started(run)?]).await?;
        Ok(())
    }

    async fn finish_run(&self, run: &RunFinish) -> Result<()> {
        // A commit that Snowflake has answered is durable.
        self.write(&[runs::finished(run)?]).await?;
        Ok(())
    }

    async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>> {
        let statement = statements::OPEN_RUN.statement().bind(mode.as_str());
        runs::open(mode, &self.ask(&statement).await?)
    }

    async fn watermark(&self) -> Result<Option<Watermark>> {
        runs::watermark(&self.ask(&statements::WATERMARK.statement()).await?)
    }

    async fn position(&self, stream: Stream) -> Result<Option<String>> {
        let statement = statements::POSITION.statement().bind(stream.as_str());
        let rows = self.ask(&statement).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let position = row.text("POSITION").map_err(super::failure::of_sql)?;
        Ok(position.map(str::to_owned))
    }

    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>> {
        if query.limit == 0 {
            return Ok(Vec::new());
        }
        let bounds = query
            .window
            .map(|window| (bounded_instant(window.from), bounded_instant(window.to)));
        let (from, to) = bounds.unzip();
        let statement = statements::KNOWN_CALLS
            .statement()
            .bind(query.after.as_ref().map_or("", |id| id.as_str()))
            .bind(query.window.is_some())
            .bind_all([from.clone(), to.clone(), from, to])
            .bind(limit(query.limit));
        let rows = self.ask(&statement).await?;
        rows.iter()
            .map(|row| {
                Ok(KnownCall {
                    id: row.required_text("CALL_ID")?.into(),
                    has_transcript: row.boolean("HAS_TRANSCRIPT")?.unwrap_or(false),
                })
            })
            .collect::<snowflake_sql::Result<_>>()
            .map_err(super::failure::of_sql)
    }

    async fn count_live_calls(&self) -> Result<u64> {
        let rows = self.ask(&statements::COUNT_LIVE_CALLS.statement()).await?;
        let calls = rows.first().map(|row| row.integer("LIVE_CALLS"));
        let calls = calls.transpose().map_err(super::failure::of_sql)?.flatten();
        Ok(calls.unwrap_or_default().unsigned_abs())
    }

    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()> {
        if letters.is_empty() {
            return Ok(());
        }
        let mut letters = letters.to_vec();
        guard_letters(&*erasure::erased(self).await?, &mut letters);
        let bytes = self.config().statement_bytes();
        self.write(&dead_letters::record(&letters, bytes)?).await?;
        Ok(())
    }

    async fn dead_letters(&self, query: &DeadLettersQuery) -> Result<Vec<DeadLetterRecord>> {
        match dead_letters::list(query)? {
            Some(statement) => dead_letters::read(&self.ask(&statement).await?),
            None => Ok(Vec::new()),
        }
    }

    async fn retire_dead_letter(&self, stream: Stream, key: &str, at: Timestamp) -> Result<bool> {
        let statement = statements::RETIRE_DEAD_LETTER
            .statement()
            .bind(bounded_instant(at))
            .bind(stream.as_str())
            .bind(key);
        let replies = self.write(&[statement]).await?;
        Ok(replies.first().is_some_and(|reply| reply.affected() > 0))
    }

    async fn origin(&self) -> Result<Option<Origin>> {
        origin::read(&self.ask(&statements::ORIGIN.statement()).await?)
    }

    async fn set_origin(&self, origin: &Origin) -> Result<()> {
        self.write(&[origin::set(origin)?]).await?;
        Ok(())
    }

    /// Snowflake checks the bytes of its tables itself, and keeps documents as values, not
    /// as the text that was hashed: there is nothing to check.
    async fn check_documents(&self, _: &CheckQuery) -> Result<DocumentCheck> {
        Ok(DocumentCheck::default())
    }
}
