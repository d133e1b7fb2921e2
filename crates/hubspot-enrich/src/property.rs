//! Parses HubSpot's property values, all of which are text or null.
//!
//! The same property comes in different forms: an instant with a fraction or
//! without one, with an offset, as a day, or as milliseconds since 1970 (the data share's
//! generic tables); a boolean as `"true"`; nothing as null or as an empty string. Each
//! function here knows all forms of one type and refuses the rest: a value is parsed
//! correctly or kept verbatim ([`Property::Unreadable`]), never guessed.
//!
//! ```
//! use hubspot_enrich::property::{self, Property};
//!
//! let amount = property::decimal(Some("20000.50"));
//! assert_eq!(amount.value().map(|amount| amount.to_string()).as_deref(), Some("20000.50"));
//! assert_eq!(property::boolean(Some("true")), Property::Value(true));
//! assert_eq!(property::instant(Some("")), Property::Absent);
//! assert!(matches!(property::decimal(Some("20.000,50")), Property::Unreadable { .. }));
//! ```

use calls::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// What a property holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Property<T> {
    /// Nothing: it is null, blank, or not there.
    Absent,
    /// A value.
    Value(T),
    /// Text that is not a value of the type.
    Unreadable {
        /// The text, verbatim.
        raw: String,
        /// What it should have been, such as `a decimal number`.
        expected: &'static str,
    },
}

impl<T> Property<T> {
    /// The value, when there is one that can be read.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Unreadable { .. } => None,
        }
    }
}

/// Text, verbatim; blank text is nothing.
pub fn text(raw: Option<&str>) -> Property<String> {
    read(raw, "text", |_| raw.map(str::to_owned))
}

/// A decimal number, exactly: digits with a sign, a decimal point and an exponent where
/// there are any, and no thousands separators. More digits than a [`Decimal`] holds (28)
/// are unreadable rather than rounded.
pub fn decimal(raw: Option<&str>) -> Property<Decimal> {
    read(raw, "a decimal number", exact_decimal)
}

/// A [`decimal`] that [can be](calls::is_amount) the amount of a deal.
pub fn amount(raw: Option<&str>) -> Property<Decimal> {
    let is_amount = |number: &Decimal| calls::is_amount(*number);
    read(raw, "an amount of at most 26 digits", |text| {
        exact_decimal(text).filter(is_amount)
    })
}

/// A share of the whole: a number from 0 to 1. HubSpot writes computed ones with every
/// digit of a double (`0.200000000000000011…`).
pub fn probability(raw: Option<&str>) -> Property<f64> {
    read(raw, "a number from 0 to 1", |text| {
        is_number(text).then_some(())?;
        let number: f64 = text.parse().ok()?;
        (0.0..=1.0).contains(&number).then_some(number)
    })
}

/// `true` or `false`, in any case.
pub fn boolean(raw: Option<&str>) -> Property<bool> {
    read(raw, "true or false", |text| {
        match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    })
}

/// An instant: ISO 8601 with or without a fraction, with `Z`, an offset, or none (then
/// UTC); a day, which is its midnight in UTC; or milliseconds since 1970.
///
/// A number counts as milliseconds from the year 2000 to 2286 only: shorter ones may as
/// well be seconds, and `20260501` is a day without dashes.
pub fn instant(raw: Option<&str>) -> Property<Timestamp> {
    read(raw, "an instant", |text| {
        match text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => from_milliseconds(text),
            false => from_iso(text),
        }
    })
}

fn read<T>(
    raw: Option<&str>,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Property<T> {
    let Some(raw) = raw.filter(|raw| !raw.trim().is_empty()) else {
        return Property::Absent;
    };
    parse(raw.trim()).map_or_else(
        || Property::Unreadable {
            raw: raw.to_owned(),
            expected,
        },
        Property::Value,
    )
}

/// `-12`, `.5`, `1.`, `+3.25e-4`; not `1_000`, `NaN` or `.`, which parsers of numbers
/// let pass one way or another.
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = split_exponent(text);
    let unsigned = |text: &str| text.strip_prefix(['+', '-']).unwrap_or(text).to_owned();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = unsigned(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((&mantissa, ""));
    let exponent = exponent.map(unsigned);
    (!whole.is_empty() || !fraction.is_empty())
        && is_digits(whole)
        && is_digits(fraction)
        && exponent.is_none_or(|digits| !digits.is_empty() && is_digits(&digits))
}

fn split_exponent(text: &str) -> (&str, Option<&str>) {
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    }
}

fn exact_decimal(text: &str) -> Option<Decimal> {
    is_number(text).then_some(())?;
    let (mantissa, exponent) = split_exponent(text);
    let mantissa = Decimal::from_str_exact(mantissa).ok()?;
    let Some(exponent) = exponent else {
        return Some(mantissa);
    };
    let exponent: i64 = exponent.parse().ok()?;
    let mantissa = mantissa.normalize();
    let scale = i64::from(mantissa.scale()).checked_sub(exponent)?;
    let digits = mantissa.mantissa();
    if digits == 0 {
        return Some(Decimal::ZERO);
    }
    match u32::try_from(scale) {
        Ok(scale) => Decimal::try_from_i128_with_scale(digits, scale).ok(),
        Err(_) => {
            let zeros = u32::try_from(scale.checked_neg()?).ok()?;
            let digits = digits.checked_mul(10_i128.checked_pow(zeros)?)?;
            Decimal::try_from_i128_with_scale(digits, 0).ok()
        }
    }
}

/// 2000-01-01 and 2286-11-20, in milliseconds.
const MILLISECONDS: std::ops::RangeInclusive<i64> = 946_684_800_000..=9_999_999_999_999;

fn from_milliseconds(text: &str) -> Option<Timestamp> {
    let milliseconds: i64 = text.parse().ok()?;
    MILLISECONDS
        .contains(&milliseconds)
        .then(|| Timestamp::from_millisecond(milliseconds).ok())?
}

fn from_iso(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    // A time zone's name must not be read as if it were not there.
    let time = text
        .split_once(['T', 't', ' '])
        .map_or("", |(_, time)| time);
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.');
    time.bytes().all(is_plain).then_some(())?;
    let local: civil::DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}
