//! What holds for the outcomes of every batch.

use std::future::Future;
use std::pin::Pin;

use resilience::{ErrorKind, Failure};

use crate::{Error, Outcome, Result};

/// The future of a method of [`LanguageBackend`](crate::LanguageBackend).
pub(crate) type Asked<'a, Answer> =
    Pin<Box<dyn Future<Output = Result<Vec<Outcome<Answer>>>> + Send + 'a>>;

/// A backend that answers with too few or too many outcomes would shift answers to
/// other items.
pub(crate) async fn checked<T>(asked: Asked<'_, T>, expected: usize) -> Result<Vec<Outcome<T>>> {
    let outcomes = asked.await?;
    if outcomes.len() == expected {
        return Ok(outcomes);
    }
    let message = format!("{} outcomes for {expected} items", outcomes.len());
    Err(Error::new(ErrorKind::Internal, message))
}

/// The same error for another item, without its source.
pub(crate) fn copy_of(error: &Error) -> Error {
    let mut copy = Error::new(error.kind(), error.message()).with_retry_after(error.retry_after());
    if let Some(field) = error.field() {
        copy = copy.with_field(field);
    }
    if error.is_exhausted() {
        copy.mark_exhausted();
    }
    copy
}
