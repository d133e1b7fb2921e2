//! A transcript in time order, with its voices numbered.

use std::collections::HashMap;

use crate::{Sentence, SpeakerId, Transcript};

/// Sentences by ascending start, then end, then place in the transcript.
pub(super) struct Timeline<'a> {
    /// Every voice, by number; `None` is all unattributed speech together.
    pub(super) voices: Vec<Option<&'a SpeakerId>>,
    pub(super) spoken: Vec<Spoken<'a>>,
    number_of: HashMap<Option<&'a SpeakerId>, usize>,
}

/// A sentence placed on the timeline.
#[derive(Clone, Copy)]
pub(super) struct Spoken<'a> {
    pub(super) sentence: &'a Sentence,
    /// Index into [`Timeline::voices`].
    pub(super) voice: usize,
    pub(super) start_ms: i64,
    /// Never before `start_ms`.
    pub(super) end_ms: i64,
}

impl<'a> Timeline<'a> {
    pub(super) fn of(transcript: &'a Transcript) -> Self {
        let mut voices: Vec<Option<&SpeakerId>> = Vec::new();
        let mut number_of: HashMap<Option<&SpeakerId>, usize> = HashMap::new();
        let mut previous = None;
        let mut spoken = Vec::with_capacity(transcript.sentences.len());
        for sentence in &transcript.sentences {
            let speaker = sentence.speaker_id.as_ref();
            // Neighbours mostly share their voice, which spares the hashing.
            let voice = match previous {
                Some((known, voice)) if known == speaker => voice,
                _ => *number_of.entry(speaker).or_insert_with(|| {
                    voices.push(speaker);
                    voices.len() - 1
                }),
            };
            previous = Some((speaker, voice));
            spoken.push(Spoken {
                sentence,
                voice,
                start_ms: sentence.start_ms,
                end_ms: sentence.end_ms.max(sentence.start_ms),
            });
        }
        spoken.sort_by_key(|s| (s.start_ms, s.end_ms, s.sentence.index));
        Self {
            voices,
            spoken,
            number_of,
        }
    }

    /// The number of a voice; `None` when it says nothing.
    pub(super) fn voice(&self, speaker: Option<&SpeakerId>) -> Option<usize> {
        self.number_of.get(&speaker).copied()
    }

    /// From the first start to the last end, in milliseconds.
    pub(super) fn span_ms(&self) -> i64 {
        let start = self.spoken.first().map_or(0, |s| s.start_ms);
        let end = self.spoken.iter().map(|s| s.end_ms).max().unwrap_or(start);
        end.saturating_sub(start)
    }
}
