//! The call that is being read, and the simplest parts of its reading.

use calls::reading::{CallToRead, Confidence, Fact, Pain};

use super::choices::Choices;
use super::impact::impact;
use super::item::{Item, Kind};
use super::sentence::Sentence;
use super::window::Scores;
use super::wording::written;

/// What confidences were measured on.
const MEASURED_ON: &str = "63 labelled dialogues, each read with numbers learned from others";

/// A sentence of fewer words does not say by itself what an item is about.
const SHORT: usize = 4;

/// The call that is being read.
pub(super) struct Context<'a> {
    pub(super) call: &'a CallToRead,
    pub(super) said: &'a [Sentence],
    pub(super) scores: &'a Scores,
    pub(super) choices: &'a Choices,
}

impl Context<'_> {
    /// How much a sentence belongs to an item of a kind.
    pub(super) fn score(&self, at: usize, kind: Kind) -> f64 {
        self.scores.belongs[at][kind as usize]
    }

    pub(super) fn fact(&self, item: Item) -> Fact {
        let what = self.told(item.best, &item.sentences);
        Fact::new(what, item.sentences, sure(item.confidence))
    }

    pub(super) fn pain(&self, item: Item) -> Pain {
        let impact = impact(self.said, &item.sentences).map(|at| self.words(at));
        let what = self.told(item.best, &item.sentences);
        let mut pain = Pain::new(what, item.sentences, sure(item.confidence));
        pain.impact = impact;
        pain
    }

    /// What an item says: its sentence, and the one beside it when that says next to nothing
    /// alone ("Half two.").
    pub(super) fn told(&self, at: usize, members: &[usize]) -> String {
        let is_short = self.said[at].tokens.len() < SHORT;
        let before = at.checked_sub(1).filter(|before| members.contains(before));
        match before {
            Some(before) if is_short => format!("{} {}", self.words(before), self.words(at)),
            None if is_short && members.contains(&(at + 1)) => {
                format!("{} {}", self.words(at), self.words(at + 1))
            }
            _ => self.words(at),
        }
    }

    /// The sentence, as short as it can be put without new words.
    pub(super) fn words(&self, at: usize) -> String {
        written(&self.said[at].text)
    }
}

/// A confidence, and what it was measured on.
pub(super) fn sure(confidence: f64) -> Confidence {
    Confidence::measured((confidence * 100.0).round() / 100.0, MEASURED_ON)
}
