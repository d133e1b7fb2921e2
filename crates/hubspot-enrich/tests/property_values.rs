//! Values of properties are read right or kept as they came.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use calls::Timestamp;
use hubspot_enrich::property::{Property, amount, boolean, decimal, instant, probability, text};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn is_kept<T>(property: &Property<T>, text: &str) -> bool {
    matches!(property, Property::Unreadable { raw, .. } if raw == text)
}

/// Nothing, in all the ways that HubSpot says it.
#[test]
fn null_and_blank_are_absent() {
    for raw in [None, Some(""), Some(" "), Some("\t\n")] {
        assert_eq!(text(raw), Property::Absent);
        assert_eq!(decimal(raw), Property::Absent);
        assert_eq!(probability(raw), Property::Absent);
        assert_eq!(boolean(raw), Property::Absent);
        assert_eq!(instant(raw), Property::Absent);
    }
}

#[test]
fn amounts_are_exact_or_kept() {
    for (raw, expected) in [
        ("20000", "20000"),
        ("20000.50", "20000.50"),
        (" -0.005 ", "-0.005"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1.0E7", "10000000"),
        ("1.25e-3", "0.00125"),
        ("0e999", "0"),
        (
            "79228162514264337593543950335",
            "79228162514264337593543950335",
        ),
    ] {
        let amount = decimal(Some(raw)).value().expect(raw);
        assert_eq!(amount, expected.parse::<Decimal>().unwrap(), "{raw}");
    }
    for raw in [
        "1,000",
        "20.000,50",
        "1_000",
        "1 000",
        "$5",
        "5 EUR",
        "NaN",
        "inf",
        "-",
        ".",
        "e5",
        "1e",
        "1e+",
        "0x10",
        "\u{661}\u{662}",
        "1e99999999999999999999",
        "1e30",
        "--1",
        "79228162514264337593543950336",
        "0.00000000000000000000000000001",
    ] {
        assert!(
            is_kept(&decimal(Some(raw)), raw),
            "{raw}: {:?}",
            decimal(Some(raw))
        );
    }
}

/// More digits than any store holds are kept, so that one deal spoils no other.
#[test]
fn amounts_have_at_most_26_digits() {
    let most = "99999999999999999999999999.99";
    assert_eq!(amount(Some(most)).value(), most.parse().ok());
    for raw in ["100000000000000000000000000", "-1e26", "1,000"] {
        assert!(is_kept(&amount(Some(raw)), raw), "{raw}");
    }
}

#[test]
fn a_computed_probability_has_all_digits_of_a_double() {
    let raw = "0.200000000000000011102230246251565404236316680908203125";
    assert_eq!(probability(Some(raw)), Property::Value(0.2));
    for raw in ["1.1", "-0.1", "20%", "nan", "half"] {
        assert!(is_kept(&probability(Some(raw)), raw), "{raw}");
    }
}

#[test]
fn instants_are_read_in_every_spelling() {
    let expected: Timestamp = "2026-05-01T00:00:00Z".parse().unwrap();
    for raw in [
        "2026-05-01T00:00:00Z",
        "2026-05-01T00:00:00.000Z",
        "2026-05-01T00:00:00.000000Z",
        "2026-05-01T02:00:00+02:00",
        "2026-04-30T19:00:00.000-0500",
        "2026-05-01T00:00:00",
        "2026-05-01 00:00:00.000",
        "2026-05-01",
        "1777593600000",
        " 2026-05-01 ",
    ] {
        assert_eq!(instant(Some(raw)), Property::Value(expected), "{raw}");
    }
}

#[test]
fn what_may_mean_two_instants_means_none() {
    for raw in [
        "1777593600",     // seconds
        "20260501",       // a day
        "202605010930",   // a minute
        "17775936000000", // who knows
        "01/05/2026",     // the first of May, or the fifth of January
        "2026-05-01T00:00[Europe/Berlin]",
        "2026-13-01",
        "2026-02-30",
        "2026-05-01T25:00:00Z",
        "2026-05-01T00:00:00+99:00",
        "May 1, 2026",
        "-1777593600000",
        "1777593600000.5",
        "now",
    ] {
        assert!(
            is_kept(&instant(Some(raw)), raw),
            "{raw}: {:?}",
            instant(Some(raw))
        );
    }
}

#[test]
fn booleans_are_text() {
    assert_eq!(boolean(Some("true")), Property::Value(true));
    assert_eq!(boolean(Some("FALSE")), Property::Value(false));
    for raw in ["yes", "1", "0", "truee", "wahr"] {
        assert!(is_kept(&boolean(Some(raw)), raw), "{raw}");
    }
}

/// From 2000 on, as far as milliseconds are read.
fn milliseconds() -> impl Strategy<Value = i64> {
    946_684_800_000_i64..=9_999_999_999_999
}

/// What comes: numbers, instants and flags in all spellings, nothing in all spellings, and
/// anything that looks like one of them.
fn values() -> impl Strategy<Value = String> {
    let flag = "[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]";
    let blank = "[ \\t\\n]{0,4}";
    prop_oneof![
        "\\PC{0,24}|[-+0-9.,eE_ ]{0,16}|[-0-9T:Z+. ]{0,28}",
        flag,
        (blank, flag, blank).prop_map(|(before, flag, after)| format!("{before}{flag}{after}")),
        blank,
        "0|1|yes|no|null|true,false",
        milliseconds().prop_map(|instant| instant.to_string()),
        (blank, any::<i32>(), 0_u32..=9).prop_map(|(before, whole, scale)| {
            format!("{before}{}", Decimal::new(i64::from(whole), scale))
        }),
    ]
}

proptest! {
    #[test]
    fn flags_are_read_whatever_their_case_and_no_null_is_a_flag(
        flag in any::<bool>(),
        cases in proptest::collection::vec(any::<bool>(), 5),
        is_null in any::<bool>(),
    ) {
        let spelled: String = flag
            .to_string()
            .chars()
            .zip(cases)
            .map(|(letter, upper)| if upper { letter.to_ascii_uppercase() } else { letter })
            .collect();
        let raw = (!is_null).then_some(&*spelled);
        let expected = if is_null { Property::Absent } else { Property::Value(flag) };
        prop_assert_eq!(boolean(raw), expected);
    }

    #[test]
    fn an_amount_comes_back_as_it_was_written(mantissa in any::<i64>(), scale in 0_u32..=18) {
        let amount = Decimal::try_from_i128_with_scale(i128::from(mantissa), scale).unwrap();
        prop_assert_eq!(decimal(Some(&amount.to_string())), Property::Value(amount));
        let scientific = format!("{mantissa}e-{scale}");
        prop_assert_eq!(decimal(Some(&scientific)), Property::Value(amount));
    }

    #[test]
    fn an_instant_is_the_same_in_all_spellings(
        millisecond in milliseconds(),
        offset_minutes in -14 * 60_i32..=14 * 60,
    ) {
        let expected = Timestamp::from_millisecond(millisecond).unwrap();
        let read = |raw: String| instant(Some(&raw));
        prop_assert_eq!(read(millisecond.to_string()), Property::Value(expected));
        prop_assert_eq!(read(expected.to_string()), Property::Value(expected));
        let milliseconds = expected.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        prop_assert_eq!(read(milliseconds), Property::Value(expected));
        let offset = jiff::tz::Offset::from_seconds(offset_minutes * 60).unwrap();
        let local = offset.to_datetime(expected);
        let sign = if offset_minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
        let spelled = format!("{local}{sign}{hours:02}:{minutes:02}");
        prop_assert_eq!(read(spelled), Property::Value(expected));
    }

    /// Whatever comes: nothing only for blanks, what is not read is kept whole, and what
    /// is read says the same when it is written again.
    #[test]
    fn nothing_is_lost_or_made_up(raw in values()) {
        let is_blank = raw.trim().is_empty();
        match decimal(Some(&raw)) {
            Property::Absent => prop_assert!(is_blank),
            Property::Unreadable { raw: kept, .. } => prop_assert_eq!(&kept, &raw),
            Property::Value(amount) => {
                let double: f64 = raw.trim().parse().unwrap();
                let read: f64 = amount.to_string().parse().unwrap();
                let tolerance = double.abs() * 1e-12;
                prop_assert!((double - read).abs() <= tolerance, "{} for {}", amount, raw);
            }
        }
        match instant(Some(&raw)) {
            Property::Absent => prop_assert!(is_blank),
            Property::Unreadable { raw: kept, .. } => prop_assert_eq!(&kept, &raw),
            Property::Value(read) => {
                prop_assert_eq!(instant(Some(&read.to_string())), Property::Value(read));
            }
        }
        match boolean(Some(&raw)) {
            Property::Absent => prop_assert!(is_blank),
            Property::Unreadable { raw: kept, .. } => prop_assert_eq!(&kept, &raw),
            Property::Value(read) => {
                prop_assert_eq!(raw.trim().to_lowercase(), read.to_string());
            }
        }
        match text(Some(&raw)) {
            Property::Absent => prop_assert!(is_blank),
            Property::Unreadable { .. } => prop_assert!(false, "text is always readable"),
            Property::Value(read) => prop_assert_eq!(read, raw),
        }
    }
}
