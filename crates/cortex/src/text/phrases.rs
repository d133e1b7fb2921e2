//! Tables of phrases, found by their stems.

use std::ops::Range;

use foldhash::{HashMap, HashMapExt};

use super::lower_case::in_lower_case;
use super::stems::Stemming;
use super::words::words;

/// Most words that a `*` stands for.
const WIDEST_GAP: usize = 3;

/// Phrases with weights, one a line: `phrase` or `phrase<TAB>weight`, weight from 0
/// to 1, 1 when left out. `*` stands for up to three words. Lines that begin with
/// `#` are remarks. Words match in every inflection that shares
/// their stem; `=word` matches this form alone, where a stem would join words of
/// different meaning ("expensive" and "expenses").
pub(crate) struct PhraseTable {
    by_first_stem: HashMap<String, Vec<Phrase>>,
    first_stems: Outlines,
}

/// By first byte, the lengths of some stems as bits: tells most other stems apart
/// without looking them up.
struct Outlines([u64; 256]);

impl Outlines {
    fn of<'a>(stems: impl Iterator<Item = &'a str>) -> Self {
        let mut outlines = Self([0; 256]);
        for stem in stems {
            let (first, length) = Self::outline(stem);
            outlines.0[first] |= length;
        }
        outlines
    }

    fn outline(stem: &str) -> (usize, u64) {
        let first = stem.as_bytes().first().copied().unwrap_or_default();
        (usize::from(first), 1 << stem.len().min(63))
    }

    fn may_hold(&self, stem: &str) -> bool {
        let (first, length) = Self::outline(stem);
        self.0[first] & length != 0
    }
}

struct Phrase {
    parts: Vec<Part>,
    weight: f64,
    group: usize,
}

enum Part {
    Stem(String),
    Form(String),
    Gap,
}

/// A sentence's words, and the stem of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stemmed<'a> {
    pub(crate) words: &'a [&'a str],
    pub(crate) stems: &'a [&'a str],
}

/// Where a phrase was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PhraseMatch {
    /// Positions of the words that matched.
    pub(crate) words: Range<usize>,
    /// The phrase's weight.
    pub(crate) weight: f64,
    /// Position of the phrase's table among those that were read together.
    pub(crate) group: usize,
}

impl PhraseTable {
    /// Reads a table.
    pub(crate) fn parse(table: &str) -> Self {
        Self::parse_groups([table])
    }

    /// Reads several tables into one, which remembers where each phrase came from.
    pub(crate) fn parse_groups<T: AsRef<str>>(tables: impl IntoIterator<Item = T>) -> Self {
        let mut stemming = Stemming::new();
        let mut by_first_stem: HashMap<String, Vec<Phrase>> = HashMap::new();
        for (group, table) in tables.into_iter().enumerate() {
            let lines = table.as_ref().lines();
            for line in lines.filter(|line| !line.starts_with('#')) {
                let (phrase, weight) = line.split_once('\t').unwrap_or((line, "1"));
                let parts = parts(phrase, &mut stemming);
                let first = match parts.first() {
                    Some(Part::Stem(stem)) => stem.clone(),
                    Some(Part::Form(word)) => stemming.stem(word).to_owned(),
                    Some(Part::Gap) | None => continue,
                };
                by_first_stem.entry(first).or_default().push(Phrase {
                    parts,
                    weight: weight.trim().parse().unwrap_or(1.0),
                    group,
                });
            }
        }
        Self {
            first_stems: Outlines::of(by_first_stem.keys().map(String::as_str)),
            by_first_stem,
        }
    }

    /// Every phrase found in a sentence's stems, in order; of those that begin at
    /// the same word, the weightiest and then the longest.
    pub(crate) fn find(&self, sentence: Stemmed<'_>) -> Vec<PhraseMatch> {
        (0..sentence.stems.len())
            .filter_map(|start| self.find_at(sentence, start))
            .collect()
    }

    /// The phrase that begins at a word.
    pub(crate) fn find_at(&self, sentence: Stemmed<'_>, start: usize) -> Option<PhraseMatch> {
        let first = *sentence.stems.get(start)?;
        if !self.first_stems.may_hold(first) {
            return None;
        }
        let phrases = self.by_first_stem.get(first)?;
        phrases
            .iter()
            .filter_map(|phrase| {
                let end = end_of(&phrase.parts, sentence, start)?;
                Some(PhraseMatch {
                    words: start..end,
                    weight: phrase.weight,
                    group: phrase.group,
                })
            })
            .max_by(|left, right| {
                left.weight
                    .total_cmp(&right.weight)
                    .then(left.words.end.cmp(&right.words.end))
            })
    }
}

fn parts(phrase: &str, stemming: &mut Stemming) -> Vec<Part> {
    let mut parts = Vec::new();
    for part in phrase.split_whitespace() {
        if part == "*" {
            parts.push(Part::Gap);
        } else if let Some(form) = part.strip_prefix('=') {
            parts.push(Part::Form(form.to_owned()));
        } else {
            parts.extend(words(part).map(|word| Part::Stem(stemming.stem(word).to_owned())));
        }
    }
    parts
}

/// One past the last word, if the parts match from a word on.
fn end_of(parts: &[Part], sentence: Stemmed<'_>, at: usize) -> Option<usize> {
    let (first, rest) = match parts.split_first() {
        None => return Some(at),
        Some(split) => split,
    };
    let is_next = match first {
        Part::Gap => {
            let last = (at + WIDEST_GAP).min(sentence.stems.len());
            return (at..=last).find_map(|next| end_of(rest, sentence, next));
        }
        Part::Stem(stem) => *sentence.stems.get(at)? == stem,
        Part::Form(form) => in_lower_case(sentence.words.get(at)?, |word| word == form),
    };
    is_next.then(|| end_of(rest, sentence, at + 1))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(table: &str, text: &str) -> Vec<(Range<usize>, f64)> {
        let stems = Stemming::new().stems(text);
        let stems: Vec<&str> = stems.iter().map(String::as_str).collect();
        let words: Vec<&str> = words(text).collect();
        let sentence = Stemmed {
            words: &words,
            stems: &stems,
        };
        let matches = PhraseTable::parse(table).find(sentence);
        matches
            .into_iter()
            .map(|found| (found.words, found.weight))
            .collect()
    }

    #[test]
    fn phrases_match_in_every_inflection() {
        let table = "# what it costs\nprice\t0.5\ntoo much cost\n";
        assert_eq!(
            found(table, "Your pricing has too much costs."),
            [(1..2, 0.5), (3..6, 1.0)]
        );
    }

    #[test]
    fn an_equals_sign_asks_for_the_very_form() {
        let table = "too =expensive\n=wonderful";
        assert_eq!(
            found(table, "Too Expensive, wonderful"),
            [(0..2, 1.0), (2..3, 1.0)]
        );
        assert!(found(table, "too expense, I wonder").is_empty());
    }

    #[test]
    fn a_star_stands_for_up_to_three_words() {
        let table = "not * budget";
        assert_eq!(found(table, "not in the budget"), [(0..4, 1.0)]);
        assert_eq!(found(table, "not budget"), [(0..2, 1.0)]);
        assert!(found(table, "not in this or next budget").is_empty());
    }
}
