//! A log of what the double saw.

use std::collections::BTreeMap;

use serde_json::Value;

/// A login that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct LoginRecord {
    /// `SNOWFLAKE` (password, or a token in its place), `SNOWFLAKE_JWT`, `OAUTH`, …
    pub authenticator: String,
    /// `ACCOUNT_NAME`.
    pub account: String,
    /// `LOGIN_NAME`.
    pub user: String,
    /// `TOKEN`, else `PASSWORD`.
    pub proof: String,
    /// `SESSION_PARAMETERS`.
    pub parameters: BTreeMap<String, Value>,
    /// Warehouse, database, schema and role as the query names them.
    pub context: BTreeMap<String, String>,
    /// Whether a session was given.
    pub accepted: bool,
}

/// A value for a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundValue {
    /// `TEXT`, `FIXED`, …
    pub kind: String,
    /// `None` is NULL.
    pub value: Option<String>,
}

/// A statement that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRecord {
    /// Position in the order of arrival, from 0.
    pub sequence: u64,
    /// Which session sent it, from 1 in the order of logins.
    pub session: u64,
    /// `requestId`, by which it can be cancelled.
    pub request_id: String,
    /// Id of the query; empty when it was not executed.
    pub query_id: String,
    /// The text.
    pub text: String,
    /// The values in the order of the placeholders.
    pub binds: Vec<BoundValue>,
    /// Whether a transaction was open.
    pub in_transaction: bool,
    /// What became of it.
    pub end: StatementEnd,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementEnd {
    /// It was executed.
    Executed,
    /// It was refused with an error.
    Refused,
    /// It is running.
    Running,
    /// It was cancelled.
    Cancelled,
    /// A fault kept it from being executed.
    Lost,
}
