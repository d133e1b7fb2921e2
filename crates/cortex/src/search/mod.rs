//! Finds the passages of a transcript that a question is about.
//!
//! Two signals are joined: BM25 over stems, which rewards the question's rare words,
//! and the cosine of vectors, at a lower weight, each first brought to mean 0 and
//! deviation 1 over the passages. Passages where somebody speaks whom the question names
//! are preferred. Passages that follow each other and share words then share their
//! scores, and the first five results are kept from lying side by side.
//! docs/quality.md tells what each step gains on meetings.

mod ranking;
mod speakers;
mod words;

use resilience::ErrorKind;

use self::ranking::{shared_with_neighbours, spread, standardized};
use self::speakers::Speakers;
use self::words::{WordIndex, query_stems};
use crate::encoder::Encoder;
use crate::{Embedding, Error, Result};

/// Weight of the vectors beside BM25. This and the other constants of the ranking were
/// chosen by `tools/search_constants.py`.
const VECTOR_WEIGHT: f64 = 0.7;

/// What a passage gains, in standard deviations of BM25, when a speaker of it is named.
const NAMED_SPEAKER: f64 = 1.0;

/// Passages of text in the order of the conversation, ready to be searched any number
/// of times. They may overlap. Texts that do not belong together can be searched as
/// well: what they do not share, they do not influence. Lines of the form `Name: text`
/// tell who speaks.
///
/// ```
/// use cortex::search::SearchIndex;
///
/// let passages = [
///     "Our renewal is due in March, and legal wants new terms.",
///     "The dashboards load slowly for the whole sales team.",
///     "Could you send the security questionnaire?",
/// ];
/// let hits = SearchIndex::over(&passages).search("Why are dashboards slow?", 1);
/// assert_eq!(hits[0].passage, 1);
/// ```
pub struct SearchIndex {
    words: WordIndex,
    speakers: Speakers,
    /// Of each passage and the next.
    affinities: Vec<f64>,
    vectors: Vec<Embedding>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex")
            .field("passages", &self.words.len())
            .field("stems", &self.words.stems())
            .finish_non_exhaustive()
    }
}

/// A passage, and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// Position of the passage in the slice that was indexed.
    pub passage: usize,
    /// In standard deviations above the mean of all passages, neighbours included. Not
    /// always falling: of two neighbours that fit, one may come after a lesser passage
    /// from elsewhere.
    pub score: f64,
}

impl SearchIndex {
    /// An index with local vectors.
    pub fn over<T: AsRef<str>>(passages: &[T]) -> Self {
        let mut encoder = Encoder::new();
        let mut index = Self::without_vectors(passages);
        index.vectors = passages
            .iter()
            .map(|passage| encoder.encode(passage.as_ref()))
            .collect();
        index
    }

    /// An index for [`search_with`](Self::search_with) only, where the vectors come
    /// from elsewhere; [`search`](Self::search) then ranks by words alone.
    pub fn without_vectors<T: AsRef<str>>(passages: &[T]) -> Self {
        let words = WordIndex::over(passages);
        Self {
            affinities: words.affinities(),
            speakers: Speakers::of(passages),
            words,
            vectors: Vec::new(),
        }
    }

    /// The `k` best passages, best first; fewer when there are fewer. Of equals the
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

    /// As [`search`](Self::search), with the similarity of each passage's vector and
    /// the query's from any backend.
    ///
    /// # Errors
    /// `InvalidInput` on `similarities` when their number is not the passages'.
    pub fn search_with(&self, query: &str, similarities: &[f64], k: usize) -> Result<Vec<Hit>> {
        if similarities.len() != self.words.len() {
            let message = format!(
                "{} similarities for {} passages",
                similarities.len(),
                self.words.len()
            );
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("similarities"));
        }
        Ok(self.ranked(query, similarities, k))
    }

    fn ranked(&self, query: &str, similarities: &[f64], k: usize) -> Vec<Hit> {
        let stems = query_stems(query);
        let mut scores = standardized(&self.words.scores(&stems));
        for (score, similarity) in scores.iter_mut().zip(standardized(similarities)) {
            *score += VECTOR_WEIGHT * similarity;
        }
        for passage in self.speakers.named(&stems) {
            scores[passage] += NAMED_SPEAKER;
        }
        let scores = shared_with_neighbours(&scores, &self.affinities);
        spread(&scores, &self.affinities, k)
            .into_iter()
            .map(|passage| Hit {
                passage,
                score: scores[passage],
            })
            .collect()
    }
}
