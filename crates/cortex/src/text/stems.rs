//! Stems, and how rare each is in general.

use std::cell::RefCell;
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt};
use rust_stemmers::{Algorithm, Stemmer};

use super::lower_case::in_lower_case;
use super::words::words;

/// `stem<TAB>texts that hold it`; the empty stem's line, the first, is the number of texts.
/// Made by `tools/general_idf.py` from meetings, tweets, reviews, news and customer
/// questions.
const DOCUMENT_FREQUENCIES: &str = include_str!("../../data/document_frequencies.tsv");

/// More than the table has lines, so that it is never made anew while it is read.
const STEMS: usize = 12_000;

static INVERSE_DOCUMENT_FREQUENCIES: LazyLock<HashMap<&'static str, f32>> = LazyLock::new(|| {
    let mut table = HashMap::with_capacity(STEMS);
    let counts = DOCUMENT_FREQUENCIES
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(stem, count)| Some((stem, count.parse::<f32>().ok()?)));
    let mut texts = 1.0;
    for (stem, count) in counts {
        // The first line.
        if stem.is_empty() {
            texts = count;
        }
        let seen = if stem.is_empty() { 1.0 } else { count };
        table.insert(stem, 1.0 + (texts / seen).ln());
    }
    table
});

/// `1 + ln(N / n)` of a stem that `n` of `N` texts hold. A stem of no text counts
/// as one of a single text.
pub(crate) fn inverse_document_frequency(stem: &str) -> f32 {
    let table = &*INVERSE_DOCUMENT_FREQUENCIES;
    table
        .get(stem)
        .or_else(|| table.get(""))
        .copied()
        .unwrap_or(1.0)
}

/// Words whose stems a thread remembers: those of some hundred calls.
const REMEMBERED: usize = 16_000;

thread_local! {
    /// English words in lower case and their stems. A call goes through several steps that stem,
    /// and calls share most of their words.
    static ENGLISH: RefCell<HashMap<Box<str>, Box<str>>> = RefCell::default();
}

fn english_stem(stemmer: &Stemmer, word: &str) -> Box<str> {
    ENGLISH.with_borrow_mut(|known| {
        if let Some(stem) = known.get(word) {
            return stem.clone();
        }
        let stem: Box<str> = stemmer.stem(word).into();
        if known.len() < REMEMBERED {
            known.insert(word.into(), stem.clone());
        }
        stem
    })
}

/// A Snowball stemmer, English by default, remembering what it has seen: conversations repeat
/// their words, and stemming one takes longer than looking it up.
///
/// Stems are numbered from 0 in the order in which they are first met.
pub(crate) struct Stemming {
    stemmer: Stemmer,
    is_english: bool,
    by_word: HashMap<String, usize>,
    by_stem: HashMap<Box<str>, usize>,
    stems: Vec<Box<str>>,
}

impl Stemming {
    pub(crate) fn new() -> Self {
        Self::with(Algorithm::English)
    }

    /// As [`new`](Self::new), for another language.
    pub(crate) fn with(algorithm: Algorithm) -> Self {
        Self {
            is_english: matches!(algorithm, Algorithm::English),
            stemmer: Stemmer::create(algorithm),
            by_word: HashMap::new(),
            by_stem: HashMap::new(),
            stems: Vec::new(),
        }
    }

    /// The number of the stem of a word in any case.
    pub(crate) fn number(&mut self, word: &str) -> usize {
        in_lower_case(word, |word| {
            if let Some(number) = self.by_word.get(word) {
                return *number;
            }
            let stem = match self.is_english {
                true => english_stem(&self.stemmer, word),
                false => self.stemmer.stem(word).into(),
            };
            let number = self.number_of_stem(&stem).unwrap_or_else(|| {
                let next = self.stems.len();
                self.by_stem.insert(stem.clone(), next);
                self.stems.push(stem);
                next
            });
            self.by_word.insert(word.to_owned(), number);
            number
        })
    }

    /// The stem of a number that [`number`](Self::number) gave.
    pub(crate) fn numbered(&self, number: usize) -> &str {
        self.stems.get(number).map_or("", |stem| stem)
    }

    /// The number of a stem that was met before.
    pub(crate) fn number_of_stem(&self, stem: &str) -> Option<usize> {
        self.by_stem.get(stem).copied()
    }

    /// The stem of a word in any case.
    pub(crate) fn stem(&mut self, word: &str) -> &str {
        let number = self.number(word);
        self.numbered(number)
    }

    /// The stems of a text's words, in order.
    pub(crate) fn stems(&mut self, text: &str) -> Vec<String> {
        words(text).map(|word| self.stem(word).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_stems_weigh_more_than_common_ones_and_unknown_ones_most() {
        let common = inverse_document_frequency("the");
        let rare = inverse_document_frequency("refund");
        let unknown = inverse_document_frequency("zyzzyva");
        assert!(common < rare && rare < unknown, "{common} {rare} {unknown}");
    }

    #[test]
    fn inflections_share_a_stem() {
        let mut stemming = Stemming::new();
        assert_eq!(
            stemming.stems("Prices, priced: the customer\u{2019}s PRICING"),
            ["price", "price", "the", "custom", "price"]
        );
    }
}
