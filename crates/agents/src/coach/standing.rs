//! A rep's value compared with the team's.

use serde::Serialize;
use snowflake_store::{RepFigures, Spread};

use super::history::HistoryPoint;
use super::team_figures::TeamFigures;
use crate::targets::{CoachMetric, CoachingSettings, GoodDirection, MetricTarget};

/// A difference of so many quartile distances is as large as any.
const LARGEST_GAP: f64 = 3.0;

/// A trend needs calls in so many weeks.
const FEWEST_WEEKS: usize = 3;

/// And so many calls: of fewer, one call decides which way they go.
const FEWEST_CALLS: f64 = 6.0;

/// A rep's value of one metric beside the team's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MetricStanding {
    /// The metric.
    pub metric: CoachMetric,
    /// Its display name.
    pub label: &'static str,
    /// Unit of the values.
    pub unit: &'static str,
    /// The rep's value.
    pub value: f64,
    /// The rep's value as people read it.
    pub display: String,
    /// How many calls have one.
    pub calls: u64,
    /// The rep's value in the span of the same length before; `None` without a call there.
    pub before: Option<MeanOf>,
    /// The team's mean over all calls of won deals.
    pub won: Option<MeanOf>,
    /// The team's mean over all calls of lost deals.
    pub lost: Option<MeanOf>,
    /// The team's spread; `None` with too few reps for one, three when not set otherwise.
    pub team: Option<Spread>,
    /// Where the value lies beside the team's middle half.
    pub standing: Standing,
    /// Which way is good.
    pub good: GoodDirection,
    /// Who says so.
    pub source: String,
    /// What that means.
    pub assessment: Assessment,
    /// How far on the bad side of the team's median (of the target, without a
    /// team), in quartile distances, 0 to 3; 0 on the good side, and where the target is met.
    pub gap: f64,
    /// Where the value goes over the weeks.
    pub trend: Trend,
}

/// A mean and the calls behind it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeanOf {
    /// The mean.
    pub value: f64,
    /// As people read it.
    pub display: String,
    /// How many calls have a value.
    pub calls: u64,
}

impl MeanOf {
    pub(crate) fn of(metric: CoachMetric, figures: &RepFigures) -> Option<Self> {
        let value = metric.value(&figures.figures)?;
        Some(Self {
            value,
            display: metric.display(value),
            calls: metric.measured(&figures.measured),
        })
    }
}

/// Where a value lies beside the team's middle half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Above the third quartile.
    Above,
    /// In the middle half.
    Within,
    /// Below the first quartile.
    Below,
    /// There is no team to compare with.
    Alone,
}

/// What a standing means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// Where it should be, and on the good side of the team's middle half.
    Strength,
    /// Neither.
    Fine,
    /// Misses the target, and on the bad side of the team's middle half.
    ToWorkOn,
}

/// Where a value goes over the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trend {
    /// The direction, seen from what is good.
    pub course: Course,
    /// Change per week by least squares, weeks weighted by their calls.
    pub per_week: Option<f64>,
}

/// A direction, seen from what is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// It gets better.
    Improving,
    /// It stays.
    Steady,
    /// It gets worse.
    Declining,
    /// Fewer than three weeks, or fewer than six calls, have a value.
    Unknown,
}

/// Every metric that the rep has a value of.
pub(crate) fn standings(
    own: &RepFigures,
    before: Option<&RepFigures>,
    team: &TeamFigures,
    weeks: &[HistoryPoint],
    settings: &CoachingSettings,
) -> Vec<MetricStanding> {
    let fewest = u64::try_from(settings.fewest_reps).unwrap_or(u64::MAX);
    CoachMetric::ALL
        .into_iter()
        .filter_map(|metric| {
            let value = MeanOf::of(metric, own)?;
            let spread = metric.spread(&team.benchmark);
            let spread = spread.filter(|_| team.benchmark.reps >= fewest);
            let target = settings.targets.of(metric);
            let before = before.and_then(|before| MeanOf::of(metric, before));
            let mut standing = standing_of(metric, target, &value, spread, weeks);
            if let Some(before) = &before {
                standing.trend.course =
                    beside_before(standing.trend.course, target, value.value, before.value);
            }
            Some(MetricStanding {
                before,
                won: MeanOf::of(metric, &team.won),
                lost: MeanOf::of(metric, &team.lost),
                ..standing
            })
        })
        .collect()
}

fn standing_of(
    metric: CoachMetric,
    target: &MetricTarget,
    mean: &MeanOf,
    team: Option<Spread>,
    weeks: &[HistoryPoint],
) -> MetricStanding {
    let value = mean.value;
    let standing = match team {
        None => Standing::Alone,
        Some(team) if value > team.p75 => Standing::Above,
        Some(team) if value < team.p25 => Standing::Below,
        Some(_) => Standing::Within,
    };
    MetricStanding {
        metric,
        label: metric.label(),
        unit: metric.unit(),
        value,
        display: mean.display.clone(),
        calls: mean.calls,
        before: None,
        won: None,
        lost: None,
        team,
        standing,
        good: target.good_direction(),
        source: target.source.clone(),
        assessment: assess(target, value, team, standing),
        gap: gap(target, value, team),
        trend: trend(metric, target, team, weeks),
    }
}

