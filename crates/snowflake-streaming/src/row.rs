//! One row on its way.

use std::fmt;

use resilience::ErrorKind;
use serde::Serialize;

use crate::{Error, Result};

/// One row: a JSON object of columns, with its place in the order.
///
/// Its `Debug` shows the offset and the size, since rows hold what people said.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    offset: u64,
    json: String,
}

impl Row {
    /// A row from anything that is a JSON object.
    ///
    /// # Errors
    /// `InvalidInput` when it is not a JSON object.
    pub fn new(offset: u64, columns: &impl Serialize) -> Result<Self> {
        let refuse = || Error::new(ErrorKind::InvalidInput, "is not a JSON object");
        // serde_json writes no line breaks, which separate rows on the wire.
        let json = serde_json::to_string(columns)
            .map_err(|error| refuse().with_source(error))
            .map_err(|error| error.with_field("row"))?;
        if !json.starts_with('{') {
            return Err(refuse().with_field("row"));
        }
        Ok(Self { offset, json })
    }

    /// Its place in the order.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The columns as they are sent.
    pub fn json(&self) -> &str {
        &self.json
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("offset", &self.offset)
            .field("bytes", &self.json.len())
            .finish()
    }
}
