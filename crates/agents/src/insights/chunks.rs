//! Cuts a transcript into the chunks that search finds.

use calls::{Call, Transcript};

/// A chunk ends with the turn that brings it to so many turns.
const TURNS: usize = 6;

/// A chunk holds at most so many characters, unless one sentence alone is longer.
const CHARACTERS: usize = 1_200;

/// Turns of fewer words ("Yeah.", "Right.") do not count as turns, or a lively
/// passage would be cut into crumbs.
const TURN_WORDS: usize = 4;

/// A run of sentences, not yet embedded.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ChunkText {
    /// Index of the first sentence.
    pub(crate) first: u32,
    /// Index of the last sentence.
    pub(crate) last: u32,
    /// `Speaker: sentence sentence`, one line per turn.
    pub(crate) text: String,
}

/// Cuts a transcript into chunks of about six turns and at most 1,200
/// characters. Chunks follow the order of the source, cover every sentence
/// exactly once and hold whole sentences.
pub(crate) fn chunks(call: &Call, transcript: &Transcript) -> Vec<ChunkText> {
    let mut done: Vec<ChunkText> = Vec::new();
    let mut open: Option<OpenChunk> = None;
    let mut speaker_before = None;
    for sentence in &transcript.sentences {
        let turn_begins = speaker_before != Some(&sentence.speaker_id);
        speaker_before = Some(&sentence.speaker_id);
        let is_full = open.as_ref().is_some_and(|chunk| {
            let turns_full = turn_begins && chunk.turns_with_this() >= TURNS;
            turns_full || chunk.text.len() + sentence.text.len() + 1 > CHARACTERS
        });
        if is_full {
            done.extend(open.take().map(OpenChunk::close));
        }
        let name = sentence
            .speaker_id
            .as_ref()
            .and_then(|speaker| call.speaker(speaker))
            .and_then(|party| party.display_name());
        match &mut open {
            Some(chunk) => chunk.push(sentence, turn_begins, name),
            None => {
                let mut chunk = OpenChunk::starting_at(sentence.index);
                chunk.push(sentence, true, name);
                open = Some(chunk);
            }
        }
    }
    done.extend(open.take().map(OpenChunk::close));
    done
}

struct OpenChunk {
    first: u32,
    last: u32,
    text: String,
    turns: usize,
    words_of_turn: usize,
}

impl OpenChunk {
    fn starting_at(index: u32) -> Self {
        Self {
            first: index,
            last: index,
            text: String::new(),
            turns: 0,
            words_of_turn: 0,
        }
    }

    fn turns_with_this(&self) -> usize {
        self.turns + usize::from(self.words_of_turn >= TURN_WORDS)
    }

    fn push(&mut self, sentence: &calls::Sentence, turn_begins: bool, name: Option<&str>) {
        if turn_begins {
            self.turns = self.turns_with_this();
            self.words_of_turn = 0;
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            if let Some(name) = name {
                self.text.push_str(name);
                self.text.push_str(": ");
            }
        } else if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(sentence.text.trim());
        self.words_of_turn += sentence.word_count();
        self.last = sentence.index;
    }

    fn close(self) -> ChunkText {
        ChunkText {
            first: self.first,
            last: self.last,
            text: self.text,
        }
    }
}
