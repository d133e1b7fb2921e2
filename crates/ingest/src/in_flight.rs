//! Pages on their way into the store, several at a time where the store gains from that.
//!
//! Pages of one window may land in any order: what a resumed run goes by is the
//! checkpoint that ends the window, and that is landed when all of them are in. Two pages
//! that hold the same call do not land at the same time, since the later one has to win.

use std::collections::HashSet;
use std::sync::Arc;

use calls::CallId;
use resilience::ErrorKind;
use snowflake_store::{CallStore, DeadLetter, Landed, LandingPage};
use tokio::task::JoinSet;

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
        self.tasks.spawn(async move {
            let (calls, transcripts) = (page.calls.len(), page.transcripts.len());
            Ok(LandedPage {
                calls,
                transcripts,
                landed: store.land(page).await?,
                letters,
                ids: of_page,
            })
        });
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
}
