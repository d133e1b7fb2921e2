//! What Snowflake's own procedures do, run by the client: the same statements, so that
//! what a task will run can be tried.
//!
//! For callers that do not want to wait for the tasks.

use super::statements;
use super::store::SnowflakeStore;
use crate::Result;

impl SnowflakeStore {
    /// Stages calls, people and sentences within Snowflake, without their documents
    /// travelling to the client, in one transaction; returns how many calls were staged.
    ///
    /// It is what the procedure `GONG_TRANSFORM` does for tasks. What takes more than SQL
    /// (figures of the conversation, CRM links, topics, trackers) stays empty, and calls
    /// stay pending, until [`transform`](crate::Landing::transform) gets to them. What was
    /// derived from a transcript that has changed is removed.
    pub async fn transform_in_database(&self) -> Result<u64> {
        let replies = self
            .write(&[
                statements::TRANSFORM_FILL_QUEUE.statement(),
                statements::TRANSFORM_CALLS.statement(),
                statements::TRANSFORM_DELETE_PARTICIPANTS.statement(),
                statements::TRANSFORM_PARTICIPANTS.statement(),
                statements::TRANSFORM_FORGET_ANALYSIS.statement(),
                statements::FORGET_READINGS.statement(),
                statements::TRANSFORM_DELETE_CHUNKS.statement(),
                statements::TRANSFORM_DELETE_SENTENCES.statement(),
                statements::TRANSFORM_SENTENCES.statement(),
                statements::TRANSFORM_CLEAR_QUEUE.statement(),
            ])
            .await?;
        Ok(replies.get(1).map_or(0, snowflake_sql::Rows::affected))
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
