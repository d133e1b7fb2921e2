//! Words of dates as numbers, and the coming day that they mean.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

const ORDINALS: [&str; 19] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];

pub(super) const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    let at = position(&WEEKDAYS, word)?;
    Weekday::from_monday_zero_offset(at).ok()
}

pub(super) fn month(word: &str) -> Option<i8> {
    Some(position(&MONTHS, word)? + 1)
}

/// "Seventh", and what it is in "seventh's fine" and "seventh'd work".
pub(super) fn ordinal(word: &str) -> Option<i8> {
    let endings = ["'ll", "'d", "'s"].into_iter();
    let word = endings.fold(word, |word, ending| {
        word.strip_suffix(ending).unwrap_or(word)
    });
    Some(position(&ORDINALS, word)? + 1)
}

/// The day of a month in words or digits, and how many tokens it takes.
pub(super) fn day_number(tokens: &[String], at: usize) -> Option<(i8, usize)> {
    let word = tokens.get(at)?.as_str();
    let next = tokens.get(at + 1).map_or("", String::as_str);
    if let Ok(day) = word.parse::<i8>() {
        let suffix = usize::from(matches!(next, "st" | "nd" | "rd" | "th"));
        return (1..=31).contains(&day).then_some((day, 1 + suffix));
    }
    let tens = match word {
        "twenty" => 20,
        "thirty" => 30,
        "twentieth" => return Some((20, 1)),
        "thirtieth" => return Some((30, 1)),
        word => return ordinal(word).map(|day| (day, 1)),
    };
    let day = tens + ordinal(next).filter(|ones| *ones < 10)?;
    (day <= 31).then_some((day, 2))
}

pub(super) fn position(words: &[&str], word: &str) -> Option<i8> {
    let at = words.iter().position(|known| *known == word)?;
    i8::try_from(at).ok()
}

pub(super) fn plus(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

pub(super) fn in_next_week(today: Date, day: Weekday) -> Option<Date> {
    let back = i64::from(today.weekday().to_monday_zero_offset());
    let on = i64::from(day.to_monday_zero_offset());
    plus(today, (7 - back + on).days())
}

pub(super) fn next_day_of_month(today: Date, day: i8) -> Option<Date> {
    let mut first = today.first_of_month();
    if day < today.day() {
        first = plus(first, 1.month())?;
    }
    // A month without that day has no such date.
    (0..2).find_map(|_| {
        let date = Date::new(first.year(), first.month(), day).ok();
        first = plus(first, 1.month())?;
        date
    })
}

/// "Friday the twelfth": the next twelfth that is a Friday, or the next one when none is
/// within half a year.
pub(super) fn next_such_day(today: Date, weekday: Weekday, day: i8) -> Option<Date> {
    let next = next_day_of_month(today, day)?;
    let end = plus(today, 6.months())?;
    let mut date = Some(next);
    while let Some(found) = date.filter(|found| *found < end) {
        if found.weekday() == weekday {
            return Some(found);
        }
        date = next_day_of_month(plus(found, 1.day())?, day);
    }
    Some(next)
}

/// The coming day of a named month; with `at_most` the last one of a shorter month.
pub(super) fn day_in_month(today: Date, month: i8, day: i8, at_most: bool) -> Option<Date> {
    let in_year = |year: i16| {
        let first = Date::new(year, month, 1).ok()?;
        if at_most {
            let last = first.days_in_month();
            Date::new(year, month, day.min(last)).ok()
        } else {
            Date::new(year, month, day).ok()
        }
    };
    let this_year = in_year(today.year())?;
    if this_year < today {
        in_year(today.year() + 1)
    } else {
        Some(this_year)
    }
}
