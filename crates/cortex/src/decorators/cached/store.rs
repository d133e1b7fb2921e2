//! Where cached answers may outlive the process.

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

use super::AnswerKey;
use crate::Result;

/// Keeps answers by their keys, for [`Cached::with_store`](super::Cached::with_store).
///
/// # Contract
/// - Answers are JSON and hold what the backend said, so they may hold call text:
///   they are as confidential as the calls. With
///   [`Redacted`](crate::redaction::Redacted) outside the cache, what it finds is not
///   in them.
/// - `load` answers in the order of its keys, with `None` for what is not there. The
///   store decides how long it keeps.
/// - `save` may replace; the same key always comes with an equally good answer.
/// - Errors cost time and money but no work: the cache reports them to the log and
///   asks the backend.
#[async_trait]
pub trait AnswerStore: Debug + Send + Sync + 'static {
    /// The answers kept under some keys.
    async fn load(&self, keys: &[AnswerKey]) -> Result<Vec<Option<Vec<u8>>>>;

    /// Keeps answers.
    async fn save(&self, answers: Vec<(AnswerKey, Vec<u8>)>) -> Result<()>;
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<S: AnswerStore + ?Sized> AnswerStore for Arc<S> {
    async fn load(&self, keys: &[AnswerKey]) -> Result<Vec<Option<Vec<u8>>>> {
        (**self).load(keys).await
    }

    async fn save(&self, answers: Vec<(AnswerKey, Vec<u8>)>) -> Result<()> {
        (**self).save(answers).await
    }
}
