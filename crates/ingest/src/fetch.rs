//! Requests to Gong, and what a failed one means for the run.
//!
//! A request may fail because of what it asks for: one bad record fails its whole
//! page. Finding that record takes more failing requests, and those say nothing
//! about Gong. So several failures in a row do not end a run by themselves: they
//! trigger a request whose answer is known, and only if that fails too is Gong down.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use calls::{CallId, RawDocument, Timestamp};
use gong_client::{
    CallFilter, ContentSelector, Cursor, GongApi, Page, PageGuard, TranscriptFilter,
};
use resilience::{ErrorKind, Failure};
use snowflake_store::Window;
use tokio_util::sync::CancellationToken;

use crate::choice::{self, Chooser};
use crate::{CallChoice, Error, Result, SyncSettings, plan};

/// The operations asked of Gong, as errors name them.
pub(crate) const CALLS: &str = "POST /v2/calls/extensive";
pub(crate) const TRANSCRIPTS: &str = "POST /v2/calls/transcript";

/// How often one run cuts what failed in two. A single bad record among a hundred
/// takes seven cuts; where everything fails, searching on would only use the quota up.
const MAX_SEARCHES: u32 = 500;

/// Why a request gave nothing.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Nothing else would succeed either: stop, and resume later.
    Stop(Error),
    /// This request only: look closer, or put it aside and go on.
    Skip(Error),
}

/// Gong, with an eye on whether it answers at all.
#[derive(Debug)]
pub(crate) struct Source {
    api: Arc<dyn GongApi>,
    selector: ContentSelector,
    choice: CallChoice,
    chooser: Chooser,
    max_failures_in_a_row: u32,
    call_failures: AtomicU32,
    transcript_failures: AtomicU32,
    /// Waiting for Gong ends when the run is to stop; writing to the store does not.
    cancel: CancellationToken,
    /// Cancelled when another run has taken the lease.
    lost: CancellationToken,
    /// Requests left for finding out what a failed one failed of.
    searches_left: AtomicU32,
    /// Whether Gong has answered for calls.
    answered: OnceLock<()>,
    /// A call whose transcript was asked for with success.
    good_transcript: Mutex<Option<CallId>>,
    /// When the run began by Gong's clock.
    began_at: OnceLock<Timestamp>,
}

/// Calls asked for by id.
#[derive(Debug, Default)]
pub(crate) struct CallsById {
    /// Calls that are wanted, and records that could not be read.
    pub(crate) page: Page<RawDocument>,
    /// Calls that are served and not wanted.
    pub(crate) unwanted: Vec<CallId>,
    /// Calls that could not be asked for, each by itself.
    pub(crate) failed: Vec<(CallId, String)>,
}

impl Source {
    pub(crate) fn new(
        api: Arc<dyn GongApi>,
        settings: &SyncSettings,
        cancel: CancellationToken,
        lost: CancellationToken,
    ) -> Result<Self> {
        Ok(Self {
            api,
            cancel,
            lost,
            selector: ContentSelector::default(),
            chooser: Chooser::new(&settings.choice)?,
            choice: settings.choice.clone(),
            max_failures_in_a_row: settings.max_consecutive_failures.max(1),
            searches_left: AtomicU32::new(MAX_SEARCHES),
            call_failures: AtomicU32::new(0),
            transcript_failures: AtomicU32::new(0),
            answered: OnceLock::new(),
            good_transcript: Mutex::new(None),
            began_at: OnceLock::new(),
        })
    }

    /// When the run began by Gong's clock; `None` while nothing was answered.
    pub(crate) fn began_at(&self) -> Option<Timestamp> {
        self.began_at.get().copied()
    }

    /// Whether what failed may be cut in two once more in this run.
    pub(crate) fn may_search(&self) -> bool {
        self.searches_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .is_ok()
    }

