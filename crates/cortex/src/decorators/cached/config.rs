//! What a cache keeps, and for how long.

use std::time::Duration;

use crate::Method;

/// What a [`Cached`](super::Cached) keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheConfig {
    /// Most bytes of answers in memory; what is used least leaves first. Default 64 MiB.
    pub max_bytes: u64,
    /// How long an answer is given again from memory. Default 24 hours.
    pub time_to_live: Duration,
    /// Methods whose answers are kept. Default all. Leave
    /// [`Complete`](Method::Complete) out where the same prompt shall be answered
    /// anew.
    pub methods: Vec<Method>,
}

impl Default for CacheConfig {
    fn default() -> Self {
        Self {
            max_bytes: 64 * 1_024 * 1_024,
            time_to_live: Duration::from_secs(24 * 60 * 60),
            methods: Method::ALL.to_vec(),
        }
    }
}
