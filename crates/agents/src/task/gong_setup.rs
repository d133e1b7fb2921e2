//! What the company keeps in Gong and tasks use.

use std::sync::Arc;

use cortex::trackers::KeywordTracker;
use serde::Serialize;
use serde_json::Value;
use snowflake_store::GongRecord;

use crate::scorecard::Scorecard;

/// The scorecards and keyword trackers that the company keeps in Gong.
#[derive(Debug, Clone, Default)]
pub struct GongSetup {
    pub(super) scorecards: Vec<Scorecard>,
    pub(super) trackers: Arc<[KeywordTracker]>,
    left_out: Vec<LeftOut>,
}

/// A scorecard or a tracker that cannot be used here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// `scorecard` or `tracker`.
    pub kind: &'static str,
    /// Its name, or its id where it has none.
    pub name: String,
    /// Why.
    pub why: String,
}

impl GongSetup {
    /// Reads records of Gong. Scorecards that are disabled there are not asked for here.
    pub fn of(scorecards: &[GongRecord], trackers: &[GongRecord]) -> Self {
        let mut setup = Self::default();
        let enabled = scorecards.iter();
        let enabled = enabled.filter(|record| Scorecard::is_enabled_in_gong(&record.json));
        for record in enabled {
            match Scorecard::from_gong(&record.json) {
                Ok(card) => setup.scorecards.push(card),
                Err(error) => setup.leave_out("scorecard", record, error.to_string()),
            }
        }
        let mut known = Vec::new();
        for record in trackers {
            match serde_json::from_str::<KeywordTracker>(&record.json) {
                Ok(tracker) => {
                    if let Err(error) = tracker.check() {
                        setup.leave_out("tracker", record, error.to_string());
                    }
                    // One that cannot be followed is named by every call that it is missed on.
                    known.push(tracker);
                }
                Err(_) => setup.leave_out("tracker", record, "is no tracker".to_owned()),
            }
        }
        setup.trackers = known.into();
        setup
    }

    /// What cannot be used here, and why. For callers that show it.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    fn leave_out(&mut self, kind: &'static str, record: &GongRecord, why: String) {
        let json: Value = serde_json::from_str(&record.json).unwrap_or_default();
        let name = json[format!("{kind}Name")].as_str();
        let name = name.filter(|name| !name.is_empty()).unwrap_or(&record.key);
        self.left_out.push(LeftOut {
            kind,
            name: name.to_owned(),
            why,
        });
    }
}
