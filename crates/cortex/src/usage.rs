//! How a model backend reports the tokens that a request consumed.
//!
//! The methods of [`LanguageBackend`](crate::LanguageBackend) return answers but no
//! bill. A backend that learns what a request consumed calls [`report`] before it
//! returns; a caller who wants to know wraps the call in [`collect`]. The two meet in the
//! task that runs both, so a report always belongs to the request that caused it, whatever
//! runs concurrently and however many decorators are in between. A backend that hands
//! work to another task reports after it has joined that task.
//!
//! ```
//! use cortex::usage::{self, TokenUsage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (answer, reports) = usage::collect(async {
//!     usage::report(TokenUsage { model: "large".into(), items: 2, input: 120, output: 30 });
//!     "done"
//! })
//! .await;
//! assert_eq!((answer, reports[0].input), ("done", 120));
//! # }
//! ```

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use resilience::meter::table;

/// What one request to a model took, as the other side counted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUsage {
    /// The model that is charged for.
    pub model: String,
    /// Items of the batch that the request carried.
    pub items: u64,
    /// Tokens read, hidden prompts included when the other side counts them.
    pub input: u64,
    /// Tokens written.
    pub output: u64,
}

type Reports = Arc<Mutex<Vec<TokenUsage>>>;

tokio::task_local! {
    static LISTENER: Reports;
}

/// Tells whoever listens what a request took. Without a listener it does nothing.
pub fn report(usage: TokenUsage) {
    table::TOKENS.add(&[&usage.model, "input"], usage.input);
    table::TOKENS.add(&[&usage.model, "output"], usage.output);
    tell(usage);
}

fn tell(usage: TokenUsage) {
    let _ = LISTENER.try_with(|reports| {
        reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(usage);
    });
}

/// Runs a future and returns with its output what was reported meanwhile.
///
/// Listeners may be nested: what the inner one heard, the outer one hears too. When
/// the future is dropped before its end, its reports are lost.
pub async fn collect<F: Future>(future: F) -> (F::Output, Vec<TokenUsage>) {
    let reports = Reports::default();
    let output = LISTENER.scope(Arc::clone(&reports), future).await;
    let heard = std::mem::take(&mut *reports.lock().unwrap_or_else(PoisonError::into_inner));
    heard.iter().cloned().for_each(tell);
    (output, heard)
}
