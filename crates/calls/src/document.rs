//! Raw JSON of one call or one transcript, as its source sent it.

use std::fmt;

use serde_json::value::RawValue;

use crate::CallId;

/// The JSON of one call or one transcript, byte for byte, with its call id.
///
/// Sources hand documents over and stores land them; neither has to understand
/// more of the content than the id. [`gong::decode_call`](crate::gong::decode_call)
/// and [`gong::decode_transcript`](crate::gong::decode_transcript) read them.
///
/// `Debug` shows the id and the size, never the content.
#[derive(Clone)]
pub struct RawDocument {
    /// The call it belongs to.
    pub call_id: CallId,
    /// The JSON text.
    pub json: Box<RawValue>,
}

impl RawDocument {
    /// A document from JSON text; the error is the JSON parser's.
    pub fn new(call_id: CallId, json: impl Into<String>) -> Result<Self, serde_json::Error> {
        Ok(Self {
            call_id,
            json: RawValue::from_string(json.into())?,
        })
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        self.json.get()
    }
}

impl fmt::Debug for RawDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawDocument")
            .field("call_id", &self.call_id)
            .field("bytes", &self.text().len())
            .finish()
    }
}
