//! Coordinates of the charts. Pure geometry: no text, no colour.

use serde::Serialize;
use snowflake_store::Spread;

use crate::{Basis, Claim, CoursePoint};

/// The drawing area of the tone chart, in SVG units.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 58.0;
const BOTTOM: f64 = 232.0;

/// Markers closer than this are put in different lanes.
const MARKER_WIDTH: f64 = 30.0;
const MARKER_LANES: usize = 3;
const LANE_HEIGHT: f64 = 17.0;

/// The tone along a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ToneChart {
    /// Points of the polylines, `x,y x,y`; one string a run without gaps.
    pub(crate) everybody: Vec<String>,
    pub(crate) customer: Vec<String>,
    pub(crate) zero_y: f64,
    pub(crate) grid: Vec<Tick>,
    pub(crate) times: Vec<TimeTick>,
    pub(crate) markers: Vec<Marker>,
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// A horizontal line of a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Tick {
    pub(crate) y: f64,
    pub(crate) label: String,
}

/// A time below a chart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TimeTick {
    pub(crate) x: f64,
    pub(crate) ms: i64,
}

/// A claim on the time line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Marker {
    /// `R1`, `N2`: the claim's number in the lists.
    pub(crate) label: String,
    pub(crate) is_risk: bool,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) title: String,
}

impl ToneChart {
    /// `None` when nothing has a tone.
    pub(crate) fn of(course: &[CoursePoint], risks: &[Claim], steps: &[Claim]) -> Option<Self> {
        let scores = || {
            course
                .iter()
                .flat_map(|point| [point.score, point.customer_score])
                .flatten()
        };
        let largest = scores()
            .map(f64::abs)
            .fold(None, |largest: Option<f64>, score| {
                Some(largest.map_or(score, |held| held.max(score)))
            })?;
        // The scale is wide enough that noise does not look like drama.
        let reach = (largest * 10.0).ceil().clamp(4.0, 10.0) / 10.0;
        let end_ms = course.iter().map(|point| point.end_ms).max()?.max(1);
        let x = |ms: i64| {
            let share = (ms as f64 / end_ms as f64).clamp(0.0, 1.0);
            round(LEFT + share * (WIDTH - LEFT - RIGHT))
        };
        let y = |score: f64| {
            round(TOP + (1.0 - (score / reach).clamp(-1.0, 1.0)) / 2.0 * (BOTTOM - TOP))
        };
        let runs = |score_of: &dyn Fn(&CoursePoint) -> Option<f64>| {
            let mut runs: Vec<Vec<String>> = vec![Vec::new()];
            for point in course {
                match (score_of(point), runs.last_mut()) {
                    (Some(score), Some(run)) => {
                        let middle = point.start_ms + (point.end_ms - point.start_ms) / 2;
                        run.push(format!("{},{}", x(middle), y(score)));
                    }
                    _ => runs.push(Vec::new()),
                }
            }
            runs.retain(|run| !run.is_empty());
            runs.into_iter().map(|run| run.join(" ")).collect()
        };
        Some(Self {
            everybody: runs(&|point| point.score),
            customer: runs(&|point| point.customer_score),
            zero_y: y(0.0),
            grid: [reach, reach / 2.0, 0.0, -reach / 2.0, -reach]
                .into_iter()
                .map(|score| Tick {
                    y: y(score),
                    label: if score == 0.0 {
                        "0".to_owned()
                    } else {
                        format!("{score:+.1}")
                    },
                })
                .collect(),
            times: time_ticks(end_ms)
                .into_iter()
                .map(|ms| TimeTick { x: x(ms), ms })
                .collect(),
            markers: markers(risks, steps, x),
            left: LEFT,
            right: WIDTH - RIGHT,
            top: TOP,
            bottom: BOTTOM,
        })
    }
}

/// Claims that quote something said at a time; an absence has no moment.
fn markers(risks: &[Claim], steps: &[Claim], x: impl Fn(i64) -> f64) -> Vec<Marker> {
    let numbered = |claims: &[Claim], letter: &str, is_risk: bool| {
        claims
            .iter()
            .enumerate()
            .filter(|(_, claim)| claim.basis() == Basis::Quote)
            .filter_map(|(at, claim)| {
                let first = claim.evidence().first()?;
                Some(Marker {
                    label: format!("{letter}{}", at + 1),
                    is_risk,
                    x: x(first.start_ms()),
                    y: 0.0,
                    title: claim.text().to_owned(),
                })
            })
            .collect::<Vec<_>>()
    };
    let mut markers = numbered(risks, "R", true);
    markers.extend(numbered(steps, "N", false));
    markers.sort_by(|a, b| a.x.total_cmp(&b.x));
    let mut lane_ends = [f64::NEG_INFINITY; MARKER_LANES];
    for marker in &mut markers {
        let free = lane_ends
            .iter()
            .position(|end| marker.x - end >= MARKER_WIDTH);
        // With every lane taken, markers overlap in the one that ends first.
        let lane = free.unwrap_or_else(|| {
            let earliest = (0..MARKER_LANES).min_by(|a, b| lane_ends[*a].total_cmp(&lane_ends[*b]));
            earliest.unwrap_or(0)
        });
        if let Some(end) = lane_ends.get_mut(lane) {
            *end = marker.x;
        }
        marker.y = TOP - 12.0 - LANE_HEIGHT * lane as f64;
    }
    markers
}

