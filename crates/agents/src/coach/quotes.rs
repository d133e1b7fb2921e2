//! What calls said, read once, each sentence for one advice only.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use calls::{CallId, Provenance, SentenceId};
use snowflake_store::{CallDetail, CallReader};

use crate::{Evidence, Result};

/// Sentences that one advice shows of one call.
const SHOWN: usize = 3;

/// Reads calls for what they show, and hands each sentence out once.
pub(crate) struct Quotes<'a> {
    store: &'a dyn CallReader,
    /// Whose readings count.
    pub(crate) reader: Option<&'a Provenance>,
    read: HashMap<CallId, Option<Arc<CallDetail>>>,
    used: HashSet<SentenceId>,
}

impl<'a> Quotes<'a> {
    pub(crate) fn new(store: &'a dyn CallReader, reader: Option<&'a Provenance>) -> Self {
        Self {
            store,
            reader,
            read: HashMap::new(),
            used: HashSet::new(),
        }
    }

    /// A call with words; a call may lose its transcript between two reads, and then it
    /// shows nothing.
    pub(crate) async fn detail(&mut self, id: &CallId) -> Result<Option<Arc<CallDetail>>> {
        if let Some(read) = self.read.get(id) {
            return Ok(read.clone());
        }
        let detail = self.store.call_detail(id).await?;
        let with_words = detail.filter(|detail| {
            let transcript = detail.transcript.as_ref();
            transcript.is_some_and(|transcript| !transcript.sentences.is_empty())
        });
        let read = with_words.map(Arc::new);
        self.read.insert(id.clone(), read.clone());
        Ok(read)
    }

    /// The first of a choice that no other advice shows, in the order of the call.
    pub(crate) fn take(&mut self, choice: Vec<Evidence>) -> Vec<Evidence> {
        let free = choice
            .into_iter()
            .filter(|evidence| !self.used.contains(evidence.sentence_id()));
        let mut taken: Vec<Evidence> = free.take(SHOWN).collect();
        taken.sort_by_key(|evidence| (evidence.start_ms(), evidence.index()));
        self.use_up(&taken);
        taken
    }

    /// Whether no other advice shows a sentence.
    pub(crate) fn is_free(&self, evidence: &Evidence) -> bool {
        !self.used.contains(evidence.sentence_id())
    }

    /// Whether a call that is quoted has a reading of the reader that counts.
    pub(crate) fn are_read(&self, evidence: &[Evidence]) -> bool {
        evidence.iter().any(|one| {
            let detail = self.read.get(one.call_id()).and_then(Option::as_ref);
            detail.is_some_and(|detail| reading_of(detail, self.reader).is_some())
        })
    }

    /// Marks sentences as shown.
    pub(crate) fn use_up<'e>(&mut self, shown: impl IntoIterator<Item = &'e Evidence>) {
        let ids = shown.into_iter().map(|one| one.sentence_id().clone());
        self.used.extend(ids);
    }
}

/// The reading of the reader that counts; without one that counts, the latest.
pub(crate) fn reading_of<'d>(
    detail: &'d CallDetail,
    reader: Option<&Provenance>,
) -> Option<&'d calls::reading::Reading> {
    let mut readings = detail.readings.iter();
    let of_reader = readings.find(|one| reader.is_none_or(|reader| one.provenance == *reader));
    of_reader.map(|one| &one.reading)
}
