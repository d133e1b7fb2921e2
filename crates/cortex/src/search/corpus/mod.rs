//! Finds chunks among those of all calls, by words, by a vector, or by both.
//!
//! [`CorpusIndex`] is held in memory; a search among a million chunks takes some 10 ms of
//! one processor, docs/benchmarks.md has the figures. It is filled from wherever chunks
//! and their vectors are stored, and answers with their ids. Where one call is searched,
//! [`SearchIndex`](super::SearchIndex) ranks better, for it knows which window follows
//! which.
//!
//! # How
//! **Words**: BM25 over an inverted index of stems. Frequent stems are looked up only in
//! chunks that can still win (MaxScore), which changes no result: the ranking is that of
//! adding up all scores.
//!
//! **Vectors**: each is turned by one fixed random rotation and kept twice, as signs (a
//! bit a component) and rounded (a byte a component). A search scans the first half of
//! all signs, the second half where the first is near, and ranks the nearest
//! [candidates](CorpusIndex::with_candidates) by their bytes. A graph (HNSW) would visit
//! less, but takes hours to build on two cores, keeps removed vectors, and holds
//! components as floats.
//!
//! **Both**: see [`CorpusHit::score`]; words count twice as much as vectors, as in the
//! search in one call.
//!
//! # Cost
//! With n chunks, D components (rounded up to a multiple of 256), S different stems a
//! chunk and C candidates:
//!
//! | | time | memory, bytes a chunk |
//! |---|---|---|
//! | identity | | 12, and the ids of calls |
//! | words | postings of the query's rarer stems, n / 8,192 at least | 2 + 4 S, up to twice that while growing |
//! | vectors | n D / 128 + C D | 9 D / 8 + 12 |
//! | insertion | text length + D log D | |
//! | removal | chunks of the call + D | |
//!
//! The vocabulary comes on top, about 200 bytes for each different word ever indexed,
//! and 64 bytes a candidate during a search. At 1,024 components a chunk of a hundred words
//! takes some 1.6 KB, a vector alone 1.2 KB.

mod best;
mod joined;
mod model;
mod slots;
mod vectors;
mod words;

use calls::CallId;
use resilience::ErrorKind;

pub use self::model::{CallFilter, ChunkId, CorpusChunk, CorpusHit, CorpusQuery};
use self::slots::Slots;
use self::vectors::{Effort, Vectors};
use self::words::Words;
use crate::{Error, Result};

/// Vectors that are compared by their bytes, unless told otherwise.
const DEFAULT_CANDIDATES: usize = 3_000;
/// The index is compacted when more chunks were removed than this…
const LEAST_REMOVED: usize = 1_024;
/// …and than one for so many that are there.
const CHUNKS_A_REMOVED: usize = 4;

/// Chunks of many calls, ready to be searched, added and removed.
///
/// All vectors of an index are of one model and dimension, those of the first. Searching
/// needs a shared reference only, so readers may share an index behind a lock. The same
/// operations in the same order give the same answers, whatever the machine's number of
/// processors; of chunks that fit equally the one that was inserted first comes first.
///
/// ```
/// use std::collections::BTreeSet;
///
/// use cortex::search::corpus::{CallFilter, ChunkId, CorpusChunk, CorpusIndex, CorpusQuery};
/// use cortex::{LanguageBackend, LocalLanguage};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> cortex::Result<()> {
/// let texts = [
///     ("call-1", "Our renewal is due in March, and legal wants new terms."),
///     ("call-2", "The dashboards load slowly for the whole sales team."),
///     ("call-3", "Slow dashboards were why we left the other vendor."),
/// ];
/// let language = LocalLanguage::new();
/// let mut index = CorpusIndex::new();
/// for (call, text) in texts {
///     index.insert(&CorpusChunk {
///         id: ChunkId::new(call, 0),
///         text: text.into(),
///         embedding: language.embed(&[text.into()]).await?.pop().transpose()?,
///     })?;
/// }
///
/// let words = "Why are dashboards slow?".to_owned();
/// let query = CorpusQuery {
///     embedding: language.embed(&[words.clone()]).await?.pop().transpose()?,
///     calls: CallFilter::Except(BTreeSet::from(["call-2".into()])),
///     words,
///     k: 10,
/// };
/// let hits = index.search(&query)?;
/// assert_eq!(hits[0].id, ChunkId::new("call-3", 0));
/// # Ok(())
/// # }
/// ```
pub struct CorpusIndex {
    slots: Slots,
    vectors: Vectors,
    words: Words,
    effort: Effort,
}

impl Default for CorpusIndex {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for CorpusIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CorpusIndex")
            .field("chunks", &self.len())
            .field("vectors", &self.vectors.len())
            .field("model", &self.model())
            .field("stems", &self.words.stems())
            .finish_non_exhaustive()
    }
}

impl CorpusIndex {
    /// Chunks an index can hold, removed ones that it still knows included.
    pub const MAX_CHUNKS: usize = words::MAX_SLOTS;

    /// Components a vector may have.
    pub const MAX_DIMENSION: usize = vectors::MAX_DIMENSION;

    /// An empty index.
    pub fn new() -> Self {
        Self {
            slots: Slots::default(),
            vectors: Vectors::default(),
            words: Words::new(),
            effort: Effort {
                candidates: DEFAULT_CANDIDATES,
                threads: 1,
            },
        }
    }

