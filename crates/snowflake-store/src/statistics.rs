//! Quartiles and the splitting of periods, the same for every store.

use jiff::SignedDuration;
use resilience::ErrorKind;

use crate::{Error, Period, Result, Spread};

/// Parts into which a trend may cut a period; more would be no trend to read.
const MAX_PARTS: usize = 10_000;

/// How figures are spread; `None` when there are none.
pub(crate) fn spread(mut values: Vec<f64>) -> Option<Spread> {
    values.sort_by(f64::total_cmp);
    let (min, max) = (*values.first()?, *values.last()?);
    Some(Spread {
        min,
        p25: percentile(&values, 0.25),
        median: percentile(&values, 0.5),
        p75: percentile(&values, 0.75),
        max,
        mean: values.iter().sum::<f64>() / values.len() as f64,
    })
}

/// `PERCENTILE_CONT`: interpolates between the two values around the place
/// `fraction * (n - 1)` of the sorted values.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn percentile(sorted: &[f64], fraction: f64) -> f64 {
    let place = fraction * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    below + (above - below) * place.fract()
}

/// Consecutive parts of a period, the last of which ends with it. A period that
/// ends before it starts has none.
pub(crate) fn parts(period: Period, bucket_days: u32) -> Result<Vec<Period>> {
    if bucket_days == 0 {
        return Err(
            Error::new(ErrorKind::InvalidInput, "must be at least 1 day").with_field("bucket_days"),
        );
    }
    let length = SignedDuration::from_hours(24 * i64::from(bucket_days));
    let mut parts = Vec::new();
    let mut from = period.from;
    while from < period.to {
        if parts.len() == MAX_PARTS {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                format!("cuts the period into more than {MAX_PARTS} parts"),
            )
            .with_field("bucket_days"));
        }
        let to = from
            .checked_add(length)
            .map_or(period.to, |to| to.min(period.to));
        parts.push(Period { from, to });
        from = to;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_interpolate() {
        let spread = spread(vec![4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((spread.min, spread.max, spread.mean), (1.0, 4.0, 2.5));
        assert_eq!((spread.p25, spread.median, spread.p75), (1.75, 2.5, 3.25));
        let one = super::spread(vec![7.0]).unwrap();
        assert_eq!(
            (one.min, one.p25, one.median, one.p75, one.max),
            (7.0, 7.0, 7.0, 7.0, 7.0)
        );
        assert_eq!(super::spread(Vec::new()), None);
    }

    #[test]
    fn the_last_part_ends_with_the_period() {
        let at = |text: &str| text.parse().unwrap();
        let period = Period {
            from: at("2026-01-01T06:00:00Z"),
            to: at("2026-01-16T00:00:00Z"),
        };
        let parts = parts(period, 7).unwrap();
        assert_eq!(
            parts,
            [
                Period {
                    from: period.from,
                    to: at("2026-01-08T06:00:00Z")
                },
                Period {
                    from: at("2026-01-08T06:00:00Z"),
                    to: at("2026-01-15T06:00:00Z")
                },
                Period {
                    from: at("2026-01-15T06:00:00Z"),
                    to: period.to
                },
            ]
        );
        let reversed = Period {
            from: period.to,
            to: period.from,
        };
        assert_eq!(super::parts(reversed, 7).unwrap(), []);
        for (period, days) in [
            (period, 0),
            (
                Period {
                    from: jiff::Timestamp::MIN,
                    to: jiff::Timestamp::MAX,
                },
                1,
            ),
        ] {
            let error = super::parts(period, days).unwrap_err();
            assert_eq!(error.field(), Some("bucket_days"));
        }
        let all = Period {
            from: jiff::Timestamp::MIN,
            to: jiff::Timestamp::MAX,
        };
        assert_eq!(super::parts(all, u32::MAX).unwrap(), [all]);
    }
}
