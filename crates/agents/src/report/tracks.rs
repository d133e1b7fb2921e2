//! Coordinates of the small charts beside a metric.

use serde::Serialize;
use snowflake_store::Spread;

use super::charts::round;

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
        // Dots at the edge stay whole; a team of equals stands in the middle.
        let place = |value: f64| {
            if high > low {
                round(5.0 + 90.0 * (value - low) / (high - low))
            } else {
                50.0
            }
        };
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
        // Weeks before the first value and after the last say nothing.
        let (first, last) = (known.first()?.0, known.last()?.0);
        let steps = (last - first).max(1) as f64;
        let place = |(at, value): (usize, f64)| {
            let height = if high > low {
                (value - low) / (high - low)
            } else {
                0.5
            };
            (
                round(5.0 + 100.0 * (at - first) as f64 / steps),
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

#[cfg(test)]
mod tests {
    use super::*;

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
