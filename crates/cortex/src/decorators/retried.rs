//! Asks again for what failed and may succeed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use resilience::RetryPolicy;

use crate::call::{Call, ask, copy_of, decorate};
use crate::{Error, LanguageBackend, Outcome, Result};

/// A backend that is asked again for what failed with a retryable error.
///
/// An outer error sends the batch again; inner errors send their items again, and no
/// others. Waits follow the [`RetryPolicy`] and the longest
/// [`retry_after`](Error::retry_after) among the items that are sent. Items whose
/// error asks for a longer wait than the policy grants are not sent again.
///
/// What is left in the end is marked exhausted, so that a retry layer further out
/// leaves it alone. A backend that retries by itself marks its own errors so, and
/// then this decorator does nothing.
///
/// ```
/// use cortex::decorators::Retried;
/// use cortex::{LanguageBackendExt, LocalLanguage};
/// use resilience::RetryPolicy;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let language = Retried::new(LocalLanguage::new(), RetryPolicy::default());
/// assert!(language.sentiment_of("We love it.").await?.sentiment.score > 0.5);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Retried<B> {
    inner: B,
    policy: RetryPolicy,
}

impl<B: LanguageBackend> Retried<B> {
    /// Retries as a policy says.
    pub fn new(inner: B, policy: RetryPolicy) -> Self {
        Self { inner, policy }
    }

    async fn run<C: Call>(&self, items: &[C::Item]) -> Result<Vec<Outcome<C::Answer>>> {
        let progress = Progress::<C>::new(items.len());
        let result = resilience::retry(
            &self.policy,
            || self.attempt(items, &progress),
            |error, wait| {
                tracing::debug!(
                    method = C::METHOD.as_str(),
                    kind = error.kind().as_str(),
                    wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                    "language request is sent again"
                );
            },
        )
        .await;
        let outcomes = progress.finish(result.err(), |error| self.is_worth_it(error))?;
        if C::agree(&outcomes) {
            return Ok(outcomes);
        }
        // Attempts were answered by different models: one attempt has to do it all.
        ask::<C>(&self.inner, items).await
    }

    /// Asks for what is open. An error means that some of it still is.
    async fn attempt<C: Call>(&self, items: &[C::Item], progress: &Progress<C>) -> Result<()> {
        let open = progress.open(|error| self.is_worth_it(error));
        let outcomes = if open.len() == items.len() {
            ask::<C>(&self.inner, items).await?
        } else {
            let again: Vec<C::Item> = open.iter().map(|at| items[*at].clone()).collect();
            ask::<C>(&self.inner, &again).await?
        };
        progress.record(open, outcomes);
        progress.longest_wait(|error| self.is_worth_it(error))
    }

    fn is_worth_it(&self, error: &Error) -> bool {
        let longest = self.policy.longest_retry_after;
        error.is_retryable() && error.retry_after().is_none_or(|wait| wait <= longest)
    }
}

decorate!(Retried);

/// The latest outcome of each item, across attempts.
struct Progress<C: Call>(Mutex<Vec<Option<Outcome<C::Answer>>>>);

impl<C: Call> Progress<C> {
    fn new(items: usize) -> Self {
        Self(Mutex::new((0..items).map(|_| None).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Outcome<C::Answer>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, is_worth_it: impl Fn(&Error) -> bool) -> Vec<usize> {
        let is_open = |outcome: &Option<Outcome<C::Answer>>| match outcome {
            None => true,
            Some(Ok(_)) => false,
            Some(Err(error)) => is_worth_it(error),
        };
        let outcomes = self.lock();
        (0..outcomes.len())
            .filter(|at| is_open(&outcomes[*at]))
            .collect()
    }

    fn record(&self, asked: Vec<usize>, answers: Vec<Outcome<C::Answer>>) {
        let mut outcomes = self.lock();
        for (at, answer) in asked.into_iter().zip(answers) {
            outcomes[at] = Some(answer);
        }
    }

    /// The error that stands for all that are open: the one to wait longest for.
    fn longest_wait(&self, is_worth_it: impl Fn(&Error) -> bool) -> Result<()> {
        let outcomes = self.lock();
        let errors = outcomes
            .iter()
            .flatten()
            .filter_map(|outcome| outcome.as_ref().err());
        let open = errors.filter(|error| is_worth_it(error));
        match open.max_by_key(|error| error.retry_after()) {
            Some(error) => Err(copy_of(error)),
            None => Ok(()),
        }
    }

    /// The outcomes, where `last` is the error that ended the retrying.
    fn finish(
        self,
        last: Option<Error>,
        is_worth_it: impl Fn(&Error) -> bool,
    ) -> Result<Vec<Outcome<C::Answer>>> {
        let outcomes = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(last) = last else {
            return Ok(outcomes.into_iter().flatten().collect());
        };
        if outcomes.iter().all(Option::is_none) {
            return Err(last);
        }
        Ok(outcomes
            .into_iter()
            .map(|outcome| match outcome {
                // A later attempt failed as a whole, for good: that is what stands in the way.
                Some(Err(error)) if is_worth_it(&error) && !last.kind().is_retryable() => {
                    Err(copy_of(&last))
                }
                Some(Err(error)) if is_worth_it(&error) => Err(error.exhausted()),
                Some(outcome) => outcome,
                None => Err(copy_of(&last)),
            })
            .collect())
    }
}
