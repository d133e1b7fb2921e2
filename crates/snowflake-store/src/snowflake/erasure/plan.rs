//! What an erasure is going to do: statements of one transaction, and what they are to count.

use ::calls::CallId;
use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use crate::snowflake::{batches, json, statements};
use crate::{ErasedRows, Mention, Result, RetentionOutcome};

/// The statements of an erasure, in one transaction.
#[derive(Default)]
pub(super) struct Plan {
    bytes: usize,
    pub(super) statements: Vec<Statement>,
    /// Of which table a statement counts the rows.
    tables: Vec<(&'static str, usize)>,
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
            // As for everything else that writes staging.
            statements: vec![statements::LOCK_STAGING.statement()],
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, table: &'static str, statement: Statement) {
        self.tables.push((table, self.statements.len()));
        self.statements.push(statement);
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
        let mut outcomes = Vec::new();
        for (table, place) in &self.tables {
            let rows = replies.get(*place).map_or(0, Rows::affected);
            if rows > 0 {
                RetentionOutcome::add_to(&mut outcomes, table, rows);
            }
        }
        outcomes.into_iter().map(Into::into).collect()
    }
}
