//! Sums over statements of one name.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::{Outcome, Repetition, SqlObserver, StatementReport};

/// Counts statements by name: the observer for those who have none of their own.
///
/// ```
/// use std::sync::Arc;
/// use snowflake_sql::StatementMetrics;
///
/// let metrics = Arc::new(StatementMetrics::default());
/// // SnowflakePool::observed(config, metrics.clone())
/// assert!(metrics.snapshot().statements.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct StatementMetrics {
    counted: Mutex<MetricsSnapshot>,
}

/// What was counted until now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MetricsSnapshot {
    /// By name of the statement; `begin`, `commit` and `rollback` are among them, and
    /// repetitions of whole transactions under `transaction`.
    pub statements: BTreeMap<&'static str, StatementSummary>,
    /// Query id of the last statement that had one.
    pub last_query_id: Option<String>,
}

/// All statements of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementSummary {
    /// How often it was sent, repetitions included.
    pub sent: u64,
    /// How often it failed.
    pub failed: u64,
    /// How often its caller went away.
    pub abandoned: u64,
    /// How often a pool did it again.
    pub repeated: u64,
    /// Rows read, or written by DML.
    pub rows: u64,
    /// Bytes of cells read.
    pub bytes: u64,
    /// Bytes of text bound.
    pub bound_bytes: u64,
    /// Time of all of them together.
    pub total: Duration,
    /// Time of the longest.
    pub longest: Duration,
    /// Query id of the last that had one.
    pub last_query_id: Option<String>,
}

impl MetricsSnapshot {
    /// Round trips in all: every statement is one, `begin` and `commit` included.
    pub fn sent(&self) -> u64 {
        self.statements.values().map(|summary| summary.sent).sum()
    }
}

impl StatementMetrics {
    /// What was counted until now.
    pub fn snapshot(&self) -> MetricsSnapshot {
        self.lock().clone()
    }

    /// Begins again at nothing, and returns what was counted.
    pub fn take(&self) -> MetricsSnapshot {
        std::mem::take(&mut *self.lock())
    }

    /// A panic elsewhere cannot leave these numbers half written.
    fn lock(&self) -> MutexGuard<'_, MetricsSnapshot> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SqlObserver for StatementMetrics {
    fn finished(&self, report: &StatementReport<'_>) {
        let mut counted = self.lock();
        if let Some(id) = report.query_id {
            counted.last_query_id = Some(id.to_owned());
        }
        let summary = counted.statements.entry(report.name).or_default();
        summary.sent += 1;
        match report.outcome {
            Outcome::Done => {}
            Outcome::Failed(_) => summary.failed += 1,
            Outcome::Abandoned => summary.abandoned += 1,
        }
        summary.rows += report.rows;
        summary.bytes += report.bytes;
        summary.bound_bytes += report.bound_bytes;
        summary.total += report.elapsed;
        summary.longest = summary.longest.max(report.elapsed);
        if let Some(id) = report.query_id {
            summary.last_query_id = Some(id.to_owned());
        }
    }

    fn repeated(&self, repetition: &Repetition) {
        let mut counted = self.lock();
        counted
            .statements
            .entry(repetition.name)
            .or_default()
            .repeated += 1;
    }
}
