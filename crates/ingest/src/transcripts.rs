//! Transcripts of the calls of a page.

use std::collections::HashSet;

use calls::{CallId, RawDocument};
use gong_client::{Rejected, TranscriptFilter};

use crate::Error;
use crate::fetch::{Failed, Source};

/// The transcripts of some calls, as far as they could be had.
#[derive(Debug, Default)]
pub(crate) struct TranscriptBatch {
    /// Transcripts.
    pub(crate) documents: Vec<RawDocument>,
    /// Records that could not be read.
    pub(crate) rejected: Vec<Rejected>,
    /// Calls that have none yet.
    pub(crate) missing: Vec<CallId>,
    /// Calls whose transcript could not be fetched, with the reason.
    pub(crate) failed: Vec<(CallId, String)>,
}

/// Fetches the transcripts of calls, `batch` ids a request.
///
/// A request that fails is cut in two until the call at fault stands alone.
///
/// # Errors
/// Only what stops the run.
pub(crate) async fn fetch(
    source: &Source,
    ids: &[CallId],
    batch: usize,
) -> Result<TranscriptBatch, Error> {
    let mut result = TranscriptBatch::default();
    let mut to_ask: Vec<&[CallId]> = ids.chunks(batch.max(1)).rev().collect();
    while let Some(asked) = to_ask.pop() {
        match fetch_batch(source, asked, &mut result).await {
            Ok(()) => {}
            Err(Failed::Stop(error)) => return Err(error),
            Err(Failed::Skip(error)) => match asked {
                [only] => result.failed.push((only.clone(), error.to_string())),
                _ => {
                    let (earlier, later) = asked.split_at(asked.len() / 2);
                    to_ask.extend([later, earlier]);
                }
            },
        }
    }
    let mut settled: HashSet<&CallId> = result.documents.iter().map(|d| &d.call_id).collect();
    settled.extend(
        result
            .rejected
            .iter()
            .filter_map(|rejected| rejected.call_id.as_ref()),
    );
    settled.extend(result.failed.iter().map(|(id, _)| id));
    result.missing = ids
        .iter()
        .filter(|id| !settled.contains(id))
        .cloned()
        .collect();
    Ok(result)
}

/// All pages of one request; adds to `result` only when the last one came.
async fn fetch_batch(
    source: &Source,
    asked: &[CallId],
    result: &mut TranscriptBatch,
) -> Result<(), Failed> {
    let filter = TranscriptFilter::of_calls(asked.iter().cloned());
    let mut cursor = None;
    let (mut documents, mut rejected) = (Vec::new(), Vec::new());
    loop {
        let page = source.transcripts_page(&filter, cursor).await?;
        documents.extend(page.items);
        rejected.extend(page.rejected);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    result.documents.extend(documents);
    result.rejected.extend(rejected);
    Ok(())
}
