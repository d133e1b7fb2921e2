//! Pages whose rows are on their way.

use std::collections::{HashMap, VecDeque};

use calls::CallId;

use crate::Landed;
use crate::page::PreparedPage;

/// Pages whose rows are on their way, oldest first, with what they change. Their documents
/// are kept until they are seen in landing.
#[derive(Debug, Default)]
pub(in crate::snowflake) struct Waiting {
    pages: VecDeque<(PreparedPage, Landed)>,
    bytes: usize,
    calls: HashMap<CallId, String>,
    transcripts: HashMap<CallId, String>,
}

impl Waiting {
    pub(super) fn push(&mut self, page: PreparedPage, landed: Landed) {
        for call in &page.calls {
            let prepared = &call.prepared;
            self.bytes += prepared.document.text().len();
            self.calls.insert(
                prepared.document.call_id.clone(),
                prepared.payload_sha.clone(),
            );
        }
        for transcript in &page.transcripts {
            self.bytes += transcript.document.text().len();
            self.transcripts.insert(
                transcript.document.call_id.clone(),
                transcript.payload_sha.clone(),
            );
        }
        self.pages.push_back((page, landed));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Whether any of the pages has documents.
    pub(super) fn has_rows(&self) -> bool {
        self.bytes > 0
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn first(&self) -> Option<(&PreparedPage, &Landed)> {
        self.pages.front().map(|(page, landed)| (page, landed))
    }

    pub(super) fn drop_first(&mut self) {
        self.pages.pop_front();
        if self.pages.is_empty() {
            *self = Self::default();
        }
    }

    /// The hash of the newest document of a call that waits.
    pub(in crate::snowflake) fn call(&self, id: &CallId) -> Option<&str> {
        self.calls.get(id).map(String::as_str)
    }

    /// The hash of the newest transcript of a call that waits.
    pub(in crate::snowflake) fn transcript(&self, id: &CallId) -> Option<&str> {
        self.transcripts.get(id).map(String::as_str)
    }
}
