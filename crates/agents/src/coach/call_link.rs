//! A call, as coaching points at it.

use calls::{CallId, Timestamp};
use serde::Serialize;
use snowflake_store::CallHeader;

/// A call to listen to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct CallLink {
    /// Gong's id.
    pub id: CallId,
    /// Title.
    pub title: Option<String>,
    /// Start.
    pub started: Timestamp,
}

impl From<&CallHeader> for CallLink {
    fn from(header: &CallHeader) -> Self {
        Self {
            id: header.id.clone(),
            title: header.title.clone(),
            started: header.started,
        }
    }
}
