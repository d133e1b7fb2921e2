//! What a language backend computed about a call.

use std::fmt;

use calls::{CallId, Provenance, Sentiment};
use serde::{Deserialize, Serialize};

/// What a language backend computed about one call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallInsights {
    /// The call.
    pub call_id: CallId,
    /// [`CallDetail::transcript_sha`](crate::CallDetail::transcript_sha) of what was looked
    /// at: the insights are stored only while it is still the call's. `None` stores them in
    /// any case. Reads leave it empty.
    pub transcript_sha: Option<String>,
    /// Tone of the whole call.
    pub sentiment: Option<Sentiment>,
    /// Summary.
    pub summary: Option<String>,
    /// Topics or keywords, most important first.
    pub key_topics: Vec<String>,
    /// What speaks against the deal, as the call was read; `None` when it was not.
    pub risks: Option<Vec<CitedItem>>,
    /// What was agreed or promised, as the call was read; `None` when it was not.
    pub next_steps: Option<Vec<CitedItem>>,
    /// Score (-1 to 1) by sentence index. Reads by `call_detail` fill it too.
    pub sentence_sentiments: Vec<(u32, f64)>,
    /// Chunks for search. Reads by `call_detail` leave it empty: vectors are
    /// large, and search reads them.
    pub chunks: Vec<Chunk>,
    /// Which backend computed it.
    pub provenance: Provenance,
}

/// A statement with the sentences it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CitedItem {
    /// What kind, such as `objection` or `next_step`.
    pub kind: String,
    /// The words it shows: a quote, or what was matched.
    pub text: String,
    /// How sure, 0 to 1.
    pub score: f64,
    /// Indices of the sentences.
    pub sentences: Vec<u32>,
}

/// Consecutive turns that are searched as one.
#[derive(Clone, PartialEq)]
pub struct Chunk {
    /// Index of its first sentence.
    pub first_sentence: u32,
    /// Index of its last sentence.
    pub last_sentence: u32,
    /// Text, speakers included.
    pub text: String,
    /// Mean sentence score, -1 to 1.
    pub sentiment: Option<f64>,
    /// Vector.
    pub embedding: Option<ChunkEmbedding>,
}

impl fmt::Debug for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk")
            .field("first_sentence", &self.first_sentence)
            .field("last_sentence", &self.last_sentence)
            .field("text_bytes", &self.text.len())
            .field("embedding", &self.embedding)
            .finish_non_exhaustive()
    }
}

/// A vector with the model that made it. Vectors of different models are never compared.
#[derive(Clone, PartialEq)]
pub struct ChunkEmbedding {
    /// Model name and version.
    pub model: String,
    /// Components, unit length.
    pub vector: Vec<f32>,
}

impl fmt::Debug for ChunkEmbedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.model, self.vector.len())
    }
}
