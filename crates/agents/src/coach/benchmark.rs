//! Each rep's figures against the team's and against the calls of won deals.

use serde::Serialize;
use snowflake_store::{CallReader, Period, Rep, RepFigures, RepIdentity, Spread};

use super::peers::is_named;
use super::period::{self, PeriodChoice};
use super::standing::{MeanOf, MetricStanding, standings};
use super::team_figures::TeamFigures;
use super::{Compared, Team, no_such_rep};
use crate::targets::{CoachMetric, MetricTarget};
use crate::{Result, prose};

/// Reps that are listed.
const MOST_REPS: usize = 100;

/// Each rep's figures against the team's and against the calls of won deals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TeamBenchmark {
    /// The span of time; `None` when the store has no call at all.
    pub period: Option<Period>,
    /// Reps with a call.
    pub reps_counted: u64,
    /// Their calls.
    pub calls: u64,
    /// Each figure over the team.
    pub metrics: Vec<BenchmarkMetric>,
    /// One row per rep, most calls first, at most a hundred; or the one that was asked for.
    pub reps: Vec<BenchmarkRow>,
    /// Whether a generative model read what it speaks of.
    pub ai_enhanced: bool,
    /// What the reader should know about the limits of this answer.
    pub notes: Vec<String>,
}

/// A figure over the team.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BenchmarkMetric {
    /// The metric.
    pub metric: CoachMetric,
    /// Its display name.
    pub label: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// Where it should be, and who says so.
    pub target: MetricTarget,
    /// How it is spread over reps, each counted once.
    pub team: Option<Spread>,
    /// Reps who have it.
    pub reps: usize,
    /// Calls who have it.
    pub calls: u64,
    /// The mean over all calls of won deals.
    pub won: Option<MeanOf>,
    /// The mean over all calls of lost deals.
    pub lost: Option<MeanOf>,
}

/// A rep beside the team.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BenchmarkRow {
    /// The rep.
    pub rep: RepIdentity,
    /// Calls in the period.
    pub calls: u64,
    /// Distinct deals won.
    pub deals_won: u64,
    /// Distinct deals lost.
    pub deals_lost: u64,
    /// Distinct deals open.
    pub deals_open: u64,
    /// Each figure with the calls behind it, where it lies in the team, and what it was over
    /// the team's calls of won and of lost deals.
    pub metrics: Vec<MetricStanding>,
}

pub(crate) async fn benchmark(
    store: &dyn CallReader,
    rep: Option<&Rep>,
    choice: PeriodChoice,
    compared: &Compared,
) -> Result<TeamBenchmark> {
    let reps = compared.reps();
    let Some(chosen) = period::choose(store, rep.or(reps.as_ref()), choice).await? else {
        return match rep {
            Some(rep) => Err(no_such_rep(rep)),
            None => Ok(TeamBenchmark {
                period: None,
                reps_counted: 0,
                calls: 0,
                metrics: Vec::new(),
                reps: Vec::new(),
                ai_enhanced: false,
                notes: vec![compared.no_call()],
            }),
        };
    };
    let team = TeamFigures::read(store, chosen.period, compared).await?;
    let settings = &*compared.settings;
    let listed: Vec<&RepFigures> = match rep {
        None => team.reps.iter().take(MOST_REPS).collect(),
        Some(rep) => team
            .reps
            .iter()
            .filter(|row| is_named(&row.rep, rep))
            .collect(),
    };
    if let (Some(rep), true) = (rep, listed.is_empty()) {
        return Err(no_such_rep(rep));
    }
    let mut notes: Vec<String> = chosen.note.into_iter().collect();
    notes.extend(compared.team.as_ref().map(Team::note));
    if rep.is_none() && team.reps.len() > MOST_REPS {
        notes.push(format!(
            "The {MOST_REPS} reps with the most calls are listed."
        ));
    }
    if team.reps.len() < settings.fewest_reps {
        notes.push(format!(
            "The team has {}: too few for quartiles that mean anything.",
            prose::count(team.reps.len(), "rep")
        ));
    }
    for (figures, which) in [(&team.won, "won"), (&team.lost, "lost")] {
        if figures.figures.calls == 0 {
            notes.push(format!(
                "No call of the period is about a deal that is {which}."
            ));
        }
    }
    let rows = listed.into_iter().map(|own| BenchmarkRow {
        rep: own.rep.clone(),
        calls: own.figures.calls,
        deals_won: own.figures.deals_won,
        deals_lost: own.figures.deals_lost,
        deals_open: own.figures.deals_open,
        metrics: standings(own, None, &team, &[], settings),
    });
    let reps = rows.collect();
    let metrics = CoachMetric::ALL.into_iter();
    let metrics = metrics.filter_map(|metric| {
        let with = team.reps.iter();
        let calls = with.clone().map(|rep| metric.measured(&rep.measured)).sum();
        (calls > 0).then(|| BenchmarkMetric {
            metric,
            label: metric.label(),
            unit: metric.unit(),
            target: settings.targets.of(metric).clone(),
            team: metric.spread(&team.benchmark),
            reps: with
                .filter(|rep| metric.value(&rep.figures).is_some())
                .count(),
            calls,
            won: MeanOf::of(metric, &team.won),
            lost: MeanOf::of(metric, &team.lost),
        })
    });
    Ok(TeamBenchmark {
        period: Some(chosen.period),
        reps_counted: team.benchmark.reps,
        calls: team.benchmark.calls,
        ai_enhanced: compared.are_by_model(team.reps.iter().map(|rep| &rep.measured)),
        metrics: metrics.collect(),
        reps,
        notes,
    })
}
