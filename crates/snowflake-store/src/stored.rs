//! What becomes of a document that lands beside what is stored of it, the same for every store.

use crate::{Landed, LandedCounts, RunCounts};

/// What is stored of a document.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) payload_sha: String,
    pub(crate) processed: bool,
    pub(crate) failed: bool,
    pub(crate) deleted: bool,
}

pub(crate) fn must_write(stored: Option<&Stored>, payload_sha: &str) -> bool {
    stored.is_none_or(|stored| stored.deleted || stored.payload_sha != payload_sha)
}

pub(crate) fn count(counts: &mut LandedCounts, stored: Option<&Stored>, payload_sha: &str) {
    match stored {
        None => counts.inserted += 1,
        Some(_) if must_write(stored, payload_sha) => counts.updated += 1,
        Some(_) => counts.unchanged += 1,
    }
}

/// Whether a document that has landed now has to be transformed: also one that
/// landed before and was not yet, because its run ended in between.
pub(crate) fn needs_transform(stored: Option<&Stored>, payload_sha: &str) -> bool {
    must_write(stored, payload_sha)
        || stored.is_some_and(|stored| !stored.processed && !stored.failed)
}

/// What a page adds to its run.
pub(crate) fn counts_of_page(calls_seen: usize, landed: &Landed) -> RunCounts {
    RunCounts {
        calls_seen: calls_seen as u64,
        calls_inserted: landed.calls.inserted,
        calls_updated: landed.calls.updated,
        calls_deleted: landed.deleted,
        transcripts_inserted: landed.transcripts.inserted + landed.transcripts.updated,
        ..RunCounts::default()
    }
}
