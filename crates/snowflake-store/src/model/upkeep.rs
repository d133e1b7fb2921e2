//! The state of a store.

use calls::Timestamp;
use resilience::meter::table;
use serde::Serialize;

/// Whether a store can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The engine and its version, such as `sqlite 3.50.4`.
    pub engine: String,
    /// Number of the latest applied migration.
    pub schema_version: u32,
    /// Whether it accepts writes.
    pub writable: bool,
}

/// How fresh a store is, and what is waiting: what `VW_GONG_FRESHNESS` shows on Snowflake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Freshness {
    /// When a run last ended with everything that it covers stored.
    pub last_finished_at: Option<Timestamp>,
    /// Calls that are landed, served, and not transformed.
    pub calls_to_transform: u64,
    /// Dead letters that are open: not retired.
    pub dead_letters: u64,
    /// Calls that cannot be transformed now: until they change, or the code that reads them
    /// does.
    pub unresolved_errors: u64,
}

impl Freshness {
    /// Tells the meters what is waiting.
    #[allow(clippy::cast_precision_loss)] // Nobody has 2^53 calls.
    pub fn measure(&self) {
        table::DEAD_LETTERS.set(&[], self.dead_letters as f64);
        table::QUEUE.set(&["transform"], self.calls_to_transform as f64);
        table::QUEUE.set(&["broken"], self.unresolved_errors as f64);
    }
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
    /// Which store of a [`Hybrid`](crate::Hybrid); none of a store by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<&'static str>,
}

impl RetentionOutcome {
    /// Adds rows of a table to what was removed of it so far.
    pub(crate) fn add_to(outcomes: &mut Vec<Self>, table: &str, removed: u64) {
        match outcomes.iter_mut().find(|outcome| outcome.table == table) {
            Some(outcome) => outcome.removed += removed,
            None => outcomes.push(Self {
                table: table.to_owned(),
                removed,
                store: None,
            }),
        }
    }

    pub(crate) fn of(self, store: &'static str) -> Self {
        Self {
            store: Some(store),
            ..self
        }
    }
}
