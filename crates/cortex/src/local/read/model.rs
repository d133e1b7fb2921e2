//! The model that calls are read with: what comes with the crate, or somebody's own.

use std::sync::{Arc, LazyLock};

use resilience::ErrorKind;
use sha2::{Digest, Sha256};

use super::numbers::Numbers;
use super::table::wrong;
use super::{competitors, due, item, owners, pair, rivals, states, window};
use crate::version::version_of;
use crate::{Error, Result};

const SHIPPED: &[u8] = include_bytes!("../../../data/reading.bin");

const SHIPPED_CHOICES: &[u8] = include_bytes!("../../../data/reading_choices.bin");

/// Raised when rules or lists change what is read from the same numbers, so that stored readings
/// are made anew.
const RULES: u8 = 2;

/// What a call is read with.
///
/// The numbers that come with the crate were learned from the project's labelled
/// dialogues. [`from_bytes`](Self::from_bytes) takes others, made by `training/reading`
/// from dialogues of the same form.
#[derive(Debug, Clone)]
pub struct ReadingModel {
    pub(super) numbers: Arc<Numbers>,
    version: Arc<str>,
}

impl ReadingModel {
    /// Reads what the training scripts wrote: `train.py` the numbers, `choices.py` the
    /// choices.
    ///
    /// # Errors
    /// `Decode` when the bytes are no such files.
    pub fn from_bytes(numbers: &[u8], choices: &[u8]) -> Result<Self> {
        let version = version(numbers, choices).into();
        let numbers = Arc::new(Numbers::parse(numbers, choices)?);
        if fits(&numbers) {
            Ok(Self { numbers, version })
        } else {
            Err(wrong("made for other features than these"))
        }
    }

    /// Which numbers these are: readings by others are not compared with theirs.
    pub(in crate::local) fn version(&self) -> &str {
        &self.version
    }

    /// The version of what comes with the crate, without reading it.
    pub(in crate::local) fn shipped_version() -> &'static str {
        static VERSION: LazyLock<String> = LazyLock::new(|| version(SHIPPED, SHIPPED_CHOICES));
        &VERSION
    }

    /// What comes with the crate.
    pub(in crate::local) fn shipped() -> Result<Self> {
        static SHIPPED_MODEL: LazyLock<Option<ReadingModel>> =
            LazyLock::new(|| ReadingModel::from_bytes(SHIPPED, SHIPPED_CHOICES).ok());
        let message = "the numbers that come with this crate cannot be read";
        let model = SHIPPED_MODEL.clone();
        model.ok_or_else(|| Error::new(ErrorKind::Internal, message))
    }
}

/// The version of both files together, and of the rules beside them.
fn version(numbers: &[u8], choices: &[u8]) -> String {
    let files = Sha256::new().chain_update(numbers).chain_update(choices);
    version_of(files.chain_update([RULES]))
}

/// Whether the numbers are of the columns that the reader makes.
fn fits(numbers: &Numbers) -> bool {
    let columns = window::columns();
    let windows = numbers
        .window
        .iter()
        .all(|of| of.linear.is_of(columns) && of.starts.is_of(columns) && of.trees.is_of(columns));
    let (pair, item) = (pair::columns(), item::columns());
    let mut kinds = numbers.kinds.iter();
    let choices = &numbers.choices;
    windows
        && kinds.all(|of| of.pair.is_of(pair) && of.item.is_of(item))
        && choices.person.is_of(owners::PERSON_COLUMNS)
        && choices.both.is_of(owners::BOTH_COLUMNS)
        && choices.due.is_of(due::COLUMNS, due::NONE_COLUMNS)
        && choices.rivals.names.is_of(rivals::COLUMNS)
        && (choices.stances.iter()).all(|of| of.is_of(competitors::columns()))
        && choices.states.iter().all(|of| of.is_of(states::COLUMNS))
}
