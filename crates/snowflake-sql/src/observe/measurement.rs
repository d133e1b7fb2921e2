//! Measures one statement, even if its caller goes away.

use std::sync::Arc;
use std::time::Duration;

use resilience::meter::table;
use tokio::time::Instant;

use super::{Outcome, SqlObserver, StatementReport};
use crate::{Bind, Result, Rows, Statement};

/// A statement under way. Dropped before it ended, it was abandoned.
pub(crate) struct Measurement {
    observer: Arc<dyn SqlObserver>,
    name: &'static str,
    bound_bytes: u64,
    started: Instant,
    reported: bool,
}

impl Measurement {
    pub(crate) fn start(observer: &Arc<dyn SqlObserver>, statement: &Statement) -> Self {
        let text = statement.binds().iter().map(|bind| match bind {
            Bind::Text(text) => text.len() as u64,
            _ => 0,
        });
        let mut measurement = Self::start_named(observer, statement.name());
        measurement.bound_bytes = text.sum();
        measurement
    }

    pub(crate) fn start_named(observer: &Arc<dyn SqlObserver>, name: &'static str) -> Self {
        Self {
            observer: Arc::clone(observer),
            name,
            bound_bytes: 0,
            started: Instant::now(),
            reported: false,
        }
    }

    pub(crate) fn ended(self, outcome: &Result<Rows>) {
        match outcome {
            Ok(rows) => self.report(Outcome::Done, count(rows), rows.bytes(), rows.query_id()),
            Err(error) => self.failed(error),
        }
    }

    pub(crate) fn ended_without_rows(self, outcome: &Result<()>) {
        match outcome {
            Ok(()) => self.report(Outcome::Done, 0, 0, None),
            Err(error) => self.failed(error),
        }
    }

    fn failed(self, error: &crate::Error) {
        let fault = error.fault();
        let query_id = fault.and_then(|fault| fault.query_id.as_deref());
        tracing::warn!(
            statement = self.name,
            kind = error.kind().as_str(),
            code = fault.and_then(|fault| fault.code.as_deref()),
            query_id,
            "a statement failed"
        );
        self.report(Outcome::Failed(error.kind()), 0, 0, query_id);
    }

    fn report(mut self, outcome: Outcome, rows: u64, bytes: u64, query_id: Option<&str>) {
        self.reported = true;
        let elapsed = self.started.elapsed();
        tracing::debug!(
            statement = self.name,
            ?outcome,
            elapsed_ms = milliseconds(elapsed),
            rows,
            bytes,
            bound_bytes = self.bound_bytes,
            query_id,
            "a statement ended"
        );
        self.told(&StatementReport {
            name: self.name,
            elapsed,
            outcome,
            rows,
            bytes,
            bound_bytes: self.bound_bytes,
            query_id,
        });
    }

    fn told(&self, report: &StatementReport<'_>) {
        let outcome = match report.outcome {
            Outcome::Done => "done",
            Outcome::Failed(kind) => kind.as_str(),
            Outcome::Abandoned => "abandoned",
        };
        table::SNOWFLAKE_STATEMENTS.add(&[report.name, outcome], 1);
        table::SNOWFLAKE_SECONDS.record(&[report.name], report.elapsed.as_secs_f64());
        table::SNOWFLAKE_BYTES.add(&[report.name, "read"], report.bytes);
        table::SNOWFLAKE_BYTES.add(&[report.name, "bound"], report.bound_bytes);
        self.observer.finished(report);
    }
}

/// Rows read, or written by DML.
fn count(rows: &Rows) -> u64 {
    match rows.affected() {
        0 => rows.len() as u64,
        affected => affected,
    }
}

fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}

impl Drop for Measurement {
    fn drop(&mut self) {
        if !self.reported {
            let elapsed = self.started.elapsed();
            tracing::debug!(
                statement = self.name,
                elapsed_ms = milliseconds(elapsed),
                "a statement was abandoned"
            );
            self.told(&StatementReport {
                name: self.name,
                elapsed,
                outcome: Outcome::Abandoned,
                rows: 0,
                bytes: 0,
                bound_bytes: self.bound_bytes,
                query_id: None,
            });
        }
    }
}
