//! Tasks about what recurs, how it develops and what to practise.

use super::common::{
    MOST_CALLS, PERIOD, REP, TEAM, named_rep, not_both, period_or_default, rep, rep_or_team, team,
};
use super::{Field, FieldKind, Fields, Task, TaskSpec};
use crate::{Result, SentimentScope};

/// Longest part of a trend, in days.
const MOST_BUCKET_DAYS: u64 = 366;

pub(super) const SPECS: &[TaskSpec] = &[
    TaskSpec {
        name: "coaching_summary",
        about: "Tells a manager in a few sentences how a rep or the team does, and three things to practise.",
        rests_on_all_insights: true,
        fields: &[REP, TEAM, PERIOD],
        read: coaching_summary,
    },
    TaskSpec {
        name: "team_benchmark",
        about: "Sets each rep's figures against the team's quartiles and the calls of won and lost deals.",
        rests_on_all_insights: true,
        fields: &[REP, TEAM, PERIOD],
        read: team_benchmark,
    },
    TaskSpec {
        name: "find_patterns",
        about: "Finds pushback, competitors, problems and moments that recur, by outcome, and what tells won deals from lost ones.",
        rests_on_all_insights: true,
        fields: &[
            REP,
            TEAM,
            PERIOD,
            &[Field::number(
                "limit",
                (1, MOST_CALLS),
                Some(200),
                "Look at this many calls at most, newest first.",
            )],
        ],
        read: find_patterns,
    },
    TaskSpec {
        name: "sentiment_trends",
        about: "Shows how the tone of a rep's, an account's or the team's calls develops, gaps said.",
        rests_on_all_insights: true,
        fields: &[
            REP,
            &[
                Field::new(
                    "account",
                    FieldKind::Text,
                    "Calls with this company, by name or domain.",
                ),
                Field::number(
                    "bucket_days",
                    (1, MOST_BUCKET_DAYS),
                    Some(7),
                    "Length of a part in days.",
                ),
            ],
            PERIOD,
        ],
        read: sentiment_trends,
    },
];

fn coaching_summary(fields: &mut Fields) -> Result<Task> {
    Ok(Task::CoachingSummary {
        rep: rep(fields)?,
        team: team(fields)?,
        period: period_or_default(fields)?,
    })
}

fn team_benchmark(fields: &mut Fields) -> Result<Task> {
    Ok(Task::TeamBenchmark {
        rep: rep(fields)?,
        team: team(fields)?,
        period: period_or_default(fields)?,
    })
}

fn find_patterns(fields: &mut Fields) -> Result<Task> {
    let (rep, team) = rep_or_team(fields)?;
    Ok(Task::FindPatterns {
        rep,
        team,
        period: period_or_default(fields)?,
        limit: fields.number("limit")? as usize,
    })
}

fn sentiment_trends(fields: &mut Fields) -> Result<Task> {
    let of = match (named_rep(fields)?, fields.text("account")?) {
        (Some((field, _)), Some(_)) => return Err(not_both("account", field)),
        (Some((_, rep)), None) => SentimentScope::Rep(rep),
        (None, Some(account)) => SentimentScope::Account(account),
        (None, None) => SentimentScope::Team,
    };
    Ok(Task::SentimentTrends {
        of,
        bucket_days: fields.number("bucket_days")? as u32,
        period: period_or_default(fields)?,
    })
}
