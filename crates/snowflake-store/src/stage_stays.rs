//! Which stages a deal was in, as both stores keep it: instants as sortable text.

use calls::{StageId, StageStay};
use serde::Serialize;

use crate::instant;

#[derive(Debug, Serialize)]
pub(crate) struct StayRow<'a> {
    stage_id: &'a StageId,
    stage_label: Option<&'a str>,
    entered: String,
    exited: Option<String>,
}

/// Rows of a JSON array that reads back as [`StageStay`]s.
pub(crate) fn rows(stays: &[StageStay]) -> Vec<StayRow<'_>> {
    stays
        .iter()
        .map(|stay| StayRow {
            stage_id: &stay.stage_id,
            stage_label: stay.stage_label.as_deref(),
            entered: instant::text(stay.entered),
            exited: stay.exited.map(instant::text),
        })
        .collect()
}
