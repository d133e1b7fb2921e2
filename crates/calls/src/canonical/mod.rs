//! One spelling for a JSON document, free of what no store can hold.
//!
//! Object keys are sorted by their bytes, the order of arrays is kept, white space is left
//! out, escapes are normalised and numbers keep their literal text. Two documents of one
//! meaning thus have one text, which is what their hash is made of.
//!
//! A parser takes more than a database does. On the way some things are cleaned, each with
//! a note that names the place and never the value:
//!
//! - a surrogate escape without its partner (`\ud83d`) and NUL (`\u0000`) become U+FFFD;
//! - of a key that stands twice in an object the last value stays;
//! - a number beyond the range of an `f64` (`1e400`), or an integer of more than 38 digits,
//!   becomes text of the same digits;
//! - an object or array nested more than [`MAX_DEPTH`] deep becomes null.
//!
//! ```
//! use calls::canonical::Canonicalizer;
//!
//! let mut canonicalizer = Canonicalizer::default();
//! let canonical = canonicalizer.whole(r#"{ "b": 1, "a": "cut \ud83d", "b": 2 }"#)?;
//! assert_eq!(canonical.text, "{\"a\":\"cut \u{fffd}\",\"b\":2}");
//! assert_eq!(canonical.notes, ["a: a lone surrogate became U+FFFD", "b: the key stands twice, the last value stays"]);
//! # Ok::<(), calls::canonical::NotJson>(())
//! ```

mod number;
mod scanner;
mod text;

use crate::notes::Notes;
pub use scanner::NotJson;
use scanner::Scanner;
pub use text::storable;

/// Objects and arrays within each other. Gong's documents nest less than ten deep; the
/// limit bounds the stack, and stays below that of JSON parsers.
pub const MAX_DEPTH: usize = 100;

/// Buffers that outgrow this are not kept for the next document.
const KEPT_BYTES: usize = 1 << 20;

/// Characters of a key that a note shows.
const SHOWN_KEY: usize = 40;

/// A document in its one spelling.
#[derive(Debug)]
#[non_exhaustive]
pub struct Canonical {
    /// JSON that every parser and every store takes.
    pub text: String,
    /// What was cleaned, by place; empty for nearly every document.
    pub notes: Vec<String>,
}

/// Spells documents, reusing its buffers.
#[derive(Debug, Default)]
pub struct Canonicalizer {
    out: Vec<u8>,
    members: Vec<Member>,
    sorted: Vec<u8>,
    path: Vec<Step>,
    notes: Notes,
    keeps_media: bool,
}

/// A member of an object in `out`: key from `start` to `key_end`, all to `end`.
#[derive(Debug, Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
    is_left_out: bool,
}

/// A step to the value that is being written: a key in `out`, or a place in an array.
#[derive(Debug, Clone, Copy)]
enum Step {
    Key(usize, usize),
    Item(usize),
}

impl Canonicalizer {
    /// All of a document.
    ///
    /// # Errors
    /// [`NotJson`].
    pub fn whole(&mut self, json: &str) -> Result<Canonical, NotJson> {
        self.keeps_media = true;
        self.spell(json)?;
        let canonical = Canonical {
            text: String::from_utf8(std::mem::take(&mut self.out)).map_err(|_| NotJson)?,
            notes: std::mem::take(&mut self.notes).into_vec(),
        };
        self.shrink();
        Ok(canonical)
    }

    /// Gives `read` the bytes of a document without a top-level `media` object, and whether
    /// something was cleaned. Such an object holds download links that Gong signs anew with
    /// every request.
    ///
    /// # Errors
    /// [`NotJson`].
    pub fn without_media<T>(
        &mut self,
        json: &str,
        read: impl FnOnce(&[u8], bool) -> T,
    ) -> Result<T, NotJson> {
        self.keeps_media = false;
        self.spell(json)?;
        let value = read(&self.out, !self.notes.is_empty());
        self.shrink();
        Ok(value)
    }

    fn spell(&mut self, json: &str) -> Result<(), NotJson> {
        self.out.clear();
        self.members.clear();
        self.path.clear();
        self.notes.clear();
        self.value(&mut Scanner::new(json), 0)
    }

    fn shrink(&mut self) {
        if self.out.capacity() > KEPT_BYTES {
            *self = Self::default();
        }
    }

