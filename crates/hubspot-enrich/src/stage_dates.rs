//! When a deal was in which stage.
//!
//! For each stage, HubSpot keeps when a deal last entered it and last left it,
//! in properties named after the stage's id. Earlier stays are overwritten.

use std::sync::{Arc, PoisonError, RwLock};

use calls::{Stage, StageId, StageStay};

use crate::property;
use crate::property_reader::PropertyReader;

const ENTERED: &str = "hs_v2_date_entered_";
const EXITED: &str = "hs_v2_date_exited_";

/// The stages whose dates are asked for: those of the catalogue that was read last.
#[derive(Debug)]
pub(crate) struct DatedStages(RwLock<Arc<[StageId]>>);

impl DatedStages {
    /// None, until a catalogue is read.
    pub(crate) fn new() -> Self {
        Self(RwLock::new(Arc::from([])))
    }

    /// Returns the stages whose dates cannot be asked for.
    pub(crate) fn remember(&self, stages: &[Stage]) -> Vec<StageId> {
        let mut ids: Vec<StageId> = stages.iter().map(|stage| stage.id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let (dated, undated): (Vec<_>, Vec<_>) = ids.into_iter().partition(names_properties);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = dated.into();
        undated
    }

    pub(crate) fn get(&self) -> Arc<[StageId]> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Ids with other symbols have other names in properties, which nobody documents.
fn names_properties(id: &StageId) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !id.as_str().is_empty() && id.as_str().bytes().all(is_plain)
}

/// The properties that hold the dates of stages.
pub(crate) fn properties(stages: &[StageId]) -> impl Iterator<Item = String> + '_ {
    stages
        .iter()
        .flat_map(|id| [format!("{ENTERED}{id}"), format!("{EXITED}{id}")])
}

/// The stays that a deal's properties tell of, earliest first. None reaches into the next:
/// a deal is in one stage at a time.
pub(crate) fn stays(properties: &mut PropertyReader<'_>, stages: &[StageId]) -> Vec<StageStay> {
    let mut stays: Vec<StageStay> = Vec::new();
    for id in stages {
        let Some(entered) = properties.read(&format!("{ENTERED}{id}"), property::instant) else {
            continue;
        };
        let exited = properties.read(&format!("{EXITED}{id}"), property::instant);
        stays.push(StageStay {
            stage_id: id.clone(),
            stage_label: None,
            entered,
            // An exit before the last entry ended an earlier stay.
            exited: exited.filter(|exited| *exited >= entered),
        });
    }
    stays.sort_by_key(|stay| stay.entered);
    for place in 1..stays.len() {
        let next = stays[place].entered;
        let stay = &mut stays[place - 1];
        stay.exited = Some(stay.exited.map_or(next, |exited| exited.min(next)));
    }
    stays
}

#[cfg(test)]
mod tests {
    use calls::Timestamp;

    use super::*;

    fn stays_of(values: &[(&str, &str)]) -> Vec<(String, String, Option<String>)> {
        let value_of = |name: &str| {
            let found = values.iter().find(|(property, _)| *property == name);
            found.map(|(_, value)| *value)
        };
        let stages = ["demo", "closedwon"].map(StageId::from);
        let mut reader = PropertyReader::new("1", &value_of, &stages);
        let day = |instant: Timestamp| instant.to_string()[..10].to_owned();
        let stays = stays(&mut reader, &stages).into_iter();
        stays
            .map(|stay| {
                let exited = stay.exited.map(day);
                (stay.stage_id.to_string(), day(stay.entered), exited)
            })
            .collect()
    }

    fn stay(id: &str, entered: &str, exited: Option<&str>) -> (String, String, Option<String>) {
        (id.to_owned(), entered.to_owned(), exited.map(str::to_owned))
    }

    #[test]
    fn stays_come_in_order_and_do_not_overlap() {
        let in_order = [
            ("hs_v2_date_entered_closedwon", "2026-03-10T09:00:00Z"),
            ("hs_v2_date_entered_demo", "2026-03-01T09:00:00Z"),
            ("hs_v2_date_exited_demo", "2026-03-10T09:00:01Z"),
        ];
        let expected = [
            stay("demo", "2026-03-01", Some("2026-03-10")),
            stay("closedwon", "2026-03-10", None),
        ];
        assert_eq!(stays_of(&in_order), expected);
        assert_eq!(stays_of(&in_order[..2]), expected, "no exit is said");
    }

    #[test]
    fn a_deal_that_came_back_is_in_its_stage_again() {
        let back = [
            ("hs_v2_date_entered_demo", "1774000000000"),
            ("hs_v2_date_exited_demo", "2026-03-10"),
            ("hs_v2_date_exited_closedwon", "2026-03-19"),
        ];
        assert_eq!(stays_of(&back), [stay("demo", "2026-03-20", None)]);
    }

    #[test]
    fn only_plain_ids_name_properties() {
        let stage = |id: &str| Stage {
            pipeline_id: "p".into(),
            id: id.into(),
            label: id.to_owned(),
            probability: None,
            display_order: 0,
        };
        let dated = DatedStages::new();
        let undated = dated.remember(&["1234", "closedwon", "a-b", "", "1234", "A B"].map(stage));
        assert_eq!(undated, ["", "A B", "a-b"].map(StageId::from));
        assert_eq!(*dated.get(), ["1234", "closedwon"].map(StageId::from));
    }
}
