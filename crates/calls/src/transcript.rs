//! What was said, and when.

use serde::{Deserialize, Serialize};

use crate::{CallId, SentenceId, SpeakerId};

/// The transcript of one call: sentences in the order the source sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transcript {
    /// The call it belongs to.
    pub call_id: CallId,
    /// Sentences; `sentences[i].index == i`.
    pub sentences: Vec<Sentence>,
}

impl Transcript {
    /// What was said on a call. A sentence's index is its position here.
    pub fn new(call_id: impl Into<CallId>, sentences: Vec<Sentence>) -> Self {
        Self {
            call_id: call_id.into(),
            sentences,
        }
    }

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
    /// Length in milliseconds, never negative. For callers that measure speech themselves.
    pub fn duration_ms(&self) -> i64 {
        self.end_ms.saturating_sub(self.start_ms).max(0)
    }

    /// Number of white-space separated words.
    pub fn word_count(&self) -> usize {
        let text = self.text.as_str();
        if !text.is_ascii() {
            return text.split_whitespace().count();
        }
        // Nearly all text is ASCII. Its words begin where a space ends, and blocks
        // that cannot overflow a byte are counted in vector registers.
        const BLOCK: usize = 128;
        let is_space = |byte: u8| (byte == b' ') | (b'\t'..=b'\r').contains(&byte);
        let bytes = text.as_bytes();
        let Some((first, following)) = bytes.split_first() else {
            return 0;
        };
        let begins = |(before, byte): (&u8, &u8)| u8::from(is_space(*before) & !is_space(*byte));
        let blocks = bytes.chunks(BLOCK).zip(following.chunks(BLOCK));
        let begun = blocks.map(|(before, block)| before.iter().zip(block).map(begins).sum::<u8>());
        usize::from(!is_space(*first)) + begun.map(usize::from).sum::<usize>()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_alike_in_ascii_and_beyond() {
        for (text, words) in [
            ("", 0),
            (" \t\n\u{b}\u{c}\r", 0),
            ("one", 1),
            ("  two words ", 2),
            ("un\u{1c}split\u{0} by control", 3),
            (&"a ".repeat(1_000), 1_000),
            ("na\u{ef}ve caf\u{e9}\u{a0}au lait", 4),
        ] {
            let sentence = Sentence {
                index: 0,
                speaker_id: None,
                topic: None,
                start_ms: 0,
                end_ms: 0,
                text: text.to_owned(),
            };
            assert_eq!(sentence.word_count(), words, "{text:?}");
            assert_eq!(
                sentence.word_count(),
                text.split_whitespace().count(),
                "{text:?}"
            );
        }
    }
}