/// The target says what is good, the team how much it stands out: what is where it should
/// be is nothing to work on, and what is not is no strength.
fn assess(
    target: &MetricTarget,
    value: f64,
    team: Option<Spread>,
    standing: Standing,
) -> Assessment {
    // In a team of near equals the quartiles are close, and being outside them
    // is not news.
    let is_like_the_team =
        team.is_some_and(|team| (value - team.median).abs() < target.just_noticeable);
    let good_side = match target.good_direction() {
        GoodDirection::Higher => standing == Standing::Above,
        GoodDirection::Lower => standing == Standing::Below,
        GoodDirection::Between { .. } => true,
    };
    let bad_side = match target.is_above(value) {
        true => standing == Standing::Above,
        false => standing == Standing::Below,
    };
    let is_alone = standing == Standing::Alone;
    match target.is_met(value) {
        _ if is_like_the_team => Assessment::Fine,
        true if is_alone || good_side => Assessment::Strength,
        false if is_alone || bad_side => Assessment::ToWorkOn,
        _ => Assessment::Fine,
    }
}

fn gap(target: &MetricTarget, value: f64, team: Option<Spread>) -> f64 {
    if target.is_met(value) {
        return 0.0;
    }
    let (middle, unit) = middle_and_unit(target, value, team);
    let behind = match target.good_direction() {
        GoodDirection::Between { .. } => target.badness(value),
        _ => target.badness(value) - target.badness(middle),
    };
    (behind / unit).clamp(0.0, LARGEST_GAP)
}

fn middle_and_unit(target: &MetricTarget, value: f64, team: Option<Spread>) -> (f64, f64) {
    let least = target.just_noticeable;
    match team {
        Some(team) => (team.median, (team.p75 - team.p25).max(least)),
        None => (target.edge(value), 2.0 * least),
    }
}

fn trend(
    metric: CoachMetric,
    target: &MetricTarget,
    team: Option<Spread>,
    weeks: &[HistoryPoint],
) -> Trend {
    let points: Vec<(f64, f64, f64)> = weeks
        .iter()
        .enumerate()
        .filter_map(|(week, point)| {
            let value = metric.value(&point.figures)?;
            Some((week as f64, value, metric.measured(&point.measured) as f64))
        })
        .collect();
    let slope = |of: &dyn Fn(f64) -> f64| weighted_slope(&points, of);
    let calls: f64 = points.iter().map(|(_, _, calls)| calls).sum();
    if points.len() < FEWEST_WEEKS || calls < FEWEST_CALLS {
        return Trend {
            course: Course::Unknown,
            per_week: None,
        };
    }
    let per_week = slope(&|value| value);
    // Over all weeks, in quartile distances, and seen from what is good. Weeks
    // of two or three calls vary by more than anybody would notice.
    let unit = middle_and_unit(target, 0.0, team).1;
    let unit = unit.max(2.0 * target.just_noticeable);
    let worse = slope(&|value| target.badness(value)) * (weeks.len() as f64 - 1.0) / unit;
    let course = if worse >= 1.0 {
        Course::Declining
    } else if worse <= -1.0 {
        Course::Improving
    } else {
        Course::Steady
    };
    Trend {
        course,
        per_week: Some(per_week),
    }
}

/// The weeks say which way it goes, the span before may say the opposite: then it goes neither.
fn beside_before(course: Course, target: &MetricTarget, value: f64, before: f64) -> Course {
    let (now, then) = (target.badness(value), target.badness(before));
    match course {
        Course::Improving if now > then => Course::Steady,
        Course::Declining if now < then => Course::Steady,
        other => other,
    }
}

/// Least-squares slope over `(x, y, weight)`; 0 when all x are the same.
pub(crate) fn slope(points: &[(f64, f64, f64)]) -> f64 {
    weighted_slope(points, &|value| value)
}

