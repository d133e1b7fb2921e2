//! Dates as people say them on a call, resolved from the call's own date.
//!
//! Always the coming one: "Friday" is the next Friday after the call, "the tenth" the
//! next tenth, "before Friday" the day before it, "this week" its Friday. What names no
//! day ("in the spring", "at some point") is no date.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{
    NUMBERS, day_in_month, day_number, in_next_week, month, next_day_of_month, next_such_day,
    ordinal, plus, position, weekday,
};

/// A date among the tokens of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) date: Date,
    /// Where it stands among the tokens.
    pub(super) at: Range<usize>,
    /// How exactly it names a day: 3 with the day of the month, 2 by the day of the week
    /// or its distance, 1 by the end of a span, 0 in passing ("right after this").
    pub(super) exactness: u8,
}

/// What is done on the day of the call.
const TODAY: [&str; 28] = [
    "today",
    "tonight",
    "this afternoon",
    "this evening",
    "this morning",
    "right after this",
    "straight after this",
    "after this call",
    "after the call",
    "after we hang up",
    "as we hang up",
    "when we hang up",
    "when we're off",
    "in a minute",
    "in ten minutes",
    "in five minutes",
    "in two minutes",
    "in like two minutes",
    "in an hour or so",
    "within the hour",
    "in an hour",
    "end of day",
    "end of the day",
    "before lunch",
    "by lunch",
    "after this",
    "give me an hour",
    "before i go home",
];

/// Every date in a sentence, in its order.
pub(super) fn dates(tokens: &[String], today: Date) -> Vec<Said> {
    let mut found: Vec<Said> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match date_at(tokens, at, today) {
            Some((date, length, exactness)) => {
                let said = Said {
                    date,
                    at: at..at + length,
                    exactness,
                };
                at += length;
                match found.last_mut() {
                    Some(last) if belongs_to(last, &said, tokens) => {
                        last.at.end = said.at.end;
                        last.date = said.date;
                        last.exactness = said.exactness;
                    }
                    _ => found.push(said),
                }
            }
            None => at += 1,
        }
    }
    found
}

/// "Friday, the tenth" and "tomorrow, Wednesday" are one date, the more exact one.
fn belongs_to(last: &Said, next: &Said, tokens: &[String]) -> bool {
    let between = tokens.get(last.at.end..next.at.start).unwrap_or_default();
    let is_close = between
        .iter()
        .all(|word| matches!(word.as_str(), "the" | "morning" | "so" | "on"));
    is_close && next.exactness > last.exactness && last.exactness > 0
}

fn date_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(at + place).map_or("", String::as_str);
    if let Some(length) = TODAY
        .iter()
        .find_map(|phrase| phrase_at(tokens, at, phrase))
    {
        // "Friday end of day" is Friday.
        let is_of_another = phrase_at(tokens, at, "end of").is_some()
            && (day_near(tokens, at.checked_sub(1)) || day_near(tokens, Some(at + length)));
        let exactness = if word(0) == "today" { 2 } else { 0 };
        return (!is_of_another).then_some((today, length, exactness));
    }
    if phrase_at(tokens, at, "day after tomorrow").is_some() {
        return Some((plus(today, 2.days())?, 3, 2));
    }
    if word(0) == "tomorrow" {
        return Some((plus(today, 1.day())?, 1, 2));
    }
    if word(0) == "before"
        && let the = usize::from(word(1) == "the")
        // "Before the tenth", "before the Friday".
        && let Some((date, length, exactness)) = date_at(tokens, at + 1, today).or_else(|| {
            let (date, length, exactness) = date_at(tokens, at + 1 + the, today)?;
            Some((date, length + the, exactness))
        })
        && exactness >= 2
        && !is_possessive(word(length))
        && !matches!(word(1 + the), "today" | "tomorrow")
    {
        return Some((plus(date, -1.day())?, length + 1, exactness));
    }
    weekday_at(tokens, at, today)
        .or_else(|| month_at(tokens, at, today))
        .or_else(|| day_of_month_at(tokens, at, today))
        .or_else(|| span_at(tokens, at, today))
}

