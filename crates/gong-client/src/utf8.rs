//! Bodies that contain invalid UTF-8.
//!
//! JSON text must be UTF-8, and a parser refuses a whole page for one bad byte.
//! Here each bad byte is replaced by one ASCII character, so that the page parses,
//! no offset changes, and the records with bad bytes can be identified by position.

use std::borrow::Cow;

/// Stands for each bad byte: one byte, allowed in a JSON string, and in no id.
pub(crate) const STAND_IN: char = '\u{7f}';

/// A body as text of the same length, and where it differs from the bytes.
pub(crate) struct Repaired<'a> {
    bytes: &'a [u8],
    pub(crate) text: Cow<'a, str>,
    /// Ascending.
    invalid: Vec<usize>,
}

impl<'a> Repaired<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self {
                bytes,
                text: Cow::Borrowed(text),
                invalid: Vec::new(),
            };
        }
        let mut text = String::with_capacity(bytes.len());
        let mut invalid = Vec::new();
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            for _ in chunk.invalid() {
                invalid.push(text.len());
                text.push(STAND_IN);
            }
        }
        Self {
            bytes,
            text: Cow::Owned(text),
            invalid,
        }
    }

    /// The first bad byte in a part of [`text`](Self::text), counted from the part's start.
    pub(crate) fn first_invalid_byte(&self, part: &str) -> Option<usize> {
        if self.invalid.is_empty() {
            return None;
        }
        let start = self.offset(part);
        let next = self.invalid.partition_point(|&at| at < start);
        let at = *self.invalid.get(next)?;
        (at < start + part.len()).then(|| at - start)
    }

    /// A part of [`text`](Self::text) as it was received, bad bytes replaced by U+FFFD.
    pub(crate) fn original(&self, part: &str) -> String {
        let start = self.offset(part);
        let bytes = self
            .bytes
            .get(start..start + part.len())
            .unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn offset(&self, part: &str) -> usize {
        part.as_ptr()
            .addr()
            .saturating_sub(self.text.as_ptr().addr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_byte_in_its_place() {
        let bytes = b"ab\xff\xe2\x82 c\xc3\xa9";
        let repaired = Repaired::new(bytes);
        assert_eq!(repaired.text, "ab\u{7f}\u{7f}\u{7f} cé");
        assert_eq!(repaired.text.len(), bytes.len());
        assert_eq!(repaired.invalid, [2, 3, 4]);
        assert_eq!(repaired.first_invalid_byte(&repaired.text[3..5]), Some(0));
        assert_eq!(repaired.first_invalid_byte(&repaired.text[5..]), None);
        assert_eq!(repaired.original(&repaired.text[1..4]), "b\u{fffd}\u{fffd}");
    }

    #[test]
    fn borrows_what_is_valid() {
        assert!(matches!(
            Repaired::new("é".as_bytes()).text,
            Cow::Borrowed(_)
        ));
    }
}
