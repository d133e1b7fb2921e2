//! All reps of a period side by side.

use serde::Serialize;
use snowflake_store::{Benchmark, CallReader, Performance, Period, RepIdentity};

use super::advise::weight_of;
use super::period::{self, PeriodChoice};
use super::standing::{Assessment, MetricStanding, standings};
use super::team_figures::TeamFigures;
use super::{Compared, Team};
use crate::Result;
use crate::targets::{CoachMetric, Targets};

/// Reps that an overview lists.
const MOST_REPS: usize = 100;

/// All reps of a period side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TeamOverview {
    /// The span of time; `None` when the store has no call at all.
    pub period: Option<Period>,
    /// One row per rep, most calls first; at most a hundred.
    pub reps: Vec<TeamRow>,
    /// The team's figures.
    pub team: Benchmark,
    /// Whether a generative model read what it speaks of.
    pub ai_enhanced: bool,
    /// What the reader should know about the limits of this answer.
    pub notes: Vec<String>,
}

/// One rep in the overview.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TeamRow {
    /// The rep.
    pub rep: RepIdentity,
    /// Their figures.
    pub figures: Performance,
    /// Each metric compared with the team.
    pub metrics: Vec<MetricStanding>,
    /// The metric where coaching would do most; `None` when nothing stands out.
    pub to_work_on: Option<CoachMetric>,
    /// The most important metric on the good side; `None` when nothing stands out.
    pub strength: Option<CoachMetric>,
}

pub(crate) async fn overview(
    store: &dyn CallReader,
    choice: PeriodChoice,
    compared: &Compared,
) -> Result<TeamOverview> {
    let reps = compared.reps();
    let Some(chosen) = period::choose(store, reps.as_ref(), choice).await? else {
        return Ok(TeamOverview {
            period: None,
            reps: Vec::new(),
            team: Benchmark::default(),
            ai_enhanced: false,
            notes: vec![compared.no_call()],
        });
    };
    let team = TeamFigures::read(store, chosen.period, compared).await?;
    let mut notes: Vec<String> = chosen.note.into_iter().collect();
    notes.extend(compared.team.as_ref().map(Team::note));
    if team.reps.len() > MOST_REPS {
        notes.push(format!(
            "The {MOST_REPS} reps with the most calls are listed."
        ));
    }
    let settings = &compared.settings;
    let listed = team.reps.iter().take(MOST_REPS);
    let reps = listed
        .map(|own| {
            let metrics = standings(own, None, &team, &[], settings);
            TeamRow {
                rep: own.rep.clone(),
                figures: own.figures.clone(),
                to_work_on: weakest(&metrics, &settings.targets),
                strength: strongest(&metrics, &settings.targets),
                metrics,
            }
        })
        .collect();
    Ok(TeamOverview {
        period: Some(chosen.period),
        ai_enhanced: compared.are_by_model(team.reps.iter().map(|rep| &rep.measured)),
        reps,
        team: team.benchmark,
        notes,
    })
}

fn weakest(metrics: &[MetricStanding], targets: &Targets) -> Option<CoachMetric> {
    metrics
        .iter()
        .filter(|standing| standing.assessment == Assessment::ToWorkOn && standing.gap > 0.0)
        .max_by(|a, b| {
            weight_of(a, targets)
                .total_cmp(&weight_of(b, targets))
                .then(b.metric.cmp(&a.metric))
        })
        .map(|standing| standing.metric)
}

fn strongest(metrics: &[MetricStanding], targets: &Targets) -> Option<CoachMetric> {
    metrics
        .iter()
        .filter(|standing| standing.assessment == Assessment::Strength)
        .max_by(|a, b| {
            let importance = |standing: &MetricStanding| targets.of(standing.metric).importance;
            importance(a)
                .total_cmp(&importance(b))
                .then(b.metric.cmp(&a.metric))
        })
        .map(|standing| standing.metric)
}
