//! The mapping of placeholders to originals.

use std::collections::{HashMap, HashSet};
use std::fmt;

use regex::{Captures, Regex};

use super::pattern::pattern;
use crate::Result;

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SecretKind {
    Email,
    Account,
    Card,
    Phone,
    Person,
}

impl SecretKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Account => "ACCOUNT",
            Self::Card => "CARD",
            Self::Phone => "PHONE",
            Self::Person => "PERSON",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [
            Self::Email,
            Self::Account,
            Self::Card,
            Self::Phone,
            Self::Person,
        ]
        .into_iter()
        .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }
}

/// `[EMAIL_2]`, or `[EMAIL_2_3]` for the third spelling of the second address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Placeholder {
    kind: SecretKind,
    number: u32,
    spelling: u32,
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}", self.kind.as_str(), self.number)?;
        if self.spelling > 1 {
            write!(f, "_{}", self.spelling)?;
        }
        f.write_str("]")
    }
}

/// How placeholders are found in a text; compiled once.
#[derive(Debug, Clone)]
pub(super) struct PlaceholderSyntax {
    /// Anything that resembles one, also within words.
    alike: Regex,
    /// With brackets, or standing alone without them.
    whole: Regex,
}

impl PlaceholderSyntax {
    pub(super) fn new() -> Result<Self> {
        let name = "(EMAIL|ACCOUNT|CARD|PHONE|PERSON)_([0-9]{1,9})";
        let spelling = "(?:_([0-9]{1,9}))?";
        Ok(Self {
            alike: pattern(&format!("(?i){name}"))?,
            whole: pattern(&format!(r"(?i)\[{name}{spelling}\]|\b{name}{spelling}\b"))?,
        })
    }
}

/// The secrets of one item, in memory only and for as long as the item is under way.
pub(super) struct Mapping<'a> {
    syntax: &'a PlaceholderSyntax,
    /// Numbers that the item's own text uses, or that are given away.
    taken: HashSet<(SecretKind, u32)>,
    /// The number of each secret, and how many spellings of it there are.
    numbers: HashMap<(SecretKind, String), (u32, u32)>,
    placeholders: HashMap<(SecretKind, String), Placeholder>,
    secrets: HashMap<Placeholder, String>,
}

impl<'a> Mapping<'a> {
    pub(super) fn new(syntax: &'a PlaceholderSyntax) -> Self {
        Self {
            syntax,
            taken: HashSet::new(),
            numbers: HashMap::new(),
            placeholders: HashMap::new(),
            secrets: HashMap::new(),
        }
    }

    /// Leaves alone what looks like a placeholder in a text that was not redacted.
    /// Called with every text of the item before the first secret is hidden.
    pub(super) fn reserve(&mut self, text: &str) {
        for found in self.syntax.alike.captures_iter(text) {
            let kind = found
                .get(1)
                .and_then(|kind| SecretKind::parse(kind.as_str()));
            let number = found.get(2).and_then(|number| number.as_str().parse().ok());
            self.taken.extend(kind.zip(number));
        }
    }

    /// The placeholder of a secret: one number for each `identity`, `wanted` if it is
    /// free, and one placeholder for each spelling.
    pub(super) fn hide(
        &mut self,
        kind: SecretKind,
        secret: &str,
        identity: String,
        wanted: Option<u32>,
    ) -> String {
        let spelled = (kind, secret.to_owned());
        if let Some(placeholder) = self.placeholders.get(&spelled) {
            return placeholder.to_string();
        }
        let taken = &mut self.taken;
        let (number, spellings) = self.numbers.entry((kind, identity)).or_insert_with(|| {
            let mut number = wanted.unwrap_or(1);
            while !taken.insert((kind, number)) {
                number += 1;
            }
            (number, 0)
        });
        *spellings += 1;
        let placeholder = Placeholder {
            kind,
            number: *number,
            spelling: *spellings,
        };
        self.placeholders.insert(spelled, placeholder);
        self.secrets.insert(placeholder, secret.to_owned());
        placeholder.to_string()
    }

    /// Whether nothing was hidden.
    pub(super) fn is_empty(&self) -> bool {
        self.secrets.is_empty()
    }

    /// Puts the secrets back. A spelling that was never given away counts as the first.
    pub(super) fn restore(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let secret_of = |found: &Captures<'_>| {
            let group = |at: usize| found.get(at).or_else(|| found.get(at + 3));
            let placeholder = Placeholder {
                kind: SecretKind::parse(group(1)?.as_str())?,
                number: group(2)?.as_str().parse().ok()?,
                spelling: group(3).map_or(Some(1), |spelling| spelling.as_str().parse().ok())?,
            };
            let first = Placeholder {
                spelling: 1,
                ..placeholder
            };
            self.secrets
                .get(&placeholder)
                .or_else(|| self.secrets.get(&first))
        };
        let restored = self.syntax.whole.replace_all(text, |found: &Captures<'_>| {
            secret_of(found)
                .cloned()
                .unwrap_or_else(|| found[0].to_owned())
        });
        restored.into_owned()
    }
}

/// How many secrets, and none of them.
impl fmt::Debug for Mapping<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapping")
            .field("secrets", &self.secrets.len())
            .finish_non_exhaustive()
    }
}
