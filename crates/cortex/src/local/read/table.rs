//! Files of learned numbers: a mark, the length of a JSON part, that part, then hashes of
//! words with a row of weights for each.

use resilience::ErrorKind;
use serde::de::DeserializeOwned;

use crate::{Error, Result};

/// Weights of hashed words, a row of `width` numbers for each.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Ascending.
    keys: Vec<u32>,
    weights: Vec<i8>,
    width: usize,
}

impl Table {
    /// Reads a file: its JSON part, and what follows as a table of `keys` rows.
    ///
    /// # Errors
    /// `Decode` when the bytes are no such file.
    pub(super) fn parse<H: DeserializeOwned>(
        bytes: &[u8],
        mark: &[u8],
        width: usize,
        keys: impl Fn(&H) -> usize,
    ) -> Result<(H, Self)> {
        let rest = bytes
            .strip_prefix(mark)
            .ok_or_else(|| wrong("not such a file"))?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(|| wrong("cut off"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (head, rest) = rest
            .split_at_checked(length)
            .ok_or_else(|| wrong("cut off"))?;
        let head: H = serde_json::from_slice(head)
            .map_err(|error| wrong("its head cannot be read").with_source(error))?;
        let count = keys(&head);
        let (keys, weights) = rest
            .split_at_checked(count.saturating_mul(4))
            .filter(|(_, weights)| weights.len() == count.saturating_mul(width))
            .ok_or_else(|| wrong("its table has another size than it says"))?;
        let (keys, _) = keys.as_chunks();
        let table = Self {
            keys: keys.iter().map(|key| u32::from_le_bytes(*key)).collect(),
            weights: weights.iter().map(|weight| weight.cast_signed()).collect(),
            width,
        };
        Ok((head, table))
    }

    /// The weights of some words added up, and how many of them are known.
    pub(super) fn sums(&self, keys: impl IntoIterator<Item = u32>) -> (Vec<i32>, u32) {
        let mut sums = vec![0_i32; self.width];
        let mut known = 0_u32;
        for key in keys {
            let Ok(at) = self.keys.binary_search(&key) else {
                continue;
            };
            known += 1;
            let row = &self.weights[at * self.width..][..self.width];
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(*weight);
            }
        }
        (sums, known)
    }
}

/// Bytes that are no such file, or made for other features than these.
pub(super) fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("reading model: {what}"))
}
