//! What is learned from readings of dialogues that a model had not seen: how finely
//! sentences are grouped, how often an item is right, who does a step, by when and how
//! firmly, of what kind pushback is, whose names are competitors' and how a customer stands
//! to them. Made by `training/reading/choices.py`.

use std::collections::BTreeSet;

use calls::reading::{PushbackKind, Stance, StepStatus};
use serde::Deserialize;

use super::scorers::{Choice, KINDS, Linear, probability};
use super::sentence::Sentence;
use super::table::{Table, wrong};
use crate::Result;

/// The file's first bytes; the number is that of its form.
const MARK: &[u8] = b"READ6";

/// Sentences around pushback whose words tell its kind too, and how much they count.
const AROUND: usize = 2;
const SHARE: f64 = 0.5;

/// States of a step, as the scripts order them.
const STATES: [StepStatus; 4] = [
    StepStatus::Agreed,
    StepStatus::Promised,
    StepStatus::Offered,
    StepStatus::Conditional,
];

/// Stances to a competitor, as the scripts order them.
const STANCES: [Stance; 4] = [
    Stance::Using,
    Stance::Evaluating,
    Stance::Rejected,
    Stance::Mentioned,
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
    /// Which date is the step's.
    pub(super) due: Choice,
    /// How firm a step is, a sum for each state in the order of [`STATES`].
    pub(super) states: Vec<Linear>,
    /// Which names are competitors'.
    pub(super) rivals: Rivals,
    /// How a customer stands to one, a sum for each stance in the order of [`STANCES`].
    pub(super) stances: Vec<Linear>,
    /// Columns are the kinds in their order.
    pushback: Table,
}

/// What tells a competitor's name from others.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Rivals {
    /// Whether a name is a competitor's.
    pub(super) names: Linear,
    sure: Sure,
}

/// How a name's score turns into the share that are right.
#[derive(Debug, Default, Deserialize)]
struct Sure {
    slope: f64,
    /// What the likeliest of a call has besides: few calls name nobody.
    first: f64,
    offset: f64,
}

impl Rivals {
    /// The share of names of a score that are right.
    pub(super) fn confidence(&self, score: f64, is_first: bool) -> f64 {
        let first = if is_first { self.sure.first } else { 0.0 };
        probability(self.sure.slope * score + first + self.sure.offset)
    }
}

/// How items of a kind are made of sentences, and how sure they are.
#[derive(Debug, Deserialize)]
pub(super) struct Grouping {
    /// From this probability on a sentence joins an item.
    pub(super) together: f64,
    /// Sentences of an item at most.
    pub(super) longest: usize,
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
    due: Choice,
    states: Vec<Linear>,
    rivals: Rivals,
    stances: Vec<Linear>,
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
        let states = [head.states.len(), head.stances.len()];
        if head.kinds.len() != KINDS || states != [STATES.len(), STANCES.len()] {
            return Err(wrong("made for other kinds than these"));
        }
        Ok(Self {
            kinds: head.kinds,
            person: head.person,
            both: head.both,
            due: head.due,
            states: head.states,
            rivals: head.rivals,
            stances: head.stances,
            pushback,
        })
    }

    /// The likeliest state of a step.
    pub(super) fn state(&self, row: &[f32]) -> StepStatus {
        likeliest(&STATES, &self.states, row).unwrap_or(StepStatus::Promised)
    }

    /// The likeliest stance to a competitor.
    pub(super) fn stance(&self, row: &[f32]) -> Stance {
        likeliest(&STANCES, &self.stances, row).unwrap_or(Stance::Mentioned)
    }

    /// The kind of pushback that the words of some sentences, and less so of those around
    /// them, speak for most; trust, the commonest, when none of them is known.
    pub(super) fn pushback_kind(&self, said: &[Sentence], own: &[usize]) -> PushbackKind {
        let near = |at: usize| at.saturating_sub(AROUND)..said.len().min(at + AROUND + 1);
        let own_words = self.pushback_sums(said, own.iter().copied());
        let around = self.pushback_sums(said, own.iter().flat_map(|at| near(*at)));
        let sums = own_words.iter().zip(&around);
        let sums = sums.map(|(own, around)| own + SHARE * around);
        let likeliest = PushbackKind::ALL.iter().zip(sums).rev();
        match likeliest.max_by(|one, other| one.1.total_cmp(&other.1)) {
            Some((kind, sum)) if sum.abs() > 0.0 => *kind,
            _ => PushbackKind::Trust,
        }
    }

    /// What the words of sentences say for each kind, each word once.
    fn pushback_sums(&self, said: &[Sentence], at: impl Iterator<Item = usize>) -> Vec<f64> {
        let keys: BTreeSet<u32> = at.flat_map(|at| said[at].keys.clone()).collect();
        let (sums, known) = self.pushback.sums(keys);
        let length = f64::from(known.max(1)).sqrt();
        let sums = sums.into_iter().map(|sum| f64::from(sum) / length);
        sums.collect()
    }
}

/// The state whose sum is the largest, the first of equals.
fn likeliest<S: Copy>(states: &[S], sums: &[Linear], row: &[f32]) -> Option<S> {
    let scored = states.iter().zip(sums.iter().map(|of| of.score(row)));
    let best = scored.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|(state, _)| *state)
}
