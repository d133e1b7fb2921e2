//! A caller's unit of work.

use std::time::Duration;

use crate::{Error, Remedy, Statement};

/// One statement, or several in one transaction.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work<'a> {
    One(&'a Statement),
    All(&'a [Statement]),
}

impl Work<'_> {
    fn statements(&self) -> &[Statement] {
        match self {
            Self::One(statement) => std::slice::from_ref(*statement),
            Self::All(statements) => statements,
        }
    }

    /// What logs and metrics call it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::One(statement) => statement.name(),
            Self::All(_) => "transaction",
        }
    }

    /// The limit that a session must have for it.
    pub(super) fn limit(&self, usual: Duration) -> Duration {
        let longest = self
            .statements()
            .iter()
            .filter_map(Statement::timeout)
            .max();
        longest.map_or(usual, |longest| longest.max(usual))
    }

    /// Every statement with twice its limit.
    pub(super) fn with_longer_limits(&self, usual: Duration) -> Vec<Statement> {
        let longer = |statement: &Statement| {
            let limit = statement.timeout().unwrap_or(usual);
            statement.clone().with_timeout(limit.saturating_mul(2))
        };
        self.statements().iter().map(longer).collect()
    }

    /// The same work on other statements.
    pub(super) fn on<'b>(&self, statements: &'b [Statement]) -> Work<'b> {
        match (self, statements) {
            (Self::One(_), [statement]) => Work::One(statement),
            _ => Work::All(statements),
        }
    }

    /// Whether it may be done again after this error.
    pub(super) fn may_follow(&self, error: &Error) -> bool {
        if self.statements().iter().all(Statement::is_repeatable) {
            return true;
        }
        // Without a query id the session was refused before the statement began. A
        // transaction has begun before.
        matches!(self, Self::One(_))
            && error.remedy() == Remedy::Reconnect
            && error.fault().is_some_and(|fault| fault.query_id.is_none())
    }
}
