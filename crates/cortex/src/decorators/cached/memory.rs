//! Cached answers in memory, bounded by bytes and time.

use std::any::Any;
use std::sync::Arc;

use super::config::CacheConfig;
use super::key::AnswerKey;
use crate::operation::Operation;

/// What an entry takes beside its answer: the key, pointers, the cache's own lists.
const ENTRY_BYTES: usize = 200;

/// Answers of all methods in one budget of bytes.
#[derive(Clone)]
pub(super) struct Memory(moka::future::Cache<AnswerKey, Kept>);

/// An answer of whatever method; the key says of which.
#[derive(Clone)]
struct Kept {
    answer: Arc<dyn Any + Send + Sync>,
    bytes: u32,
}

impl Memory {
    pub(super) fn new(config: &CacheConfig) -> Self {
        let cache = moka::future::Cache::builder()
            .max_capacity(config.max_bytes)
            .weigher(|_, kept: &Kept| kept.bytes)
            .time_to_live(config.time_to_live)
            .build();
        Self(cache)
    }

    pub(super) async fn get<O: Operation>(&self, key: &AnswerKey) -> Option<O::Answer> {
        let kept = self.0.get(key).await?;
        kept.answer.downcast_ref::<O::Answer>().cloned()
    }

    pub(super) async fn insert<O: Operation>(&self, key: AnswerKey, answer: O::Answer) {
        let bytes = O::answer_bytes(&answer) + ENTRY_BYTES;
        let kept = Kept {
            answer: Arc::new(answer),
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        };
        self.0.insert(key, kept).await;
    }

    /// Bytes of the answers, counted exactly.
    pub(super) async fn bytes(&self) -> u64 {
        self.0.run_pending_tasks().await;
        self.0.weighted_size()
    }
}
