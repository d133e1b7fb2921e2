//! Pages on their way into the store, several at a time if the store gains from that.
//!
//! Pages of one window may land in any order: a resumed run goes by the checkpoint that
//! closes the window, and that lands once all of them are in. Two pages with the same
//! call never land at the same time, because the later one has to win.

use std::collections::HashSet;
use std::sync::Arc;

use calls::CallId;
use resilience::ErrorKind;
use snowflake_store::{CallStore, DeadLetter, Landed, LandingPage};
use tokio::task::JoinSet;
use tracing::Instrument;

use crate::refused::{self, Refused};
use crate::{Error, Result};

/// A page that is in the store.
#[derive(Debug)]
pub(crate) struct LandedPage {
    /// Calls on it.
    pub(crate) calls: usize,
    /// Transcripts on it.
    pub(crate) transcripts: usize,
    /// What changed.
    pub(crate) landed: Landed,
    /// Documents that the store refused; the rest is in.
    pub(crate) refused: Vec<Refused>,
    /// What could not be landed with it.
    pub(crate) letters: Vec<DeadLetter>,
    ids: HashSet<CallId>,
}

/// Pages that are being landed. They stop when it is dropped.
#[derive(Debug)]
pub(crate) struct InFlight {
    store: Arc<dyn CallStore>,
    at_once: usize,
    tasks: JoinSet<Result<LandedPage>>,
    ids: HashSet<CallId>,
}

impl InFlight {
    pub(crate) fn new(store: Arc<dyn CallStore>) -> Self {
        Self {
            at_once: store.pages_at_once().max(1),
            store,
            tasks: JoinSet::new(),
            ids: HashSet::new(),
        }
    }

    /// Whether landing one page at a time is what the store wants.
    pub(crate) fn is_sequential(&self) -> bool {
        self.at_once == 1
    }

    /// Whether a page may start now, or has to wait for one that is under way.
    pub(crate) fn has_room_for(&self, page: &LandingPage) -> bool {
        self.tasks.len() < self.at_once && ids(page).all(|id| !self.ids.contains(id))
    }

    /// Starts landing a page; `letters` are given back with it.
    pub(crate) fn start(&mut self, page: LandingPage, letters: Vec<DeadLetter>) {
        let of_page: HashSet<CallId> = ids(&page).cloned().collect();
        self.ids.extend(of_page.iter().cloned());
        let store = Arc::clone(&self.store);
        let landing = async move {
            let (calls, transcripts) = (page.calls.len(), page.transcripts.len());
            let (landed, refused) = refused::land(&*store, page).await?;
            Ok::<_, Error>(LandedPage {
                calls,
                transcripts,
                landed,
                refused,
                letters,
                ids: of_page,
            })
        };
        self.tasks.spawn(landing.in_current_span());
    }

    /// The next page that is in; `None` when none is under way.
    pub(crate) async fn next(&mut self) -> Option<Result<LandedPage>> {
        let page = match self.tasks.join_next().await? {
            Ok(page) => page,
            Err(error) => {
                let ended = Error::new(ErrorKind::Internal, "landing task ended");
                Err(ended.with_source(error))
            }
        };
        if let Ok(page) = &page {
            // No other page under way holds one of them.
            self.ids.retain(|id| !page.ids.contains(id));
        }
        if self.tasks.is_empty() {
            self.ids.clear();
        }
        Some(page)
    }
}

fn ids(page: &LandingPage) -> impl Iterator<Item = &CallId> {
    let documents = page.calls.iter().chain(&page.transcripts);
    documents
        .map(|document| &document.call_id)
        .chain(&page.deleted)
        .chain(&page.withdrawn)
}

#[cfg(test)]
mod tests {
    use calls::RawDocument;
    use snowflake_store::MockCallStore;

    use super::*;

    /// A store that takes two pages at once, and refuses one that deletes something.
    fn in_flight() -> InFlight {
        let mut store = MockCallStore::default();
        store.landing.expect_pages_at_once().return_const(2_usize);
        store.landing.expect_land().returning(|page| {
            if page.deleted.is_empty() {
                Ok(Landed::default())
            } else {
                let error = snowflake_store::Error::new(ErrorKind::QuotaExhausted, "full");
                Err(error)
            }
        });
        InFlight::new(Arc::new(store))
    }

    fn page(ids: &[&str]) -> LandingPage {
        let document = |id: &&str| RawDocument::new((*id).into(), "{}").unwrap();
        LandingPage::default().with_calls(ids.iter().map(document).collect())
    }

    #[tokio::test]
    async fn pages_with_a_call_in_common_wait_for_each_other() {
        let mut pages = in_flight();
        assert!(pages.has_room_for(&page(&["a", "b"])));
        pages.start(page(&["a", "b"]), Vec::new());
        assert!(pages.has_room_for(&page(&["c"])));
        assert!(!pages.has_room_for(&page(&["c", "b"])));
        let mut transcripts = page(&[]);
        transcripts.transcripts = page(&["a"]).calls;
        assert!(!pages.has_room_for(&transcripts));
        assert_eq!(pages.next().await.unwrap().unwrap().calls, 2);
        assert!(pages.has_room_for(&page(&["c", "b"])));
    }

    #[tokio::test]
    async fn no_more_pages_start_than_the_store_takes() {
        let mut pages = in_flight();
        assert!(!pages.is_sequential());
        pages.start(page(&["a"]), Vec::new());
        pages.start(page(&["b"]), Vec::new());
        assert!(!pages.has_room_for(&page(&["c"])));
        assert!(pages.next().await.unwrap().is_ok());
        assert!(pages.has_room_for(&page(&["c"])));
    }

    #[tokio::test]
    async fn a_page_that_fails_is_told_and_holds_nothing_up() {
        let mut pages = in_flight();
        let mut refused = page(&["a"]);
        refused.deleted.push("b".into());
        pages.start(refused, Vec::new());
        let error = pages.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::QuotaExhausted);
        assert!(pages.next().await.is_none());
        assert!(pages.has_room_for(&page(&["a", "b"])));
    }
}