    /// A page of the wanted calls of a window, and those that are not wanted.
    pub(crate) async fn calls_page(
        &self,
        window: Window,
        cursor: Option<Cursor>,
    ) -> Result<(Page<RawDocument>, Vec<CallId>), Failed> {
        let mut page = self.page(&self.filter(window), cursor).await?;
        let unwanted = self.chooser.take_unwanted(&mut page.items);
        Ok((page, unwanted))
    }

    /// Whether Gong serves any call, wanted or not, to this key.
    pub(crate) async fn serves_any_call(&self, all_time: Window) -> Result<bool, Failed> {
        let filter = CallFilter::between(all_time.from, all_time.to);
        let page = self.page(&filter, None).await?;
        Ok(!page.items.is_empty() || !page.rejected.is_empty())
    }

    /// Calls by id; ids that Gong does not serve are absent. A request that fails is
    /// cut in two until the call at fault stands alone.
    pub(crate) async fn calls_by_id(&self, ids: &[CallId]) -> Result<CallsById, Error> {
        let mut found = CallsById::default();
        let mut to_ask = std::collections::VecDeque::from([ids]);
        while let Some(asked) = to_ask.pop_front() {
            if asked.is_empty() {
                continue;
            }
            match self.pages_by_id(asked).await {
                Ok(page) => {
                    found.page.items.extend(page.items);
                    found.page.rejected.extend(page.rejected);
                }
                Err(Failed::Stop(error)) => return Err(error),
                Err(Failed::Skip(error)) => match asked {
                    [only] => found.failed.push((only.clone(), error.to_string())),
                    _ if !self.may_search() => {
                        let reason = error.to_string();
                        let failed = asked.iter().cloned().map(|id| (id, reason.clone()));
                        found.failed.extend(failed);
                    }
                    _ => {
                        let (first, second) = asked.split_at(asked.len() / 2);
                        to_ask.extend([first, second]);
                    }
                },
            }
        }
        found.unwanted = self.chooser.take_unwanted(&mut found.page.items);
        Ok(found)
    }

    async fn pages_by_id(&self, ids: &[CallId]) -> Result<Page<RawDocument>, Failed> {
        let filter = CallFilter::of_calls(ids.iter().cloned());
        let mut guard = PageGuard::new(CALLS);
        let mut seen = HashSet::new();
        let mut all = Page::default();
        let mut cursor = None;
        loop {
            let page = self.page(&filter, cursor).await?;
            let new = seen_first(&mut seen, &page);
            let accepted = guard.accept(&page, new);
            all.items.extend(page.items);
            all.rejected.extend(page.rejected);
            cursor = page.next;
            if cursor.is_none() || seen.len() >= ids.len() {
                return Ok(all);
            }
            accepted.map_err(|error| Failed::Skip(error.into()))?;
        }
    }