/// About six round times.
fn time_ticks(end_ms: i64) -> Vec<i64> {
    const STEPS_S: [i64; 11] = [10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200];
    let wanted = end_ms / 1_000 / 6;
    let step = STEPS_S
        .into_iter()
        .find(|step| *step >= wanted)
        .unwrap_or_else(|| (wanted / 3_600 + 1) * 3_600);
    (0..)
        .map(|tick| tick * step * 1_000)
        .take_while(|ms| *ms <= end_ms)
        .take(12)
        .collect()
}

/// A value on a track beside a team's spread; positions in percent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct TeamTrack {
    pub(crate) value: f64,
    pub(crate) median: f64,
    pub(crate) band_from: f64,
    pub(crate) band_width: f64,
    pub(crate) range_from: f64,
    pub(crate) range_width: f64,
}

impl TeamTrack {
    pub(crate) fn of(value: f64, team: &Spread) -> Self {
        let low = team.min.min(value);
        let high = team.max.max(value);
        let width = (high - low).max(f64::EPSILON);
        // Dots at the edge stay whole.
        let place = |value: f64| round(5.0 + 90.0 * (value - low) / width);
        Self {
            value: place(value),
            median: place(team.median),
            band_from: place(team.p25),
            band_width: round(place(team.p75) - place(team.p25)).max(0.8),
            range_from: place(team.min),
            range_width: round(place(team.max) - place(team.min)).max(0.8),
        }
    }
}

/// A small line over the weeks, 110 by 30.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Sparkline {
    pub(crate) points: String,
    pub(crate) last_x: f64,
    pub(crate) last_y: f64,
}

impl Sparkline {
    /// `None` with fewer than two values.
    pub(crate) fn of(values: &[Option<f64>]) -> Option<Self> {
        let known: Vec<(usize, f64)> = values
            .iter()
            .enumerate()
            .filter_map(|(at, value)| Some((at, (*value)?)))
            .collect();
        if known.len() < 2 {
            return None;
        }
        let low = known
            .iter()
            .map(|(_, value)| *value)
            .fold(f64::INFINITY, f64::min);
        let high = known
            .iter()
            .map(|(_, value)| *value)
            .fold(f64::NEG_INFINITY, f64::max);
        let steps = (values.len() - 1).max(1) as f64;
        let place = |(at, value): (usize, f64)| {
            let height = if high > low {
                (value - low) / (high - low)
            } else {
                0.5
            };
            (
                round(5.0 + 100.0 * at as f64 / steps),
                round(25.0 - 20.0 * height),
            )
        };
        let points: Vec<String> = known
            .iter()
            .map(|point| {
                let (x, y) = place(*point);
                format!("{x},{y}")
            })
            .collect();
        let (last_x, last_y) = known.last().map_or((0.0, 0.0), |point| place(*point));
        Some(Self {
            points: points.join(" "),
            last_x,
            last_y,
        })
    }
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(start_ms: i64, score: Option<f64>) -> CoursePoint {
        CoursePoint {
            start_ms,
            end_ms: start_ms + 60_000,
            score,
            customer_score: None,
            sentences: 12,
        }
    }

    #[test]
    fn a_gap_in_the_course_splits_the_line() {
        let course = [
            point(0, Some(0.2)),
            point(60_000, None),
            point(120_000, Some(-0.2)),
            point(180_000, Some(0.1)),
        ];
        let chart = ToneChart::of(&course, &[], &[]).unwrap();
        assert_eq!(chart.everybody.len(), 2);
        assert!(chart.customer.is_empty());
        assert_eq!(ToneChart::of(&[point(0, None)], &[], &[]), None);
    }

    #[test]
    fn times_are_round_and_few() {
        assert_eq!(
            time_ticks(180_000),
            [0, 30_000, 60_000, 90_000, 120_000, 150_000, 180_000]
        );
        assert!(time_ticks(10 * 3_600_000).len() <= 12);
    }

    #[test]
    fn a_value_outside_the_team_widens_the_track() {
        let team = Spread {
            min: 1.0,
            p25: 2.0,
            median: 3.0,
            p75: 4.0,
            max: 5.0,
            mean: 3.0,
        };
        let track = TeamTrack::of(9.0, &team);
        assert_eq!(track.value, 95.0);
        assert_eq!(track.range_from, 5.0);
        assert!(track.range_width < 50.0);
    }
}
