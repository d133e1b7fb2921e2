//! The table of the team.

use serde::Serialize;

use super::dates::Dates;
use crate::coach::name_of;
use crate::{Assessment, CoachMetric, TeamOverview, TeamRow, prose};

#[derive(Debug, Serialize)]
pub(super) struct TeamView<'a> {
    overview: &'a TeamOverview,
    period: Option<String>,
    columns: Vec<&'static str>,
    rows: Vec<RowView<'a>>,
    medians: Vec<String>,
}

#[derive(Debug, Serialize)]
struct RowView<'a> {
    rep: &'a str,
    calls: u64,
    cells: Vec<Cell>,
    won: u64,
    lost: u64,
    open: u64,
    amount_won: Option<String>,
    strength: Option<&'static str>,
    to_work_on: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Cell {
    text: String,
    assessment: &'static str,
}

/// What fits beside each other on paper.
const TEAM_COLUMNS: [(CoachMetric, &str); 6] = [
    (CoachMetric::TalkRatio, "Talk ratio"),
    (CoachMetric::QuestionRate, "Questions / h"),
    (CoachMetric::LongestMonologue, "Monologue"),
    (CoachMetric::Patience, "Patience"),
    (CoachMetric::Sentiment, "Tone"),
    (CoachMetric::NextStepShare, "Next step"),
];

impl<'a> TeamView<'a> {
    pub(super) fn of(overview: &'a TeamOverview, dates: &Dates) -> Self {
        Self {
            period: overview.period.map(|period| {
                format!(
                    "{} to {}",
                    dates.day(period.from),
                    dates.last_day(period.to)
                )
            }),
            columns: TEAM_COLUMNS.iter().map(|(_, label)| *label).collect(),
            rows: overview.reps.iter().map(row_view).collect(),
            medians: TEAM_COLUMNS
                .iter()
                .map(|(metric, _)| {
                    let spread = metric.spread(&overview.team);
                    spread.map_or_else(String::new, |spread| metric.display(spread.median))
                })
                .collect(),
            overview,
        }
    }
}

fn row_view(row: &TeamRow) -> RowView<'_> {
    RowView {
        rep: name_of(&row.rep),
        calls: row.figures.calls,
        cells: TEAM_COLUMNS
            .iter()
            .map(|(metric, _)| {
                let standing = row
                    .metrics
                    .iter()
                    .find(|standing| standing.metric == *metric);
                match standing {
                    None => Cell {
                        text: "–".to_owned(),
                        assessment: "",
                    },
                    Some(standing) => Cell {
                        text: standing.display.clone(),
                        assessment: match standing.assessment {
                            Assessment::Strength => "strength",
                            Assessment::Fine => "fine",
                            Assessment::ToWorkOn => "to_work_on",
                        },
                    },
                }
            })
            .collect(),
        won: row.figures.deals_won,
        lost: row.figures.deals_lost,
        open: row.figures.deals_open,
        amount_won: row
            .figures
            .amount_won
            .map(|amount| prose::money(amount, None)),
        strength: row.strength.map(CoachMetric::label),
        to_work_on: row.to_work_on.map(CoachMetric::label),
    }
}
