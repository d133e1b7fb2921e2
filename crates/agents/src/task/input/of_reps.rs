//! Tasks about reps and their team.

use jiff::tz::TimeZone;

use super::common::{PERIOD, REP, TEAM, period, period_or_default, rep, rep_or_team, team};
use super::{Field, FieldKind, Fields, Task, TaskPeriod, TaskSpec, missing};
use crate::Result;

/// Days of a digest when nobody says otherwise: a week.
const DIGEST_DAYS: u32 = 7;

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "coach_rep",
        about: "Compares a rep's period with the team's and says what to practise, with evidence.",
        rests_on_all_insights: true,
        fields: &[REP, TEAM, PERIOD],
        read: coach_rep,
    },
    TaskSpec {
        name: "team_overview",
        about: "Shows all reps of a period side by side.",
        rests_on_all_insights: true,
        fields: &[TEAM, PERIOD],
        read: team_overview,
    },
    TaskSpec {
        name: "digest",
        about: "Sums up a period of the team or of one rep: deals won, lost and moved, steps due and overdue, pushback that recurs, new risks, calls worth hearing.",
        rests_on_all_insights: true,
        fields: &[
            REP,
            TEAM,
            PERIOD,
            &[Field::new(
                "today",
                FieldKind::Time,
                "The day that due dates are counted from; the present one when not given.",
            )],
        ],
        read: digest,
    },
];

fn coach_rep(fields: &mut Fields) -> Result<Task> {
    let period = period_or_default(fields)?;
    Ok(Task::CoachRep {
        rep: rep(fields)?.ok_or_else(|| missing("rep"))?,
        team: team(fields)?,
        period,
    })
}

fn digest(fields: &mut Fields) -> Result<Task> {
    let today = fields.time("today", false)?;
    let (rep, team) = rep_or_team(fields)?;
    Ok(Task::Digest {
        rep,
        team,
        period: period(fields)?.unwrap_or(TaskPeriod::Days(DIGEST_DAYS)),
        today: today.map(|at| TimeZone::UTC.to_datetime(at).date()),
    })
}

fn team_overview(fields: &mut Fields) -> Result<Task> {
    Ok(Task::TeamOverview {
        team: team(fields)?,
        period: period_or_default(fields)?,
    })
}
