//! The hash that tells whether a document has changed.
//!
//! SHA-256 over its cleaned canonical form (see [`calls::canonical`]). A top-level `media`
//! object is left out: it holds download links that Gong signs anew with every request.

use std::fmt::Write;

use calls::canonical::{Canonical, Canonicalizer};
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

/// Hashes documents, reusing its buffers.
#[derive(Debug, Default)]
pub(crate) struct PayloadHasher {
    canonicalizer: Canonicalizer,
}

impl PayloadHasher {
    /// The hash of a JSON document, in lower-case hex, and whether the document is clean.
    /// What is not JSON is hashed as it stands.
    pub(crate) fn inspect(&mut self, json: &str) -> (String, bool) {
        self.canonicalizer
            .without_media(json, |bytes, is_cleaned| (sha256_hex(bytes), !is_cleaned))
            .unwrap_or_else(|_| (sha256_hex(json.as_bytes()), true))
    }

    /// All of a document, cleaned; `None` when it is not JSON.
    pub(crate) fn cleaned(&mut self, json: &str) -> Option<Canonical> {
        self.canonicalizer.whole(json).ok()
    }
}

/// Whether a text is one JSON value and nothing else.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The hash of what need not be JSON: that of a document, else of the bytes.
pub(crate) fn digest(text: &str) -> String {
    if is_json(text) {
        PayloadHasher::default().inspect(text).0
    } else {
        sha256_hex(text.as_bytes())
    }
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_meaning_has_one_hash() {
        let hash = |json: &str| PayloadHasher::default().inspect(json).0;
        let expected = hash(r#"{"a":2,"b":"é"}"#);
        for same in [
            r#" {"b" : "\u00e9", "a" : 2} "#,
            r#"{"a":2,"media":{"audioUrl":"https://a?x=1"},"b":"é"}"#,
            r#"{"a":1,"b":"é","a":2}"#,
        ] {
            assert_eq!(hash(same), expected, "{same}");
        }
        assert_ne!(hash(r#"{"a":2.0,"b":"é"}"#), expected);
        assert_eq!(hash("<p>"), sha256_hex(b"<p>"));
    }

    #[test]
    fn hashes_of_clean_documents_stay_what_they_were() {
        // As stores have kept it since their first version.
        assert_eq!(
            PayloadHasher::default().inspect(r#"{"z":[1.0,{"b":null,"a":"\u0041\n"}],"id":"7"}"#),
            (
                sha256_hex(br#"{"id":"7","z":[1.0,{"a":"A\n","b":null}]}"#),
                true
            )
        );
    }

    #[test]
    fn digests_of_what_is_no_json_are_of_all_its_bytes() {
        assert_eq!(digest("<p>1, 2"), sha256_hex(b"<p>1, 2"));
        assert_ne!(digest("{} <p>"), digest("{}"));
        assert_eq!(digest(r#"{"b":1,"a":2}"#), digest(r#"{"a":2, "b":1}"#));
    }
}
