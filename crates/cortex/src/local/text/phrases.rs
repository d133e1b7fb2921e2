//! Tables of phrases, found by their stems.

use std::collections::HashMap;
use std::ops::Range;

use super::stems::Stemming;
use super::words::words;

/// Most words that a `*` stands for.
const WIDEST_GAP: usize = 3;

/// Phrases with weights, one a line: `phrase` or `phrase<TAB>weight`, weight from 0
/// to 1, 1 when left out. `*` stands for up to three words. Lines that begin with
/// `#` are remarks. Words match in every inflection that shares their stem.
pub(crate) struct PhraseTable {
    by_first_stem: HashMap<String, Vec<Phrase>>,
}

struct Phrase {
    rest: Vec<Part>,
    weight: f64,
}

enum Part {
    Stem(String),
    Gap,
}

/// Where a phrase was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseMatch {
    /// Positions of the words that matched.
    pub(crate) words: Range<usize>,
    /// The phrase's weight.
    pub(crate) weight: f64,
}

impl PhraseTable {
    /// Reads a table.
    pub(crate) fn parse(table: &str) -> Self {
        let mut stemming = Stemming::new();
        let mut by_first_stem: HashMap<String, Vec<Phrase>> = HashMap::new();
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (phrase, weight) = line.split_once('\t').unwrap_or((line, "1"));
            let mut parts = phrase.split_whitespace().flat_map(|part| {
                if part == "*" {
                    vec![Part::Gap]
                } else {
                    words(part)
                        .map(|word| Part::Stem(stemming.stem(word).to_owned()))
                        .collect()
                }
            });
            if let Some(Part::Stem(first)) = parts.next() {
                let rest = parts.collect();
                let weight = weight.trim().parse().unwrap_or(1.0);
                let phrases = by_first_stem.entry(first).or_default();
                phrases.push(Phrase { rest, weight });
            }
        }
        Self { by_first_stem }
    }

    /// Every phrase found in a sentence's stems, in order; of those that begin at
    /// the same word, the weightiest and then the longest.
    pub(crate) fn find(&self, stems: &[String]) -> Vec<PhraseMatch> {
        (0..stems.len())
            .filter_map(|start| self.find_at(stems, start))
            .collect()
    }

    /// The phrase that begins at a word.
    pub(crate) fn find_at(&self, stems: &[String], start: usize) -> Option<PhraseMatch> {
        let phrases = self.by_first_stem.get(stems.get(start)?)?;
        phrases
            .iter()
            .filter_map(|phrase| {
                let end = end_of(&phrase.rest, stems, start + 1)?;
                Some(PhraseMatch {
                    words: start..end,
                    weight: phrase.weight,
                })
            })
            .max_by(|left, right| {
                left.weight
                    .total_cmp(&right.weight)
                    .then(left.words.end.cmp(&right.words.end))
            })
    }
}

/// One past the last word, if the parts match from a word on.
fn end_of(parts: &[Part], stems: &[String], at: usize) -> Option<usize> {
    match parts.split_first() {
        None => Some(at),
        Some((Part::Stem(stem), rest)) => {
            (stems.get(at)? == stem).then(|| end_of(rest, stems, at + 1))?
        }
        Some((Part::Gap, rest)) => (at..=at + WIDEST_GAP)
            .filter(|next| *next <= stems.len())
            .find_map(|next| end_of(rest, stems, next)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(table: &str, text: &str) -> Vec<(Range<usize>, f64)> {
        let stems = Stemming::new().stems(text);
        let matches = PhraseTable::parse(table).find(&stems);
        matches
            .into_iter()
            .map(|found| (found.words, found.weight))
            .collect()
    }

    #[test]
    fn phrases_match_in_every_inflection() {
        let table = "# what it costs\nprice\t0.5\ntoo expensive\n";
        assert_eq!(
            found(table, "Your pricing is too expensive."),
            [(1..2, 0.5), (3..5, 1.0)]
        );
    }

    #[test]
    fn a_star_stands_for_up_to_three_words() {
        let table = "not * budget";
        assert_eq!(found(table, "not in the budget"), [(0..4, 1.0)]);
        assert_eq!(found(table, "not budget"), [(0..2, 1.0)]);
        assert!(found(table, "not in this or next budget").is_empty());
    }
}
