//! A cache of answers.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

mod config;
mod key;
mod memory;

pub use config::CacheConfig;
use key::AnswerKey;
use memory::Memory;

use crate::operation::{Operation, ask, copy_of, decorate};
use crate::{Error, LanguageBackend, Method, Outcome, Result};

/// A backend that is called only for what it has not answered before.
///
/// Answers are found by method, backend, model and all of the item. So a change of the model misses, and nothing has to be invalidated. Only answers are
/// kept, never errors. Items that a batch holds twice are asked once. Two batches at
/// the same time may both ask for what neither has yet.
///
/// Clones share everything.
///
/// ```
/// use cortex::decorators::{CacheConfig, Cached};
/// use cortex::{LanguageBackend, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let language = Cached::new(LocalLanguage::new(), CacheConfig::default());
/// let texts = ["We love it.", "Too expensive.", "We love it."].map(str::to_owned);
/// let first = language.sentiment(&texts).await?;
/// let second = language.sentiment(&texts).await?;
/// assert_eq!(first[2].as_ref().ok(), second[0].as_ref().ok());
/// let stats = language.stats();
/// assert_eq!((stats.misses, stats.merged, stats.hits), (2, 1, 3));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Cached<B> {
    inner: B,
    methods: Vec<Method>,
    memory: Memory,
    counters: Arc<Counters>,
}

/// What a [`Cached`] has done so far. Items of methods that it does not keep are not
/// counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct CacheStats {
    /// Items answered without asking.
    pub hits: u64,
    /// Items that were asked.
    pub misses: u64,
    /// Items that were asked under another place of their batch.
    pub merged: u64,
}

#[derive(Debug, Default)]
struct Counters {
    hits: AtomicU64,
    misses: AtomicU64,
    merged: AtomicU64,
}

impl<B: LanguageBackend> Cached<B> {
    /// A cache in memory, empty at first.
    pub fn new(inner: B, config: CacheConfig) -> Self {
        Self {
            inner,
            memory: Memory::new(&config),
            methods: config.methods,
            counters: Arc::default(),
        }
    }

    /// Hits and misses since it was made.
    pub fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.counters.hits.load(Ordering::Relaxed),
            misses: self.counters.misses.load(Ordering::Relaxed),
            merged: self.counters.merged.load(Ordering::Relaxed),
        }
    }

    /// Bytes of the answers that are in memory now.
    pub async fn bytes(&self) -> u64 {
        self.memory.bytes().await
    }

    async fn run<O: Operation>(&self, items: &[O::Item]) -> Result<Vec<Outcome<O::Answer>>> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let keys = match AnswerKey::of_batch::<O>(&self.inner, items) {
            Ok(keys) if self.methods.contains(&O::METHOD) => keys,
            _ => return ask::<O>(&self.inner, items).await,
        };
        let mut known = self.known::<O>(&keys).await;
        let mut first_places: HashMap<AnswerKey, usize> = HashMap::new();
        let mut unknown = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            if !known.contains_key(key) && !first_places.contains_key(key) {
                first_places.insert(*key, unknown.len());
                unknown.push(at);
            }
        }
        let hits = keys.iter().filter(|key| known.contains_key(key)).count();
        self.count(hits, unknown.len(), items.len() - hits - unknown.len());

        let asked: Vec<O::Item> = unknown.iter().map(|at| items[*at].clone()).collect();
        let mut errors: HashMap<AnswerKey, Error> = HashMap::new();
        match ask::<O>(&self.inner, &asked).await {
            Err(error) if known.is_empty() => return Err(error),
            Err(error) => {
                errors.extend(unknown.iter().map(|at| (keys[*at], copy_of(&error))));
            }
            Ok(outcomes) => {
                let mut fresh = Vec::new();
                for (at, outcome) in unknown.iter().zip(outcomes) {
                    match outcome {
                        Ok(answer) => fresh.push((keys[*at], answer)),
                        Err(error) => {
                            errors.insert(keys[*at], error);
                        }
                    }
                }
                self.keep::<O>(&fresh).await;
                known.extend(fresh);
            }
        }
        let outcomes: Vec<Outcome<O::Answer>> = keys
            .iter()
            .map(|key| match (known.get(key), errors.get(key)) {
                (Some(answer), _) => Ok(answer.clone()),
                (None, Some(error)) => Err(copy_of(error)),
                (None, None) => Err(Error::new(
                    resilience::ErrorKind::Internal,
                    "an item was neither cached nor requested",
                )),
            })
            .collect();
        if O::agree(&outcomes) {
            return Ok(outcomes);
        }
        // What was kept is of another model than what was asked now.
        let outcomes = ask::<O>(&self.inner, items).await?;
        let answers = keys.into_iter().zip(&outcomes);
        let fresh: Vec<_> = answers
            .filter_map(|(key, outcome)| Some((key, outcome.as_ref().ok()?.clone())))
            .collect();
        self.keep::<O>(&fresh).await;
        Ok(outcomes)
    }

    fn count(&self, hits: usize, misses: usize, merged: usize) {
        let add = |counter: &AtomicU64, items: usize| {
            counter.fetch_add(items as u64, Ordering::Relaxed);
        };
        add(&self.counters.hits, hits);
        add(&self.counters.misses, misses);
        add(&self.counters.merged, merged);
    }

    /// What memory holds of some keys.
    async fn known<O: Operation>(&self, keys: &[AnswerKey]) -> HashMap<AnswerKey, O::Answer> {
        let mut known = HashMap::new();
        for key in keys {
            if let Some(answer) = self.memory.get::<O>(key).await {
                known.insert(*key, answer);
            }
        }
        known
    }

    async fn keep<O: Operation>(&self, fresh: &[(AnswerKey, O::Answer)]) {
        for (key, answer) in fresh {
            self.memory.insert::<O>(*key, answer.clone()).await;
        }
    }
}

decorate!(Cached);

/// Without the answers: they hold call text.
impl<B: fmt::Debug> fmt::Debug for Cached<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cached")
            .field("inner", &self.inner)
            .field("methods", &self.methods)
            .field("counters", &self.counters)
            .finish_non_exhaustive()
    }
}
