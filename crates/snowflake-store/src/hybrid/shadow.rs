//! How two stores differ where both were asked: counts and kinds, never words.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use resilience::meter::table;
use serde::Serialize;

use super::differences::Compare;
use crate::Result;

/// How two stores differed where both were asked, by method.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct ShadowReport {
    /// What was compared, by the name of the method.
    pub methods: BTreeMap<&'static str, Compared>,
}

/// What was compared of one method.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Compared {
    /// Requests that both answered in time, or refused.
    pub requests: u64,
    /// Those in which nothing differed.
    pub same: u64,
    /// The others by what differed, such as `transcript` or `only_primary`; one may be of
    /// several kinds. `primary_failed` and `fallback_failed` are among them.
    pub differences: BTreeMap<&'static str, u64>,
}

impl ShadowReport {
    /// Requests in which something differed.
    pub fn different(&self) -> u64 {
        let methods = self.methods.values();
        methods.map(|one| one.requests - one.same).sum()
    }
}

#[derive(Debug, Default)]
pub(super) struct ShadowLog {
    report: Mutex<ShadowReport>,
}

impl ShadowLog {
    pub(super) fn compare<T: Compare>(
        &self,
        method: &'static str,
        primary: &Result<T>,
        fallback: &Result<T>,
    ) {
        let kinds = match (primary, fallback) {
            (Ok(ours), Ok(theirs)) => ours.differences(theirs),
            (Err(_), Err(_)) => Vec::new(),
            (Err(_), Ok(_)) => vec!["primary_failed"],
            (Ok(_), Err(_)) => vec!["fallback_failed"],
        };
        if kinds.is_empty() {
            table::SHADOW.add(&[method, "none"], 1);
        } else {
            tracing::info!(method, ?kinds, "the stores differ");
        }
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        let of_method = report.methods.entry(method).or_default();
        of_method.requests += 1;
        of_method.same += u64::from(kinds.is_empty());
        for kind in kinds {
            table::SHADOW.add(&[method, kind], 1);
            *of_method.differences.entry(kind).or_default() += 1;
        }
    }

    pub(super) fn report(&self) -> ShadowReport {
        let report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.clone()
    }
}
