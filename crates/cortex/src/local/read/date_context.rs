//! The dates of a whole call: a day without its week or month may mean that of the date
//! named before. Twin of `of_call` in `training/reading/dates.py`.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{self, plus, weekday};
use super::dates::{Said, dates, phrase_at};

/// Sentences after a date or month in which a day without one may mean its week or its
/// month.
const WEEK: usize = 6;
const MONTH: usize = 8;

/// The dates of each sentence of a call, given its tokens. A day alone is also what it means
/// beside the date or month named last: "Friday" after "next Thursday", "the nineteenth"
/// after "end of June", "the same day".
pub(super) fn of_call<'a>(
    spoken: impl Iterator<Item = &'a [String]>,
    today: Date,
) -> Vec<Vec<Said>> {
    let mut last: Option<(usize, Date)> = None;
    let mut month: Option<(usize, Date)> = None;
    let names_month = |tokens: &[String]| tokens.iter().any(|word| calendar::month(word).is_some());
    let sentences = spoken.enumerate().map(|(at, tokens)| {
        let near = |named: Option<(usize, Date)>, reach: usize| {
            named.and_then(|(other, date)| (at - other <= reach).then_some(date))
        };
        let mut found = Vec::new();
        for said in dates(tokens, today) {
            let words = &tokens[said.at.clone()];
            let day = words.first().and_then(|word| weekday(word));
            let other = match day {
                Some(day) if words.len() == 1 => near(last, WEEK)
                    .and_then(|anchor| in_week_of(tokens, said.at.start, day, anchor)),
                None if said.exactness == 3 && !names_month(words) => near(month, MONTH)
                    .and_then(|of| Date::new(of.year(), of.month(), said.date.day()).ok()),
                _ => None,
            };
            let other = other.filter(|date| *date > today && *date != said.date);
            let other = other.map(|date| Said {
                date,
                ..said.clone()
            });
            found.push(said);
            found.extend(other);
        }
        for start in 0..tokens.len() {
            let is_same = ["same day", "that day"]
                .iter()
                .any(|phrase| phrase_at(tokens, start, phrase).is_some());
            if let Some(date) = near(last, MONTH).filter(|_| is_same) {
                found.push(Said {
                    date,
                    at: start..start + 2,
                    exactness: 2,
                });
            }
        }
        for said in found.iter().filter(|said| said.date > today) {
            last = Some((at, said.date));
            if names_month(&tokens[said.at.clone()]) {
                month = last;
            }
        }
        found
    });
    sentences.collect()
}

/// The bare day of the week beside a date: of the same week, or after it when it is "the
/// Monday" or "the Monday after".
fn in_week_of(tokens: &[String], at: usize, day: Weekday, anchor: Date) -> Option<Date> {
    let before = at
        .checked_sub(1)
        .map_or("", |before| tokens[before].as_str());
    if matches!(before, "next" | "this" | "coming" | "last") {
        return None;
    }
    let zero_based = |day: Weekday| i64::from(day.to_monday_zero_offset());
    let same = plus(
        anchor,
        (zero_based(day) - zero_based(anchor.weekday())).days(),
    )?;
    let is_later = before == "the"
        || tokens.get(at + 1).is_some_and(|word| word == "after")
        || zero_based(anchor.weekday()) >= 5;
    if same <= anchor && is_later {
        plus(same, 7.days())
    } else {
        Some(same)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::sentence::tokens;
    use super::*;

    #[test]
    fn a_day_alone_may_be_of_the_week_or_month_named_before() {
        // A Thursday.
        let today = date(2026, 9, 3);
        for (call, expected) in [
            (["Next Thursday?", "Friday then."], "2026-09-11"),
            (["On the thirtieth.", "So the Monday?"], "2026-10-05"),
            (
                ["Before the end of November.", "The nineteenth?"],
                "2026-11-19",
            ),
            (
                ["You have it on Monday.", "Mine comes the same day."],
                "2026-09-07",
            ),
        ] {
            let tokens = call.map(tokens);
            let said = of_call(tokens.iter().map(Vec::as_slice), today);
            let days = said[1].iter().map(|said| said.date.to_string());
            assert!(
                days.collect::<Vec<_>>().contains(&expected.to_owned()),
                "{call:?}"
            );
        }
        let alone = of_call([tokens("Friday then.").as_slice()].into_iter(), today);
        assert_eq!(alone[0].len(), 1);
    }
}
