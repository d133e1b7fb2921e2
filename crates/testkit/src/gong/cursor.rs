//! Page cursors: opaque to clients, self-contained for the simulator.
//!
//! A cursor holds either the key of the last record delivered, so that calls that appear or
//! vanish between two pages shift nothing, or the position of the next page's first record,
//! so that they do. It looks like Gong's, three base64url parts joined by dots.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::filter::BadRequest;

/// `{"alg":"HS256"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiJ9";

/// What a cursor means, and so what becomes of a listing when calls come and go
/// between two of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CursorKind {
    /// The place behind the last call: nothing shifts.
    #[default]
    AfterLast,
    /// A page number, as Gong's are: a call that goes moves all later ones one place
    /// to the front, the first of them over the edge of a page that was read already;
    /// a call that comes moves them back, and one is served twice. A call in analysis
    /// leaves its page one record short.
    PageNumber,
}

/// The place of a call in the order that Gong serves calls in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct CallKey {
    pub(super) time: Timestamp,
    pub(super) id: String,
}

/// Where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Position {
    First,
    AfterCall(CallKey),
    AtIndex(usize),
}

/// The content of a cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    pub(super) position: Position,
    /// Number of the page it leads to, from 0.
    pub(super) page: usize,
    /// [`fingerprint`] of the request it belongs to: the next page is asked for
    /// with the same request plus the cursor.
    pub(super) request: u64,
    /// Milliseconds from the start of the simulator.
    pub(super) issued_ms: u64,
    /// Cursors of earlier epochs have expired.
    pub(super) epoch: u64,
}

/// A hash that does not change within one version of the standard library.
pub(super) fn fingerprint(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

impl Cursor {
    pub(super) fn encode(&self) -> String {
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default());
        let signature = sign(&payload);
        format!("{HEADER}.{payload}.{signature}")
    }

    pub(super) fn decode(text: &str) -> Result<Self, BadRequest> {
        let invalid = || BadRequest("cursor: is not valid".to_owned());
        let mut parts = text.split('.');
        let (Some(HEADER), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(invalid());
        };
        if sign(payload) != signature {
            return Err(invalid());
        }
        let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| invalid())?;
        serde_json::from_slice(&payload).map_err(|_| invalid())
    }
}

fn sign(payload: &str) -> String {
    URL_SAFE_NO_PAD.encode(fingerprint(&(payload, "simulator")).to_be_bytes())
}
