//! Requests to Gong, and what a failed one means for the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use calls::{CallId, RawDocument};
use gong_client::{CallFilter, ContentSelector, Cursor, GongApi, Page, TranscriptFilter};
use resilience::{ErrorKind, Failure};

use crate::Error;

/// Why a request gave nothing.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Nothing else would succeed either: stop, and resume later.
    Stop(Error),
    /// This request only: put it aside and go on.
    Skip(Error),
}

/// Gong, with an eye on whether it answers at all.
#[derive(Debug)]
pub(crate) struct Source {
    api: Arc<dyn GongApi>,
    selector: ContentSelector,
    answered: AtomicBool,
    failures_in_a_row: AtomicU32,
    max_failures_in_a_row: u32,
}

impl Source {
    pub(crate) fn new(api: Arc<dyn GongApi>, max_failures_in_a_row: u32) -> Self {
        Self {
            api,
            selector: ContentSelector::default(),
            answered: AtomicBool::new(false),
            failures_in_a_row: AtomicU32::new(0),
            max_failures_in_a_row,
        }
    }

    pub(crate) async fn calls_page(
        &self,
        filter: &CallFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>, Failed> {
        self.judge(
            self.api
                .extensive_calls(filter, &self.selector, cursor)
                .await,
        )
    }

    pub(crate) async fn transcripts_page(
        &self,
        filter: &TranscriptFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>, Failed> {
        self.judge(self.api.transcripts(filter, cursor).await)
    }

    /// Calls by id, all pages. Ids that Gong does not serve are absent.
    pub(crate) async fn calls_by_id(&self, ids: &[CallId]) -> Result<Page<RawDocument>, Failed> {
        let filter = CallFilter::of_calls(ids.iter().cloned());
        let mut all = self.calls_page(&filter, None).await?;
        while let Some(cursor) = all.next.take() {
            let page = self.calls_page(&filter, Some(cursor)).await?;
            all.items.extend(page.items);
            all.rejected.extend(page.rejected);
            all.next = page.next;
        }
        Ok(all)
    }

    fn judge<T>(&self, result: gong_client::Result<T>) -> Result<T, Failed> {
        match result {
            Ok(value) => {
                self.answered.store(true, Ordering::Relaxed);
                self.failures_in_a_row.store(0, Ordering::Relaxed);
                Ok(value)
            }
            Err(error) => {
                let in_a_row = self.failures_in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
                let hopeless = match Failure::kind(&error) {
                    // One request may be refused or unreadable while others are fine.
                    ErrorKind::InvalidInput | ErrorKind::Decode | ErrorKind::NotFound => false,
                    ErrorKind::Transient => !self.answered.load(Ordering::Relaxed),
                    _ => true,
                };
                if hopeless || in_a_row >= self.max_failures_in_a_row {
                    Err(Failed::Stop(error.into()))
                } else {
                    Err(Failed::Skip(error.into()))
                }
            }
        }
    }
}