fn day_near(tokens: &[String], at: Option<usize>) -> bool {
    let word = at.and_then(|at| tokens.get(at));
    word.is_some_and(|word| word == "tomorrow" || weekday(word).is_some())
}

fn is_possessive(word: &str) -> bool {
    word.ends_with("'s")
}

/// "Friday", "next Friday", "Friday week", "Friday next week", "Friday the tenth".
fn weekday_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(at + place).map_or("", String::as_str);
    let lead = usize::from(matches!(word(0), "next" | "this" | "coming"));
    let day = weekday(word(lead))?;
    let coming = today.nth_weekday(1, day).ok()?;
    let after = lead + 1;
    let the = usize::from(word(after) == "the");
    if let Some((number, length)) = day_number(tokens, at + after + the)
        && (the == 1 || length == 2 || ordinal(word(after)).is_some())
        && let Some(date) = next_such_day(today, day, number)
    {
        let end = after + the + length;
        let named = month_after(tokens, at + end, number, today);
        return Some(named.map_or((date, end, 3), |(date, more)| (date, end + more, 3)));
    }
    if phrase_at(tokens, at + after, "next week").is_some() {
        return Some((in_next_week(today, day)?, after + 2, 2));
    }
    if word(after) == "week" {
        return Some((plus(coming, 7.days())?, after + 1, 2));
    }
    if word(0) == "next" {
        return Some((in_next_week(today, day)?, 2, 2));
    }
    Some((coming, after, 2))
}

/// "May the seventh", "third of July", "end of May", "middle of June".
fn month_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(at + place).map_or("", String::as_str);
    if word(0) == "week" && word(1) == "of" {
        // Some day of that week: its Friday at the latest.
        let the = usize::from(word(2) == "the");
        let named =
            month_at(tokens, at + 2 + the, today).map(|(date, length, _)| (date, length + the));
        let numbered =
            || day_of_month_at(tokens, at + 2, today).map(|(date, length, _)| (date, length));
        if let Some((date, length)) = named.or_else(numbered) {
            let to_friday = 4 - date.weekday().to_monday_zero_offset();
            return Some((
                plus(date, i64::from(to_friday.max(0)).days())?,
                length + 2,
                1,
            ));
        }
    }
    if phrase_at(tokens, at, "first week of").is_some()
        && let Some(named) = month(word(3))
    {
        let first = day_in_month(today, named, 1, false)?;
        let to_friday = (4 - first.weekday().to_monday_zero_offset()).rem_euclid(7);
        return Some((plus(first, i64::from(to_friday).days())?, 4, 1));
    }
    for (phrase, day) in [("end of", 31), ("middle of", 15), ("mid", 15)] {
        let Some(length) = phrase_at(tokens, at, phrase) else {
            continue;
        };
        if let Some(month) = month(word(length)) {
            return Some((day_in_month(today, month, day, true)?, length + 1, 1));
        }
    }
    if let Some(named) = month(word(0)) {
        let the = usize::from(word(1) == "the");
        let (day, length) = day_number(tokens, at + 1 + the)?;
        return Some((day_in_month(today, named, day, false)?, 1 + the + length, 3));
    }
    let (day, length) = day_number(tokens, at)?;
    let (date, more) = month_after(tokens, at + length, day, today)?;
    Some((date, length + more, 3))
}

/// The rest of "third of July", after the day; in "the third and fourth of July" the month is
/// said once.
fn month_after(tokens: &[String], at: usize, day: i8, today: Date) -> Option<(Date, usize)> {
    if tokens
        .get(at)
        .is_some_and(|word| word == "and" || word == "or")
    {
        let the = usize::from(tokens.get(at + 1).is_some_and(|word| word == "the"));
        let (_, length) = day_number(tokens, at + 1 + the)?;
        let (date, _) = month_after(tokens, at + 1 + the + length, day, today)?;
        return Some((date, 0));
    }
    let of = usize::from(tokens.get(at).is_some_and(|word| word == "of"));
    let named = month(tokens.get(at + of)?)?;
    Some((day_in_month(today, named, day, false)?, of + 1))
}

