//! Replies by their bytes, without a server, for `cargo xtask fuzz` alone.

use serde_json::value::RawValue;

use crate::groups::users::UserRecord;
use crate::{Page, decode};

/// Reads a body as every kind of page.
///
/// # Panics
/// When a page loses a record, or a record its bytes.
pub fn replies(body: &[u8]) {
    let raw: Option<Page<Box<RawValue>>> = decode::raw(body, "calls").ok();
    let records = raw
        .as_ref()
        .map(|page| page.items.len() + page.rejected.len());
    let typed = decode::records::<UserRecord>(body, "calls").ok();
    assert_eq!(
        records,
        typed.map(|page| page.items.len() + page.rejected.len())
    );
    for read in [decode::extensive_calls, decode::transcripts] {
        let page = read(body, "calls").ok();
        let kept = page
            .as_ref()
            .map(|page| page.items.len() + page.rejected.len());
        assert_eq!(records, kept);
        for document in page.into_iter().flat_map(|page| page.items) {
            let text = document.text().as_bytes();
            assert!(body.windows(text.len()).any(|part| part == text));
        }
    }
    let _ = decode::calls(body, "calls");
    let _ = decode::users(body, "calls");
    let _ = decode::any(body);
}
