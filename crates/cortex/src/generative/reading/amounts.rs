//! Figures of a claim, and whether they were said, in digits or in spoken words.
//!
//! "Forty-eight k", "one six seven four" and "fifty two seven" are how prices are said.
//! A figure counts as said when it has the digits of one that was said, whatever the
//! power of ten: a claim that names 48,000 where "forty eight" was said is not invented.

use std::collections::HashSet;

/// Longest run of number words that is read as one figure.
const LONGEST_RUN: usize = 10;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Figures that were said.
#[derive(Debug, Clone, Default)]
pub(in crate::generative) struct Amounts {
    /// Their digits without zeros at the ends and without the point.
    digits: HashSet<String>,
    /// Their values, for those of one digit.
    values: HashSet<u64>,
}

impl Amounts {
    /// The figures of all texts together.
    pub(in crate::generative) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut amounts = Self::default();
        for text in texts {
            let tokens = tokens(text);
            let numbers: Vec<Option<Number>> = tokens.iter().map(|token| number(token)).collect();
            for run in numbers.split(Option::is_none) {
                let run: Vec<&Number> = run.iter().flatten().collect();
                // "A hundred" begins with its unit; the unit of "two hundred" is none of its own.
                let begins = |from: &usize| *from == 0 || !matches!(run[*from], Number::Unit(_));
                for from in (0..run.len()).filter(begins) {
                    for length in 1..=LONGEST_RUN.min(run.len() - from) {
                        amounts.add(&run[from..from + length]);
                    }
                }
            }
        }
        amounts
    }

    /// These and others.
    pub(in crate::generative) fn with(mut self, others: &Self) -> Self {
        self.digits.extend(others.digits.iter().cloned());
        self.values.extend(&others.values);
        self
    }

    /// Whether every figure of a claim is among these. Dates and times of day are left
    /// out: a claim may count them from the date of the call.
    pub(in crate::generative) fn cover(&self, claim: &str) -> bool {
        let tokens = tokens(claim);
        (0..tokens.len()).all(|at| {
            let token = tokens[at].as_str();
            let is_figure = token.starts_with(|symbol: char| symbol.is_ascii_digit());
            !is_figure || is_of_a_date(&tokens, at) || self.has(token)
        })
    }

    /// Whether every number of a claim that is spelled in words is among these. Those below
    /// ten, halves and quarters are left out: prose counts with them.
    pub(in crate::generative) fn cover_spelled(&self, claim: &str) -> bool {
        const LEAST: u64 = 10;
        let tokens = tokens(claim);
        let is_prose = |token: &str| {
            matches!(
                token,
                "and" | "point" | "half" | "quarter" | "both" | "k" | "m"
            ) || token.starts_with(|symbol: char| symbol.is_ascii_digit())
        };
        let numbers: Vec<Option<Number>> = tokens
            .iter()
            .map(|token| number(token).filter(|_| !is_prose(token)))
            .collect();
        numbers.split(Option::is_none).all(|run| {
            let run: Vec<&Number> = run.iter().flatten().collect();
            let mut claimed = Self::default();
            if !run.is_empty() {
                claimed.add(&run);
            }
            claimed.values.iter().all(|value| *value < LEAST)
                || !claimed.digits.is_disjoint(&self.digits)
        })
    }

    fn has(&self, figure: &str) -> bool {
        let digits = significant(figure);
        let value = figure.parse::<f64>().ok().and_then(whole);
        match value {
            Some(value) if digits.len() < 2 => [1, 1_000, 1_000_000].iter().any(|unit| {
                self.values.contains(&(value * unit))
                    || (value % unit == 0 && self.values.contains(&(value / unit)))
            }),
            _ => self.digits.contains(&digits),
        }
    }

    /// A run as one figure: as it is counted ("two hundred fifty") and as its digits are
    /// read out ("two fifty").
    fn add(&mut self, run: &[&Number]) {
        let (mut total, mut part, mut read_out) = (0.0, 0.0, String::new());
        let mut is_counted = true;
        for number in run {
            match number {
                Number::Value(value, text) => {
                    is_counted &= goes_on(part, *value);
                    part += value;
                    let is_after_tens =
                        *value < 10.0 && read_out.len() > 1 && read_out.ends_with('0');
                    if is_after_tens {
                        read_out.pop();
                    }
                    read_out.push_str(text);
                }
                Number::Unit(unit) if *unit == 100.0 => part = f64::max(part, 1.0) * unit,
                Number::Unit(unit) => {
                    total += f64::max(part, 1.0) * unit;
                    part = 0.0;
                }
            }
        }
        if is_counted {
            let counted = total + part;
            self.digits.insert(significant(&counted.to_string()));
            self.values.extend(whole(counted));
        }
        self.digits.insert(significant(&read_out));
        self.values.extend(read_out.parse::<u64>().ok());
    }
}

/// Whether a number is counted on by another one, as "forty" is by "eight" and "six" is
/// not by "seven".
fn goes_on(part: f64, value: f64) -> bool {
    let free = match value {
        value if value < 10.0 => part % 10.0 == 0.0 && part % 100.0 != 10.0,
        value if value < 100.0 => part % 100.0 == 0.0,
        _ => part == 0.0,
    };
    free || value == 0.0
}

enum Number {
    Value(f64, String),
    Unit(f64),
}