/// "the tenth", "on the twenty first".
fn day_of_month_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(at + place).map_or("", String::as_str);
    let Some((day, length)) = day_number(tokens, at + 1).filter(|_| word(0) == "the") else {
        return bare_day_at(tokens, at, today);
    };
    if let Some((date, more)) = month_after(tokens, at + 1 + length, day, today) {
        return Some((date, 1 + length + more, 3));
    }
    let is_ordinal = length == 2
        || ordinal(word(1)).is_some()
        || word(1) == "twentieth"
        || word(1) == "thirtieth";
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let before = before.map_or("", String::as_str);
    let is_led = matches!(
        before,
        "on" | "by" | "until" | "till" | "for" | "of" | "before" | "from"
    );
    // "the first thing", "the second one", and the like.
    if !is_ordinal || (day <= 5 && !is_led) {
        return None;
    }
    let is_noun = matches!(
        word(1 + length),
        "thing"
            | "one"
            | "time"
            | "step"
            | "week"
            | "month"
            | "year"
            | "quarter"
            | "half"
            | "floor"
            | "call"
            | "part"
    );
    if is_noun && length == 1 {
        return None;
    }
    Some((next_day_of_month(today, day)?, 1 + length, 3))
}

/// "Eighteenth at nine", "twenty sixth": an ordinal that begins an answer and counts
/// nothing.
fn bare_day_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(place).map_or("", String::as_str);
    let (day, length) = day_number(tokens, at)?;
    let before = at.checked_sub(1).map_or("", word);
    let begins = matches!(
        before,
        "" | "so" | "then" | "by" | "on" | "okay" | "yes" | "yeah"
    );
    let stands_alone = matches!(
        word(at + length),
        "" | "at" | "then" | "is" | "it" | "work" | "works" | "yes" | "latest"
    );
    let is_said = word(at).starts_with(|first: char| first.is_ascii_alphabetic());
    if day < 6 || !begins || !stands_alone || !is_said {
        return None;
    }
    Some((next_day_of_month(today, day)?, length, 3))
}

/// "this week", "next week Thursday", "in two weeks", "end of the month".
fn span_at(tokens: &[String], at: usize, today: Date) -> Option<(Date, usize, u8)> {
    let word = |place: usize| tokens.get(at + place).map_or("", String::as_str);
    if phrase_at(tokens, at, "next week").is_some() {
        let on = usize::from(word(2) == "on");
        return Some((in_next_week(today, weekday(word(2 + on))?)?, 3 + on, 2));
    }
    let friday = |in_weeks: i64| {
        let monday = plus(
            today,
            -i64::from(today.weekday().to_monday_zero_offset()).days(),
        )?;
        plus(monday, (7 * in_weeks + 4).days())
    };
    for (phrase, weeks) in [
        ("end of next week", 1),
        ("end of the week", 0),
        ("end of this week", 0),
        ("end of week", 0),
        ("this week", 0),
    ] {
        if let Some(length) = phrase_at(tokens, at, phrase) {
            return Some((friday(weeks)?, length, 1));
        }
    }
    for phrase in ["end of the month", "end of this month", "month end"] {
        if let Some(length) = phrase_at(tokens, at, phrase) {
            return Some((today.last_of_month(), length, 1));
        }
    }
    if phrase_at(tokens, at, "a week from today").is_some() {
        return Some((plus(today, 7.days())?, 4, 2));
    }
    let is_distance = word(0) == "in" || word(0) == "within";
    let (count, length) = match (
        word(usize::from(is_distance)),
        word(usize::from(is_distance) + 1),
    ) {
        ("a" | "one", "couple") => (
            2,
            2 + usize::from(word(usize::from(is_distance) + 2) == "of"),
        ),
        ("a" | "one", "fortnight") => (2, 1),
        ("a", _) => (1, 1),
        (number, _) => (position(&NUMBERS, number)? + 1, 1),
    };
    let unit = usize::from(is_distance) + length;
    let from = unit + 1 + usize::from(word(unit + 1) == "from");
    let is_from_today = word(from) == "today" || (from > unit + 1 && word(from) == "now");
    if !is_distance && !is_from_today {
        return None;
    }
    let count = i64::from(count);
    let span = match word(unit) {
        "day" | "days" => count.days(),
        "week" | "weeks" => count.weeks(),
        "fortnight" => 2.weeks(),
        "month" | "months" => count.months(),
        _ => return None,
    };
    // "From today" belongs to it, and is no date of its own.
    let length = if is_from_today { from + 1 } else { unit + 1 };
    Some((plus(today, span)?, length, 2))
}