    /// A page of transcripts.
    pub(crate) async fn transcripts_page(
        &self,
        ids: &[CallId],
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>, Failed> {
        let filter = TranscriptFilter::of_calls(ids.iter().cloned());
        match self.ask(self.api.transcripts(&filter, cursor)).await? {
            Ok(page) => {
                self.transcript_failures.store(0, Ordering::Relaxed);
                if let Some(document) = page.items.first() {
                    *self.good_transcript() = Some(document.call_id.clone());
                }
                Ok(page)
            }
            Err(error) => {
                let in_a_row = self.transcript_failures.fetch_add(1, Ordering::Relaxed) + 1;
                match Failure::kind(&error) {
                    kind if is_of_this_request(kind) => Err(Failed::Skip(error.into())),
                    ErrorKind::Transient if in_a_row < self.max_failures_in_a_row => {
                        Err(Failed::Skip(error.into()))
                    }
                    ErrorKind::Transient if self.answers_for_transcripts().await => {
                        self.transcript_failures.store(0, Ordering::Relaxed);
                        Err(Failed::Skip(error.into()))
                    }
                    _ => Err(Failed::Stop(error.into())),
                }
            }
        }
    }

    async fn page(
        &self,
        filter: &CallFilter,
        cursor: Option<Cursor>,
    ) -> Result<Page<RawDocument>, Failed> {
        let asked = self.api.extensive_calls(filter, &self.selector, cursor);
        match self.ask(asked).await? {
            Ok(page) => {
                self.answered_for_calls(&page);
                Ok(page)
            }
            Err(error) => {
                let in_a_row = self.call_failures.fetch_add(1, Ordering::Relaxed) + 1;
                let may_be_out =
                    in_a_row >= self.max_failures_in_a_row || self.answered.get().is_none();
                match Failure::kind(&error) {
                    kind if is_of_this_request(kind) => Err(Failed::Skip(error.into())),
                    ErrorKind::Transient if !may_be_out || self.answers_for_calls().await => {
                        Err(Failed::Skip(error.into()))
                    }
                    _ => Err(Failed::Stop(error.into())),
                }
            }
        }
    }

    /// Waits for an answer, or until the run is to stop.
    async fn ask<T>(
        &self,
        request: impl Future<Output = gong_client::Result<T>>,
    ) -> Result<gong_client::Result<T>, Failed> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => {
                Err(Failed::Stop(Error::new(ErrorKind::Cancelled, "stopped by request")))
            }
            () = self.lost.cancelled() => {
                let message = "another sync has taken over this store";
                Err(Failed::Stop(Error::new(ErrorKind::Transient, message)))
            }
            answer = request => Ok(answer),
        }
    }

    fn filter(&self, window: Window) -> CallFilter {
        CallFilter {
            workspace_id: self.choice.only_workspace().cloned(),
            primary_user_ids: choice::user_ids(&self.choice.only_users).unwrap_or_default(),
            ..CallFilter::between(window.from, window.to)
        }
    }

    fn answered_for_calls(&self, page: &Page<RawDocument>) {
        self.call_failures.store(0, Ordering::Relaxed);
        let _ = self.answered.set(());
        if let Some(served_at) = page.served_at {
            let _ = self.began_at.set(served_at);
        }
    }

    /// Asks for a minute in which there cannot be a bad record, because there was no
    /// Gong yet.
    ///
    /// # Errors
    /// Why Gong does not answer even that.
    pub(crate) async fn probe(&self) -> Result<()> {
        let empty = plan::before_any_call();
        let filter = CallFilter::between(empty.from, empty.to);
        let asked = self.api.extensive_calls(&filter, &self.selector, None);
        match self.ask(asked).await {
            Ok(Ok(page)) => self.answered_for_calls(&page),
            Ok(Err(error)) => return Err(error.into()),
            Err(Failed::Stop(error) | Failed::Skip(error)) => return Err(error),
        }
        Ok(())
    }

    async fn answers_for_calls(&self) -> bool {
        match self.probe().await {
            Ok(()) => true,
            Err(error) => is_of_this_request(error.kind()),
        }
    }

    /// Whether Gong answers for a transcript that it has served before.
    async fn answers_for_transcripts(&self) -> bool {
        let Some(good) = self.good_transcript().clone() else {
            return false;
        };
        let filter = TranscriptFilter::of_calls([good]);
        matches!(
            self.ask(self.api.transcripts(&filter, None)).await,
            Ok(Ok(_))
        )
    }

    fn good_transcript(&self) -> std::sync::MutexGuard<'_, Option<CallId>> {
        self.good_transcript
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a failure says something about the request and nothing about Gong.
fn is_of_this_request(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::InvalidInput | ErrorKind::Decode | ErrorKind::NotFound
    )
}

/// How many records of a page were not seen before; remembers them. A record
/// without an id counts as new where the page is the first to hold its bytes.
pub(crate) fn seen_first(seen: &mut HashSet<String>, page: &Page<RawDocument>) -> usize {
    let ids = page.items.iter().map(|item| item.call_id.to_string());
    let rejected = page.rejected.iter().map(|rejected| {
        let id = rejected.call_id.as_ref();
        id.map_or_else(|| rejected.payload.clone(), ToString::to_string)
    });
    ids.chain(rejected)
        .filter(|record| seen.insert(record.clone()))
        .count()
}
