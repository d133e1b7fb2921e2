//! An erasure under way: its transaction, and what it has changed so far.

use ::calls::CallId;
use rusqlite::Transaction;

use crate::erasure::{Circle, Erased};
use crate::sqlite::failure::JobResult;
use crate::{Mention, RetentionOutcome};

/// An erasure under way.
pub(super) struct Erasing<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) erased: Erased,
    pub(super) now: String,
    pub(super) tables: Vec<RetentionOutcome>,
    pub(super) mentions: Vec<Mention>,
    /// What the person is called in clear.
    pub(super) circle: Circle,
    pub(super) is_dry_run: bool,
    /// Calls that lost something.
    pub(super) calls: Vec<CallId>,
    pub(super) restaged: Vec<CallId>,
}

impl Erasing<'_> {
    /// Runs a statement and counts the rows of its table.
    pub(super) fn change(
        &mut self,
        table: &str,
        statement: &str,
        parameters: impl rusqlite::Params,
    ) -> JobResult<()> {
        let rows = self
            .transaction
            .prepare_cached(statement)?
            .execute(parameters)?;
        if rows > 0 {
            RetentionOutcome::add_to(&mut self.tables, table, rows as u64);
        }
        Ok(())
    }

    /// Rows of a statement that reads, all at once: they are about to change.
    pub(super) fn read<T>(
        &self,
        statement: &str,
        row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> JobResult<Vec<T>> {
        let mut statement = self.transaction.prepare_cached(statement)?;
        let rows = statement.query_map([], row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
