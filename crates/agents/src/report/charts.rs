//! Coordinates of the tone chart. Pure geometry: no colour, no layout of text.

use serde::Serialize;

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
        .map(|tick: i64| tick.saturating_mul(step).saturating_mul(1_000))
        .take_while(|ms| *ms <= end_ms)
        .take(12)
        .collect()
}

pub(super) fn round(value: f64) -> f64 {
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
        assert!(time_ticks(i64::MAX).len() <= 12);
    }
}
