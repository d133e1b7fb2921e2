//! What is learned from readings of dialogues that a model had not seen: how finely
//! sentences are grouped, how often an item is right, who does a step, by when and how
//! firmly, and of what kind pushback is. Made by `training/reading/choices.py`.

use std::collections::BTreeSet;

use calls::reading::{PushbackKind, StepStatus};
use serde::Deserialize;

use super::scorers::{Blend, KINDS, Linear, probability};
use super::sentence::Sentence;
use super::table::{Table, wrong};
use crate::Result;

/// The file's first bytes; the number is that of its form.
const MARK: &[u8] = b"READ3";

/// States of a step, as the scripts order them.
const STATES: [StepStatus; 4] = [
    StepStatus::Agreed,
    StepStatus::Promised,
    StepStatus::Offered,
    StepStatus::Conditional,
];

/// The learned choices.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// Of each kind of item, in their order.
    pub(super) kinds: Vec<Grouping>,
    /// Whether a party does a step.
    pub(super) person: Linear,
    /// Whether both sides do.
    pub(super) both: Linear,
    /// Whether a date is the step's.
    pub(super) due: Blend,
    /// How firm a step is, a sum for each state in the order of [`STATES`].
    pub(super) states: Vec<Linear>,
    /// Columns are the kinds in their order.
    pushback: Table,
}

/// How items of a kind are made of sentences, and how sure they are.
#[derive(Debug, Deserialize)]
pub(super) struct Grouping {
    /// From this probability on a sentence joins an item.
    pub(super) together: f64,
    slope: f64,
    offset: f64,
}

impl Grouping {
    /// The share of items of a score that are right.
    pub(super) fn confidence(&self, score: f64) -> f64 {
        probability(self.slope * score + self.offset)
    }
}

#[derive(Deserialize)]
struct Head {
    kinds: Vec<Grouping>,
    person: Linear,
    both: Linear,
    due: Blend,
    states: Vec<Linear>,
    pushback: Words,
}

#[derive(Deserialize)]
struct Words {
    keys: usize,
}

impl Choices {
    /// # Errors
    /// `Decode` when the bytes are no such file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        let keys = |head: &Head| head.pushback.keys;
        let (head, pushback) = Table::parse(bytes, MARK, PushbackKind::ALL.len(), keys)?;
        if head.kinds.len() != KINDS || head.states.len() != STATES.len() {
            return Err(wrong("made for other kinds than these"));
        }
        Ok(Self {
            kinds: head.kinds,
            person: head.person,
            both: head.both,
            due: head.due,
            states: head.states,
            pushback,
        })
    }

    /// The likeliest state of a step, the first of equals.
    pub(super) fn state(&self, row: &[f32]) -> StepStatus {
        let scored = STATES
            .into_iter()
            .zip(self.states.iter().map(|of| of.score(row)));
        let best = scored.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map_or(StepStatus::Promised, |(state, _)| state)
    }

    /// The kind of pushback that the words of some sentences speak for most; trust, the
    /// commonest, when none of them is known.
    pub(super) fn pushback_kind<'a>(
        &self,
        said: impl IntoIterator<Item = &'a Sentence>,
    ) -> PushbackKind {
        let keys: BTreeSet<u32> = said.into_iter().flat_map(|one| one.keys.clone()).collect();
        let (sums, known) = self.pushback.sums(keys);
        let likeliest = PushbackKind::ALL.iter().zip(sums).rev();
        match likeliest.max_by_key(|(_, sum)| *sum) {
            Some((kind, _)) if known > 0 => *kind,
            _ => PushbackKind::Trust,
        }
    }
}
