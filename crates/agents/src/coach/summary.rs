//! A rep or the team over a period in a few sentences, with what to practise first: for a
//! manager who has five minutes.

use serde::Serialize;
use snowflake_store::{CallReader, CoachingCall, Period, Rep, RepIdentity};

use super::advise::{Advice, weight_of};
use super::model::{CoachingReport, Confidence};
use super::moment_advice;
use super::peers::{lookup_of, name_of};
use super::period::{self, PeriodChoice};
use super::quotes::Quotes;
use super::readings::Readings;
use super::standing::{Assessment, Course, MetricStanding, standings};
use super::team_figures::TeamFigures;
use super::{Compared, SalesCoachAgent, Team};
use crate::targets::CoachMetric;
use crate::{Claim, Result, prose};

/// What to practise first: more nobody does.
const MOST: usize = 3;

/// Newest calls of a team in which moments are looked for.
const CALLS_OF_TEAM: usize = 100;

/// The newest calls of a rep that show what a team has to practise.
const CALLS_OF_REP: usize = 50;

/// The largest weight that a figure's advice can have, to compare it with moments'.
const LARGEST_GAP: f64 = 3.0;

/// A period in a few sentences.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CoachingSummary {
    /// The rep; `None` for the team.
    pub rep: Option<RepIdentity>,
    /// The span of time; `None` when the store has no call at all.
    pub period: Option<Period>,
    /// Calls with a transcript that were looked at.
    pub calls: usize,
    /// How far to trust this; `None` for the team.
    pub confidence: Option<Confidence>,
    /// How it stands, what goes well and where it goes, in a few sentences.
    pub summary: Vec<String>,
    /// What to practise first, at most three.
    pub practise: Vec<Practice>,
    /// Whether a generative model read what it speaks of.
    pub ai_enhanced: bool,
    /// What the reader should know about the limits of this answer.
    pub notes: Vec<String>,
}

/// Something to practise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Practice {
    /// A metric's name, or a kind of moment.
    pub topic: String,
    /// How much it would do beside the others, 0 to 1.
    pub weight: f64,
    /// What to do and why, with sentences that show it.
    pub claim: Claim,
    /// A better line, where the topic is a moment.
    pub better: Option<String>,
    /// How a colleague does it.
    pub example: Option<Claim>,
}

/// A rep's report in a few sentences.
pub(crate) fn of_report(report: CoachingReport) -> CoachingSummary {
    let name = name_of(&report.rep).to_owned();
    let mut summary = vec![
        spoken_to(&name, report.calls, report.period),
        deals(
            report.figures.deals_won,
            report.figures.deals_lost,
            report.figures.deals_open,
        ),
    ];
    summary.extend(goes_well(&report.metrics));
    if let Some(best) = report.to_repeat.first() {
        let kind = best.kind.replace('_', " ");
        summary.push(format!(
            "Worth repeating: {kind}, in {} of {} that were read.",
            best.calls_with,
            prose::count(best.calls_read, "call")
        ));
    }
    summary.extend(develops(&report.metrics));
    let moments = report.moments.into_iter().map(of_moment);
    let figures = report.recommendations.into_iter().map(|one| Practice {
        topic: one.metric.as_str().to_owned(),
        weight: one.weight / LARGEST_GAP,
        claim: one.claim,
        better: None,
        example: one.example.map(|example| example.claim),
    });
    CoachingSummary {
        practise: first(moments.chain(figures).collect()),
        rep: Some(report.rep),
        period: Some(report.period),
        calls: report.calls,
        confidence: Some(report.confidence),
        ai_enhanced: report.ai_enhanced,
        summary,
        notes: report.notes,
    }
}

fn of_moment(one: moment_advice::MomentAdvice) -> Practice {
    Practice {
        topic: one.kind,
        weight: one.weight,
        claim: one.claim,
        better: one.places.into_iter().find_map(|place| place.better),
        example: one.example.map(|example| example.claim),
    }
}

fn first(mut practise: Vec<Practice>) -> Vec<Practice> {
    practise.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    practise.truncate(MOST);
    practise
}

