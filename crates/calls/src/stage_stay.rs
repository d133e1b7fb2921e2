//! Which stage a deal was in, and when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Deal, StageId};

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

impl Deal {
    /// The stay that an instant falls into: from its entry, until before its exit. `None`
    /// when the CRM does not remember one.
    ///
    /// ```
    /// # fn stage_then(deal: &calls::Deal) -> Option<&str> {
    /// let call_started = "2026-03-05T12:00:00Z".parse().ok()?;
    /// let stay = deal.stay_at(call_started)?;
    /// Some(stay.stage_label.as_deref().unwrap_or(stay.stage_id.as_str()))
    /// # }
    /// ```
    pub fn stay_at(&self, instant: Timestamp) -> Option<&StageStay> {
        let holds = |stay: &&StageStay| {
            stay.entered <= instant && stay.exited.is_none_or(|exited| instant < exited)
        };
        self.stage_stays.iter().rev().find(holds)
    }
}
