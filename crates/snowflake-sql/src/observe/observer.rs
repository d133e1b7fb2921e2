//! The observer of statements.

use std::fmt::Debug;
use std::time::Duration;

use resilience::ErrorKind;

use crate::Remedy;

/// Hears of every statement, to feed somebody's own metrics. What it is told holds no
/// value and no cell.
///
/// It is called between statements, so it must not block.
pub trait SqlObserver: Debug + Send + Sync + 'static {
    /// A statement was sent and has ended, or its caller went away. `begin`, `commit`
    /// and `rollback` are statements too.
    fn finished(&self, report: &StatementReport<'_>);

    /// A pool is about to repeat a statement, or a whole `transaction`.
    fn repeated(&self, _repetition: &Repetition) {}
}

/// One statement that was sent.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct StatementReport<'a> {
    /// [`Statement::name`](crate::Statement::name).
    pub name: &'static str,
    /// From sending it to having all rows.
    pub elapsed: Duration,
    /// How it ended.
    pub outcome: Outcome,
    /// Rows of the result; of a DML statement those that it
    /// [affected](crate::Rows::affected).
    pub rows: u64,
    /// Bytes of the result's cells.
    pub bytes: u64,
    /// Bytes of the bound text.
    pub bound_bytes: u64,
    /// Snowflake's id of the query, as far as it is known.
    pub query_id: Option<&'a str>,
}

/// How a statement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// With a result.
    Done,
    /// With an error of a kind.
    Failed(ErrorKind),
    /// Its future was dropped.
    Abandoned,
}

/// Something that is done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repetition {
    /// The statement's name, or `transaction`.
    pub name: &'static str,
    /// What was wrong.
    pub kind: ErrorKind,
    /// What is tried against it.
    pub remedy: Remedy,
    /// The pause before it.
    pub pause: Duration,
}

/// Nobody.
#[derive(Debug)]
pub(crate) struct Unobserved;

impl SqlObserver for Unobserved {
    fn finished(&self, _report: &StatementReport<'_>) {}
}
