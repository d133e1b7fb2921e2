//! A rep's value compared with the team's.

use serde::Serialize;
use snowflake_store::{Benchmark, Performance, Spread, TrendPoint};

use super::metric::{CoachMetric, GoodDirection};

/// With fewer reps, quartiles say nothing: everybody would be first or last.
pub(crate) const FEWEST_REPS: u64 = 3;

/// A difference of so many quartile distances is as large as any.
const LARGEST_GAP: f64 = 3.0;

/// A trend needs calls in so many weeks.
const FEWEST_WEEKS: usize = 3;

/// A rep's value of one metric beside the team's.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// The team's spread; `None` with fewer than three reps.
    pub team: Option<Spread>,
    /// Where the value lies beside the team's middle half.
    pub standing: Standing,
    /// Which way is good.
    pub good: GoodDirection,
    /// What that means.
    pub assessment: Assessment,
    /// How far on the bad side of the team's median (of the target, without a
    /// team), in quartile distances, 0 to 3; 0 on the good side.
    pub gap: f64,
    /// Where the value goes over the weeks.
    pub trend: Trend,
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
    /// On the good side of the team's middle half.
    Strength,
    /// Neither.
    Fine,
    /// On the bad side of the team's middle half.
    ToWorkOn,
}

/// Where a value goes over the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
    /// Fewer than three weeks have a value.
    Unknown,
}

/// Every metric that the rep has a value of.
pub(crate) fn standings(
    figures: &Performance,
    team: &Benchmark,
    weeks: &[TrendPoint],
) -> Vec<MetricStanding> {
    CoachMetric::ALL
        .into_iter()
        .filter_map(|metric| {
            let value = metric.value(figures)?;
            let spread = metric.spread(team).filter(|_| team.reps >= FEWEST_REPS);
            Some(standing_of(metric, value, spread, weeks))
        })
        .collect()
}

fn standing_of(
    metric: CoachMetric,
    value: f64,
    team: Option<Spread>,
    weeks: &[TrendPoint],
) -> MetricStanding {
    let good = metric.good_direction();
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
        display: metric.display(value),
        team,
        standing,
        good,
        assessment: assess(metric, value, team, standing),
        gap: gap(metric, value, team),
        trend: trend(metric, team, weeks),
    }
}

fn assess(metric: CoachMetric, value: f64, team: Option<Spread>, standing: Standing) -> Assessment {
    // In a team of near equals the quartiles are close, and being outside them
    // is not news.
    let is_like_the_team =
        team.is_some_and(|team| (value - team.median).abs() < metric.just_noticeable());
    let (good_side, bad_side) = match metric.good_direction() {
        GoodDirection::Higher => (Standing::Above, Standing::Below),
        GoodDirection::Lower => (Standing::Below, Standing::Above),
        GoodDirection::Between { low, high } => {
            return match standing {
                _ if (low..=high).contains(&value) => Assessment::Strength,
                _ if is_like_the_team => Assessment::Fine,
                Standing::Alone => Assessment::ToWorkOn,
                Standing::Above if value > high => Assessment::ToWorkOn,
                Standing::Below if value < low => Assessment::ToWorkOn,
                _ => Assessment::Fine,
            };
        }
    };
    if standing == Standing::Alone {
        return match metric.badness(value) > metric.badness(metric.target()) {
            true => Assessment::ToWorkOn,
            false => Assessment::Strength,
        };
    }
    if is_like_the_team {
        Assessment::Fine
    } else if standing == good_side {
        Assessment::Strength
    } else if standing == bad_side {
        Assessment::ToWorkOn
    } else {
        Assessment::Fine
    }
}

fn gap(metric: CoachMetric, value: f64, team: Option<Spread>) -> f64 {
    let (middle, unit) = middle_and_unit(metric, team);
    let behind = match metric.good_direction() {
        GoodDirection::Between { .. } => metric.badness(value),
        _ => metric.badness(value) - metric.badness(middle),
    };
    (behind / unit).clamp(0.0, LARGEST_GAP)
}

fn middle_and_unit(metric: CoachMetric, team: Option<Spread>) -> (f64, f64) {
    let least = metric.just_noticeable();
    match team {
        Some(team) => (team.median, (team.p75 - team.p25).max(least)),
        None => (metric.target(), 2.0 * least),
    }
}

fn trend(metric: CoachMetric, team: Option<Spread>, weeks: &[TrendPoint]) -> Trend {
    let points: Vec<(f64, f64, f64)> = weeks
        .iter()
        .enumerate()
        .filter_map(|(week, point)| {
            let value = metric.value(&point.figures)?;
            Some((week as f64, value, point.figures.calls as f64))
        })
        .collect();
    let slope = |of: &dyn Fn(f64) -> f64| weighted_slope(&points, of);
    if points.len() < FEWEST_WEEKS {
        return Trend {
            course: Course::Unknown,
            per_week: None,
        };
    }
    let per_week = slope(&|value| value);
    // Over all weeks, in quartile distances, and seen from what is good. Weeks
    // of two or three calls vary by more than anybody would notice.
    let unit = middle_and_unit(metric, team).1;
    let unit = unit.max(2.0 * metric.just_noticeable());
    let worse = slope(&|value| metric.badness(value)) * (weeks.len() as f64 - 1.0) / unit;
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

/// Least-squares slope over `(x, y, weight)`; 0 when all x are the same.
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
    use super::*;

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

    #[test]
    fn a_low_value_is_good_where_less_is_better() {
        let team = Some(spread(60.0, 90.0, 120.0));
        let short = standing_of(CoachMetric::LongestMonologue, 40.0, team, &[]);
        assert_eq!(short.standing, Standing::Below);
        assert_eq!(short.assessment, Assessment::Strength);
        assert_eq!(short.gap, 0.0);
        let long = standing_of(CoachMetric::LongestMonologue, 150.0, team, &[]);
        assert_eq!(long.assessment, Assessment::ToWorkOn);
        assert_eq!(long.gap, 1.0);
    }

    #[test]
    fn a_talk_ratio_in_its_range_is_good_wherever_the_team_is() {
        let team = Some(spread(0.55, 0.6, 0.7));
        let balanced = standing_of(CoachMetric::TalkRatio, 0.45, team, &[]);
        assert_eq!(balanced.assessment, Assessment::Strength);
        let dominant = standing_of(CoachMetric::TalkRatio, 0.8, team, &[]);
        assert_eq!(dominant.assessment, Assessment::ToWorkOn);
        assert!(dominant.gap > 1.0);
    }

    #[test]
    fn without_a_team_the_target_decides() {
        let few = standing_of(CoachMetric::QuestionRate, 6.0, None, &[]);
        assert_eq!(few.standing, Standing::Alone);
        assert_eq!(few.assessment, Assessment::ToWorkOn);
        assert_eq!(few.gap, 2.0);
    }

    #[test]
    fn a_trend_is_seen_from_what_is_good() {
        let epoch = calls::Timestamp::UNIX_EPOCH;
        let week = |monologue| TrendPoint {
            period: snowflake_store::Period {
                from: epoch,
                to: epoch,
            },
            figures: Performance {
                calls: 2,
                longest_monologue_seconds: Some(monologue),
                ..Performance::default()
            },
        };
        let weeks = [week(60.0), week(90.0), week(120.0)];
        let rising = trend(CoachMetric::LongestMonologue, None, &weeks);
        assert_eq!(rising.course, Course::Declining);
        assert_eq!(rising.per_week, Some(30.0));
        assert_eq!(
            trend(CoachMetric::LongestMonologue, None, &weeks[..2]).course,
            Course::Unknown
        );
    }
}
