//! Removes secrets from texts.

use std::ops::Range;

use regex::Regex;

use super::digits::Numbers;
use super::mapping::{Mapping, PlaceholderSyntax, SecretKind};
use super::names::Names;
use super::pattern::pattern;
use super::texts::Texts;
use crate::Result;

/// Part of an address between dots: anything but what ends it. A class of what may be
/// in it would take far longer to compile.
const PART: &str = r#"[^\s@<>()\[\]{},;:"|'!?./\\]+"#;

/// What finds secrets, compiled once and shared.
#[derive(Debug, Clone)]
pub(super) struct Redactor {
    address: Regex,
    spoken_address: Regex,
    numbers: Numbers,
    syntax: PlaceholderSyntax,
    names: Names,
}

impl Redactor {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            address: pattern(&format!(r#"[^\s@<>()\[\]{{}},;:"|]+@{PART}(?:\.{PART})*"#))?,
            spoken_address: pattern(&format!(
                r"(?i){PART}(?:\.{PART})*(?:\s+dot\s+{PART})*\s+at\s+{PART}(?:\s+dot\s+{PART})+"
            ))?,
            numbers: Numbers::new()?,
            syntax: PlaceholderSyntax::new()?,
            names: Names::default(),
        })
    }

    pub(super) fn with_names(&self, names: Vec<String>) -> Result<Self> {
        Ok(Self {
            names: Names::default()
                .with_more(names.iter().map(String::as_str))?
                .unwrap_or_default(),
            ..self.clone()
        })
    }

    /// An item without its secrets, and what puts them back.
    pub(super) fn redact<I: Texts + Clone>(&self, item: &I) -> Result<(I, Mapping<'_>)> {
        let mut mapping = Mapping::new(&self.syntax);
        let item = item.clone().map_texts(&mut |text| {
            mapping.reserve(&text);
            text
        });
        let more = self.names.with_more(item.names().into_iter())?;
        let names = more.as_ref().unwrap_or(&self.names);
        let item = item.map_texts(&mut |text| self.redact_text(text, names, &mut mapping));
        Ok((item, mapping))
    }

    fn redact_text(&self, text: String, names: &Names, mapping: &mut Mapping<'_>) -> String {
        let spans = self.spans(&text, names);
        if spans.is_empty() {
            return text;
        }
        let mut redacted = String::with_capacity(text.len());
        let mut done = 0;
        for Span { range, kind, place } in spans {
            redacted.push_str(&text[done..range.start]);
            let secret = &text[range.clone()];
            let wanted = place.and_then(|place| u32::try_from(place + 1).ok());
            let identity = match place {
                Some(place) => place.to_string(),
                None => identity(secret),
            };
            redacted.push_str(&mapping.hide(kind, secret, identity, wanted));
            done = range.end;
        }
        redacted.push_str(&text[done..]);
        redacted
    }

    /// Secrets by their places, none overlapping another. Where finds overlap, all
    /// that any of them covers is hidden, as the kind that is the surest.
    fn spans(&self, text: &str, names: &Names) -> Vec<Span> {
        let span = |range, kind| Span {
            range,
            kind,
            place: None,
        };
        let addresses = self
            .address
            .find_iter(text)
            .chain(self.spoken_address.find_iter(text));
        let mut spans: Vec<Span> = addresses
            .map(|found| span(found.range(), SecretKind::Email))
            .collect();
        spans.extend(
            self.numbers
                .find(text)
                .into_iter()
                .map(|(range, kind)| span(range, kind)),
        );
        spans.extend(names.find(text).into_iter().map(|(range, place)| Span {
            range,
            kind: SecretKind::Person,
            place: Some(place),
        }));
        spans.sort_by_key(|span| (span.range.start, span.range.end));
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.range.start < last.range.end => last.absorb(span),
                _ => merged.push(span),
            }
        }
        merged
    }
}

/// A secret in a text.
struct Span {
    range: Range<usize>,
    kind: SecretKind,
    /// Whose name it is, when it is a name.
    place: Option<usize>,
}

impl Span {
    fn absorb(&mut self, other: Self) {
        self.range.end = self.range.end.max(other.range.end);
        if other.kind < self.kind {
            self.kind = other.kind;
            self.place = other.place;
        }
    }
}

/// The same for different spellings of a secret: case and separators do not matter.
fn identity(secret: &str) -> String {
    let letters = secret.chars().filter(|c| c.is_alphanumeric() || *c == '@');
    letters.flat_map(char::to_lowercase).collect()
}
