//! The learned numbers, as `training/reading/train.py` writes them, which also says how
//! they are made.

use serde::Deserialize;

use super::choices::Choices;
use super::scorers::{KINDS, Linear, Trees};
use super::table::{Table, wrong};
use crate::Result;

/// The file's first bytes; the number is that of its form.
const MARK: &[u8] = b"READ1";

#[derive(Debug)]
pub(super) struct Numbers {
    words: Table,
    wording: Scales,
    pub(super) window: Vec<WindowNumbers>,
    pub(super) kinds: Vec<KindNumbers>,
    pub(super) choices: Choices,
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
}

impl Numbers {
    /// # Errors
    /// `Decode` when the bytes are no such files.
    pub(super) fn parse(bytes: &[u8], choices: &[u8]) -> Result<Self> {
        let keys = |head: &Head| head.wording.keys;
        let (head, words) = Table::parse(bytes, MARK, KINDS, keys)?;
        let is_whole = head.wording.scale.len() == KINDS
            && head.wording.bias.len() == KINDS
            && head.window.len() == KINDS
            && head.kinds.len() == KINDS;
        if !is_whole {
            return Err(wrong("made for other kinds than these"));
        }
        let scale = &head.window[0].linear;
        let shares_it = |of: &WindowNumbers| of.linear.is_like(scale) && of.starts.is_like(scale);
        if !head.window.iter().all(shares_it) {
            return Err(wrong(
                "sentences of one kind have another scale than those of others",
            ));
        }
        Ok(Self {
            words,
            wording: head.wording,
            window: head.window,
            kinds: head.kinds,
            choices: Choices::parse(choices)?,
        })
    }

    /// How much a sentence is worded like each kind.
    pub(super) fn wording(&self, keys: &[u32]) -> [f64; KINDS] {
        let (sums, known) = self.words.sums(keys.iter().copied());
        let length = f64::from(known.max(1)).sqrt();
        std::array::from_fn(|kind| {
            let sum = f64::from(sums[kind]) * self.wording.scale[kind];
            sum / length + self.wording.bias[kind]
        })
    }
}
