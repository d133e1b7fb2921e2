//! Reads JSON that a parser has already accepted.

use memchr::memchr2;

/// The text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not JSON")]
pub struct NotJson;

pub(super) struct Scanner<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        Self { json, at: 0 }
    }

    /// The next byte that is not white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.json.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(*byte);
            }
            self.at += 1;
        }
        None
    }

    pub(super) fn skip_if(&mut self, expected: u8) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    pub(super) fn skip(&mut self, expected: u8) -> Result<(), NotJson> {
        if self.skip_if(expected) {
            Ok(())
        } else {
            Err(NotJson)
        }
    }

    /// An object or array of any depth, without recursion.
    pub(super) fn skip_container(&mut self) -> Result<(), NotJson> {
        let mut open = 0_usize;
        loop {
            match self.peek().ok_or(NotJson)? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open -= 1;
                    self.at += 1;
                    if open == 0 {
                        return Ok(());
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// A string with its quotes, and whether it has escapes.
    pub(super) fn string(&mut self) -> Result<(&'a str, bool), NotJson> {
        self.skip(b'"')?;
        let start = self.at - 1;
        let bytes = self.json.as_bytes();
        let mut is_escaped = false;
        loop {
            let rest = bytes.get(self.at..).ok_or(NotJson)?;
            let found = memchr2(b'"', b'\\', rest).ok_or(NotJson)?;
            self.at += found + 1;
            if rest[found] == b'"' {
                let quoted = self.json.get(start..self.at).ok_or(NotJson)?;
                return Ok((quoted, is_escaped));
            }
            is_escaped = true;
            self.at += 1;
        }
    }

    /// A number, `true`, `false` or `null`.
    pub(super) fn literal(&mut self) -> Result<&'a str, NotJson> {
        let start = self.at;
        let rest = &self.json.as_bytes()[start..];
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b']' | b'}' | b' ' | b'\n' | b'\r' | b'\t'))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(NotJson);
        }
        self.at += end;
        self.json.get(start..self.at).ok_or(NotJson)
    }
}
