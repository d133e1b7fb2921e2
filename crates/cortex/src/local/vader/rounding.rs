//! Python's `round(x, digits)`: to the nearest decimal, exact ties to even.

/// Rounds a number of magnitude up to 1.
pub(super) fn round_as_python(value: f64, digits: u32) -> f64 {
    let scale = 10_f64.powi(digits.try_into().unwrap_or(0));
    let scaled = value * scale;
    let distance_from_tie = ((scaled - scaled.floor()) - 0.5).abs();
    if distance_from_tie > 1e-6 {
        return scaled.round() / scale;
    }
    // So near a tie the product's own rounding may have decided. The formatter
    // works on the exact binary value.
    format!("{value:.*}", digits as usize)
        .parse()
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values are what Python 3.11 prints.
    #[test]
    fn ties_and_near_ties_go_where_python_puts_them() {
        assert_eq!(round_as_python(0.0625, 3), 0.062);
        assert_eq!(round_as_python(0.1875, 3), 0.188);
        assert_eq!(round_as_python(0.3125, 3), 0.312);
        assert_eq!(round_as_python(0.0005, 3), 0.001);
        assert_eq!(round_as_python(0.0015, 3), 0.002);
        assert_eq!(round_as_python(0.0025, 3), 0.003);
        assert_eq!(round_as_python(0.2675, 3), 0.268);
        assert_eq!(round_as_python(-0.03125, 4), -0.0312);
        assert_eq!(round_as_python(-0.44045, 4), -0.4405);
        assert_eq!(round_as_python(1.0, 4), 1.0);
    }
}
