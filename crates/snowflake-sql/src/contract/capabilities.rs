//! What a kind of session can do, as data.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a kind of session can do. Callers read it before they plan; what is missing
/// fails with [`Unsupported`](resilience::ErrorKind::Unsupported).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCapabilities {
    /// Whether values can be bound.
    pub binds: bool,
    /// Whether `begin`, `commit` and `rollback` work.
    pub transactions: bool,
    /// The longest statement the client can wait for; `None` means no limit.
    pub longest_statement: Option<Duration>,
    /// Whether rows come in the order of the statement, whatever their number.
    pub ordered_rows: bool,
    /// Whether results may have VECTOR columns.
    pub vector_columns: bool,
    /// Whether a statement that is dropped is cancelled on the server.
    pub cancels: bool,
    /// Whether faults carry the query id.
    pub query_ids: bool,
}
