//! Prepares a page before anything is written: deduplicated (the last one wins), hashed, cleaned.

use std::collections::HashSet;

use calls::{CallId, RawDocument, gong};

use crate::document::PreparedDocument;
use crate::payload_hash::PayloadHasher;
use crate::{Checkpoint, LandingPage, Result, instant};

/// A page with everything computed that the transaction needs.
#[derive(Debug)]
pub(crate) struct PreparedPage {
    pub(crate) run_id: String,
    pub(crate) calls: Vec<PreparedCall>,
    pub(crate) transcripts: Vec<PreparedDocument>,
    pub(crate) deleted: Vec<CallId>,
    /// Calls whose transcript is withdrawn and not on the page, each once.
    pub(crate) withdrawn: Vec<CallId>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// A call's document with the times by which windows find it.
#[derive(Debug)]
pub(crate) struct PreparedCall {
    pub(crate) prepared: PreparedDocument,
    pub(crate) started: Option<String>,
    pub(crate) scheduled: Option<String>,
}

impl PreparedPage {
    /// Prepares documents of at most `max_bytes` each; one that is larger is the error.
    pub(crate) fn new(page: LandingPage, max_bytes: usize) -> Result<Self> {
        let mut hasher = PayloadHasher::default();
        let calls = last_of_each(page.calls).into_iter().map(|document| {
            let prepared = PreparedDocument::new(document, max_bytes, &mut hasher)?;
            Ok(PreparedCall::of(prepared))
        });
        let calls = calls.collect::<Result<_>>()?;
        let transcripts = last_of_each(page.transcripts)
            .into_iter()
            .map(|document| PreparedDocument::new(document, max_bytes, &mut hasher));
        let transcripts = transcripts.collect::<Result<Vec<_>>>()?;
        let withdrawn = still_withdrawn(page.withdrawn, &transcripts);
        Ok(Self {
            run_id: page.run_id,
            calls,
            transcripts,
            deleted: page.deleted,
            withdrawn,
            checkpoint: page.checkpoint,
        })
    }
}

/// A transcript on the page is served: only the others can be withdrawn.
fn still_withdrawn(ids: Vec<CallId>, transcripts: &[PreparedDocument]) -> Vec<CallId> {
    if ids.is_empty() {
        return ids;
    }
    let mut seen: HashSet<CallId> = transcripts
        .iter()
        .map(|transcript| transcript.document.call_id.clone())
        .collect();
    ids.into_iter()
        .filter(|id| seen.insert(id.clone()))
        .collect()
}

impl PreparedCall {
    /// A document that cannot be read has no times: landing takes it all the same.
    pub(crate) fn of(prepared: PreparedDocument) -> Self {
        let (started, scheduled) = gong::call_times(prepared.document.text());
        Self {
            prepared,
            started: started.map(instant::text),
            scheduled: scheduled.map(instant::text),
        }
    }
}

/// Keeps the last document of each call, in the order of those that stay.
fn last_of_each(mut documents: Vec<RawDocument>) -> Vec<RawDocument> {
    let mut seen = HashSet::with_capacity(documents.len());
    let mut keep: Vec<bool> = documents
        .iter()
        .rev()
        .map(|document| seen.insert(document.call_id.clone()))
        .collect();
    documents.retain(|_| keep.pop().unwrap_or(true));
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_that_the_transform_reads() {
        let utc = |text: &str| Some(text.to_owned());
        let times = |json: &str| {
            let document = RawDocument::new(CallId::new("1"), json).unwrap();
            let page = LandingPage {
                calls: vec![document],
                ..LandingPage::default()
            };
            let call = PreparedPage::new(page, 1_000).unwrap().calls.remove(0);
            (call.started, call.scheduled)
        };
        assert_eq!(
            times(r#"{"metaData":{"started":"2026-01-02T03:04:05-08:00","scheduled":null}}"#),
            (utc("2026-01-02T11:04:05+00:00"), None)
        );
        let scheduled = utc("2026-01-02T03:00:00+00:00");
        let odd =
            r#"{"metaData":{"started":7,"started":"soon","scheduled":"2026-01-02T03:00:00Z"}}"#;
        assert_eq!(times(odd), (scheduled.clone(), scheduled));
        assert_eq!(times("[1]"), (None, None));
    }

    #[test]
    fn the_last_of_duplicates_stays() {
        let document = |id: &str, json: &str| RawDocument::new(CallId::new(id), json).unwrap();
        let kept = last_of_each(vec![
            document("1", "10"),
            document("2", "20"),
            document("1", "11"),
            document("3", "30"),
        ]);
        let texts: Vec<&str> = kept.iter().map(RawDocument::text).collect();
        assert_eq!(texts, ["20", "11", "30"]);
    }
}