    /// How many vectors a search compares by their bytes after the scan of signs; 3,000
    /// unless told otherwise. More find more of the true neighbours, and take
    /// longer: each reads D bytes. With as many as there are vectors nothing is missed,
    /// and cosines are off by the rounding to bytes only, some 0.001 at most.
    #[must_use]
    pub fn with_candidates(mut self, candidates: usize) -> Self {
        self.effort.candidates = candidates;
        self
    }

    /// How many threads one search may use for vectors, at least 1, which is the default.
    /// More make a search shorter where processors are idle, and longer where they are
    /// not: it has to wait for each thread to be run. They are started only for some
    /// thirty thousand vectors each, and change no result.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.effort.threads = threads.max(1);
        self
    }

    /// Number of chunks.
    pub fn len(&self) -> usize {
        self.slots.live()
    }

    /// Whether there are no chunks.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The model of the vectors; `None` until there was one.
    pub fn model(&self) -> Option<&str> {
        self.vectors.space().map(|(model, _)| model)
    }

    /// Components of the vectors; `None` until there was one.
    pub fn dimension(&self) -> Option<usize> {
        self.vectors.space().map(|(_, dimension)| dimension)
    }

    /// Memory that is reserved, in bytes, without the vocabulary.
    pub fn bytes(&self) -> usize {
        self.slots.bytes() + self.vectors.bytes() + self.words.bytes()
    }

    /// Adds a chunk, or puts it in the place of the one with its id.
    ///
    /// # Errors
    /// `InvalidInput` on `model` or `vector` when the vector is of another model or
    /// dimension than the index's, has no or too many components, or one that is not a
    /// finite number; on `id` when the index is [full](Self::MAX_CHUNKS). The index is
    /// then as it was.
    pub fn insert(&mut self, chunk: &CorpusChunk) -> Result<()> {
        let directed = match &chunk.embedding {
            Some(embedding) => self.vectors.directed(embedding)?,
            None => None,
        };
        if self.slots.len() >= Self::MAX_CHUNKS {
            let message = format!("the index is full with {} chunks", Self::MAX_CHUNKS);
            return Err(Error::new(ErrorKind::InvalidInput, message).with_field("id"));
        }
        self.remove(&chunk.id);
        self.slots.add(&chunk.id);
        self.words.push(&chunk.text);
        let model = chunk.embedding.as_ref().map_or("", |e| e.model.as_str());
        self.vectors.push(model, directed.as_deref());
        Ok(())
    }

    /// Removes a chunk; `false` when there is none of the id.
    pub fn remove(&mut self, id: &ChunkId) -> bool {
        let slot = self.slots.slot_of(id);
        self.forget(slot.into_iter()) > 0
    }

    /// Removes the chunks of a call; answers how many there were.
    /// For callers whose calls are deleted.
    pub fn remove_call(&mut self, call_id: &CallId) -> usize {
        let slots = self.slots.of_call(call_id);
        self.forget(slots.into_iter())
    }

    fn forget(&mut self, slots: impl Iterator<Item = u32>) -> usize {
        let mut forgotten = 0;
        for slot in slots {
            self.slots.remove(slot);
            self.vectors.remove(slot);
            self.words.remove(slot);
            forgotten += 1;
        }
        let removed = self.slots.len() - self.len();
        if removed > LEAST_REMOVED.max(self.len() / CHUNKS_A_REMOVED) {
            self.compact();
        }
        forgotten
    }

    /// Frees what removed chunks left behind: their places and postings. Until then
    /// they count when it is told how rare a stem is, and are never found. Done by
    /// itself when they become many; takes as long as reading all postings.
    pub fn compact(&mut self) {
        let renumbered = self.slots.compact();
        self.vectors.renumber(&renumbered);
        self.words.renumber(&renumbered);
    }

    /// The chunks that fit best, best first, at most `k`. A chunk that has none of the
    /// words and no cosine above 0 is not found, so a query without words and vector,
    /// or with a vector of zeros, finds nothing. Words that say nothing ("the",
    /// "discuss") count only where a query has no others; of the stems the 32 rarest
    /// count.
    ///
    /// # Errors
    /// `InvalidInput` on `model` or `vector`, as for [`insert`](Self::insert).
    pub fn search(&self, query: &CorpusQuery) -> Result<Vec<CorpusHit>> {
        let directed = match &query.embedding {
            Some(embedding) => self.vectors.directed(embedding)?,
            None => None,
        };
        let vector_query = directed.and_then(|directed| self.vectors.query(&directed));
        let word_query = self.words.query(&query.words);
        if query.k == 0 {
            return Ok(Vec::new());
        }
        let admitted = self.slots.admitted(&query.calls);
        let has_words = !query.words.trim().is_empty();
        let depth = if has_words && vector_query.is_some() {
            joined::depth(query.k)
        } else {
            query.k
        };
        let by_words = has_words.then(|| self.words.search(&word_query, &admitted, depth));
        let by_vector = vector_query
            .as_ref()
            .map(|vector| self.vectors.search(vector, &admitted, depth, self.effort));
        let found = joined::joined(
            by_words.as_deref(),
            by_vector.as_deref(),
            |slot| self.words.score(&word_query, slot),
            |slot| self.vectors.cosine(vector_query.as_ref()?, slot),
            query.k,
        );
        let hits = found.into_iter().filter_map(|found| {
            Some(CorpusHit {
                id: self.slots.id_of(found.slot)?,
                score: found.score,
                vector_score: found.cosine,
                word_score: found.words,
            })
        });
        Ok(hits.collect())
    }
}
