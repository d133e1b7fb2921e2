//! How documents get in.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;

use crate::{
    DeadLetter, DeadLetterRecord, KnownCall, KnownCallsQuery, Landed, LandingPage, OpenRun, Result,
    RunFinish, RunStart, Stream, SyncMode, TransformReport, TransformScope,
};

/// How documents get in, and how far a sync is.
///
/// # Contract
/// - **Atomic**: a page, its deletions and its checkpoint are one transaction.
///   After a crash either all of it is there or nothing.
/// - **Idempotent**: a document is compared by the hash of its canonical JSON
///   (order of object keys does not matter); landing what is there already
///   writes nothing but the checkpoint.
/// - **Duplicates** on one page: the last one wins.
/// - **Deletion** sets `DELETED_AT` on the raw rows and on the staged call and
///   removes everything derived (sentences, participants, topics, chunks,
///   insights). Unknown and already deleted ids are ignored. A document of a
///   deleted call that is landed again revives it; one on the very page that
///   deletes it keeps it.
/// - **Dead letters** of a call and stream disappear when its document lands;
///   those of a window when a checkpoint says the window is done; all of a call
///   when it is deleted, stored or not.
/// - **Hashes** leave out a top-level `media` object: Gong signs its links anew
///   with every request.
/// - **Order**: pages may land in any order; a transcript may land before its call.
/// - **Concurrency**: pages without a call in common may land at the same time.
/// - **Cancellation**: dropping a future of a write leaves it done or not done.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Landing: Debug + Send + Sync + 'static {
    /// Lands one page in one transaction.
    async fn land(&self, page: LandingPage) -> Result<Landed>;

    /// How many pages gain from being landed at the same time; 1 where they would wait for
    /// each other.
    fn pages_at_once(&self) -> usize {
        1
    }

    /// Rebuilds the staging rows of landed calls. A call that cannot be read is
    /// recorded (`PROCESSING_ERROR`, `PIPELINE_ERRORS`) and holds up no other.
    async fn transform(&self, scope: TransformScope) -> Result<TransformReport>;

    /// Records that a run begins.
    async fn start_run(&self, run: &RunStart) -> Result<()>;

    /// Records that a run has ended, and makes everything durable before it returns.
    async fn finish_run(&self, run: &RunFinish) -> Result<()>;

    /// The latest run of a mode, if it was started and not finished.
    async fn open_run(&self, mode: SyncMode) -> Result<Option<OpenRun>>;

    /// The watermark of the latest finished run that set one.
    async fn watermark(&self) -> Result<Option<Timestamp>>;

    /// The position of a stream's latest checkpoint that has one.
    async fn position(&self, stream: Stream) -> Result<Option<String>>;

    /// Stored calls that are not marked deleted, ascending by id (byte order).
    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>>;

    /// Records dead letters. One for the same stream and call (or window) counts
    /// up its attempts.
    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()>;

    /// Dead letters, oldest first.
    async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetterRecord>>;
}
