//! What was asked, and how it was answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::Operation;

/// Requests to one endpoint with one outcome. For callers that export figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EndpointCount {
    /// The HTTP method, which tells operations of one path apart.
    pub method: &'static str,
    /// The path, with `{…}` where ids stand.
    pub endpoint: &'static str,
    /// The status; `None` when no reply came.
    pub status: Option<u16>,
    /// Requests, repetitions included.
    pub requests: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<BTreeMap<Key, u64>>);

/// Path, method and status.
type Key = (&'static str, &'static str, Option<u16>);

impl Counts {
    pub(crate) fn count(&self, operation: &Operation, status: Option<u16>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (operation.path, operation.method, status);
        *counts.entry(key).or_default() += 1;
    }

    pub(crate) fn read(&self) -> Vec<EndpointCount> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = counts
            .iter()
            .map(|((endpoint, method, status), requests)| EndpointCount {
                method,
                endpoint,
                status: *status,
                requests: *requests,
            });
        counts.collect()
    }
}
