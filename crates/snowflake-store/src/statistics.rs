//! Quartiles, the same for every store.

use crate::Spread;

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
}