    fn value(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotJson> {
        match input.peek().ok_or(NotJson)? {
            b'{' | b'[' if depth == MAX_DEPTH => {
                input.skip_container()?;
                self.out.extend_from_slice(b"null");
                self.note(None, "is nested too deep and became null");
                Ok(())
            }
            b'{' => self.object(input, depth),
            b'[' => self.array(input, depth),
            b'"' => self.string(input),
            _ => self.literal(input),
        }
    }

    fn array(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotJson> {
        input.skip(b'[')?;
        self.out.push(b'[');
        if !input.skip_if(b']') {
            for place in 0.. {
                self.path.push(Step::Item(place));
                self.value(input, depth + 1)?;
                self.path.pop();
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

    fn object(&mut self, input: &mut Scanner<'_>, depth: usize) -> Result<(), NotJson> {
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
                self.path.push(Step::Key(start, key_end));
                self.value(input, depth + 1)?;
                self.path.pop();
                self.out.push(b',');
                self.members.push(Member {
                    start,
                    key_end,
                    end: self.out.len(),
                    is_left_out: !self.keeps_media
                        && depth == 0
                        && is_object
                        && &self.out[start..key_end] == b"\"media\"",
                });
                if input.skip_if(b'}') {
                    break;
                }
                input.skip(b',')?;
            }
        }
        self.order_members(first_member);
        if self.out.last() == Some(&b',') {
            self.out.pop();
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Puts the members of an object that was just written into the order of their keys,
    /// without those that are left out and those that another of the same key follows.
    fn order_members(&mut self, first: usize) {
        let Self {
            out,
            members,
            sorted,
            ..
        } = self;
        let object = &mut members[first..];
        let key = |member: &Member| &out[member.start..member.key_end];
        let is_in_order = object.is_sorted_by(|a, b| key(a) < key(b))
            && !object.iter().any(|member| member.is_left_out);
        let mut repeated = Vec::new();
        if !is_in_order {
            let body = object[0].start;
            // Stable: of the same keys the last one stays the last.
            object.sort_by(|a, b| key(a).cmp(key(b)));
            sorted.clear();
            for (place, member) in object.iter().enumerate() {
                let next = object.get(place + 1);
                if next.is_some_and(|next| key(next) == key(member)) {
                    repeated.push(key(member).to_vec());
                } else if !member.is_left_out {
                    sorted.extend_from_slice(&out[member.start..member.end]);
                }
            }
            out.truncate(body);
            out.extend_from_slice(sorted);
        }
        members.truncate(first);
        repeated.dedup();
        for key in repeated {
            self.note(Some(&key), "the key stands twice, the last value stays");
        }
    }

    fn string(&mut self, input: &mut Scanner<'_>) -> Result<(), NotJson> {
        let (quoted, is_escaped) = input.string()?;
        if !is_escaped {
            self.out.extend_from_slice(quoted.as_bytes());
            return Ok(());
        }
        let (text, cleaned) = text::unescaped(quoted)?;
        serde_json::to_writer(&mut self.out, &text).map_err(|_| NotJson)?;
        if let Some(cleaned) = cleaned {
            self.note(None, cleaned);
        }
        Ok(())
    }

    fn literal(&mut self, input: &mut Scanner<'_>) -> Result<(), NotJson> {
        let literal = input.literal()?;
        if number::is_held(literal) {
            self.out.extend_from_slice(literal.as_bytes());
        } else {
            self.out.push(b'"');
            self.out.extend_from_slice(literal.as_bytes());
            self.out.push(b'"');
            self.note(None, "a number out of range became text");
        }
        Ok(())
    }

    /// Adds what was cleaned at the value that is being written, or at one of its members.
    fn note(&mut self, member: Option<&[u8]>, cleaned: &str) {
        let Self {
            out, path, notes, ..
        } = self;
        notes.add(|| {
            let mut place = String::new();
            for step in path {
                match step {
                    Step::Key(start, end) => add_key(&mut place, &out[*start..*end]),
                    Step::Item(index) => place.push_str(&format!("[{index}]")),
                }
            }
            if let Some(key) = member {
                add_key(&mut place, key);
            }
            if place.is_empty() {
                place.push('.');
            }
            format!("{place}: {cleaned}")
        });
    }
}

/// Adds a key as it stands in JSON, shortened where it is not a name.
fn add_key(place: &mut String, quoted: &[u8]) {
    if !place.is_empty() {
        place.push('.');
    }
    let key: String = serde_json::from_slice(quoted).unwrap_or_default();
    place.extend(key.chars().take(SHOWN_KEY));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(json: &str) -> Canonical {
        Canonicalizer::default().whole(json).unwrap()
    }

    fn hashed(json: &str) -> String {
        let text = |bytes: &[u8], _| String::from_utf8(bytes.to_vec()).unwrap();
        Canonicalizer::default().without_media(json, text).unwrap()
    }

    #[test]
    fn sorts_keys_at_every_depth_and_keeps_arrays() {
        let spelled = canonical(
            r#" { "b" : [ {"z":1, "a":[3, 1]}, 2 ], "a" : {"d":null,"c":true} , "":{} } "#,
        );
        assert_eq!(
            spelled.text,
            r#"{"":{},"a":{"c":true,"d":null},"b":[{"a":[3,1],"z":1},2]}"#
        );
        assert_eq!(spelled.notes, [""; 0]);
    }

    #[test]
    fn keeps_the_digits_of_numbers() {
        let numbers = r#"[1.0,1,10000000000000000000001,0.30399999022483826,1e5,-0,0e999]"#;
        let spelled = canonical(numbers);
        assert_eq!(spelled.text, numbers);
        assert_eq!(spelled.notes, [""; 0]);
    }

    #[test]
    fn reads_escapes() {
        assert_eq!(canonical(r#""\u00e9\/\u0041\"""#).text, "\"é/A\\\"\"");
        assert_eq!(canonical(r#"{"\u0062":1,"a":2}"#).text, r#"{"a":2,"b":1}"#);
        assert_eq!(canonical(r#""\ud83e\udd80""#).text, "\"🦀\"");
    }

    #[test]
    fn cleans_text() {
        for (odd, clean, note) in [
            (
                r#""\ud83d""#,
                "\"\u{fffd}\"",
                "a lone surrogate became U+FFFD",
            ),
            (
                r#""a\udc00\ud83d\ud83e\udd80\\ud83d\n""#,
                "\"a\u{fffd}\u{fffd}🦀\\\\ud83d\\n\"",
                "a lone surrogate became U+FFFD",
            ),
            (r#""a\u0000b""#, "\"a\u{fffd}b\"", "NUL became U+FFFD"),
            (
                r#""\u0000\uD83D""#,
                "\"\u{fffd}\u{fffd}\"",
                "a lone surrogate became U+FFFD",
            ),
        ] {
            let cleaned = canonical(&format!(r#"{{"a":[1,{{"b":{odd}}}]}}"#));
            assert_eq!(cleaned.text, format!(r#"{{"a":[1,{{"b":{clean}}}]}}"#));
            assert_eq!(cleaned.notes, [format!("a[1].b: {note}")]);
        }
    }

    #[test]
    fn keeps_the_last_of_a_key() {
        let cleaned =
            canonical(r#"{"z":{"k":1,"a":0,"\u006b":{"k":2}},"k":3,"z":[{"x":1,"x":2}]}"#);
        assert_eq!(cleaned.text, r#"{"k":3,"z":[{"x":2}]}"#);
        let twice = "the key stands twice, the last value stays";
        let places = ["z.k", "z[0].x", "z"].map(|place| format!("{place}: {twice}"));
        assert_eq!(cleaned.notes, places);
    }

    #[test]
    fn keeps_numbers_that_nothing_holds_as_text() {
        let digits = "9".repeat(39);
        let numbers = ["1e400", "-1E+400", "1e-400", &digits, &"9".repeat(400)];
        let cleaned = canonical(&format!("[{}]", numbers.join(",")));
        let texts: Vec<String> = serde_json::from_str(&cleaned.text).unwrap();
        assert_eq!(texts, numbers);
        assert_eq!(cleaned.notes.len(), numbers.len());
        assert_eq!(cleaned.notes[0], "[0]: a number out of range became text");
        let held = "9".repeat(38);
        assert_eq!(canonical(&held).text, held);
    }

    #[test]
    fn leaves_signed_links_out() {
        let bare = hashed(r#"{"id":"1","z":2}"#);
        for same in [
            r#"{"id":"1","media":{"audioUrl":"https://a?x=1"},"z":2}"#,
            r#"{"id":"1","z":2,"media":{"audioUrl":"https://a?x=2"}}"#,
            r#"{"media":"Video","media":{},"id":"1","z":2}"#,
        ] {
            assert_eq!(hashed(same), bare);
            assert!(canonical(same).text.contains("media"));
        }
        assert_eq!(hashed(r#"{"media":{}}"#), "{}");
        let plain = hashed(r#"{"id":"1","z":2,"media":"Video"}"#);
        assert_ne!(plain, bare, "a plain value counts");
        assert_ne!(hashed(r#"{"id":"1","z":{"media":{"a":1}}}"#), bare);
    }

    #[test]
    fn survives_any_depth() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(canonical(&deep(MAX_DEPTH)).text, deep(MAX_DEPTH));
        let cleaned = canonical(&deep(500_000));
        assert_eq!(
            cleaned.text,
            format!("{}null{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH))
        );
        assert!(cleaned.notes[0].ends_with("]: is nested too deep and became null"));
        let braces = format!(r#"{}"]}}\"{}"#, r#"{"a":"#.repeat(200), r#"""#);
        let braces = format!("{braces}{}", "}".repeat(200));
        assert!(serde_json::from_str::<serde_json::Value>(&canonical(&braces).text).is_ok());
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", r#"{"a"}"#, r#""a"#, "[1,"] {
            assert!(Canonicalizer::default().whole(text).is_err(), "{text}");
        }
    }
}
