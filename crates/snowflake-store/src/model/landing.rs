//! Pages to land, and what became of them.

use calls::{CallId, RawDocument};

use super::Checkpoint;

/// What one transaction lands. [`LandingPage::new`] makes an empty one, and the
/// methods that begin with `with_` fill it.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct LandingPage {
    /// Correlation id of the run, kept with every new or changed row.
    pub run_id: String,
    /// Extensive calls.
    pub calls: Vec<RawDocument>,
    /// Transcripts. Their calls may be stored already, on this page, or later.
    pub transcripts: Vec<RawDocument>,
    /// Calls that the source no longer serves.
    pub deleted: Vec<CallId>,
    /// Calls whose transcript the source no longer serves, while it serves the call.
    pub withdrawn: Vec<CallId>,
    /// Progress, committed together with the documents.
    pub checkpoint: Option<Checkpoint>,
}

impl LandingPage {
    /// A page of a run that lands nothing yet.
    pub fn new(run_id: impl Into<String>) -> Self {
        Self {
            run_id: run_id.into(),
            ..Self::default()
        }
    }
}

resilience::setters! {
    LandingPage {
        /// Lands these calls.
        with_calls(calls: Vec<RawDocument>);
        /// Lands these transcripts.
        with_transcripts(transcripts: Vec<RawDocument>);
        /// Marks these calls as deleted.
        with_deleted(deleted: Vec<CallId>);
        /// Removes the transcripts of these calls.
        with_withdrawn(withdrawn: Vec<CallId>);
        /// Commits this progress together with the documents.
        with_checkpoint(checkpoint: impl Into<Option<Checkpoint>>) = checkpoint.into();
    }
}

/// What landing changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Landed {
    /// Calls.
    pub calls: LandedCounts,
    /// Transcripts.
    pub transcripts: LandedCounts,
    /// Calls newly marked deleted.
    pub deleted: u64,
    /// Transcripts removed because they are withdrawn.
    pub withdrawn: u64,
    /// Calls that need a transform now, without duplicates: also unchanged ones
    /// that an earlier run landed and did not transform. Transcripts whose call
    /// is not stored need none yet.
    pub changed: Vec<CallId>,
}

/// Documents by what landing did with them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LandedCounts {
    /// New to the store.
    pub inserted: u64,
    /// Payload changed, or served again after a deletion.
    pub updated: u64,
    /// Stored already with the same payload: nothing was written.
    pub unchanged: u64,
}

/// Which calls to transform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransformScope {
    /// These, as far as they have anything that is not processed.
    Calls(Vec<CallId>),
    /// At most so many calls that are not processed, without those that the present reader
    /// ([`DECODER_VERSION`](calls::gong::DECODER_VERSION)) has failed to read since they last
    /// changed. One that failed under another reader is retried.
    Pending {
        /// How many.
        limit: usize,
    },
    /// As `Pending`, and all that failed as well.
    Failed {
        /// How many.
        limit: usize,
    },
}

/// What a transform did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransformReport {
    /// Calls whose staging rows were rebuilt.
    pub transformed: u64,
    /// Calls that could not be; recorded with their reason, others are not held up.
    pub failed: Vec<TransformFailure>,
    /// Sentences written.
    pub sentences: u64,
}

/// A call that could not be transformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformFailure {
    /// The call.
    pub call_id: CallId,
    /// Why, naming the field; without call text.
    pub reason: String,
}
