//! Landing over Snowpipe Streaming, for backfills.

mod channels;
mod landing;
mod open;
mod waiting;

use std::fmt;

use snowflake_streaming::RowChannel;
use tokio::sync::Mutex;

use self::channels::Channels;
pub(super) use self::waiting::Waiting;
use super::erasure;
use super::landing::streamed;
use super::store::SnowflakeStore;
use crate::blocking::blocking;
use crate::page::PreparedPage;
use crate::{CheckpointStep, Landed, Landing, LandingPage, Result, Stream};

/// Bytes of documents that may wait for a merge.
const MOST_WAITING: usize = 64 << 20;

/// A [`SnowflakeStore`] whose documents arrive by Snowpipe Streaming: for backfills.
///
/// Everything else is the store's own, so it is a [`CallStore`](crate::CallStore), and
/// what it lands is what the store lands. Documents go as rows over two channels (calls,
/// transcripts) into the streamed tables; no warehouse runs and no statement carries
/// them. When a window is done, or 64 MB wait, the channels are flushed, the rows merged
/// into landing in one transaction, and each page is finished as the store finishes it:
/// checkpoint, deletions and dead letters in a transaction of their own. A document that
/// is not there by then, because Snowflake has rejected its row, is landed by SQL in that
/// transaction.
///
/// # What differs from the contract
/// A page of the stream `calls` whose checkpoint says [`Page`](CheckpointStep::Page) and
/// that deletes and withdraws nothing may wait: it is durable when a later page is, whose
/// [`changed`](Landed::changed) then names the calls of both. Any other page, and the end
/// of a run, settles all that wait. A position of another stream is thus read back at once.
///
/// # After a crash
/// Snowflake keeps how far each channel is, and checkpoints keep it too
/// (`POSITION` of the stream `calls`). Opening takes the channels over, which discards what
/// was not committed, and merges what was. The run then goes on as any run does, and
/// finds it stored: a document is streamed again only when its row was lost.
///
/// One writer at a time: opening takes the channels from whoever has them.
pub struct StreamedLanding {
    store: SnowflakeStore,
    most_waiting: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    channels: Channels,
    waiting: Waiting,
}

impl fmt::Debug for StreamedLanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamedLanding")
            .field("store", &self.store)
            .field("most_waiting", &self.most_waiting)
            .finish_non_exhaustive()
    }
}

impl StreamedLanding {
    /// Lands over two channels, into `GONG_CALLS_STREAMED` and
    /// `GONG_CALL_TRANSCRIPTS_STREAMED`. What they hold already is merged.
    /// [`connect`](Self::connect) opens them.
    ///
    /// # Errors
    /// The store's.
    pub async fn over(
        store: SnowflakeStore,
        calls: Box<dyn RowChannel>,
        transcripts: Box<dyn RowChannel>,
    ) -> Result<Self> {
        let merged = store.merge_streamed().await?;
        if merged > 0 {
            tracing::info!(
                documents = merged,
                "merged what an earlier run had streamed"
            );
        }
        let reached = store.position(Stream::Calls).await?;
        Ok(Self {
            store,
            most_waiting: MOST_WAITING,
            state: Mutex::new(State {
                channels: Channels::new(calls, transcripts, reached.as_deref()),
                waiting: Waiting::default(),
            }),
        })
    }

    /// Bytes of documents that may wait for a merge. Default 64 MB. More means fewer
    /// merges, each of which wakes the warehouse, and more memory.
    /// For callers that are short of memory.
    #[must_use]
    pub fn with_most_waiting(mut self, bytes: usize) -> Self {
        self.most_waiting = bytes;
        self
    }

    pub(crate) fn store(&self) -> &SnowflakeStore {
        &self.store
    }

    async fn take(&self, page: LandingPage) -> Result<Landed> {
        let max_bytes = self.store.config().max_document_bytes();
        let page = erasure::guarded(&self.store, page).await?;
        let mut page = blocking(move || PreparedPage::new(page, max_bytes)).await?;
        let mut state = self.state.lock().await;
        let State { channels, waiting } = &mut *state;
        let news = streamed::news(&self.store, &page, waiting).await?;
        channels.send(&page, &news).await?;
        if let Some(checkpoint) = &mut page.checkpoint
            && checkpoint.stream == Stream::Calls
        {
            checkpoint.position = Some(channels.position());
        }
        let mut landed = news.landed;
        let may_wait = page.deleted.is_empty()
            && page.withdrawn.is_empty()
            && page.checkpoint.as_ref().is_some_and(|checkpoint| {
                checkpoint.stream == Stream::Calls && checkpoint.step == CheckpointStep::Page
            });
        waiting.push(page, landed.clone());
        if !may_wait || waiting.bytes() >= self.most_waiting {
            let settled = self.settle(&mut state).await?;
            landed.deleted = settled.deleted;
            landed.withdrawn = settled.withdrawn;
            landed.changed = settled.changed;
        }
        Ok(landed)
    }

    /// Flushes, merges, and finishes the pages that wait, in their order.
    async fn settle(&self, state: &mut State) -> Result<Landed> {
        let State { channels, waiting } = state;
        let mut settled = Landed::default();
        if waiting.is_empty() {
            return Ok(settled);
        }
        if waiting.has_rows() {
            channels.flush().await?;
            self.store.merge_streamed().await?;
        }
        while let Some((page, counted)) = waiting.first() {
            let page = streamed::finish(&self.store, page, counted).await?;
            settled.deleted += page.deleted;
            settled.withdrawn += page.withdrawn;
            settled.changed.extend(page.changed);
            waiting.drop_first();
        }
        Ok(settled)
    }

    /// Settles what waits. What it changed is pending in the store, and transformed as such.
    async fn settle_all(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        self.settle(&mut state).await.map(drop)
    }
}
