//! The hash by which a document is known to be unchanged.
//!
//! SHA-256 over canonical JSON: object keys sorted by their bytes, order of
//! arrays kept, no white space, escapes normalised, numbers in their literal
//! text. A top-level `media` object is left out: it holds download links that
//! Gong signs anew with every request.

use std::fmt::Write;

use memchr::memchr2;
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

/// Nesting beyond which a document is hashed as it is spelled. Gong's documents
/// nest less than ten deep; the limit bounds the stack.
const MAX_DEPTH: usize = 128;

/// Buffers that outgrow this are not kept for the next document.
const KEPT_BYTES: usize = 1 << 20;

/// Hashes documents, reusing its buffers.
#[derive(Debug, Default)]
pub(crate) struct PayloadHasher {
    out: Vec<u8>,
    members: Vec<Member>,
    sorted: Vec<u8>,
}

/// A member of an object in `out`: key from `start` to `key_end`, all to `end`.
#[derive(Debug, Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
}

/// The document nests too deep, or is not JSON.
struct NotCanonical;

impl PayloadHasher {
    /// The hash of a JSON document, in lower-case hex.
    pub(crate) fn hash(&mut self, json: &str) -> String {
        let bytes = match self.canonical(json) {
            Ok(canonical) => canonical,
            Err(NotCanonical) => json.as_bytes(),
        };
        let hash = sha256_hex(bytes);
        if self.out.capacity() > KEPT_BYTES {
            *self = Self::default();
        }
        hash
    }

    fn canonical(&mut self, json: &str) -> Result<&[u8], NotCanonical> {
        self.out.clear();
        self.members.clear();
        let mut input = Scanner { json, at: 0 };
        self.value(&mut input, 0)?;
        Ok(&self.out)
    }

