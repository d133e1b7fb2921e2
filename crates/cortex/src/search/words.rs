//! BM25 over stems, and how much of their words neighbouring passages share.

use crate::text::{
    Stemming, inverse_document_frequency, is_filler, is_stop_word, without_annotations, words,
};

/// How quickly a word's repetition stops to count.
const K1: f64 = 1.2;
/// How far a passage's length counts against it.
const B: f64 = 0.75;

/// Words that ask for something to be found or told, and say nothing about what.
const ASKING: [&str; 14] = [
    "describe",
    "described",
    "discuss",
    "discussed",
    "discussing",
    "discussion",
    "explain",
    "explained",
    "mention",
    "mentioned",
    "opinion",
    "opinions",
    "summarize",
    "summary",
];

/// Which passages hold which stems, and how often.
pub(super) struct WordIndex {
    stemming: Stemming,
    /// By number of the stem: the passages that hold it and how often, in order.
    postings: Vec<Vec<(usize, f64)>>,
    /// By number of the stem: how rare it is in general.
    rarities: Vec<f64>,
    /// Words of each passage.
    lengths: Vec<f64>,
    mean_length: f64,
}

impl WordIndex {
    pub(super) fn over<T: AsRef<str>>(passages: &[T]) -> Self {
        let mut index = Self {
            stemming: Stemming::new(),
            postings: Vec::new(),
            rarities: Vec::new(),
            lengths: Vec::with_capacity(passages.len()),
            mean_length: 1.0,
        };
        for (passage, text) in passages.iter().enumerate() {
            index.add(passage, text.as_ref());
        }
        index.mean_length = super::ranking::mean(&index.lengths).max(1.0);
        index
    }

    fn add(&mut self, passage: usize, text: &str) {
        let text = without_annotations(text);
        let mut length = 0.0;
        for word in words(&text) {
            length += 1.0;
            let number = self.stemming.number(word);
            if number == self.postings.len() {
                self.postings.push(Vec::new());
                let rarity = inverse_document_frequency(self.stemming.numbered(number));
                self.rarities.push(f64::from(rarity));
            }
            match self.postings[number].last_mut() {
                Some((last, count)) if *last == passage => *count += 1.0,
                _ => self.postings[number].push((passage, 1.0)),
            }
        }
        self.lengths.push(length);
    }

    /// Number of passages.
    pub(super) fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Number of different stems.
    pub(super) fn stems(&self) -> usize {
        self.postings.len()
    }

    /// The score of every passage. A stem counts by how rare it is among the passages
    /// and how rare it is in general: one conversation is too little text to tell
    /// that "meeting" says less than "firmware".
    #[allow(clippy::cast_precision_loss)] // counts of passages
    pub(super) fn scores(&self, query_stems: &[String]) -> Vec<f64> {
        let mut scores = vec![0.0; self.lengths.len()];
        let all = self.lengths.len() as f64;
        for stem in query_stems {
            let Some(number) = self.stemming.number_of_stem(stem) else {
                continue;
            };
            let held_by = &self.postings[number];
            let holding = held_by.len() as f64;
            let rarity_here = (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln();
            let rarity = rarity_here * self.rarities[number];
            for (passage, count) in held_by {
                let length = 1.0 - B + B * self.lengths[*passage] / self.mean_length;
                scores[*passage] += rarity * count * (K1 + 1.0) / (count + K1 * length);
            }
        }
        scores
    }

    /// For each passage but the last, the cosine of its rarity-weighted stems and the
    /// next passage's, from 0 to 1. Passages that overlap share most of their words;
    /// texts that have nothing to do with each other share function words.
    pub(super) fn affinities(&self) -> Vec<f64> {
        let mut squares = vec![0.0; self.len()];
        let mut products = vec![0.0; self.len().saturating_sub(1)];
        for (held_by, rarity) in self.postings.iter().zip(&self.rarities) {
            for (passage, count) in held_by {
                squares[*passage] += (count * rarity).powi(2);
            }
            for pair in held_by.windows(2) {
                let ((first, count), (second, count_next)) = (pair[0], pair[1]);
                if first + 1 == second {
                    products[first] += count * count_next * rarity * rarity;
                }
            }
        }
        products
            .iter()
            .zip(squares.windows(2))
            .map(|(product, squares)| {
                let lengths = (squares[0] * squares[1]).sqrt();
                if lengths > 0.0 {
                    product / lengths
                } else {
                    0.0
                }
            })
            .collect()
    }
}

/// The stems of the question's words of substance, or of all its words when it has
/// none.
pub(super) fn query_stems(query: &str) -> Vec<String> {
    let mut stemming = Stemming::new();
    let says_nothing = |word: &str| {
        let asks = ASKING
            .iter()
            .any(|asking| word.eq_ignore_ascii_case(asking));
        asks || is_stop_word(word) || is_filler(word)
    };
    let substance: Vec<String> = words(query)
        .filter(|word| !says_nothing(word))
        .map(|word| stemming.stem(word).to_owned())
        .collect();
    if substance.is_empty() {
        return stemming.stems(query);
    }
    substance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affinity_is_one_for_equal_neighbours_and_zero_for_strangers() {
        let passages = ["the price list", "price list the", "", "firmware", "update"];
        let affinities = WordIndex::over(&passages).affinities();
        assert!((affinities[0] - 1.0).abs() < 1e-9, "{affinities:?}");
        assert_eq!(affinities[1..], [0.0, 0.0, 0.0]);
        assert!(WordIndex::over(&[] as &[&str]).affinities().is_empty());
    }

    #[test]
    fn words_that_only_ask_do_not_count_unless_they_are_all_there_is() {
        assert_eq!(
            query_stems("Summarize the discussion about firmware"),
            ["firmwar"]
        );
        assert_eq!(query_stems("the summary"), ["the", "summari"]);
    }
}
