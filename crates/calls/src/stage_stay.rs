//! Which stage a deal was in, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::StageId;

/// A time that a deal spent in a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageStay {
    /// The stage.
    pub stage_id: StageId,
    /// What people call it, where that is known.
    pub stage_label: Option<String>,
    /// When the deal came into it.
    pub entered: Timestamp,
    /// When the deal left it; `None` while it is in it.
    pub exited: Option<Timestamp>,
}