    fn value(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotCanonical> {
        if depth > MAX_DEPTH {
            return Err(NotCanonical);
        }
        match input.peek().ok_or(NotCanonical)? {
            b'{' => self.object(input, depth),
            b'[' => self.array(input, depth),
            b'"' => self.string(input),
            _ => {
                self.out.extend_from_slice(input.literal()?.as_bytes());
                Ok(())
            }
        }
    }

    fn array(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotCanonical> {
        input.skip(b'[')?;
        self.out.push(b'[');
        if !input.skip_if(b']') {
            loop {
                self.value(input, depth + 1)?;
                if input.skip_if(b']') {
                    break;
                }
                input.skip(b',')?;
                self.out.push(b',');
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn object(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotCanonical> {
        input.skip(b'{')?;
        self.out.push(b'{');
        let first_member = self.members.len();
        if !input.skip_if(b'}') {
            loop {
                let start = self.out.len();
                self.string(input)?;
                let key_end = self.out.len();
                input.skip(b':')?;
                self.out.push(b':');
                let is_object = input.peek() == Some(b'{');
                self.value(input, depth + 1)?;
                if depth == 0 && is_object && &self.out[start..key_end] == b"\"media\"" {
                    self.out.truncate(start);
                } else {
                    self.out.push(b',');
                    let end = self.out.len();
                    self.members.push(Member {
                        start,
                        key_end,
                        end,
                    });
                }
                if input.skip_if(b'}') {
                    break;
                }
                input.skip(b',')?;
            }
        }
        self.sort_members(first_member);
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Puts the members of an object that was just written into the order of their keys.
    fn sort_members(&mut self, first: usize) {
        let Self {
            out,
            members,
            sorted,
        } = self;
        let object = &mut members[first..];
        let key = |member: &Member| &out[member.start..member.key_end];
        if !object.is_sorted_by_key(key) {
            let body = object[0].start;
            object.sort_by(|a, b| key(a).cmp(key(b)));
            sorted.clear();
            for member in object.iter() {
                sorted.extend_from_slice(&out[member.start..member.end]);
            }
            out.truncate(body);
            out.extend_from_slice(sorted);
        }
        members.truncate(first);
    }

    fn string(&mut self, input: &mut Scanner<'_>) -> Result<(), NotCanonical> {
        let (quoted, escaped) = input.string()?;
        if escaped {
            // A lone surrogate is valid to the parser and no text: it stays as it is spelled.
            if let Ok(text) = serde_json::from_str::<String>(quoted) {
                return serde_json::to_writer(&mut self.out, &text).map_err(|_| NotCanonical);
            }
        }
        self.out.extend_from_slice(quoted.as_bytes());
        Ok(())
    }
}

/// Reads JSON that a parser has already accepted.
struct Scanner<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    fn skip_if(&mut self, expected: u8) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    fn skip(&mut self, expected: u8) -> Result<(), NotCanonical> {
        if self.skip_if(expected) {
            Ok(())
        } else {
            Err(NotCanonical)
        }
    }

    /// A string with its quotes, and whether it has escapes.
    fn string(&mut self) -> Result<(&'a str, bool), NotCanonical> {
        self.skip(b'"')?;
        let start = self.at - 1;
        let bytes = self.json.as_bytes();
        let mut escaped = false;
        loop {
            let rest = bytes.get(self.at..).ok_or(NotCanonical)?;
            let found = memchr2(b'"', b'\\', rest).ok_or(NotCanonical)?;
            self.at += found + 1;
            if rest[found] == b'"' {
                let quoted = self.json.get(start..self.at).ok_or(NotCanonical)?;
                return Ok((quoted, escaped));
            }
            escaped = true;
            self.at += 1;
        }
    }

    /// A number, `true`, `false` or `null`.
    fn literal(&mut self) -> Result<&'a str, NotCanonical> {
        let start = self.at;
        let rest = &self.json.as_bytes()[start..];
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(NotCanonical);
        }
        self.at += end;
        self.json.get(start..self.at).ok_or(NotCanonical)
    }
}

/// Whether a text is one JSON value and nothing else.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The hash of what need not be JSON: that of a document, else of the bytes.
pub(crate) fn digest(text: &str) -> String {
    if is_json(text) {
        PayloadHasher::default().hash(text)
    } else {
        sha256_hex(text.as_bytes())
    }
}

/// SHA-256 in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
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

    fn canonical(json: &str) -> String {
        let mut hasher = PayloadHasher::default();
        let bytes = hasher.canonical(json).ok().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn sorts_keys_at_every_depth_and_keeps_arrays() {
        assert_eq!(
            canonical(
                r#" { "b" : [ {"z":1, "a":[3, 1]}, 2 ], "a" : {"d":null,"c":true} , "":{} } "#
            ),
            r#"{"":{},"a":{"c":true,"d":null},"b":[{"a":[3,1],"z":1},2]}"#
        );
    }

    #[test]
    fn keeps_the_digits_of_numbers() {
        assert_eq!(
            canonical(r#"[1.0,1,10000000000000000000001,0.30399999022483826,1e5,-0]"#),
            r#"[1.0,1,10000000000000000000001,0.30399999022483826,1e5,-0]"#
        );
    }

    #[test]
    fn reads_escapes() {
        assert_eq!(canonical(r#""\u00e9\/\u0041\"""#), "\"é/A\\\"\"");
        assert_eq!(
            canonical(r#""\ud800""#),
            r#""\ud800""#,
            "no text: as spelled"
        );
        assert_eq!(canonical(r#"{"\u0062":1,"a":2}"#), r#"{"a":2,"b":1}"#);
    }

    #[test]
    fn leaves_signed_links_out() {
        let mut hasher = PayloadHasher::default();
        let bare = hasher.hash(r#"{"id":"1","z":2}"#);
        assert_eq!(
            hasher.hash(r#"{"id":"1","media":{"audioUrl":"https://a?x=1"},"z":2}"#),
            bare
        );
        assert_eq!(
            hasher.hash(r#"{"id":"1","z":2,"media":{"audioUrl":"https://a?x=2"}}"#),
            bare
        );
        assert_ne!(
            hasher.hash(r#"{"id":"1","z":2,"media":"Video"}"#),
            bare,
            "a plain value counts"
        );
        assert_ne!(hasher.hash(r#"{"id":"1","z":{"media":{"a":1}}}"#), bare);
    }

    #[test]
    fn digests_of_what_is_no_json_are_of_all_its_bytes() {
        assert_eq!(digest("<p>1, 2"), sha256_hex(b"<p>1, 2"));
        assert_ne!(digest("{} <p>"), digest("{}"));
        assert_eq!(digest(r#"{"b":1,"a":2}"#), digest(r#"{"a":2, "b":1}"#));
    }

    #[test]
    fn survives_any_depth() {
        let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
        let mut hasher = PayloadHasher::default();
        assert_eq!(hasher.hash(&deep), sha256_hex(deep.as_bytes()));
    }
}
