//! How documents get into the store.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;

use crate::{
    CheckQuery, DeadLetter, DeadLetterRecord, DeadLettersQuery, DocumentCheck, KnownCall,
    KnownCallsQuery, Landed, LandingPage, OpenRun, Origin, Result, RunFinish, RunStart, Stream,
    SyncMode, TransformReport, TransformScope, Watermark,
};

/// Landing documents, and the progress of a sync.
///
/// # Contract
/// - **Atomic**: a page, its deletions and its checkpoint are one transaction.
///   After a crash either all of it is there or nothing.
/// - **Idempotent**: a document is compared by the hash of its canonical JSON
///   (order of object keys does not matter); landing what is already there
///   writes nothing but the checkpoint.
/// - **Duplicates** on one page: the last one wins.
/// - **Deletion** sets `DELETED_AT` on the raw rows and on the staged call and
///   removes everything derived (sentences, participants, topics, chunks,
///   insights). Unknown and already deleted ids are ignored. A document of a
///   deleted call that is landed again revives it; one on the very page that
///   deletes it keeps it.
/// - **Withdrawal**: the transcript's row is removed, not marked, with everything
///   derived from it (sentences, chunks, insights, figures) and its dead letter; the
///   call stays and is in [`Landed::changed`], to be staged again without it. Unknown
///   ids are ignored; a transcript on the very page that withdraws it stays.
/// - **Dead letters**, one per stream and [`Fault`](crate::Fault), are removed only:
///   - of a call: when its document of that stream lands, changed or not; all of a call
///     when it is deleted, stored or not;
///   - of a window: when a checkpoint says
///     [`WindowDone`](crate::CheckpointStep::WindowDone) of a span around it;
///   - of a record: when such a checkpoint of [`Stream::Calls`] covers its span, unless
///     the checkpoint's own run recorded the letter: then the span was read and the
///     record is still at fault.
///
///   Checkpoints of [`Stream::Sweep`], [`Stream::Relist`] and [`Stream::Check`] remove no
///   letter. Recording a letter again increments its attempts and keeps when it
///   first failed, whether it is retired, and the shortest of the spans in which a record
///   was met.
/// - **Hashes** leave out a top-level `media` object: Gong signs its links anew
///   with every request.
/// - **Cleaning**: what no store can hold (see [`calls::canonical`]) is cleaned before a
///   document lands, the same way for every store; the hash is that of what is stored, and
///   the original is kept beside it.
/// - **Refusal**: a document that a store cannot hold is `InvalidInput`, never retryable, and
///   nothing of its page lands; without that document the page does.
/// - **Order**: pages may land in any order; a transcript may land before its call.
/// - **Concurrency**: pages without a call in common may land at the same time.
/// - **Cancellation**: dropping the future of a write leaves it done or not done.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait Landing: Debug + Send + Sync + 'static {
    /// Lands one page in one transaction.
    async fn land(&self, page: LandingPage) -> Result<Landed>;

    /// How many pages are worth landing at the same time; 1 if they would wait for
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
    async fn watermark(&self) -> Result<Option<Watermark>>;

    /// The position of a stream's latest checkpoint that has one.
    async fn position(&self, stream: Stream) -> Result<Option<String>>;

    /// Stored calls that are not marked deleted, ascending by id (byte order).
    async fn known_calls(&self, query: &KnownCallsQuery) -> Result<Vec<KnownCall>>;

    /// How many stored calls are not marked deleted.
    async fn count_live_calls(&self) -> Result<u64>;

    /// Records dead letters, or one more attempt at those that are there.
    async fn record_dead_letters(&self, letters: &[DeadLetter]) -> Result<()>;

    /// Dead letters, ascending by when they first failed, stream and key.
    ///
    /// # Errors
    /// `InvalidInput` with the field `after` when it is not a position.
    async fn dead_letters(&self, query: &DeadLettersQuery) -> Result<Vec<DeadLetterRecord>>;

    /// Retires a letter, as a person decided; `false` when there is no such letter. A retired
    /// letter is neither listed nor counted unless requested, even if its thing fails again,
    /// and is removed like any other letter. One that is already retired stays as it is.
    async fn retire_dead_letter(&self, stream: Stream, key: &str, at: Timestamp) -> Result<bool>;

    /// The origin that the store mirrors; `None` before it is set.
    async fn origin(&self) -> Result<Option<Origin>>;

    /// Sets the origin that the store mirrors, replacing any earlier one.
    async fn set_origin(&self, origin: &Origin) -> Result<()>;

    /// Hashes stored documents of calls that are not marked deleted and compares them with what
    /// landed, call by call, ascending by id. A document that differs counts as not landed
    /// from then on: it is not transformed, and landing it again, changed or not, writes it
    /// and stages its call. A store whose engine verifies its own storage checks
    /// none and reports that the end was reached.
    async fn check_documents(&self, query: &CheckQuery) -> Result<DocumentCheck>;
}
