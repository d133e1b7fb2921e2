//! The learned numbers that come with the crate, or others.

use std::sync::{Arc, LazyLock};

use resilience::ErrorKind;

use super::numbers::{Columns, Numbers};
use super::{item, owners, pair, pushback, window};
use crate::{Error, Result};

const SHIPPED: &[u8] = include_bytes!("../../../data/reading.bin");

const SHIPPED_CHOICES: &[u8] = include_bytes!("../../../data/reading_choices.json");

/// What a call is read with.
///
/// The numbers that come with the crate were learned from the project's labelled
/// dialogues. [`from_bytes`](Self::from_bytes) takes others, made by
/// `training/reading/train.py` from dialogues of the same form.
#[derive(Debug, Clone)]
pub struct ReadingModel(pub(super) Arc<Numbers>);

impl ReadingModel {
    /// Reads what the training scripts wrote: `train.py` the numbers, `choices.py` the
    /// choices.
    ///
    /// # Errors
    /// `Decode` when the bytes are no such files.
    pub fn from_bytes(numbers: &[u8], choices: &[u8]) -> Result<Self> {
        let columns = Columns {
            window: window::columns(),
            pair: pair::columns(),
            item: item::columns(),
            person: owners::PERSON_COLUMNS,
            both: owners::BOTH_COLUMNS,
            pushback: pushback::columns(),
        };
        let numbers = Numbers::parse(numbers, choices, &columns)?;
        Ok(Self(Arc::new(numbers)))
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
