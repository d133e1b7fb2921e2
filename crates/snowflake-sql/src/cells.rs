//! Cells as the session protocol spells them, in the spelling of [`Rows`](crate::Rows).
//!
//! Raw forms (the result sets of the drivers' JSON protocol): BOOLEAN `1`/`0`, DATE
//! days since 1970, TIME seconds since midnight, TIMESTAMP_NTZ and _LTZ seconds since
//! 1970 with a fraction, TIMESTAMP_TZ the same and, after a blank, the offset in
//! minutes plus 1440. A negative number of seconds is one decimal number: `-1.5` is
//! one and a half seconds before 1970.

use jiff::civil::{Date, Time};
use jiff::{Span, Timestamp};

/// How the cells of a column are spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    AsIs,
    Boolean,
    Days,
    TimeOfDay,
    Instant,
    InstantWithOffset,
    Json,
}

impl Spelling {
    /// By the name of the type on the wire, such as `timestamp_ltz`.
    #[cfg(feature = "snowflake-api")]
    pub(crate) fn of(wire_type: &str) -> Self {
        match wire_type.to_ascii_lowercase().as_str() {
            "boolean" => Self::Boolean,
            "date" => Self::Days,
            "time" => Self::TimeOfDay,
            "timestamp_ntz" | "timestamp_ltz" => Self::Instant,
            "timestamp_tz" => Self::InstantWithOffset,
            "variant" | "object" | "array" | "vector" => Self::Json,
            // Numbers come as decimal digits, BINARY as hexadecimal, and types that are
            // not known yet as text.
            _ => Self::AsIs,
        }
    }

    /// The cell as [`Rows`](crate::Rows) spells it; else why not.
    pub(crate) fn normalise(self, raw: &str) -> Result<String, &'static str> {
        match self {
            Self::AsIs => Ok(raw.to_owned()),
            Self::Boolean => boolean(raw).ok_or("is not a boolean as Snowflake sends it"),
            Self::Days => days(raw).ok_or("is not a date as Snowflake sends it"),
            Self::TimeOfDay => time_of_day(raw).ok_or("is not a time as Snowflake sends it"),
            Self::Instant => instant(raw).ok_or("is not an instant as Snowflake sends it"),
            Self::InstantWithOffset => instant_with_offset(raw)
                .ok_or("is not an instant with offset as Snowflake sends it"),
            Self::Json => Ok(json(raw)),
        }
    }
}

fn boolean(raw: &str) -> Option<String> {
    match raw {
        "1" => Some("true".to_owned()),
        "0" => Some("false".to_owned()),
        _ if raw.eq_ignore_ascii_case("true") => Some("true".to_owned()),
        _ if raw.eq_ignore_ascii_case("false") => Some("false".to_owned()),
        _ => None,
    }
}

fn days(raw: &str) -> Option<String> {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    let days: i64 = raw.parse().ok()?;
    let date = EPOCH.checked_add(Span::new().try_days(days).ok()?).ok()?;
    Some(date.to_string())
}

fn time_of_day(raw: &str) -> Option<String> {
    let nanos = nanoseconds(raw)?;
    let (seconds, fraction) = (nanos.div_euclid(NANOS), nanos.rem_euclid(NANOS));
    let seconds = i32::try_from(seconds).ok()?;
    let time = Time::new(
        i8::try_from(seconds / 3600).ok()?,
        i8::try_from(seconds / 60 % 60).ok()?,
        i8::try_from(seconds % 60).ok()?,
        i32::try_from(fraction).ok()?,
    );
    Some(time.ok()?.to_string())
}

fn instant(raw: &str) -> Option<String> {
    let instant = Timestamp::from_nanosecond(nanoseconds(raw)?).ok()?;
    Some(instant.to_string())
}

/// The offset is checked and dropped: the spelling is UTC.
fn instant_with_offset(raw: &str) -> Option<String> {
    let (seconds, offset) = raw.split_once(' ')?;
    let offset: u16 = offset.parse().ok()?;
    (offset <= 2 * 1440).then(|| instant(seconds)).flatten()
}

const NANOS: i128 = 1_000_000_000;

/// A decimal number of seconds, in nanoseconds.
fn nanoseconds(raw: &str) -> Option<i128> {
    let (sign, digits) = match raw.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, raw),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let whole: i128 = i128::from(whole.parse::<u64>().ok()?);
    let fraction: i128 = format!("{fraction:0<9}").parse().ok()?;
    Some(sign * (whole * NANOS + fraction))
}

