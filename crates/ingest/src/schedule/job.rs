//! What a schedule runs.

use std::fmt::Debug;

use async_trait::async_trait;
use calls::Timestamp;
use resilience::ErrorKind;
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{Error, Result};

/// Something to do again and again.
#[async_trait]
pub trait Job: Debug + Send + Sync + 'static {
    /// Its name in reports, metrics and the lease: one lower-case word.
    fn name(&self) -> &'static str;

    /// What its success makes fresh, for meters: `calls`, `records`, `crm`, `readings`, `retention`,
    /// `share`.
    fn stream(&self) -> &'static str;

    /// Does it once, as of `now`. A cancelled token ends it where it loses nothing, and the
    /// next run carries on from there.
    ///
    /// # Errors
    /// Its own; of kind [`ErrorKind::Cancelled`] when the token ended it.
    async fn run(&self, now: Timestamp, stop: CancellationToken) -> Result<JobReport>;
}

/// What a run of a job did.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JobReport {
    /// The job's own report.
    pub detail: Value,
    /// Whether nothing is left open that a person should look at.
    pub is_complete: bool,
}

impl JobReport {
    /// A report of a run.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when it has no JSON.
    pub fn new(detail: &impl Serialize, is_complete: bool) -> Result<Self> {
        let detail = serde_json::to_value(detail).map_err(|error| {
            Error::new(ErrorKind::Internal, "a report has no JSON").with_source(error)
        })?;
        Ok(Self {
            detail,
            is_complete,
        })
    }
}

/// That the token ended a run.
pub(super) fn stopped() -> Error {
    Error::new(ErrorKind::Cancelled, "stopped")
}
