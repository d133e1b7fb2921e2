//! Windows in, pages of calls out.

use std::sync::Arc;

use async_stream::try_stream;
use calls::RawDocument;
use futures_util::Stream;
use gong_client::{CallFilter, Page};
use resilience::ErrorKind;
use snowflake_store::Window;

use crate::fetch::{Failed, Source};
use crate::{Error, Result, plan};

/// How often one run cuts failing windows in two to find the page at fault.
const MAX_ISOLATING_CUTS: u32 = 24;

/// What comes out of the windows, in order of time.
#[derive(Debug)]
pub(crate) enum Extracted {
    /// The first page of a window is there, and says how many calls to expect.
    WindowStarted { window: Window, expected: u64 },
    /// A page of calls.
    Page {
        window: Window,
        calls: Page<RawDocument>,
    },
    /// No more pages in this window.
    WindowDone { window: Window },
    /// The window could not be read to its end.
    WindowFailed { window: Window, error: Error },
}

/// Reads windows page by page.
///
/// A window with too many calls is cut in two before anything of it is taken,
/// so that an empty decade costs one request and a crash never repeats more
/// than one window. A window that fails is cut in two as well, until the part
/// at fault is short: the rest of it is not lost with it.
pub(crate) fn extract(
    source: Arc<Source>,
    windows: Vec<Window>,
    max_calls_per_window: u64,
) -> impl Stream<Item = Result<Extracted>> + Send {
    try_stream! {
        let mut isolating_cuts = 0;
        let mut to_read: Vec<Window> = windows.into_iter().rev().collect();
        while let Some(window) = to_read.pop() {
            let filter = CallFilter::between(window.from, window.to);
            let mut cursor = None;
            let mut first = true;
            loop {
                match source.calls_page(&filter, cursor.take()).await {
                    Ok(mut calls) => {
                        let next = calls.next.take();
                        if first {
                            first = false;
                            let here = calls.items.len() as u64;
                            let expected = calls.total_records.unwrap_or(here).max(here);
                            if expected > max_calls_per_window
                                && next.is_some()
                                && let Some((earlier, later)) = plan::halves(window)
                            {
                                to_read.extend([later, earlier]);
                                break;
                            }
                            yield Extracted::WindowStarted { window, expected };
                        }
                        yield Extracted::Page { window, calls };
                        match next {
                            Some(next) => cursor = Some(next),
                            None => {
                                yield Extracted::WindowDone { window };
                                break;
                            }
                        }
                    }
                    Err(Failed::Stop(error)) => Err(error)?,
                    Err(Failed::Skip(error)) => {
                        let too_long = error.kind() == ErrorKind::InvalidInput
                            && plan::exceeds_disputed_limit(window);
                        if !too_long {
                            isolating_cuts += 1;
                        }
                        match plan::halves(window) {
                            Some((earlier, later)) if isolating_cuts <= MAX_ISOLATING_CUTS => {
                                to_read.extend([later, earlier]);
                            }
                            _ => yield Extracted::WindowFailed { window, error },
                        }
                        break;
                    }
                }
            }
        }
    }
}
