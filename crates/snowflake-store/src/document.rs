//! Prepares a document for storing: hashed, and cleaned so that every store can hold it.
//!
//! What no store can hold is cleaned before anything is written, see
//! [`calls::canonical`], so that stores agree and one document never fails its page.
//! The original is kept beside it.

use calls::RawDocument;
use resilience::ErrorKind;
use serde_json::value::RawValue;

use crate::payload_hash::PayloadHasher;
use crate::{Error, Result};

/// Bytes that a document can have: those of a VARIANT.
pub(crate) const MAX_BYTES: usize = 128 << 20;

/// Bytes of a document as it came that are kept: those of a VARCHAR in every account.
const MAX_ORIGINAL_BYTES: usize = 16 << 20;

/// A document as it is stored, with the hash of that.
#[derive(Debug)]
pub(crate) struct PreparedDocument {
    pub(crate) document: RawDocument,
    pub(crate) payload_sha: String,
    /// `None` for nearly every document: it is stored byte for byte.
    pub(crate) cleaning: Option<Cleaning>,
}

/// What was cleaned of a document.
pub(crate) struct Cleaning {
    /// What, by place: a JSON array of text.
    pub(crate) notes: Box<RawValue>,
    /// The document as it came; `None` when it is too large to be kept beside.
    pub(crate) original: Option<Box<RawValue>>,
}

impl std::fmt::Debug for Cleaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cleaning")
            .field("notes", &self.notes.get())
            .field("original_bytes", &self.original().map(str::len))
            .finish()
    }
}

impl Cleaning {
    pub(crate) fn original(&self) -> Option<&str> {
        self.original.as_deref().map(RawValue::get)
    }
}

impl PreparedDocument {
    /// Hashes and, where it has to be, cleans a document of at most `max_bytes`.
    pub(crate) fn new(
        document: RawDocument,
        max_bytes: usize,
        hasher: &mut PayloadHasher,
    ) -> Result<Self> {
        if document.text().len() > max_bytes {
            return Err(refused(
                &document,
                format_args!("has more than {max_bytes} bytes"),
            ));
        }
        let (payload_sha, is_clean) = hasher.inspect(document.text());
        if is_clean {
            return Ok(Self {
                document,
                payload_sha,
                cleaning: None,
            });
        }
        clean(document, payload_sha, hasher)
    }

    pub(crate) fn original(&self) -> Option<&str> {
        self.cleaning.as_ref()?.original()
    }

    pub(crate) fn cleaning_notes(&self) -> Option<&RawValue> {
        Some(&self.cleaning.as_ref()?.notes)
    }
}

fn clean(
    document: RawDocument,
    payload_sha: String,
    hasher: &mut PayloadHasher,
) -> Result<PreparedDocument> {
    let not_json = || refused(&document, format_args!("is not JSON"));
    let mut cleaned = hasher.cleaned(document.text()).ok_or_else(not_json)?;
    let is_kept = document.text().len() <= MAX_ORIGINAL_BYTES;
    if !is_kept {
        let note = ".: the document as it came is too large to be kept";
        cleaned.notes.push(note.to_owned());
    }
    let notes = serde_json::value::to_raw_value(&cleaned.notes).map_err(|_| not_json())?;
    let json = RawValue::from_string(cleaned.text).map_err(|_| not_json())?;
    Ok(PreparedDocument {
        cleaning: Some(Cleaning {
            notes,
            original: is_kept.then_some(document.json),
        }),
        document: RawDocument {
            call_id: document.call_id,
            json,
        },
        payload_sha,
    })
}

/// A document is at fault, and no outage: whoever lands the rest of its page succeeds.
fn refused(document: &RawDocument, why: std::fmt::Arguments<'_>) -> Error {
    let message = format!("document of call {} {why}", document.call_id);
    Error::new(ErrorKind::InvalidInput, message).with_field("document")
}

#[cfg(test)]
mod tests {
    use calls::CallId;

    use super::*;

    fn prepare(json: &str) -> PreparedDocument {
        let document = RawDocument::new(CallId::new("7"), json).unwrap();
        PreparedDocument::new(document, 1_000, &mut PayloadHasher::default()).unwrap()
    }

    #[test]
    fn clean_documents_stay_byte_for_byte() {
        let json = r#"{ "b": 1.0, "a": "\u00e9" }"#;
        let prepared = prepare(json);
        assert_eq!(prepared.document.text(), json);
        assert!(prepared.cleaning.is_none());
    }

    #[test]
    fn a_cleaned_document_has_the_hash_of_what_is_stored_and_its_original() {
        let json = r#"{"media":{"audioUrl":"\u0000"},"title":"Cut \ud83d","n":1e400}"#;
        let prepared = prepare(json);
        let stored = prepared.document.text();
        assert_eq!(
            stored,
            "{\"media\":{\"audioUrl\":\"\u{fffd}\"},\"n\":\"1e400\",\"title\":\"Cut \u{fffd}\"}"
        );
        assert_eq!(prepared.original(), Some(json));
        assert_eq!(prepare(stored).payload_sha, prepared.payload_sha);
        let notes = prepared.cleaning_notes().unwrap().get();
        assert!(notes.contains("title: a lone surrogate"), "{notes}");
        assert!(!format!("{prepared:?}").contains("Cut"));
    }

    #[test]
    fn what_is_too_large_is_at_fault() {
        let json = format!("\"{}\"", "a".repeat(1_000));
        let document = RawDocument::new(CallId::new("7"), json).unwrap();
        let error =
            PreparedDocument::new(document, 1_000, &mut PayloadHasher::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            error.to_string(),
            "document: document of call 7 has more than 1000 bytes"
        );
    }
}
