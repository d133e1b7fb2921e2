//! A page made ready before anything is written: last of each duplicate, hashed.

use std::collections::HashSet;

use calls::{CallId, RawDocument};
use serde::Deserialize;

use crate::payload_hash::PayloadHasher;
use crate::{Checkpoint, LandingPage, instant};

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

/// A document with its hash.
#[derive(Debug)]
pub(crate) struct PreparedDocument {
    pub(crate) document: RawDocument,
    pub(crate) payload_sha: String,
}

/// A call's document with its hash and the times by which windows find it.
#[derive(Debug)]
pub(crate) struct PreparedCall {
    pub(crate) prepared: PreparedDocument,
    pub(crate) started: Option<String>,
    pub(crate) scheduled: Option<String>,
}

impl From<LandingPage> for PreparedPage {
    fn from(page: LandingPage) -> Self {
        let mut hasher = PayloadHasher::default();
        let calls = last_of_each(page.calls)
            .into_iter()
            .map(|document| {
                let (started, scheduled) = call_times(document.text());
                PreparedCall {
                    prepared: prepare(document, &mut hasher),
                    started,
                    scheduled,
                }
            })
            .collect();
        let transcripts: Vec<_> = last_of_each(page.transcripts)
            .into_iter()
            .map(|document| prepare(document, &mut hasher))
            .collect();
        let withdrawn = still_withdrawn(page.withdrawn, &transcripts);
        Self {
            run_id: page.run_id,
            calls,
            transcripts,
            deleted: page.deleted,
            withdrawn,
            checkpoint: page.checkpoint,
        }
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

fn prepare(document: RawDocument, hasher: &mut PayloadHasher) -> PreparedDocument {
    PreparedDocument {
        payload_sha: hasher.hash(document.text()),
        document,
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

/// Start and scheduled start of a call, as they are stored. A document that
/// cannot be read has neither: landing takes it all the same.
pub(crate) fn call_times(json: &str) -> (Option<String>, Option<String>) {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Probe {
        #[serde(default)]
        meta_data: Option<Times>,
        #[serde(default)]
        started: Option<String>,
        #[serde(default)]
        scheduled: Option<String>,
    }
    #[derive(Deserialize)]
    struct Times {
        #[serde(default)]
        started: Option<String>,
        #[serde(default)]
        scheduled: Option<String>,
    }
    let Ok(probe) = serde_json::from_str::<Probe>(json) else {
        return (None, None);
    };
    let times = probe.meta_data.unwrap_or(Times {
        started: probe.started,
        scheduled: probe.scheduled,
    });
    let stored = |text: Option<String>| {
        let instant = text?.parse().ok()?;
        Some(instant::text(instant))
    };
    let scheduled = stored(times.scheduled);
    // As `decode_call` reads it: a call without a start has its scheduled one.
    (
        stored(times.started).or_else(|| scheduled.clone()),
        scheduled,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn finds_times_in_both_shapes() {
        let utc = |text: &str| Some(text.to_owned());
        let extensive = r#"{"metaData":{"started":"2026-01-02T03:04:05-08:00","scheduled":null}}"#;
        assert_eq!(
            call_times(extensive),
            (utc("2026-01-02T11:04:05+00:00"), None)
        );
        let flat = r#"{"scheduled":"2026-01-02T03:00:00Z"}"#;
        let scheduled = utc("2026-01-02T03:00:00+00:00");
        assert_eq!(call_times(flat), (scheduled.clone(), scheduled));
        assert_eq!(
            call_times(r#"{"metaData":{"started":"soon"}}"#),
            (None, None)
        );
        assert_eq!(call_times("[1]"), (None, None));
    }
}
