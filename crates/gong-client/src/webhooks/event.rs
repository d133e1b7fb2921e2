//! What Gong sends. For callers that have checked who sent it.

use calls::RawDocument;
use resilience::ErrorKind;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::groups::calls::CallRecord;
use crate::record_id::find_call_id;
use crate::{Error, Result};

/// A call matched a rule.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallEvent {
    /// The call, as the extensive listing sends it.
    pub call: CallRecord,
    /// The same as it came, as ingestion lands it.
    pub document: RawDocument,
    /// Whether somebody tried the rule out.
    pub is_test: bool,
}

impl CallEvent {
    /// Reads a body that was [verified](super::WebhookVerifier::verify), or whose address was.
    ///
    /// # Errors
    /// [`Decode`](ErrorKind::Decode) when it is not a call with an id.
    pub fn from_body(body: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire<'a> {
            #[serde(borrow)]
            call_data: Option<&'a RawValue>,
            is_test: Option<bool>,
        }
        let wrong = |why: String| Error::new(ErrorKind::Decode, format!("webhook: {why}"));
        let not_json = |_| wrong("the body is not an event of Gong".to_owned());
        let wire: Wire<'_> = serde_json::from_slice(body).map_err(not_json)?;
        // Gong's sample is the call alone.
        let call = match wire.call_data {
            Some(call) => call,
            None => serde_json::from_slice(body).map_err(not_json)?,
        };
        let call_id = find_call_id(call.get(), &["metaData", "id"]).map_err(wrong)?;
        Ok(Self {
            call: serde_json::from_str(call.get()).map_err(not_json)?,
            document: RawDocument {
                call_id,
                json: call.to_owned(),
            },
            is_test: wire.is_test.unwrap_or_default(),
        })
    }
}