/// Snowflake writes into its JSON what JSON does not have: `undefined` for an SQL NULL
/// in an ARRAY, `NaN`, `Infinity`, and in a VECTOR `nan` and `inf`. They become `null`.
fn json(raw: &str) -> String {
    const ALIEN: [&str; 7] = [
        "undefined",
        "-Infinity",
        "Infinity",
        "NaN",
        "-inf",
        "inf",
        "nan",
    ];
    if !ALIEN.iter().any(|word| raw.contains(word)) {
        return raw.to_owned();
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    let mut quoted = false;
    while let Some(next) = rest.chars().next() {
        if quoted && next == '\\' {
            let end = rest
                .char_indices()
                .nth(2)
                .map_or(rest.len(), |(end, _)| end);
            text.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if next == '"' {
            quoted = !quoted;
        } else if !quoted
            && let Some(behind) = ALIEN.iter().find_map(|word| rest.strip_prefix(word))
        {
            text.push_str("null");
            rest = behind;
            continue;
        }
        text.push(next);
        rest = &rest[next.len_utf8()..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn raw_forms_are_spelled_as_rows_documents() {
        use Spelling::*;
        for (spelling, raw, spelled) in [
            (Boolean, "1", "true"),
            (Boolean, "0", "false"),
            (Days, "0", "1970-01-01"),
            (Days, "20667", "2026-08-02"),
            (Days, "-1", "1969-12-31"),
            (TimeOfDay, "3661.500000000", "01:01:01.5"),
            (TimeOfDay, "86399.999999999", "23:59:59.999999999"),
            (Instant, "1754038800.000000000", "2025-08-01T09:00:00Z"),
            (Instant, "1754038800", "2025-08-01T09:00:00Z"),
            (Instant, "-1.5", "1969-12-31T23:59:58.5Z"),
            (Instant, "-0.100", "1969-12-31T23:59:59.9Z"),
            (
                InstantWithOffset,
                "1754038800.250 1560",
                "2025-08-01T09:00:00.25Z",
            ),
            (AsIs, "123.4500", "123.4500"),
            (
                Json,
                "[1,undefined,\"undefined \\\" NaN\",-Infinity]",
                "[1,null,\"undefined \\\" NaN\",null]",
            ),
            (Json, "[1.5,-inf,nan]", "[1.5,null,null]"),
            (Json, "{\"a\":\"infant\"}", "{\"a\":\"infant\"}"),
        ] {
            assert_eq!(spelling.normalise(raw).as_deref(), Ok(spelled), "{raw}");
        }
    }

    #[test]
    fn what_is_no_raw_form_is_refused_and_not_guessed() {
        use Spelling::*;
        for (spelling, raw) in [
            (Boolean, "yes"),
            (Days, "2026-08-01"),
            (Days, "99999999999"),
            (TimeOfDay, "86400.0"),
            (TimeOfDay, "-1"),
            (Instant, ""),
            (Instant, "."),
            (Instant, "-"),
            (Instant, "1.0000000001"),
            (Instant, "1e9"),
            (Instant, "99999999999999999"),
            (InstantWithOffset, "1754038800.250"),
            (InstantWithOffset, "1754038800.250 2881"),
            (InstantWithOffset, "1754038800.250 -60"),
        ] {
            assert!(spelling.normalise(raw).is_err(), "{raw}");
        }
    }

    proptest! {
        #[test]
        fn instants_come_back_to_the_nanosecond(
            seconds in -60_000_000_000_i64..60_000_000_000,
            nanos in 0_i32..1_000_000_000,
            offset in 0_u16..=2880,
        ) {
            let instant = Timestamp::new(seconds, 0).expect("in range")
                .checked_add(Span::new().nanoseconds(i64::from(nanos))).expect("in range");
            let total = instant.as_nanosecond();
            let sign = if total < 0 { "-" } else { "" };
            let raw = format!("{sign}{}.{:09}", total.abs() / NANOS, total.abs() % NANOS);
            let spelled = Spelling::Instant.normalise(&raw).expect("a raw instant");
            prop_assert_eq!(spelled.parse::<Timestamp>().expect("RFC 3339"), instant);
            let with_offset = Spelling::InstantWithOffset.normalise(&format!("{raw} {offset}"));
            prop_assert_eq!(with_offset, Ok(spelled));
        }

        #[test]
        fn dates_come_back(days in -3_000_000_i64..2_900_000) {
            let spelled = Spelling::Days.normalise(&days.to_string()).expect("a raw date");
            let date: Date = spelled.parse().expect("ISO 8601");
            let since = Date::constant(1970, 1, 1).until(date).expect("in range");
            prop_assert_eq!(i64::from(since.get_days()), days);
        }

        #[test]
        fn times_of_day_come_back(seconds in 0_i64..86_400, nanos in 0_i64..1_000_000_000) {
            let raw = format!("{seconds}.{nanos:09}");
            let spelled = Spelling::TimeOfDay.normalise(&raw).expect("a raw time");
            let time: Time = spelled.parse().expect("ISO 8601");
            let since = Time::midnight().duration_until(time);
            prop_assert_eq!((since.as_secs(), i64::from(since.subsec_nanos())), (seconds, nanos));
        }

        #[test]
        fn nothing_panics_and_json_stays_what_it_is(raw in "\\PC{0,60}") {
            for spelling in [
                Spelling::Boolean, Spelling::Days, Spelling::TimeOfDay, Spelling::Instant,
                Spelling::InstantWithOffset, Spelling::Json,
            ] {
                let _ = spelling.normalise(&raw);
            }
            let document = serde_json::Value::from(raw).to_string();
            prop_assert_eq!(Spelling::Json.normalise(&document), Ok(document));
        }
    }
}
