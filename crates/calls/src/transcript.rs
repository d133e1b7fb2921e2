//! What was said, and when.

use serde::{Deserialize, Serialize};

use crate::{CallId, SentenceId, SpeakerId};

/// The transcript of one call: sentences in the order the source sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The call it belongs to.
    pub call_id: CallId,
    /// Sentences; `sentences[i].index == i`.
    pub sentences: Vec<Sentence>,
}

impl Transcript {
    /// The id of a sentence of this transcript.
    pub fn sentence_id(&self, index: u32) -> SentenceId {
        SentenceId::of(&self.call_id, index)
    }
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentence {
    /// Position in the transcript as the source sent it, from 0. Part of the
    /// sentence's identity: it does not change when sentences are sorted.
    pub index: u32,
    /// Whose voice; `None` when Gong could not tell.
    pub speaker_id: Option<SpeakerId>,
    /// Gong's topic for the passage; usually `None`.
    pub topic: Option<String>,
    /// Start, in milliseconds from the start of the recording.
    pub start_ms: i64,
    /// End, in milliseconds from the start of the recording.
    pub end_ms: i64,
    /// The words.
    pub text: String,
}

impl Sentence {
    /// Length in milliseconds, never negative.
    pub fn duration_ms(&self) -> i64 {
        self.end_ms.saturating_sub(self.start_ms).max(0)
    }

    /// Number of white-space separated words.
    pub fn word_count(&self) -> usize {
        self.text.split_whitespace().count()
    }
}

/// Consecutive speech of one speaker, as [`analytics::turns`](crate::analytics::turns)
/// cuts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Whose voice; `None` when unknown.
    pub speaker_id: Option<SpeakerId>,
    /// Start of its first sentence, in milliseconds.
    pub start_ms: i64,
    /// Latest end of its sentences, in milliseconds.
    pub end_ms: i64,
    /// [`Sentence::index`] of each sentence, in time order.
    pub sentences: Vec<u32>,
}

impl Turn {
    /// Length in milliseconds.
    pub fn duration_ms(&self) -> i64 {
        self.end_ms.saturating_sub(self.start_ms)
    }
}