/// Of what is made of y, the least-squares slope over `(x, y, weight)`; 0 when all x are the same.
fn weighted_slope(points: &[(f64, f64, f64)], of: &dyn Fn(f64) -> f64) -> f64 {
    let weight: f64 = points.iter().map(|(_, _, weight)| weight).sum();
    let mean_x = points.iter().map(|(x, _, w)| x * w).sum::<f64>() / weight;
    let mean_y = points.iter().map(|(_, y, w)| of(*y) * w).sum::<f64>() / weight;
    let covariance: f64 = points
        .iter()
        .map(|(x, y, w)| w * (x - mean_x) * (of(*y) - mean_y))
        .sum();
    let variance: f64 = points
        .iter()
        .map(|(x, _, w)| w * (x - mean_x).powi(2))
        .sum();
    if variance > 0.0 {
        covariance / variance
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use snowflake_store::{Measured, Performance};

    use super::*;
    use crate::targets::Targets;

    fn spread(p25: f64, median: f64, p75: f64) -> Spread {
        Spread {
            min: p25,
            p25,
            median,
            p75,
            max: p75,
            mean: median,
        }
    }

    fn of(metric: CoachMetric, value: f64, team: Option<Spread>) -> MetricStanding {
        let targets = Targets::default();
        let mean = MeanOf {
            value,
            display: metric.display(value),
            calls: 9,
        };
        standing_of(metric, targets.of(metric), &mean, team, &[])
    }

    #[test]
    fn a_low_value_is_good_where_less_is_better() {
        let team = Some(spread(120.0, 170.0, 220.0));
        let short = of(CoachMetric::LongestMonologue, 40.0, team);
        assert_eq!(short.standing, Standing::Below);
        assert_eq!(short.assessment, Assessment::Strength);
        assert_eq!(short.gap, 0.0);
        let long = of(CoachMetric::LongestMonologue, 270.0, team);
        assert_eq!(long.assessment, Assessment::ToWorkOn);
        assert_eq!(long.gap, 1.0);
    }

    #[test]
    fn what_meets_the_target_is_nothing_to_work_on_and_what_misses_it_no_strength() {
        // Nobody who stops after 68 s is told to stop after two minutes.
        let brief = Some(spread(20.0, 30.0, 40.0));
        let longest = of(CoachMetric::LongestMonologue, 68.0, brief);
        assert_eq!(longest.standing, Standing::Above);
        assert_eq!(longest.assessment, Assessment::Fine);
        assert_eq!(longest.gap, 0.0);
        // Nor is anybody praised for an interrogation.
        let curious = Some(spread(20.0, 30.0, 40.0));
        let many = of(CoachMetric::QuestionRate, 200.0, curious);
        assert_eq!(many.assessment, Assessment::ToWorkOn);
        let few_steps = Some(spread(0.1, 0.2, 0.3));
        let some = of(CoachMetric::NextStepShare, 0.5, few_steps);
        assert_eq!(some.assessment, Assessment::Fine);
    }

    #[test]
    fn a_talk_ratio_in_its_range_is_good_wherever_the_team_is() {
        let team = Some(spread(0.55, 0.6, 0.7));
        let balanced = of(CoachMetric::TalkRatio, 0.45, team);
        assert_eq!(balanced.assessment, Assessment::Strength);
        let dominant = of(CoachMetric::TalkRatio, 0.8, team);
        assert_eq!(dominant.assessment, Assessment::ToWorkOn);
        assert!(dominant.gap > 1.0);
    }

    #[test]
    fn without_a_team_the_target_decides() {
        let few = of(CoachMetric::QuestionRate, 6.0, None);
        assert_eq!(few.standing, Standing::Alone);
        assert_eq!(few.assessment, Assessment::ToWorkOn);
        assert_eq!(few.gap, 2.0);
    }

    fn of_one_call(mut week: HistoryPoint) -> HistoryPoint {
        week.measured.longest_monologue_seconds = 1;
        week
    }

    #[test]
    fn a_trend_is_seen_from_what_is_good() {
        let epoch = calls::Timestamp::UNIX_EPOCH;
        let week = |monologue| HistoryPoint {
            period: snowflake_store::Period {
                from: epoch,
                to: epoch,
            },
            figures: Performance {
                calls: 2,
                longest_monologue_seconds: Some(monologue),
                ..Performance::default()
            },
            measured: Measured {
                longest_monologue_seconds: 2,
                ..Measured::default()
            },
        };
        let weeks = [week(60.0), week(90.0), week(120.0)];
        let targets = Targets::default();
        let metric = CoachMetric::LongestMonologue;
        let rising = trend(metric, targets.of(metric), None, &weeks);
        assert_eq!(rising.course, Course::Declining);
        assert_eq!(rising.per_week, Some(30.0));
        assert_eq!(
            trend(metric, targets.of(metric), None, &weeks[..2]).course,
            Course::Unknown
        );
        let few: Vec<HistoryPoint> = weeks.iter().cloned().map(of_one_call).collect();
        let course = trend(metric, targets.of(metric), None, &few).course;
        assert_eq!(course, Course::Unknown, "three calls");
        // Shorter than in the span before, and longer from week to week.
        let beside = |before| beside_before(Course::Declining, targets.of(metric), 180.0, before);
        assert_eq!(beside(170.0), Course::Declining);
        assert_eq!(beside(190.0), Course::Steady);
    }
}
