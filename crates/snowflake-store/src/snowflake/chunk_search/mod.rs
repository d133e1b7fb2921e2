//! Searches chunks with a service that keeps its own index.
//!
//! A store without one compares all chunks in a statement, which is fine up to a few
//! hundred thousand of them. Beyond that, pass a [`ChunkSearch`], such as Snowflake's
//! Cortex Search.

#[cfg(feature = "cortex-search")]
mod refusal;
#[cfg(feature = "cortex-search")]
mod reply;
#[cfg(feature = "cortex-search")]
mod rest;
mod service_name;

use std::fmt::Debug;

use async_trait::async_trait;
use calls::CallId;
use serde::Serialize;

#[cfg(feature = "cortex-search")]
pub use rest::CortexSearch;
pub use service_name::SearchServiceName;

use crate::Result;

/// A chunk that a service found, as the service knows it: the store may have dropped it
/// since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundChunk {
    /// The call.
    pub call_id: CallId,
    /// Index of the chunk's first sentence.
    pub first_sentence: u32,
    /// Index of its last sentence.
    pub last_sentence: u32,
    /// Its text.
    pub text: String,
}

/// Search over chunks by a service with an index of its own.
///
/// # Contract
/// - **Order**: best first, each chunk once.
/// - **Age**: the index may be older than the store. Chunks that are gone may be found;
///   the store takes them out.
/// - **Size**: at most `limit` chunks, and never more than
///   [`most_results`](Self::most_results); a limit of 0 gives none.
/// - **Query**: any text, which is not a query language.
/// - **Errors**: `Transient` and `RateLimited` may be tried again.
#[cfg_attr(feature = "mocks", mockall::automock)]
#[async_trait]
pub trait ChunkSearch: Debug + Send + Sync + 'static {
    /// Chunks that are like a query.
    async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundChunk>>;

    /// How many chunks one search gives at most.
    fn most_results(&self) -> usize;
}

resilience::forward_pointers! {
    ChunkSearch {
        fn most_results(&self) -> usize;
        async fn search(&self, query: &str, limit: usize) -> Result<Vec<FoundChunk>>;
    }
}
