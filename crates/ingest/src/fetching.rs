//! Fetches ahead of landing, in separate tasks.

use std::collections::HashSet;
use std::sync::Arc;

use calls::{CallId, RawDocument};
use futures_util::StreamExt;
use gong_client::Page;
use snowflake_store::Window;
use tokio::sync::{Semaphore, mpsc};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

use crate::extract::{Extracted, extract};
use crate::fetch::Source;
use crate::transcripts::{self, TranscriptsPart};
use crate::{Error, Result, SyncSettings};

/// Pages that may wait to be landed; more hold up fetching.
const FETCHED_PAGES: usize = 1;

/// What was fetched.
#[derive(Debug)]
pub(crate) enum Fetched {
    Started {
        window: Window,
        expected: u64,
    },
    Page {
        window: Window,
        calls: Page<RawDocument>,
        unwanted: Vec<CallId>,
        transcripts: TranscriptPages,
    },
    Done {
        window: Window,
    },
    Failed {
        window: Window,
        error: Error,
    },
    Searched {
        window: Window,
    },
}

/// The transcripts of a page of calls, a page at a time. Dropping it ends fetching.
#[derive(Debug, Default)]
pub(crate) struct TranscriptPages(
    Option<(
        mpsc::Receiver<Result<TranscriptsPart>>,
        AbortOnDropHandle<()>,
    )>,
);

impl TranscriptPages {
    pub(crate) async fn next(&mut self) -> Option<Result<TranscriptsPart>> {
        match &mut self.0 {
            Some((parts, _)) => parts.recv().await,
            None => None,
        }
    }
}

/// The fetching task and what it has fetched. Dropping it ends the task.
#[derive(Debug)]
pub(crate) struct Fetching {
    receiver: mpsc::Receiver<Result<Fetched>>,
    _task: AbortOnDropHandle<()>,
}

impl Fetching {
    pub(crate) async fn next(&mut self) -> Option<Result<Fetched>> {
        self.receiver.recv().await
    }

    /// Fetches windows of calls and, some pages ahead, their transcripts, without those
    /// of `skipped` calls.
    pub(crate) fn spawn(
        source: &Arc<Source>,
        settings: &SyncSettings,
        windows: Vec<Window>,
        skipped: HashSet<CallId>,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(FETCHED_PAGES);
        let source = Arc::clone(source);
        let settings = settings.clone();
        let fetching = async move {
            let at_once = Arc::new(Semaphore::new(settings.transcript_concurrency));
            let pages = extract(Arc::clone(&source), windows, settings.max_calls_per_window);
            let mut pages = std::pin::pin!(pages);
            while let Some(page) = pages.next().await {
                // A page ahead of this many others waits here, and so do those behind it.
                let Ok(permit) = Arc::clone(&at_once).acquire_owned().await else {
                    return;
                };
                let failed = page.is_err();
                let fetched = page.map(|extracted| {
                    with_transcripts(&source, &settings, &skipped, extracted, permit)
                });
                if sender.send(fetched).await.is_err() || failed {
                    return;
                }
            }
        };
        let task = tokio::spawn(fetching.in_current_span());
        Self {
            receiver,
            _task: AbortOnDropHandle::new(task),
        }
    }
}

fn with_transcripts(
    source: &Arc<Source>,
    settings: &SyncSettings,
    skipped: &HashSet<CallId>,
    extracted: Extracted,
    permit: tokio::sync::OwnedSemaphorePermit,
) -> Fetched {
    match extracted {
        Extracted::WindowStarted { window, expected } => Fetched::Started { window, expected },
        Extracted::WindowDone { window } => Fetched::Done { window },
        Extracted::WindowFailed { window, error } => Fetched::Failed { window, error },
        Extracted::WindowSearched { window } => Fetched::Searched { window },
        Extracted::Page {
            window,
            calls,
            unwanted,
        } => {
            let ids = calls.items.iter().map(|call| call.call_id.clone());
            let ids: Vec<CallId> = ids.filter(|id| !skipped.contains(id)).collect();
            let transcripts = if settings.transcripts && !ids.is_empty() {
                let (sender, parts) = mpsc::channel(1);
                let source = Arc::clone(source);
                let batch = settings.transcript_batch;
                let fetching = async move {
                    transcripts::fetch(&source, &ids, batch, &sender).await;
                    drop(permit);
                };
                let task = tokio::spawn(fetching.in_current_span());
                TranscriptPages(Some((parts, AbortOnDropHandle::new(task))))
            } else {
                TranscriptPages::default()
            };
            Fetched::Page {
                window,
                calls,
                unwanted,
                transcripts,
            }
        }
    }
}
