//! Stems, and how rare each is in general.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::words::{is_apostrophe, words};

/// `stem<TAB>texts that hold it`; the empty stem's line is the number of texts.
/// Made by `tools/general_idf.py` from meetings, tweets, reviews, news and customer
/// questions.
const DOCUMENT_FREQUENCIES: &str = include_str!("../../../data/document_frequencies.tsv");

static INVERSE_DOCUMENT_FREQUENCIES: LazyLock<HashMap<&'static str, f32>> = LazyLock::new(|| {
    let counts: HashMap<&str, f32> = DOCUMENT_FREQUENCIES
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(stem, count)| Some((stem, count.parse().ok()?)))
        .collect();
    let texts = counts.get("").copied().unwrap_or(1.0);
    counts
        .into_iter()
        .map(|(stem, count)| {
            let seen = if stem.is_empty() { 1.0 } else { count };
            (stem, 1.0 + (texts / seen).ln())
        })
        .collect()
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

/// Snowball's English stemmer, remembering what it has seen: conversations repeat
/// their words, and stemming one takes longer than looking it up.
pub(crate) struct Stemming {
    stemmer: Stemmer,
    known: HashMap<String, Box<str>>,
    lower_case: String,
}

impl Stemming {
    pub(crate) fn new() -> Self {
        Self {
            stemmer: Stemmer::create(Algorithm::English),
            known: HashMap::new(),
            lower_case: String::new(),
        }
    }

    /// The stem of a word in any case.
    pub(crate) fn stem(&mut self, word: &str) -> &str {
        self.lower_case.clear();
        for symbol in word.chars() {
            if is_apostrophe(symbol) {
                self.lower_case.push('\'');
            } else {
                self.lower_case.extend(symbol.to_lowercase());
            }
        }
        if !self.known.contains_key(self.lower_case.as_str()) {
            let stem = self.stemmer.stem(&self.lower_case).into();
            self.known.insert(self.lower_case.clone(), stem);
        }
        self.known
            .get(self.lower_case.as_str())
            .map_or(self.lower_case.as_str(), |stem| stem)
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
