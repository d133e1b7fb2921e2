//! Which numbers stores hold.

use memchr::memchr2;

/// Digits of an integer that a database holds without rounding.
const MAX_DIGITS: usize = 38;

/// Digits that an `f64` has before or behind its point at most, with room to spare.
const SHORT: usize = 300;

/// Whether a literal is not a number, or one that every store can hold.
pub(super) fn is_held(literal: &str) -> bool {
    let bytes = literal.as_bytes();
    if !matches!(bytes.first(), Some(b'-' | b'0'..=b'9')) {
        return true;
    }
    let exponent = memchr2(b'e', b'E', bytes);
    if exponent.is_none() {
        if bytes.len() <= MAX_DIGITS {
            return true;
        }
        let digits = literal.trim_start_matches('-');
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return digits.len() <= MAX_DIGITS;
        }
        if bytes.len() <= SHORT {
            return true;
        }
    }
    let mantissa = &bytes[..exponent.unwrap_or(bytes.len())];
    let is_zero = !mantissa.iter().any(|byte| matches!(byte, b'1'..=b'9'));
    literal
        .parse::<f64>()
        .is_ok_and(|number| number.is_finite() && (is_zero || number != 0.0))
}
