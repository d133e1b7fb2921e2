//! Hits of searches.

use calls::{CallId, Timestamp};
use serde::{Deserialize, Serialize};

/// A chunk that matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChunkHit {
    /// The call.
    pub call_id: CallId,
    /// Its title.
    pub title: Option<String>,
    /// Its start.
    pub started: Timestamp,
    /// Similarity (cosine, -1 to 1) or relevance (BM25, higher is better).
    pub score: f64,
    /// Index of the chunk's first sentence.
    pub first_sentence: u32,
    /// Index of its last sentence.
    pub last_sentence: u32,
    /// Its text.
    pub text: String,
}

/// A call about which Gong wrote what was looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingHit {
    /// The call.
    pub call_id: CallId,
    /// Relevance (BM25, higher is better).
    pub score: f64,
    /// What Gong wrote: brief, key points, outline and highlights, a line each.
    pub text: String,
}
