//! Batches of the size that a backend likes: long ones cut, small ones gathered.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use resilience::ErrorKind;
use tokio::sync::Semaphore;

mod gather;
mod group;

use gather::Lanes;

use crate::call::{Call, ask, copy_of, decorate};
use crate::{Error, LanguageBackend, Outcome, Result};

/// A backend that is asked in batches of a good size, few at a time.
///
/// - A batch beyond the limits is cut into round trips, and some of them are under
///   way at once. Outcomes come in the order of the items. A round trip that fails
///   fails its items; the batch fails only when all do. After an error that the next
///   round trip would meet as well (credentials, permission, quota, configuration),
///   what was not sent yet is not sent.
/// - A batch that fits into one round trip may wait for others, from other tasks, and
///   share it. What one of them did wrong does not touch the others: when a shared
///   round trip fails for its input, each is asked on its own.
/// - An item larger than [`BatchConfig::max_bytes`] goes alone.
///
/// Clones share the limits and gather together. Gathering needs a `tokio` runtime;
/// outside of one, nothing is gathered.
///
/// ```
/// use cortex::decorators::{BatchConfig, Batched};
/// use cortex::{LanguageBackendExt, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let language = Batched::new(LocalLanguage::new(), BatchConfig::default());
/// // One round trip for both.
/// let (first, second) = tokio::join!(
///     language.sentiment_of("We love it."),
///     language.sentiment_of("It is far too expensive, sadly."),
/// );
/// assert!(first?.sentiment.score > second?.sentiment.score);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Batched<B> {
    inner: Arc<B>,
    config: BatchConfig,
    round_trips: Arc<Semaphore>,
    lanes: Arc<Lanes>,
}

/// The limits of a [`Batched`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchConfig {
    /// Most items of a round trip. Default: none beside the backend's own
    /// [`max_batch`](crate::Capabilities::max_batch), which always holds. At least 1.
    pub max_items: usize,
    /// Most bytes of text in a round trip. Default 1 MiB.
    pub max_bytes: usize,
    /// Most round trips at once, over all tasks. Default 4. At least 1.
    pub parallel: usize,
    /// How long a small batch waits for others. Default 5 ms, a small part of a round
    /// trip; zero gathers nothing.
    pub gather: Duration,
}

impl Default for BatchConfig {
    fn default() -> Self {
        Self {
            max_items: usize::MAX,
            max_bytes: 1_024 * 1_024,
            parallel: 4,
            gather: Duration::from_millis(5),
        }
    }
}

impl<B: LanguageBackend> Batched<B> {
    /// Batches within limits.
    pub fn new(inner: B, config: BatchConfig) -> Self {
        let max_batch = inner.capabilities().max_batch;
        let config = BatchConfig {
            max_items: config.max_items.min(max_batch).max(1),
            ..config
        };
        Self {
            inner: Arc::new(inner),
            config,
            round_trips: Arc::new(Semaphore::new(
                config.parallel.clamp(1, Semaphore::MAX_PERMITS),
            )),
            lanes: Arc::default(),
        }
    }

    async fn run<C: Call>(&self, items: &[C::Item]) -> Result<Vec<Outcome<C::Answer>>> {
        let pieces = self.cut::<C>(items);
        match pieces.as_slice() {
            [] => Ok(Vec::new()),
            [_] if self.gathers() => self.gathered::<C>(items).await,
            [_] => self.round_trip::<C>(items).await,
            _ => self.piecewise::<C>(items, pieces).await,
        }
    }

    /// Pieces that keep to the limits, as long as possible.
    fn cut<C: Call>(&self, items: &[C::Item]) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let (mut start, mut bytes) = (0, 0_usize);
        for (at, item) in items.iter().enumerate() {
            let size = C::item_bytes(item);
            let is_full = at - start >= self.config.max_items
                || bytes.saturating_add(size) > self.config.max_bytes;
            if at > start && is_full {
                pieces.push(start..at);
                (start, bytes) = (at, 0);
            }
            bytes = bytes.saturating_add(size);
        }
        if start < items.len() {
            pieces.push(start..items.len());
        }
        pieces
    }

    async fn round_trip<C: Call>(&self, items: &[C::Item]) -> Result<Vec<Outcome<C::Answer>>> {
        let _slot = self.round_trips.acquire().await;
        ask::<C>(&*self.inner, items).await
    }

    async fn piecewise<C: Call>(
        &self,
        items: &[C::Item],
        pieces: Vec<Range<usize>>,
    ) -> Result<Vec<Outcome<C::Answer>>> {
        let hopeless: Mutex<Option<Error>> = Mutex::new(None);
        let known = || {
            let hopeless = hopeless.lock().unwrap_or_else(PoisonError::into_inner);
            hopeless.as_ref().map(copy_of)
        };
        let known = &known;
        let hopeless = &hopeless;
        let answers = join_all(pieces.iter().map(|piece| async move {
            let _slot = self.round_trips.acquire().await;
            if let Some(error) = known() {
                return Err(error);
            }
            let answer = ask::<C>(&*self.inner, &items[piece.clone()]).await;
            if let Some(error) = answer.as_ref().err().filter(|error| stops_all(error)) {
                *hopeless.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy_of(error));
            }
            answer
        }))
        .await;
        if answers.iter().all(Result::is_err) {
            return match answers.into_iter().next() {
                Some(Err(error)) => Err(error),
                _ => Ok(Vec::new()),
            };
        }
        let mut outcomes = Vec::with_capacity(items.len());
        for (piece, answer) in pieces.into_iter().zip(answers) {
            match answer {
                Ok(answers) => outcomes.extend(answers),
                Err(error) => outcomes.extend(piece.map(|_| Err(copy_of(&error)))),
            }
        }
        if C::agree(&outcomes) {
            return Ok(outcomes);
        }
        // Round trips were answered by different models: one has to do it all.
        self.round_trip::<C>(items).await
    }
}

impl<B> Clone for Batched<B> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            config: self.config,
            round_trips: Arc::clone(&self.round_trips),
            lanes: Arc::clone(&self.lanes),
        }
    }
}

decorate!(Batched);

/// Whether every other round trip would meet the same error.
fn stops_all(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Auth
            | ErrorKind::Permission
            | ErrorKind::Config
            | ErrorKind::QuotaExhausted
            | ErrorKind::Unsupported
    )
}
