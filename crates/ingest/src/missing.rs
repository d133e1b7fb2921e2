//! Transcripts that another source of calls does not have yet.

use std::collections::HashSet;

use calls::CallId;
use gong_client::{GongApi, PageGuard, TranscriptFilter};
use snowflake_store::{Landing, LandingPage, TransformScope};

use crate::Result;
use crate::fetch::TRANSCRIPTS;

/// As many ids as one request is known to take.
const BATCH: usize = 100;

/// Lands and stages the transcripts of stored calls that Gong's API has; returns how many were
/// new. One request for a hundred calls; those without a transcript are left as they are.
///
/// For calls that came by Gong's share: it is up to a day late, and a transcript may come
/// after its call.
///
/// # Errors
/// Gong's and the store's. What landed before stays.
pub async fn fetch_transcripts(
    gong: &dyn GongApi,
    store: &dyn Landing,
    ids: &[CallId],
    run_id: &str,
) -> Result<u64> {
    let mut inserted = 0;
    for asked in ids.chunks(BATCH) {
        let mut open: HashSet<&CallId> = asked.iter().collect();
        let filter = TranscriptFilter::of_calls(asked.iter().cloned());
        let mut guard = PageGuard::new(TRANSCRIPTS);
        let mut cursor = None;
        loop {
            let mut page = gong.transcripts(&filter, cursor).await?;
            // What was not asked for is not ours to land.
            page.items.retain(|document| open.remove(&document.call_id));
            let accepted = guard.accept(&page, page.items.len());
            cursor = page.next.take();
            let landing = LandingPage::new(run_id).with_transcripts(page.items);
            let landed = store.land(landing).await?;
            inserted += landed.transcripts.inserted;
            store
                .transform(TransformScope::Calls(landed.changed))
                .await?;
            if cursor.is_none() || open.is_empty() {
                break;
            }
            accepted?;
        }
    }
    Ok(inserted)
}