fn spoken_to(name: &str, calls: usize, period: Period) -> String {
    format!(
        "{name} had {} with a transcript between {} and {}.",
        prose::count(calls, "call"),
        prose::date(period.from),
        prose::date(period.to)
    )
}

fn deals(won: u64, lost: u64, open: u64) -> String {
    format!("Of the deals they were about, {won} are won, {lost} lost and {open} open.")
}

/// The most important figures that are where they should be, and better than the team's.
fn goes_well(metrics: &[MetricStanding]) -> Option<String> {
    let good = metrics
        .iter()
        .filter(|one| one.assessment == Assessment::Strength);
    let good: Vec<String> = good
        .take(2)
        .map(|one| format!("{} ({})", one.label.to_lowercase(), one.display))
        .collect();
    (!good.is_empty()).then(|| format!("Goes well: {}.", good.join(", ")))
}

/// What changed most beside the span before, and what still goes one way.
fn develops(metrics: &[MetricStanding]) -> Option<String> {
    let goes = |course: Course| {
        let of_course = metrics.iter().filter(move |one| one.trend.course == course);
        let said = of_course.map(|one| match &one.before {
            Some(before) => format!(
                "{} ({}, {} before)",
                one.label.to_lowercase(),
                one.display,
                before.display
            ),
            None => format!("{} ({})", one.label.to_lowercase(), one.display),
        });
        said.take(2).collect::<Vec<String>>()
    };
    let (better, worse) = (goes(Course::Improving), goes(Course::Declining));
    let parts = [("Getting better", better), ("Getting worse", worse)];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(_, said)| !said.is_empty())
        .map(|(which, said)| format!("{which}: {}.", said.join(", ")))
        .collect();
    (!said.is_empty()).then(|| said.join(" "))
}

impl SalesCoachAgent {
    /// A rep's period, or the team's, in a few sentences with what to practise first.
    ///
    /// # Errors
    /// As [`coach`](Self::coach); a team without calls is none.
    pub async fn summary(
        &self,
        rep: Option<&Rep>,
        choice: PeriodChoice,
    ) -> Result<CoachingSummary> {
        match rep {
            Some(rep) => Ok(of_report(self.coach(rep, choice).await?)),
            None => of_team(self.store.as_ref(), choice, &self.compared).await,
        }
    }
}

async fn of_team(
    store: &dyn CallReader,
    choice: PeriodChoice,
    compared: &Compared,
) -> Result<CoachingSummary> {
    let reps = compared.reps();
    let Some(chosen) = period::choose(store, reps.as_ref(), choice).await? else {
        return Ok(CoachingSummary {
            rep: None,
            period: None,
            calls: 0,
            confidence: None,
            summary: Vec::new(),
            practise: Vec::new(),
            ai_enhanced: false,
            notes: vec![compared.no_call()],
        });
    };
    let (period, settings) = (chosen.period, &*compared.settings);
    let (team, newest) = tokio::try_join!(TeamFigures::read(store, period, compared), async {
        Ok(store
            .calls_for_coaching(reps.as_ref(), period, CALLS_OF_TEAM)
            .await?)
    },)?;
    let readings = Readings::of(store, &newest, compared.reader.as_ref()).await?;
    let mut quotes = Quotes::new(store, readings.reader.as_ref());
    let read = readings.calls(newest.iter().map(|call| &call.header));
    let sure = Confidence::of(read.len(), settings).share();
    let moments = moment_advice::advise(&mut quotes, &read, settings, sure).await?;
    let reps: Vec<(&RepIdentity, Vec<MetricStanding>)> = team
        .reps
        .iter()
        .map(|own| (&own.rep, standings(own, None, &team, &[], settings)))
        .collect();
    let mut practise: Vec<Practice> = moments.to_change.into_iter().map(of_moment).collect();
    let behind = behind(&reps, compared);
    for (metric, weight, rep, standing) in behind.iter().take(MOST) {
        let shown = shown_by(store, period, &team, rep, standing, compared, &mut quotes);
        if let Some(claim) = shown.await? {
            practise.push(Practice {
                topic: metric.as_str().to_owned(),
                weight: *weight,
                claim,
                better: None,
                example: None,
            });
        }
    }
    let figures = team.benchmark.clone();
    let sum = |of: fn(&snowflake_store::Performance) -> u64| -> u64 {
        team.reps.iter().map(|rep| of(&rep.figures)).sum()
    };
    let mut summary = vec![
        format!(
            "{} had {} between {} and {}.",
            prose::count(team.reps.len(), "rep"),
            prose::count(usize::try_from(figures.calls).unwrap_or(usize::MAX), "call"),
            prose::date(period.from),
            prose::date(period.to)
        ),
        deals(
            sum(|figures| figures.deals_won),
            sum(|figures| figures.deals_lost),
            sum(|figures| figures.deals_open),
        ),
    ];
    summary.extend(behind.first().map(|(metric, _, _, _)| {
        let off = reps
            .iter()
            .filter(|(_, metrics)| misses(metrics, *metric))
            .count();
        format!(
            "{} is where most reps miss the target: {off} of {}.",
            metric.label(),
            reps.len()
        )
    }));
    let mut notes: Vec<String> = chosen.note.into_iter().collect();
    notes.extend(compared.team.as_ref().map(Team::note));
    notes.extend(readings.note(newest.len()));
    Ok(CoachingSummary {
        rep: None,
        period: Some(period),
        calls: newest.len(),
        confidence: None,
        ai_enhanced: compared.are_by_model(team.reps.iter().map(|rep| &rep.measured))
            || (!read.is_empty() && compared.is_by_model(readings.reader.as_ref())),
        summary,
        practise: first(practise),
        notes,
    })
}

