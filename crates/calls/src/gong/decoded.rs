//! The result of decoding a document.

use serde::Deserialize;

use super::error::{DecodeError, from_json};
use crate::canonical::Canonicalizer;
use crate::notes::Notes;

/// A document as it was read, and what of it was not as Gong documents it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// What was read.
    pub value: T,
    /// A sentence each, beginning with the place, such as
    /// `metaData.duration: text in place of a number`; no value is ever shown. Empty for
    /// nearly every document. The last of very many only says how many more there are.
    pub notes: Vec<String>,
}

impl<T> Decoded<T> {
    /// Parses a document and reads it. One that the parser refuses, but that is JSON, is
    /// cleaned first.
    pub(super) fn read<W: for<'de> Deserialize<'de>>(
        json: &str,
        read: impl FnOnce(W, &mut Notes) -> Result<T, DecodeError>,
    ) -> Result<Self, DecodeError> {
        let mut notes = Notes::default();
        let wire = match from_json(json) {
            Ok(wire) => wire,
            Err(error) => {
                let cleaned = Canonicalizer::default().whole(json).map_err(|_| &error);
                let Some(cleaned) = cleaned.ok().filter(|cleaned| !cleaned.notes.is_empty()) else {
                    return Err(error);
                };
                for note in cleaned.notes {
                    notes.add(|| note);
                }
                from_json(&cleaned.text)?
            }
        };
        let value = read(wire, &mut notes)?;
        Ok(Self {
            value,
            notes: notes.into_vec(),
        })
    }
}
