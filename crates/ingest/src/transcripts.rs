//! Transcripts of some calls, page by page.

use std::collections::{HashMap, HashSet, VecDeque};

use calls::{CallId, RawDocument};
use gong_client::{PageGuard, Rejected};
use tokio::sync::mpsc;

use crate::fetch::{Failed, Source, TRANSCRIPTS};
use crate::{Error, Result};

/// One page of transcripts, or what is known when the last one has come.
#[derive(Debug)]
pub(crate) enum TranscriptsPart {
    /// A page.
    Page {
        /// Transcripts.
        documents: Vec<RawDocument>,
        /// Records that could not be read.
        rejected: Vec<Rejected>,
    },
    /// No more pages.
    End(TranscriptsEnd),
}

/// What the pages did not hold.
#[derive(Debug, Default)]
pub(crate) struct TranscriptsEnd {
    /// Calls that have none.
    pub(crate) missing: Vec<CallId>,
    /// Calls whose transcript could not be fetched, with the reason.
    pub(crate) failed: Vec<(CallId, String)>,
}

impl TranscriptsEnd {
    fn fail(&mut self, calls: Vec<CallId>, error: &Error) {
        let reason = error.to_string();
        self.failed
            .extend(calls.into_iter().map(|id| (id, reason.clone())));
    }
}

/// Fetches the transcripts of calls, `batch` ids a request, and sends each page on as
/// it comes: no more than one is held here, whatever Gong serves.
///
/// A request that fails is cut in two until the call at fault stands alone. Both
/// halves are asked for before either is cut again: one of them answers, which tells
/// a bad record from an outage.
pub(crate) async fn fetch(
    source: &Source,
    ids: &[CallId],
    batch: usize,
    pages: &mpsc::Sender<Result<TranscriptsPart>>,
) {
    let end = match fetch_all(source, ids, batch, pages).await {
        Ok(end) => Ok(TranscriptsPart::End(end)),
        Err(Ended::Stopped(error)) => Err(error),
        Err(Ended::NobodyListens) => return,
    };
    // Nobody listens when the run has ended.
    let _ = pages.send(end).await;
}

/// Why fetching ends early.
enum Ended {
    Stopped(Error),
    NobodyListens,
}

async fn fetch_all(
    source: &Source,
    ids: &[CallId],
    batch: usize,
    pages: &mpsc::Sender<Result<TranscriptsPart>>,
) -> Result<TranscriptsEnd, Ended> {
    let mut end = TranscriptsEnd::default();
    let mut to_ask: VecDeque<Vec<CallId>> = ids.chunks(batch.max(1)).map(<[_]>::to_vec).collect();
    while let Some(asked) = to_ask.pop_front() {
        let mut open = Open::new(&asked);
        match fetch_pages(source, &asked, &mut open, pages).await {
            Ok(()) => end.missing.extend(open.left()),
            Err(Interrupted::Ended(ended)) => return Err(ended),
            Err(Interrupted::Failed(error)) => {
                let left = open.left();
                match left.len() {
                    0 => {}
                    count if count == 1 || !source.may_search() => end.fail(left, &error),
                    // Some came: what did not is worth one more request as it is.
                    count if count < asked.len() => to_ask.push_back(left),
                    count => {
                        let (first, second) = left.split_at(count / 2);
                        to_ask.extend([first.to_vec(), second.to_vec()]);
                    }
                }
            }
            // Cutting does not help against a listing that leads nowhere.
            Err(Interrupted::Endless(error)) => {
                end.fail(open.left(), &error);
            }
        }
    }
    Ok(end)
}

enum Interrupted {
    Failed(Error),
    Endless(Error),
    Ended(Ended),
}

async fn fetch_pages(
    source: &Source,
    asked: &[CallId],
    open: &mut Open,
    pages: &mpsc::Sender<Result<TranscriptsPart>>,
) -> Result<(), Interrupted> {
    let mut guard = PageGuard::new(TRANSCRIPTS);
    let mut cursor = None;
    loop {
        let mut page = match source.transcripts_page(asked, cursor).await {
            Ok(page) => page,
            Err(Failed::Stop(error)) => return Err(Interrupted::Ended(Ended::Stopped(error))),
            Err(Failed::Skip(error)) => return Err(Interrupted::Failed(error)),
        };
        // What was not asked for is not ours to land; what came before is here already.
        page.items.retain(|document| open.settle(&document.call_id));
        page.rejected.retain(|rejected| {
            let id = rejected.call_id.as_ref();
            id.is_none_or(|id| open.settle(id))
        });
        // A record without an id may be the same one again and again.
        let of_a_call = page.rejected.iter().filter(|one| one.call_id.is_some());
        let new = page.items.len() + of_a_call.count();
        let accepted = guard.accept(&page, new);
        cursor = page.next.take();
        if !page.items.is_empty() || !page.rejected.is_empty() {
            let part = TranscriptsPart::Page {
                documents: page.items,
                rejected: page.rejected,
            };
            if pages.send(Ok(part)).await.is_err() {
                return Err(Interrupted::Ended(Ended::NobodyListens));
            }
        }
        if cursor.is_none() || open.is_empty() {
            return Ok(());
        }
        accepted.map_err(|error| Interrupted::Endless(error.into()))?;
    }
}

/// Calls whose transcript has not come yet, in the order they were asked for.
struct Open {
    order: HashMap<CallId, usize>,
    left: HashSet<CallId>,
}

impl Open {
    fn new(asked: &[CallId]) -> Self {
        let order = asked.iter().cloned().zip(0..).collect();
        Self {
            order,
            left: asked.iter().cloned().collect(),
        }
    }

    /// Notes that a call's transcript has come; `false` when it was not waited for.
    fn settle(&mut self, id: &CallId) -> bool {
        self.left.remove(id)
    }

    fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    fn left(&mut self) -> Vec<CallId> {
        let mut left: Vec<CallId> = self.left.drain().collect();
        left.sort_by_key(|id| self.order.get(id).copied());
        left
    }
}
