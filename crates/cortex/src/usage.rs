//! What a model-backed backend says about the tokens that a request took.
//!
//! The methods of [`LanguageBackend`](crate::LanguageBackend) return answers and no
//! bill. A backend that is told what a request took calls [`report`] before it
//! returns; whoever wants to know asks through [`collect`]. The two meet in the task
//! that runs both, so a report belongs to the very request that caused it, whatever
//! runs beside it and however many decorators lie between. In work that a backend
//! hands to another task, nobody listens: it reports after it has joined that task.
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
    heard.iter().cloned().for_each(report);
    (output, heard)
}
