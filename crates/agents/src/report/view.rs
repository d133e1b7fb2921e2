//! What the template shows: values as words and coordinates.

use std::cmp::Reverse;

use calls::Affiliation;
use serde::Serialize;

use super::Total;
use super::charts::ToneChart;
use super::dates::Dates;
use super::digest_view::DigestView;
use super::team_view::TeamView;
use super::tracks::{Sparkline, TeamTrack};
use crate::coach::name_of;
use crate::{
    CallAnalysis, CoachingReport, Course, DealOverview, Evidence, FoundCall, GoodDirection,
    MetricStanding, ScorePart, prose,
};

#[derive(Debug, Serialize)]
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    pub(super) made_at: String,
    pub(super) totals: &'a [Total],
    pub(super) analysis: Option<AnalysisView<'a>>,
    pub(super) similar: Vec<SimilarView<'a>>,
    pub(super) coaching: Option<CoachingView<'a>>,
    pub(super) deal: Option<&'a DealOverview>,
    pub(super) digest: Option<DigestView<'a>>,
    pub(super) team: Option<TeamView<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct AnalysisView<'a> {
    analysis: &'a CallAnalysis,
    started: String,
    length: String,
    rep: &'a str,
    score: String,
    grade: &'static str,
    parts: Vec<PartView<'a>>,
    talk: Vec<TalkBar>,
    chart: Option<ToneChart>,
    amount: Option<String>,
    close_date: Option<String>,
    /// How fresh the deal is.
    deal_as_of: Option<String>,
}

#[derive(Debug, Serialize)]
struct PartView<'a> {
    part: &'a ScorePart,
    score: String,
    grade: &'static str,
    weight: String,
}

#[derive(Debug, Serialize)]
struct TalkBar {
    name: String,
    side: &'static str,
    shade: usize,
    percent: f64,
    length: String,
}

impl<'a> AnalysisView<'a> {
    pub(super) fn of(analysis: &'a CallAnalysis, dates: &Dates) -> Self {
        let deal = analysis.deal.as_ref();
        Self {
            started: dates.day_and_time(analysis.call.started),
            length: prose::seconds(analysis.call.duration_seconds as f64),
            rep: name_of(&analysis.call.rep),
            score: format!("{:.0}", analysis.score.overall),
            grade: grade(analysis.score.overall),
            parts: analysis
                .score
                .parts
                .iter()
                .map(|part| PartView {
                    part,
                    score: format!("{:.0}", part.score),
                    grade: grade(part.score),
                    weight: prose::percent(part.weight),
                })
                .collect(),
            talk: talk_bars(analysis),
            chart: ToneChart::of(
                &analysis.sentiment_course,
                &analysis.risks,
                &analysis.next_steps,
            ),
            amount: deal.and_then(|deal| {
                let amount = deal.amount?;
                Some(prose::money(amount, deal.currency.as_deref()))
            }),
            close_date: deal.and_then(|deal| deal.close_date).map(Dates::date),
            deal_as_of: deal.map(|deal| match deal.as_of {
                Some(as_of) => dates.day_and_time(as_of),
                None => "when Gong was asked".to_owned(),
            }),
            analysis,
        }
    }
}

fn talk_bars(analysis: &CallAnalysis) -> Vec<TalkBar> {
    let mut shades = [0_usize; 3];
    analysis
        .talk_shares
        .iter()
        .filter(|share| share.seconds > 0.0)
        .map(|share| {
            let (slot, side) = match share.affiliation {
                Affiliation::Internal => (0, "company"),
                Affiliation::External => (1, "customer"),
                _ => (2, "unknown"),
            };
            let shade = shades.get_mut(slot).map_or(0, |next| {
                *next += 1;
                (*next - 1).min(3)
            });
            TalkBar {
                name: share
                    .name
                    .clone()
                    .unwrap_or_else(|| "Unknown voice".to_owned()),
                side,
                shade,
                percent: (share.share * 1000.0).round() / 10.0,
                length: prose::seconds(share.seconds),
            }
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub(super) struct SimilarView<'a> {
    found: &'a FoundCall,
    /// The longer sentences of the best passage: a chunk often begins with "Yep."
    quotes: Vec<&'a Evidence>,
    started: String,
    rep: &'a str,
    fit: String,
}

impl<'a> SimilarView<'a> {
    pub(super) fn of(found: &'a FoundCall, dates: &Dates) -> Self {
        Self {
            found,
            quotes: telling(found.passages.first().map_or(&[], |best| &best.evidence)),
            started: dates.day(found.started),
            rep: name_of(&found.rep),
            fit: prose::percent(found.score.clamp(0.0, 1.0)),
        }
    }
}

fn telling(evidence: &[Evidence]) -> Vec<&Evidence> {
    let mut longest: Vec<&Evidence> = evidence.iter().collect();
    longest.sort_by_key(|sentence| Reverse(sentence.text().split_whitespace().count().min(20)));
    longest.truncate(2);
    longest.sort_by_key(|sentence| (sentence.start_ms(), sentence.index()));
    longest
}

#[derive(Debug, Serialize)]
pub(super) struct CoachingView<'a> {
    report: &'a CoachingReport,
    rep: &'a str,
    from: String,
    to: String,
    metrics: Vec<MetricView<'a>>,
    deals: String,
}

#[derive(Debug, Serialize)]
struct MetricView<'a> {
    standing: &'a MetricStanding,
    hint: String,
    median: Option<String>,
    quartiles: Option<String>,
    track: Option<TeamTrack>,
    trend: Option<Sparkline>,
    course: &'static str,
}

impl<'a> CoachingView<'a> {
    pub(super) fn of(report: &'a CoachingReport, dates: &Dates) -> Self {
        Self {
            rep: name_of(&report.rep),
            from: dates.day(report.period.from),
            to: dates.last_day(report.period.to),
            metrics: report
                .metrics
                .iter()
                .map(|standing| metric_view(standing, report))
                .collect(),
            deals: format!(
                "{} won, {} lost, {} open",
                report.figures.deals_won, report.figures.deals_lost, report.figures.deals_open
            ),
            report,
        }
    }
}

fn metric_view<'a>(standing: &'a MetricStanding, report: &CoachingReport) -> MetricView<'a> {
    let metric = standing.metric;
    let team = standing.team.as_ref();
    let weekly: Vec<Option<f64>> = report
        .weeks
        .iter()
        .map(|week| metric.value(&week.figures))
        .collect();
    MetricView {
        hint: match standing.good {
            GoodDirection::Higher => "more is better".to_owned(),
            GoodDirection::Lower => "less is better".to_owned(),
            GoodDirection::Between { low, high } => {
                format!(
                    "best from {} to {}",
                    metric.display(low),
                    metric.display(high)
                )
            }
        },
        median: team.map(|team| metric.display(team.median)),
        quartiles: team.map(|team| {
            format!(
                "{} to {}",
                metric.display(team.p25),
                metric.display(team.p75)
            )
        }),
        track: team.map(|team| TeamTrack::of(standing.value, team)),
        trend: Sparkline::of(&weekly),
        course: match standing.trend.course {
            Course::Improving => "improving",
            Course::Declining => "declining",
            Course::Steady => "steady",
            Course::Unknown => "",
        },
        standing,
    }
}

/// The colour of a score.
fn grade(score: f64) -> &'static str {
    if score >= 75.0 {
        "good"
    } else if score >= 50.0 {
        "fair"
    } else {
        "poor"
    }
}
