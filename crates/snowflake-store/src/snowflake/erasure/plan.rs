//! What an erasure is going to do: statements of one transaction, and what they are to count.

use ::calls::CallId;
use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use crate::snowflake::counted::Counted;
use crate::snowflake::{batches, json};
use crate::{ErasedRows, Mention, Result};

/// The statements of an erasure, in one transaction.
pub(super) struct Plan {
    bytes: usize,
    pub(super) statements: Counted,
    pub(super) mentions: Vec<Mention>,
    /// Calls that lose something, ascending.
    pub(super) calls: Vec<CallId>,
    pub(super) restaged: Vec<CallId>,
}

impl Plan {
    /// Whose statements have at most so many bytes of rows.
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            bytes,
            statements: Counted::new(),
            mentions: Vec::new(),
            calls: Vec::new(),
            restaged: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, table: &'static str, statement: Statement) {
        self.statements.add(table, statement);
    }

    /// A statement over rows, in as many parts as their size asks for.
    pub(super) fn add_rows<T: Serialize>(
        &mut self,
        table: &'static str,
        query: impl Fn() -> Statement,
        rows: &[T],
    ) -> Result<()> {
        let rows = rows.iter().map(batches::row).collect::<Result<Vec<_>>>()?;
        for rows in batches::by_size(rows, self.bytes) {
            self.add(table, query().bind(json(&rows)?));
        }
        Ok(())
    }

    pub(super) fn counted(&self, replies: &[Rows]) -> Vec<ErasedRows> {
        let outcomes = self.statements.outcomes(replies).into_iter();
        let changed = outcomes.filter(|outcome| outcome.removed > 0);
        changed.map(Into::into).collect()
    }
}
