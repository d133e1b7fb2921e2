//! The learned numbers: linear models and small trees, from one file.
//!
//! `data/reading.bin` is made by `training/reading/train.py`, which also says how. Whoever
//! has labelled calls of their own makes their own file.

use resilience::ErrorKind;
use serde::Deserialize;

use crate::{Error, Result};

/// The file's first bytes; the number is that of its form.
const MARK: &[u8] = b"READ1";

/// Kinds of items, in the order in which the numbers know them.
pub(super) const KINDS: usize = 8;

/// How many features each model reads.
pub(super) struct Columns {
    pub(super) window: usize,
    pub(super) pair: usize,
    pub(super) item: usize,
    pub(super) person: usize,
    pub(super) both: usize,
    pub(super) pushback: usize,
}

#[derive(Debug)]
pub(super) struct Numbers {
    keys: Vec<u32>,
    /// A row of [`KINDS`] a key.
    weights: Vec<i8>,
    wording: Scales,
    pub(super) window: Vec<WindowNumbers>,
    pub(super) kinds: Vec<KindNumbers>,
    pub(super) choices: Choices,
}

/// Who does a step, and of what kind pushback is.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Choices {
    /// Whether a party does it.
    pub(super) person: Linear,
    /// Whether both sides do.
    pub(super) both: Linear,
    /// Of each kind, in the order of `data/reading_pushback.txt`; a kind of which
    /// there were no examples has none.
    pub(super) pushback: Vec<Option<Linear>>,
}

impl Choices {
    fn parse(bytes: &[u8], columns: &Columns) -> Result<Self> {
        let wrong = "reading choices: not such a file";
        let choices: Self = serde_json::from_slice(bytes)
            .map_err(|error| Error::new(ErrorKind::Decode, wrong).with_source(error))?;
        let fits = choices.person.is_of(columns.person)
            && choices.both.is_of(columns.both)
            && choices
                .pushback
                .iter()
                .flatten()
                .all(|kind| kind.is_of(columns.pushback));
        if fits {
            Ok(choices)
        } else {
            let message = "reading choices: made for other features than these";
            Err(Error::new(ErrorKind::Decode, message))
        }
    }
}

#[derive(Deserialize)]
struct Head {
    wording: Scales,
    window: Vec<WindowNumbers>,
    kinds: Vec<KindNumbers>,
}

#[derive(Debug, Deserialize)]
struct Scales {
    keys: usize,
    scale: Vec<f64>,
    bias: Vec<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WindowNumbers {
    pub(super) linear: Linear,
    pub(super) trees: Trees,
    pub(super) starts: Linear,
}

#[derive(Debug, Deserialize)]
pub(super) struct KindNumbers {
    pub(super) pair: Trees,
    pub(super) item: Linear,
    /// From this score on a sentence is looked at.
    pub(super) least: f64,
    /// From this probability on a sentence joins an item.
    pub(super) together: f64,
    /// Items less sure than this are not shown.
    pub(super) floor: f64,
}

/// A weighted sum of normalised columns.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Linear {
    mean: Vec<f64>,
    scale: Vec<f64>,
    weights: Vec<f64>,
    bias: f64,
}

impl Linear {
    pub(super) fn score(&self, row: &[f32]) -> f64 {
        let columns = row
            .iter()
            .zip(&self.mean)
            .zip(&self.scale)
            .zip(&self.weights);
        let sum: f64 = columns
            .map(|(((value, mean), scale), weight)| {
                weight * ((f64::from(*value) - mean) / scale).clamp(-4.0, 4.0)
            })
            .sum();
        self.bias + sum
    }

    fn is_of(&self, columns: usize) -> bool {
        [&self.mean, &self.scale, &self.weights]
            .iter()
            .all(|part| part.len() == columns)
    }
}

/// The sum of small decision trees.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Trees(Vec<Tree>);

#[derive(Debug, Deserialize)]
struct Tree {
    /// Column, threshold, where to go up to it and above it; a negative number -n is
    /// value n - 1.
    nodes: Vec<(usize, f32, i32, i32)>,
    values: Vec<f64>,
}

