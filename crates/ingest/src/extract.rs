//! Turns windows into pages of calls.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use async_stream::try_stream;
use calls::{CallId, RawDocument};
use futures_util::Stream;
use gong_client::{Page, PageGuard};
use resilience::ErrorKind;
use snowflake_store::Window;

use crate::fetch::{CALLS, Failed, Source, seen_first};
use crate::{Error, Result, plan};

/// How often a window is read again because calls went from it while it was paged.
const MAX_REREADS: u32 = 3;

/// What comes out of the windows.
#[derive(Debug)]
pub(crate) enum Extracted {
    /// The first page of a window is there, and says how many calls to expect.
    WindowStarted { window: Window, expected: u64 },
    /// A page of calls, without those that are not wanted.
    Page {
        window: Window,
        calls: Page<RawDocument>,
        unwanted: Vec<CallId>,
    },
    /// No more pages in this window.
    WindowDone { window: Window },
    /// The window could not be read to its end, however short it was made.
    WindowFailed { window: Window, error: Error },
    /// A window of which parts failed is read as far as it can be.
    WindowSearched { window: Window },
}

/// A part of a window that is still to be read.
struct Part {
    window: Window,
    rereads: u32,
}

impl From<Window> for Part {
    fn from(window: Window) -> Self {
        Self { window, rereads: 0 }
    }
}

/// Reads windows page by page.
///
/// A window with too many calls is cut in two before anything of it is taken,
/// so that an empty decade costs one request and a crash never repeats more
/// than one window. A window that fails is cut in two as well, until the part
/// at fault is a second long: the rest of it is not lost with it. Both halves are
/// read before either is cut again: one of them answers, which tells a bad record
/// from an outage.
pub(crate) fn extract(
    source: Arc<Source>,
    windows: Vec<Window>,
    max_calls_per_window: u64,
) -> impl Stream<Item = Result<Extracted>> + Send {
    try_stream! {
        for whole in windows {
            let mut searched = false;
            let mut parts = VecDeque::from([Part::from(whole)]);
            while let Some(Part { window, rereads }) = parts.pop_front() {
                let mut guard = PageGuard::new(CALLS);
                let mut seen = HashSet::new();
                let mut cursor = None;
                let mut first = true;
                loop {
                    match source.calls_page(window, cursor.take()).await {
                        Ok((mut calls, unwanted)) => {
                            let new = seen_first(&mut seen, &calls)
                                + unwanted.iter().filter(|id| seen.insert(id.to_string())).count();
                            let accepted = guard.accept(&calls, new);
                            let next = calls.next.take();
                            if first {
                                first = false;
                                let here = (calls.items.len() + unwanted.len()) as u64;
                                let expected = calls.total_records.unwrap_or(here).max(here);
                                if expected > max_calls_per_window
                                    && next.is_some()
                                    && let Some((earlier, later)) = plan::halves(window)
                                {
                                    parts.push_front(later.into());
                                    parts.push_front(earlier.into());
                                    break;
                                }
                                yield Extracted::WindowStarted { window, expected };
                            }
                            yield Extracted::Page { window, calls, unwanted };
                            match (next, accepted) {
                                (Some(next), Ok(())) => cursor = Some(next),
                                // A shorter window would be paged as endlessly.
                                (Some(_), Err(error)) => {
                                    yield Extracted::WindowFailed { window, error: error.into() };
                                    searched = true;
                                    break;
                                }
                                (None, _) if guard.shrank() && rereads < MAX_REREADS => {
                                    parts.push_front(Part { window, rereads: rereads + 1 });
                                    break;
                                }
                                (None, _) if guard.shrank() => {
                                    let error = Error::new(
                                        ErrorKind::Transient,
                                        "calls disappeared while they were being listed, at \
                                         every attempt",
                                    );
                                    yield Extracted::WindowFailed { window, error };
                                    searched = true;
                                    break;
                                }
                                (None, _) => {
                                    yield Extracted::WindowDone { window };
                                    break;
                                }
                            }
                        }
                        Err(Failed::Stop(error)) => Err(error)?,
                        Err(Failed::Skip(error)) => {
                            searched = true;
                            let too_long = error.kind() == ErrorKind::InvalidInput
                                && plan::exceeds_disputed_limit(window);
                            match plan::halves(window) {
                                Some((earlier, later)) if too_long || source.may_search() => {
                                    parts.extend([earlier.into(), later.into()]);
                                }
                                _ => yield Extracted::WindowFailed { window, error },
                            }
                            break;
                        }
                    }
                }
            }
            if searched {
                yield Extracted::WindowSearched { window: whole };
            }
        }
    }
}
