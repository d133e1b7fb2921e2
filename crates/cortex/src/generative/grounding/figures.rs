//! Numbers in a claim, and whether they were said.

use std::collections::HashSet;

use super::normal::normal_words;

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// The numbers that some texts hold.
///
/// A claim in a model's own words cannot be compared word for word with what was
/// said. Its figures can: a price, a date or a count that nobody named is made up.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    written: HashSet<String>,
    words: HashSet<String>,
}

impl Figures {
    /// The figures of all texts together.
    pub(crate) fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut figures = Self::default();
        for text in texts {
            figures.written.extend(written(text));
            figures
                .words
                .extend(normal_words(text).into_iter().map(|word| word.normal));
        }
        figures
    }

    /// Whether every figure of a claim is among these, in digits or, up to 99, in
    /// English words.
    pub(crate) fn cover(&self, claim: &str) -> bool {
        written(claim).iter().all(|figure| {
            self.written.contains(figure) || figure.parse().is_ok_and(|value| self.spell(value))
        })
    }

    fn spell(&self, value: usize) -> bool {
        let says = |word: &str| self.words.contains(word);
        match (value / 10, value % 10) {
            _ if value < ONES.len() => says(ONES[value]),
            (tens, _) if tens >= TENS.len() => false,
            (tens, 0) => says(TENS[tens]),
            (tens, ones) => says(TENS[tens]) && says(ONES[ones]),
        }
    }
}

/// Runs of digits, with points and without the commas that part thousands.
fn written(text: &str) -> Vec<String> {
    let is_part = |symbol: char| symbol.is_ascii_digit() || matches!(symbol, '.' | ',');
    text.split(|symbol: char| !is_part(symbol))
        .map(|run| run.trim_matches(['.', ',']))
        .filter(|run| !run.is_empty())
        .flat_map(|run| match has_parted_thousands(run) {
            true => vec![run.replace(',', "")],
            false => run.split(',').map(str::to_owned).collect(),
        })
        .filter(|figure| !figure.is_empty())
        .collect()
}

/// Whether every comma is followed by exactly three digits, as in `1,250,000.50`.
fn has_parted_thousands(run: &str) -> bool {
    let whole = run.split('.').next().unwrap_or_default();
    whole.split(',').skip(1).all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_covered_in_digits_and_words_and_not_otherwise() {
        let said = Figures::of([
            "It's $3,500 for twenty five seats, 3.5% less in Q3.",
            "So ten.",
        ]);
        for (claim, covered) in [
            ("no figures at all", true),
            ("3500 dollars for 25 seats", true),
            ("$3,500, and 3.5% off in Q3.", true),
            ("10 or 20 seats", true),
            ("$3,600", false),
            ("35%", false),
            ("50 seats", false),
            ("in Q4", false),
            ("3.500", false),
        ] {
            assert_eq!(said.cover(claim), covered, "{claim}");
        }
    }

    #[test]
    fn commas_part_thousands_or_numbers() {
        assert_eq!(
            written("1,250,000.50 and 1,2,3."),
            ["1250000.50", "1", "2", "3"]
        );
    }
}