/// Tokens of a phrase, when it stands there.
pub(super) fn phrase_at(tokens: &[String], at: usize, phrase: &str) -> Option<usize> {
    // Nearly every token begins another word than the phrase, whose words need not be found then.
    if tokens.get(at)?.as_bytes().first() != phrase.as_bytes().first() {
        return None;
    }
    let mut length = 0;
    for word in phrase.split(' ') {
        if tokens.get(at + length)? != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sentence::tokens;
    use super::*;

    #[test]
    fn dates_are_the_coming_ones() {
        // A Tuesday.
        let today = date(2026, 4, 21);
        for (said, expected) in [
            ("I'll send it tomorrow, end of day.", Some("2026-04-22")),
            ("By Friday.", Some("2026-04-24")),
            ("Tuesday, same time?", Some("2026-04-28")),
            ("by next Wednesday", Some("2026-04-29")),
            ("Tuesday next week at ten", Some("2026-04-28")),
            ("by Thursday week", Some("2026-04-30")),
            ("before Friday", Some("2026-04-23")),
            ("before Friday's committee", Some("2026-04-24")),
            ("Monday the fourth", Some("2026-05-04")),
            ("Wednesday, the twenty-ninth", Some("2026-04-29")),
            ("the third of July", Some("2026-07-03")),
            ("May the fourteenth", Some("2026-05-14")),
            ("on January 9th", Some("2027-01-09")),
            ("the nineteenth works", Some("2026-05-19")),
            ("by the end of the week", Some("2026-04-24")),
            ("by the end of next week", Some("2026-05-01")),
            ("end of May", Some("2026-05-31")),
            ("in a couple of weeks", Some("2026-05-05")),
            ("two weeks from today", Some("2026-05-05")),
            ("in ten days", Some("2026-05-01")),
            ("the nineteenth of June", Some("2026-06-19")),
            ("before the twenty fourth", Some("2026-04-23")),
            ("the week of May the eleventh", Some("2026-05-15")),
            ("Twenty ninth at nine.", Some("2026-04-29")),
            ("the twenty third, half ten", Some("2026-04-23")),
            ("this afternoon", Some("2026-04-21")),
            ("next week Thursday", Some("2026-04-30")),
            ("next week on Monday", Some("2026-04-27")),
            ("the first week of September", Some("2026-09-04")),
            ("the eighth and ninth of July", Some("2026-07-09")),
            ("Friday the twelfth", Some("2026-06-12")),
            ("Twelfth'd work.", Some("2026-05-12")),
            ("in like two minutes", Some("2026-04-21")),
            ("right after this call", Some("2026-04-21")),
            ("the first thing is the price", None),
            ("two weeks of work", None),
            ("in the spring", None),
            ("a second one", None),
            ("you may three times", None),
        ] {
            let found = dates(&tokens(said), today);
            let found = found.iter().max_by_key(|said| said.exactness);
            assert_eq!(
                found.map(|said| said.date.to_string()).as_deref(),
                expected,
                "{said}"
            );
        }
    }

    #[test]
    fn a_day_that_a_month_lacks_is_in_the_next_one() {
        let said = dates(&tokens("on the thirty first"), date(2026, 4, 21));
        assert_eq!(said[0].date, date(2026, 5, 31));
        assert!(
            dates(&tokens("on the 31st of June"), date(2026, 4, 21))
                .iter()
                .all(|said| said.exactness < 3 || said.date.month() != 6)
        );
    }
}
