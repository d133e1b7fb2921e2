//! Finds the windows of a transcript that a question is about.
//!
//! Two signals are joined: BM25 over stems, which rewards the question's rare words,
//! and the cosine of vectors, at half weight, each first brought to mean 0 and
//! deviation 1 over the windows. On meeting questions the two together find a bit
//! more than BM25 alone and much more than vectors alone.

use resilience::ErrorKind;

use crate::local::Encoder;
use crate::local::text::{Stemming, is_filler, is_stop_word, without_annotations, words};
use crate::{Embedding, Error, Result};

/// How quickly a word's repetition stops to count.
const K1: f64 = 1.2;
/// How far a window's length counts against it.
const B: f64 = 0.75;
/// Weight of the vectors beside BM25.
const VECTOR_WEIGHT: f64 = 0.5;

/// Windows of text, ready to be searched any number of times.
///
/// ```
/// use cortex::search::SearchIndex;
///
/// let windows = [
///     "Our renewal is due in March, and legal wants new terms.",
///     "The dashboards load slowly for the whole sales team.",
///     "Could you send the security questionnaire?",
/// ];
/// let hits = SearchIndex::over(&windows).search("Why are dashboards slow?", 1);
/// assert_eq!(hits[0].window, 1);
/// ```
pub struct SearchIndex {
    stemming: Stemming,
    /// By number of the stem: the windows that hold it and how often.
    postings: Vec<Vec<(usize, f64)>>,
    /// Words of each window.
    lengths: Vec<f64>,
    mean_length: f64,
    vectors: Vec<Embedding>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex")
            .field("windows", &self.lengths.len())
            .field("stems", &self.postings.len())
            .finish_non_exhaustive()
    }
}

/// A window, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Position of the window in the slice that was indexed.
    pub window: usize,
    /// In standard deviations above the mean of all windows; for ranking only.
    pub score: f64,
}

impl SearchIndex {
    /// An index with local vectors.
    pub fn over<T: AsRef<str>>(windows: &[T]) -> Self {
        let mut encoder = Encoder::new();
        let mut index = Self::without_vectors(windows);
        index.vectors = windows
            .iter()
            .map(|window| encoder.encode(window.as_ref()))
            .collect();
        index
    }

    /// An index for [`search_with`](Self::search_with) only, where the vectors come
    /// from elsewhere; [`search`](Self::search) then ranks by words alone.
    pub fn without_vectors<T: AsRef<str>>(windows: &[T]) -> Self {
        let mut stemming = Stemming::new();
        let mut postings: Vec<Vec<(usize, f64)>> = Vec::new();
        let mut lengths = Vec::with_capacity(windows.len());
        for (window, text) in windows.iter().enumerate() {
            let text = without_annotations(text.as_ref());
            let mut length = 0.0;
            for word in words(&text) {
                length += 1.0;
                let number = stemming.number(word);
                if number == postings.len() {
                    postings.push(Vec::new());
                }
                match postings[number].last_mut() {
                    Some((last, count)) if *last == window => *count += 1.0,
                    _ => postings[number].push((window, 1.0)),
                }
            }
            lengths.push(length);
        }
        let mean_length = mean(&lengths).max(1.0);
        Self {
            stemming,
            postings,
            lengths,
            mean_length,
            vectors: Vec::new(),
        }
    }

    /// The `k` best windows, best first; fewer when there are fewer. Of equals the
    /// earlier comes first.
    pub fn search(&self, query: &str, k: usize) -> Vec<Hit> {
        let query_vector = Encoder::new().encode(query);
        let similarities: Vec<f64> = self
            .vectors
            .iter()
            .map(|vector| vector.cosine(&query_vector).unwrap_or(0.0))
            .collect();
        self.ranked(query, &similarities, k)
    }

    /// As [`search`](Self::search), with the similarity of each window's vector and
    /// the query's from any backend.
    ///
    /// # Errors
    /// `InvalidInput` on `similarities` when their number is not the windows'.
    pub fn search_with(&self, query: &str, similarities: &[f64], k: usize) -> Result<Vec<Hit>> {
        if similarities.len() != self.lengths.len() {
            let message = format!(
                "{} similarities for {} windows",
                similarities.len(),
                self.lengths.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("similarities"));
        }
        Ok(self.ranked(query, similarities, k))
    }

    fn ranked(&self, query: &str, similarities: &[f64], k: usize) -> Vec<Hit> {
        let mut scores = standardized(&self.bm25(query));
        for (score, similarity) in scores.iter_mut().zip(standardized(similarities)) {
            *score += VECTOR_WEIGHT * similarity;
        }
        let mut hits: Vec<Hit> = scores
            .into_iter()
            .enumerate()
            .map(|(window, score)| Hit { window, score })
            .collect();
        hits.sort_by(|left, right| right.score.total_cmp(&left.score));
        hits.truncate(k);
        hits
    }

    #[allow(clippy::cast_precision_loss)] // counts of windows
    fn bm25(&self, query: &str) -> Vec<f64> {
        let mut scores = vec![0.0; self.lengths.len()];
        let all = self.lengths.len() as f64;
        for stem in query_stems(query) {
            let Some(number) = self.stemming.number_of_stem(&stem) else {
                continue;
            };
            let held_by = &self.postings[number];
            let holding = held_by.len() as f64;
            let rarity = (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln();
            for (window, count) in held_by {
                let length = 1.0 - B + B * self.lengths[*window] / self.mean_length;
                scores[*window] += rarity * count * (K1 + 1.0) / (count + K1 * length);
            }
        }
        scores
    }
}

/// The stems of the question's words of substance, or of all its words when it has
/// none.
fn query_stems(query: &str) -> Vec<String> {
    let mut stemming = Stemming::new();
    let substance: Vec<String> = words(query)
        .filter(|word| !is_stop_word(word) && !is_filler(word))
        .map(|word| stemming.stem(word).to_owned())
        .collect();
    if substance.is_empty() {
        return stemming.stems(query);
    }
    substance
}

fn mean(values: &[f64]) -> f64 {
    #[allow(clippy::cast_precision_loss)] // a count of windows
    let count = values.len().max(1) as f64;
    values.iter().sum::<f64>() / count
}

/// Moved and scaled to mean 0 and deviation 1; all 0 when the values are equal.
fn standardized(values: &[f64]) -> Vec<f64> {
    let center = mean(values);
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - center).powi(2))
        .collect();
    let deviation = mean(&squares).sqrt();
    values
        .iter()
        .map(|value| {
            if deviation > 1e-12 {
                (value - center) / deviation
            } else {
                0.0
            }
        })
        .collect()
}
