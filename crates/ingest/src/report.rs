//! What a run did.

use resilience::meter::table;
use serde::Serialize;
use snowflake_store::{Landed, RunCounts, SyncMode};

/// What a run did. Serialises to the JSON object that the `ingest` example prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SyncReport {
    /// Mode.
    pub mode: SyncMode,
    /// Correlation id, kept with every row the run wrote.
    pub correlation_id: String,
    /// Calls that Gong delivered in the windows of the run.
    pub calls_seen: u64,
    /// Calls new to the store.
    pub calls_inserted: u64,
    /// Calls whose payload changed, or that are served again after a deletion.
    pub calls_updated: u64,
    /// Calls marked deleted.
    pub calls_deleted: u64,
    /// Transcripts new to the store.
    pub transcripts_inserted: u64,
    /// Transcripts whose payload changed.
    pub transcripts_updated: u64,
    /// Calls seen that have no transcript yet.
    pub transcripts_missing: u64,
    /// Calls that Gong serves but the settings do not choose.
    pub calls_unwanted: u64,
    /// Transcripts that Gong no longer serves, removed with everything derived from them.
    pub transcripts_withdrawn: u64,
    /// Dead letters in the store at the end of the run, whichever run wrote them, except
    /// those that a person retired.
    pub dead_letters: u64,
    /// Calls whose staging rows cannot be built at the end of the run; their raw rows
    /// are stored.
    pub transform_errors: u64,
    /// Stored documents that were found damaged and fetched again.
    pub documents_damaged: u64,
    /// Sentences staged.
    pub sentences: u64,
    /// Calls and transcripts that were not removed because they are more than the
    /// settings allow.
    pub deletions_withheld: u64,
    /// Whether the run resumed an earlier one.
    pub resumed: bool,
    /// Requests sent, retries included; for the caller to fill in from its client.
    pub requests: u64,
    /// Retries among them; for the caller to fill in from its client.
    pub retries: u64,
    /// How long it took.
    pub seconds: f64,
}

impl SyncReport {
    pub(crate) fn new(mode: SyncMode, correlation_id: String) -> Self {
        Self {
            mode,
            correlation_id,
            calls_seen: 0,
            calls_inserted: 0,
            calls_updated: 0,
            calls_deleted: 0,
            transcripts_inserted: 0,
            transcripts_updated: 0,
            transcripts_missing: 0,
            calls_unwanted: 0,
            transcripts_withdrawn: 0,
            dead_letters: 0,
            transform_errors: 0,
            documents_damaged: 0,
            sentences: 0,
            deletions_withheld: 0,
            resumed: false,
            requests: 0,
            retries: 0,
            seconds: 0.0,
        }
    }

    /// Whether everything the store should have is stored and staged.
    pub fn is_complete(&self) -> bool {
        self.dead_letters == 0 && self.transform_errors == 0 && self.deletions_withheld == 0
    }

    /// Adds the client's counts of requests and retries.
    #[must_use]
    pub fn with_requests(mut self, requests: u64, retries: u64) -> Self {
        self.requests = requests;
        self.retries = retries;
        self
    }

    pub(crate) fn add_landed(&mut self, landed: &Landed) {
        for (change, calls) in [
            ("inserted", landed.calls.inserted),
            ("updated", landed.calls.updated),
            ("deleted", landed.deleted),
        ] {
            table::CALLS_LANDED.add(&[change], calls);
        }
        for (change, transcripts) in [
            ("inserted", landed.transcripts.inserted),
            ("updated", landed.transcripts.updated),
            ("withdrawn", landed.withdrawn),
        ] {
            table::TRANSCRIPTS_LANDED.add(&[change], transcripts);
        }
        self.calls_inserted += landed.calls.inserted;
        self.calls_updated += landed.calls.updated;
        self.calls_deleted += landed.deleted;
        self.transcripts_withdrawn += landed.withdrawn;
        self.transcripts_inserted += landed.transcripts.inserted;
        self.transcripts_updated += landed.transcripts.updated;
    }

    pub(crate) fn counts(&self) -> RunCounts {
        RunCounts {
            calls_seen: self.calls_seen,
            calls_inserted: self.calls_inserted,
            calls_updated: self.calls_updated,
            calls_deleted: self.calls_deleted,
            transcripts_inserted: self.transcripts_inserted + self.transcripts_updated,
            transcripts_missing: self.transcripts_missing,
            dead_letters: self.dead_letters,
        }
    }
}
