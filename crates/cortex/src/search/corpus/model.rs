//! What goes into a corpus index, what it is asked and what it answers.

use std::collections::BTreeSet;

use calls::CallId;
use serde::{Deserialize, Serialize};

use crate::Embedding;

/// Which chunk: a call, and the sentence its chunk begins with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChunkId {
    /// The call.
    pub call_id: CallId,
    /// Index of the chunk's first sentence in the call, from 0.
    pub first_sentence: u32,
}

impl ChunkId {
    /// The chunk of a call that begins with a sentence.
    pub fn new(call_id: impl Into<CallId>, first_sentence: u32) -> Self {
        Self {
            call_id: call_id.into(),
            first_sentence,
        }
    }
}

/// A piece of a call to be found again.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusChunk {
    /// Its place.
    pub id: ChunkId,
    /// What was said; empty to be found by its vector only. The index keeps stems, not
    /// the text.
    pub text: String,
    /// Its vector, of any length: only the direction counts. A vector of zeros counts
    /// as none.
    pub embedding: Option<Embedding>,
}

/// Which calls may be found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum CallFilter {
    /// All.
    #[default]
    All,
    /// All but these.
    Except(BTreeSet<CallId>),
    /// Only these.
    Only(BTreeSet<CallId>),
}

/// A question to a corpus: words, a vector, or both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CorpusQuery {
    /// Words to look for; empty to ask by the vector alone.
    pub words: String,
    /// Vector to compare with, of the model of the indexed ones.
    pub embedding: Option<Embedding>,
    /// Which calls may be found.
    pub calls: CallFilter,
    /// Most hits that are wanted.
    pub k: usize,
}

/// A chunk that was found, and how well it fits.
#[derive(Debug, Clone, PartialEq)]
pub struct CorpusHit {
    /// The chunk.
    pub id: ChunkId,
    /// From 0 to 1: 1 for a chunk that no other surpasses in anything that was asked.
    /// Comparable within one answer only.
    pub score: f64,
    /// Cosine of the vectors, -1 to 1; `None` when the query or the chunk has none.
    pub vector_score: Option<f64>,
    /// BM25, from 0; `None` when the query has no words.
    pub word_score: Option<f64>,
}