fn misses(metrics: &[MetricStanding], metric: CoachMetric) -> bool {
    let of_metric = metrics.iter().find(|one| one.metric == metric);
    of_metric.is_some_and(|one| one.gap > 0.0 || one.assessment == Assessment::ToWorkOn)
}

/// Metrics whose target reps miss, by how many miss it and how much it matters, each with the
/// rep who is furthest off.
fn behind<'r>(
    reps: &'r [(&'r RepIdentity, Vec<MetricStanding>)],
    compared: &Compared,
) -> Vec<(CoachMetric, f64, &'r RepIdentity, &'r MetricStanding)> {
    let targets = &compared.settings.targets;
    let mut behind: Vec<(CoachMetric, f64, &RepIdentity, &MetricStanding)> = CoachMetric::ALL
        .into_iter()
        .filter_map(|metric| {
            let off = reps.iter().filter_map(|(rep, metrics)| {
                let of_metric = metrics.iter().find(|one| one.metric == metric);
                Some((*rep, of_metric.filter(|one| one.gap > 0.0)?))
            });
            let off: Vec<(&RepIdentity, &MetricStanding)> = off.collect();
            let share = off.len() as f64 / reps.len().max(1) as f64;
            let furthest = off
                .into_iter()
                .max_by(|a, b| weight_of(a.1, targets).total_cmp(&weight_of(b.1, targets)));
            let (rep, standing) = furthest?;
            Some((metric, share * targets.of(metric).importance, rep, standing))
        })
        .collect();
    behind.sort_by(|a, b| b.1.total_cmp(&a.1));
    behind
}

/// The advice on a metric, with sentences of the rep who is furthest off.
async fn shown_by(
    store: &dyn CallReader,
    period: Period,
    team: &TeamFigures,
    rep: &RepIdentity,
    standing: &MetricStanding,
    compared: &Compared,
    quotes: &mut Quotes<'_>,
) -> Result<Option<Claim>> {
    let Some(lookup) = lookup_of(rep) else {
        return Ok(None);
    };
    let calls: Vec<CoachingCall> = store
        .calls_for_coaching(Some(&lookup), period, CALLS_OF_REP)
        .await?;
    let settings = &*compared.settings;
    let mut advice = Advice {
        store,
        period,
        rep,
        calls: &calls,
        team,
        confidence: &Confidence::of(calls.len(), settings),
        settings,
        quotes,
    };
    let recommendation = advice.recommendation(standing).await?;
    Ok(recommendation.map(|one| one.claim))
}
