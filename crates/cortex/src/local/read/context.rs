//! The call that is being read, and the simplest parts of its reading.

use calls::reading::{CallToRead, Confidence, Fact, Pain};

use super::choices::Choices;
use super::item::{Item, Kind};
use super::sentence::Sentence;
use super::window::Scores;

/// What confidences were measured on.
const MEASURED_ON: &str = "63 labelled dialogues, each read with numbers learned from others";

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
        Fact::new(self.words(item.best), item.sentences, sure(item.confidence))
    }

    pub(super) fn pain(&self, item: Item) -> Pain {
        let impact = item
            .sentences
            .iter()
            .find(|at| self.said[**at].puts_a_figure());
        let impact = impact.map(|at| self.words(*at));
        let mut pain = Pain::new(self.words(item.best), item.sentences, sure(item.confidence));
        pain.impact = impact;
        pain
    }

    /// The sentence, as short as it can be put without new words.
    pub(super) fn words(&self, at: usize) -> String {
        self.said[at].text.trim().to_owned()
    }
}

/// A confidence, and what it was measured on.
pub(super) fn sure(confidence: f64) -> Confidence {
    Confidence::measured((confidence * 100.0).round() / 100.0, MEASURED_ON)
}
