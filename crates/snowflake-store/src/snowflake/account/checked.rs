//! What a check says, and how the account is asked.

use std::fmt;

use serde::Serialize;
use snowflake_sql::{Rows, SqlPool, SqlText, Statement};

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountCheck {
    /// Which check: `connection`, `clock`, `role`, `warehouse`, `schema`, `edition`,
    /// `cross_region`, `models`, `privileges`, `network_policy`, `streams`, `tasks`.
    pub check: &'static str,
    /// How it went.
    pub outcome: CheckOutcome,
    /// What was found.
    pub cause: String,
    /// What to run or to set; `None` where nothing has to be done.
    pub remedy: Option<String>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckOutcome {
    /// As it should be.
    Passed,
    /// Something will not work.
    Failed,
    /// The account does not tell, or nothing asks for it.
    NotConfigured,
}

impl fmt::Display for CheckOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotConfigured => "not known",
        })
    }
}

impl AccountCheck {
    pub(super) fn new(
        check: &'static str,
        outcome: CheckOutcome,
        cause: impl Into<String>,
    ) -> Self {
        Self {
            check,
            outcome,
            cause: cause.into(),
            remedy: None,
        }
    }

    pub(super) fn passed(check: &'static str, cause: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Passed, cause)
    }

    pub(super) fn unknown(check: &'static str, cause: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::NotConfigured, cause)
    }

    pub(super) fn failed(
        check: &'static str,
        cause: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(check, CheckOutcome::Failed, cause).with_remedy(remedy)
    }

    pub(super) fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

pub(super) async fn ask(
    pool: &dyn SqlPool,
    name: &'static str,
    text: SqlText,
) -> snowflake_sql::Result<Rows> {
    pool.query(&Statement::new(name, text)).await
}
