//! The state of a store.

use serde::Serialize;

/// Whether a store can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The engine and its version, such as `sqlite 3.50.4`.
    pub engine: String,
    /// Number of the latest migration that is applied.
    pub schema_version: u32,
    /// Whether it takes writes.
    pub writable: bool,
}

/// How many rows a table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableCount {
    /// Table name.
    pub table: String,
    /// Rows.
    pub rows: u64,
}

/// What retention removed from one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetentionOutcome {
    /// Table name.
    pub table: String,
    /// Rows removed.
    pub removed: u64,
}