/// Numbers without the commas that part thousands, and words in lower case.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut symbols = text.chars().peekable();
    let mut last = ' ';
    while let Some(symbol) = symbols.next() {
        let is_next_digit = symbols.peek().is_some_and(char::is_ascii_digit);
        let goes_on = |token: &&mut String| token.starts_with(|first: char| first.is_ascii_digit());
        if symbol.is_ascii_digit() {
            match tokens.last_mut().filter(goes_on) {
                Some(token) if last.is_ascii_digit() || last == ',' || last == '.' => {
                    token.push(symbol)
                }
                _ => tokens.push(symbol.to_string()),
            }
        } else if matches!(symbol, ',' | '.') && last.is_ascii_digit() && is_next_digit {
            if symbol == '.'
                && let Some(token) = tokens.last_mut()
            {
                token.push(symbol);
            }
        } else if symbol.is_alphabetic() {
            match tokens.last_mut() {
                Some(token) if last.is_alphabetic() => token.extend(symbol.to_lowercase()),
                _ => tokens.push(symbol.to_lowercase().collect()),
            }
        } else if matches!(symbol, ':' | '-' | '/') && last.is_ascii_digit() && is_next_digit {
            tokens.push(symbol.to_string());
        }
        last = symbol;
    }
    tokens
}

/// A day beside its month, a year, or a part of `2026-06-30` or `14:30`.
fn is_of_a_date(tokens: &[String], at: usize) -> bool {
    let neighbour = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", String::as_str);
    let (before, after) = (neighbour(at.checked_sub(1)), neighbour(Some(at + 1)));
    let is_ordinal = matches!(after, "st" | "nd" | "rd" | "th");
    let is_month = |word: &str| MONTHS.iter().any(|month| word.starts_with(month));
    let has_mark = |word: &str| matches!(word, ":" | "-" | "/");
    let is_year = tokens[at].len() == 4 && matches!(&tokens[at][..2], "19" | "20");
    let is_hour = matches!(after, "am" | "pm") || before == "at";
    is_month(before)
        || is_month(after)
        || is_ordinal
        || has_mark(before)
        || has_mark(after)
        || is_year
        || is_hour
}

fn number(token: &str) -> Option<Number> {
    if token.starts_with(|symbol: char| symbol.is_ascii_digit()) {
        return token
            .parse()
            .ok()
            .map(|value| Number::Value(value, token.to_owned()));
    }
    let value = match token {
        "zero" | "oh" => 0,
        "one" | "first" | "single" => 1,
        "two" | "second" | "couple" | "twice" | "both" => 2,
        "three" | "third" => 3,
        "four" | "fourth" => 4,
        "five" | "fifth" => 5,
        "six" | "sixth" => 6,
        "seven" | "seventh" => 7,
        "eight" | "eighth" => 8,
        "nine" | "ninth" => 9,
        "ten" | "tenth" => 10,
        "eleven" | "eleventh" => 11,
        "twelve" | "twelfth" | "dozen" => 12,
        "thirteen" | "thirteenth" => 13,
        "fourteen" | "fourteenth" | "fortnight" => 14,
        "fifteen" | "fifteenth" => 15,
        "sixteen" | "sixteenth" => 16,
        "seventeen" | "seventeenth" => 17,
        "eighteen" | "eighteenth" => 18,
        "nineteen" | "nineteenth" => 19,
        "twenty" | "twentieth" => 20,
        "quarter" => 25,
        "thirty" | "thirtieth" => 30,
        "forty" => 40,
        "fifty" | "half" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        "hundred" | "hundreds" => return Some(Number::Unit(100.0)),
        "thousand" | "thousands" | "k" | "grand" => return Some(Number::Unit(1e3)),
        "million" | "millions" | "m" | "mil" => return Some(Number::Unit(1e6)),
        "and" | "point" => return Some(Number::Value(0.0, String::new())),
        _ => return None,
    };
    Some(Number::Value(f64::from(value), value.to_string()))
}

fn significant(figure: &str) -> String {
    let digits: String = figure.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    // 5.0 and 5 are one figure, and so are 50 and 5.
    digits.trim_end_matches('0').to_owned()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Within what was checked.
fn whole(value: f64) -> Option<u64> {
    ((0.0..1e15).contains(&value) && value.fract() == 0.0).then_some(value as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_known_however_they_were_said() {
        let said = Amounts::of([
            "So forty-eight k for the two fifty seats, or one six seven four a month.",
            "Call it fifty two seven, three hundred and ten with VAT. Half of it in ten days.",
            "It's $3,500 or 62.5k, ninety five percent, two thousand four hundred and thirty six.",
        ]);
        for (claim, is_covered) in [
            ("nothing in figures", true),
            ("$48,000 for 250 seats", true),
            ("1,674 a month, 52.7k, 310", true),
            ("50 % within 10 days", true),
            ("3500 or 62,500", true),
            (
                "By 2026-06-30, on June 17, the 9th, in 2027, at 14:30 or 9 am",
                true,
            ),
            ("95%, 2,436", true),
            ("at 7.30 in the evening", true),
            ("49,000", false),
            ("251 seats", false),
            ("8 seats", true),
            ("6 seats and 13 more", false),
            ("7,000", true),
            ("9 percent", false),
        ] {
            assert_eq!(said.clone().cover(claim), is_covered, "{claim}");
        }
    }
}
