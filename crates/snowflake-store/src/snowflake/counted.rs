//! Statements of one transaction, and of which table each counts the rows.

use snowflake_sql::{Rows, Statement};

use super::statements;
use crate::RetentionOutcome;

/// Statements that write staging, which is locked first.
#[derive(Debug)]
pub(super) struct Counted {
    statements: Vec<Statement>,
    /// By the place of its statement.
    tables: Vec<(&'static str, usize)>,
}

impl Counted {
    pub(super) fn new() -> Self {
        Self {
            statements: vec![statements::LOCK_STAGING.statement()],
            tables: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, table: &'static str, statement: Statement) {
        self.tables.push((table, self.statements.len()));
        self.statements.push(statement);
    }

    pub(super) fn add_uncounted(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    pub(super) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// How many rows the statements changed, by their replies.
    pub(super) fn outcomes(&self, replies: &[Rows]) -> Vec<RetentionOutcome> {
        let mut outcomes = Vec::new();
        for (table, place) in &self.tables {
            let changed = replies.get(*place).map_or(0, Rows::affected);
            RetentionOutcome::add_to(&mut outcomes, table, changed);
        }
        outcomes
    }
}
