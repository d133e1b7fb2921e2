//! What was asked, and how it was answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Requests to one endpoint with one outcome. For callers that export figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointCount {
    /// The path, with `{…}` where ids stand.
    pub endpoint: &'static str,
    /// The status; `None` when no reply came.
    pub status: Option<u16>,
    /// Requests, repetitions included.
    pub requests: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<BTreeMap<(&'static str, Option<u16>), u64>>);

impl Counts {
    pub(crate) fn count(&self, endpoint: &'static str, status: Option<u16>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((endpoint, status)).or_default() += 1;
    }

    pub(crate) fn read(&self) -> Vec<EndpointCount> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = counts
            .iter()
            .map(|((endpoint, status), requests)| EndpointCount {
                endpoint,
                status: *status,
                requests: *requests,
            });
        counts.collect()
    }
}
