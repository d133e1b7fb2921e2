//! Tasks about reps and their team.

use super::common::{PERIOD, REP, period_or_default, rep};
use super::{Fields, Task, TaskSpec, missing};
use crate::Result;

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "coach_rep",
        about: "Compares a rep's period with the team's and says what to practise, with evidence.",
        rests_on_all_insights: true,
        fields: &[REP, PERIOD],
        read: coach_rep,
    },
    TaskSpec {
        name: "team_overview",
        about: "Shows all reps of a period side by side.",
        rests_on_all_insights: true,
        fields: &[PERIOD],
        read: team_overview,
    },
];

fn coach_rep(fields: &mut Fields) -> Result<Task> {
    let period = period_or_default(fields)?;
    Ok(Task::CoachRep {
        rep: rep(fields)?.ok_or_else(|| missing("rep"))?,
        period,
    })
}

fn team_overview(fields: &mut Fields) -> Result<Task> {
    Ok(Task::TeamOverview {
        period: period_or_default(fields)?,
    })
}
