//! What Snowflake's own procedures do, run by the client: the same statements, so that
//! what a task will run can be tried.
//!
//! For callers that do not want to wait for the tasks.

use super::failure::{of_sql, unreadable};
use super::statements;
use super::store::SnowflakeStore;
use crate::Result;

/// Who turns landed documents into staging rows: one at a time, or both would stage a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StagingWriter {
    /// [`transform`](crate::Landing::transform), with figures and CRM links. The default.
    Client,
    /// The procedure `GONG_TRANSFORM`, which tasks call.
    Task,
}

impl StagingWriter {
    /// As the schema spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Task => "task",
        }
    }
}

impl SnowflakeStore {
    /// Says who writes staging: this client's [`transform`](crate::Landing::transform), or
    /// tasks. The other one finds nothing to do from then on. When the client takes over,
    /// what tasks have staged is to do once more: figures and CRM links are lacking there.
    ///
    /// # Errors
    /// The session's.
    pub async fn set_staging_writer(&self, writer: StagingWriter) -> Result<()> {
        let mut statements = vec![
            statements::LOCK_STAGING.statement(),
            statements::SET_WRITER.statement().bind(writer.as_str()),
        ];
        if writer == StagingWriter::Client {
            statements.push(statements::RESTAGE_CALLS_OF_TASKS.statement());
        }
        self.write(&statements).await.map(drop)
    }

    /// Who writes staging.
    ///
    /// # Errors
    /// `Decode` for a writer that this build does not know, and the session's.
    pub async fn staging_writer(&self) -> Result<StagingWriter> {
        let rows = self.ask(&statements::WRITER.statement()).await?;
        let writer = rows.first().map(|row| row.required_text("WRITER"));
        match writer.transpose().map_err(of_sql)? {
            Some("client") => Ok(StagingWriter::Client),
            Some("task") => Ok(StagingWriter::Task),
            _ => Err(unreadable("WRITER")),
        }
    }

    /// Stages calls, people and sentences within Snowflake, without their documents
    /// travelling to the client, in one transaction; returns how many calls were staged.
    /// None while the client writes staging ([`set_staging_writer`](Self::set_staging_writer)).
    ///
    /// It is what the procedure `GONG_TRANSFORM` does for tasks. What takes more than SQL
    /// (figures of the conversation, CRM links, topics, trackers) stays empty. What was
    /// derived from a transcript that has changed is removed.
    ///
    /// # Errors
    /// The session's.
    pub async fn transform_in_database(&self) -> Result<u64> {
        let replies = self
            .write(&[
                statements::LOCK_STAGING.statement(),
                statements::TRANSFORM_FILL_QUEUE.statement(),
                statements::TRANSFORM_REFUSE_CALLS.statement(),
                statements::TRANSFORM_MARK_CALLS.statement(),
                statements::TRANSFORM_MARK_TRANSCRIPTS.statement(),
                statements::TRANSFORM_CALLS.statement(),
                statements::TRANSFORM_DELETE_PARTICIPANTS.statement(),
                statements::TRANSFORM_PARTICIPANTS.statement(),
                statements::TRANSFORM_HASH_SENTENCES.statement(),
                statements::TRANSFORM_FORGET_ANALYSIS.statement(),
                statements::FORGET_READINGS.statement(),
                statements::TRANSFORM_DELETE_CHUNKS.statement(),
                statements::TRANSFORM_DELETE_SENTENCES.statement(),
                statements::TRANSFORM_SENTENCES.statement(),
                statements::TRANSFORM_COUNT_SENTENCES.statement(),
                statements::TRANSFORM_CLEAR_QUEUE.statement(),
            ])
            .await?;
        Ok(replies.get(5).map_or(0, snowflake_sql::Rows::affected))
    }

    /// Moves what was streamed ([`StreamedCall`](crate::StreamedCall)) into landing, in
    /// one transaction; returns how many documents were new or changed. Rows that arrive
    /// meanwhile stay for the next time.
    ///
    /// It is what the procedure `GONG_MERGE_STREAMED` does. A backfill calls it once its
    /// channels are flushed, and [`transform`](crate::Landing::transform) after it.
    pub async fn merge_streamed(&self) -> Result<u64> {
        let replies = self
            .write(&[
                statements::MERGE_STREAMED_CALLS.statement(),
                statements::MERGE_STREAMED_TRANSCRIPTS.statement(),
                statements::CLEAR_STREAMED_CALLS.statement(),
                statements::CLEAR_STREAMED_TRANSCRIPTS.statement(),
            ])
            .await?;
        let merged = replies.iter().take(2);
        Ok(merged.map(snowflake_sql::Rows::affected).sum())
    }
}