impl Trees {
    pub(super) fn score(&self, row: &[f32]) -> f64 {
        self.0.iter().map(|tree| tree.value(row)).sum()
    }

    /// Whether every step leads on, to a column that exists.
    fn is_of(&self, columns: usize) -> bool {
        self.0.iter().all(|tree| tree.is_of(columns))
    }
}

impl Tree {
    fn value(&self, row: &[f32]) -> f64 {
        let mut at = if self.nodes.is_empty() { -1 } else { 0 };
        while let Some((column, threshold, up_to, above)) =
            usize::try_from(at).ok().and_then(|at| self.nodes.get(at))
        {
            let value = row.get(*column).copied().unwrap_or(0.0);
            at = if value <= *threshold { *up_to } else { *above };
        }
        let leaf = usize::try_from(-i64::from(at) - 1).unwrap_or(usize::MAX);
        self.values.get(leaf).copied().unwrap_or(0.0)
    }

    fn is_of(&self, columns: usize) -> bool {
        let leads_on = |from: usize, to: i32| match usize::try_from(to) {
            // Forward only, so that no walk goes in circles.
            Ok(to) => to > from && to < self.nodes.len(),
            Err(_) => to.unsigned_abs() as usize <= self.values.len(),
        };
        let mut nodes = self.nodes.iter().enumerate();
        !self.values.is_empty()
            && nodes.all(|(at, (column, _, up_to, above))| {
                *column < columns && leads_on(at, *up_to) && leads_on(at, *above)
            })
    }
}

impl Numbers {
    pub(super) fn parse(bytes: &[u8], choices: &[u8], columns: &Columns) -> Result<Self> {
        let wrong = |what: &str| Error::new(ErrorKind::Decode, format!("reading model: {what}"));
        let rest = bytes
            .strip_prefix(MARK)
            .ok_or_else(|| wrong("not such a file"))?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(|| wrong("cut off"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (head, rest) = rest
            .split_at_checked(length)
            .ok_or_else(|| wrong("cut off"))?;
        let head: Head = serde_json::from_slice(head)
            .map_err(|error| wrong("its head cannot be read").with_source(error))?;
        let keys = head.wording.keys;
        let (keys, weights) = rest
            .split_at_checked(keys.saturating_mul(4))
            .filter(|(_, weights)| weights.len() == keys.saturating_mul(KINDS))
            .ok_or_else(|| wrong("its table has another size than it says"))?;
        let (keys, _) = keys.as_chunks();
        let numbers = Self {
            keys: keys.iter().map(|key| u32::from_le_bytes(*key)).collect(),
            weights: weights.iter().map(|weight| weight.cast_signed()).collect(),
            wording: head.wording,
            window: head.window,
            kinds: head.kinds,
            choices: Choices::parse(choices, columns)?,
        };
        if numbers.fits(columns) {
            Ok(numbers)
        } else {
            Err(wrong("made for other features than these"))
        }
    }

    fn fits(&self, columns: &Columns) -> bool {
        let (window, pair, item) = (columns.window, columns.pair, columns.item);
        self.wording.scale.len() == KINDS
            && self.wording.bias.len() == KINDS
            && self.window.len() == KINDS
            && self.kinds.len() == KINDS
            && self.window.iter().all(|of| {
                of.linear.is_of(window) && of.starts.is_of(window) && of.trees.is_of(window)
            })
            && self
                .kinds
                .iter()
                .all(|of| of.pair.is_of(pair) && of.item.is_of(item))
    }

    /// How much a sentence is worded like each kind.
    pub(super) fn wording(&self, keys: &[u32]) -> [f64; KINDS] {
        let mut sums = [0_i32; KINDS];
        let mut known = 0_u32;
        for key in keys {
            let Ok(at) = self.keys.binary_search(key) else {
                continue;
            };
            known += 1;
            let row = &self.weights[at * KINDS..][..KINDS];
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(*weight);
            }
        }
        let length = f64::from(known.max(1)).sqrt();
        std::array::from_fn(|kind| {
            let sum = f64::from(sums[kind]) * self.wording.scale[kind];
            sum / length + self.wording.bias[kind]
        })
    }
}

/// The probability of a score.
pub(super) fn probability(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}
