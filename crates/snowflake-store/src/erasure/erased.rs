//! Whom the store has erased, as keyed hashes: enough to know them again, not to list them.

use std::collections::{BTreeSet, HashSet};
use std::fmt;

use calls::Timestamp;
use sha2::{Digest, Sha256};

use super::words::folded;
use crate::payload_hash::{hex, sha256_hex};
use crate::{ErasureSubject, RawDocument};

/// Kinds of what people are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Email,
    Phone,
    User,
    Call,
    /// A person in the CRM.
    Contact,
    /// Two words at least: a single one names too many.
    Name,
    /// A word of a name, for the calls that somebody was on.
    Part,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::User => "user",
            Self::Call => "call",
            Self::Contact => "contact",
            Self::Name => "name",
            Self::Part => "part",
        }
    }
}

/// What somebody is known by, in clear.
pub(crate) type Known = (Kind, String);

/// The kind and the value of what was asked for.
pub(crate) fn known_by(subject: &ErasureSubject) -> Known {
    match subject {
        ErasureSubject::Email(address) => (Kind::Email, address.clone()),
        ErasureSubject::Phone(number) => (Kind::Phone, number.clone()),
        ErasureSubject::User(id) => (Kind::User, id.as_str().to_owned()),
        ErasureSubject::Call(id) => (Kind::Call, id.as_str().to_owned()),
    }
}

/// An id of a receipt that says nothing of its subject.
pub(crate) fn receipt_id(selector_hash: &str, now: Timestamp) -> String {
    let mut id = sha256_hex(format!("{selector_hash}{now}").as_bytes());
    id.truncate(32);
    id
}

/// What is kept of somebody who was erased.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Selector {
    pub(crate) hash: String,
    pub(crate) kind: &'static str,
    /// Of a name how many words it has, to find it in text; else 0.
    pub(crate) words: usize,
}

/// All who were erased.
#[derive(Clone)]
pub(crate) struct Erased {
    /// Fills one block of the hash, which is hashed once.
    keyed: Sha256,
    hashes: HashSet<String>,
    name_lengths: BTreeSet<usize>,
}

impl fmt::Debug for Erased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erased")
            .field("selectors", &self.hashes.len())
            .finish_non_exhaustive()
    }
}

impl Erased {
    /// Nobody yet, under a key of 64 characters.
    pub(crate) fn new(key: &str) -> Self {
        let mut keyed = Sha256::new();
        keyed.update(key.as_bytes());
        Self {
            keyed,
            hashes: HashSet::new(),
            name_lengths: BTreeSet::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// How many selectors there are.
    pub(crate) fn len(&self) -> usize {
        self.hashes.len()
    }

    /// What is kept of a value; `None` for one that tells nobody apart.
    pub(crate) fn selector(&self, (kind, value): &Known) -> Option<Selector> {
        let value = normal(*kind, value)?;
        Some(Selector {
            hash: self.hash(*kind, &value),
            kind: kind.as_str(),
            words: match kind {
                Kind::Name => value.split(' ').count(),
                _ => 0,
            },
        })
    }

    /// As [`selector`](Self::selector), of a name also its words.
    pub(crate) fn selectors(&self, known: &Known) -> Vec<Selector> {
        let parts = match known {
            (Kind::Name, name) => folded(name),
            _ => Vec::new(),
        };
        let parts = parts
            .into_iter()
            .filter_map(|part| self.selector(&(Kind::Part, part)));
        self.selector(known).into_iter().chain(parts).collect()
    }

    /// Adds somebody; whether they are new.
    pub(crate) fn add(&mut self, selector: &Selector) -> bool {
        if selector.words > 0 {
            self.name_lengths.insert(selector.words);
        }
        self.hashes.insert(selector.hash.clone())
    }

    /// Whether a value is that of somebody who was erased.
    pub(crate) fn holds(&self, kind: Kind, value: &str) -> bool {
        normal(kind, value).is_some_and(|value| self.hashes.contains(&self.hash(kind, &value)))
    }

    pub(crate) fn holds_call(&self, document: &RawDocument) -> bool {
        self.holds(Kind::Call, document.call_id.as_str())
    }

    /// How many words the names have.
    pub(super) fn name_lengths(&self) -> &BTreeSet<usize> {
        &self.name_lengths
    }

    /// Whether folded words, one space apart, are a name.
    pub(super) fn holds_words(&self, folded: &str) -> bool {
        self.hashes.contains(&self.hash(Kind::Name, folded))
    }

    fn hash(&self, kind: Kind, normal: &str) -> String {
        let mut hasher = self.keyed.clone();
        hasher.update(kind.as_str().as_bytes());
        hasher.update(b":");
        hasher.update(normal.as_bytes());
        hex(&hasher.finalize())
    }
}

/// A value in the one form in which it is hashed.
fn normal(kind: Kind, value: &str) -> Option<String> {
    let value = value.trim();
    match kind {
        Kind::Email => value.contains('@').then(|| value.to_lowercase()),
        Kind::Phone => digits(value),
        Kind::Name => {
            let folded = folded(value);
            (folded.len() > 1).then(|| folded.join(" "))
        }
        Kind::Part => {
            let is_word = value.chars().count() > 1 && value.chars().all(char::is_alphabetic);
            is_word.then(|| value.to_lowercase())
        }
        Kind::User | Kind::Call | Kind::Contact => (!value.is_empty()).then(|| value.to_owned()),
    }
}

/// The last nine digits of a number: with and without the code of the country it is the same.
pub(crate) fn digits(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(9);
    (digits.len() >= 7).then(|| digits.iter().skip(from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_same_are_one() {
        let mut erased = Erased::new(&"k".repeat(64));
        for known in [
            (Kind::Email, "Bo@Buyer.Test "),
            (Kind::Phone, "+1 (415) 555-0134"),
            (Kind::Name, "Bo  Lind"),
        ] {
            let selector = erased.selector(&(known.0, known.1.to_owned())).unwrap();
            assert!(erased.add(&selector) && !erased.add(&selector));
            assert!(!selector.hash.contains("bo") && selector.hash.len() == 64);
        }
        assert!(erased.holds(Kind::Email, "bo@buyer.test"));
        assert!(erased.holds(Kind::Phone, "0415 555 0134"));
        assert!(erased.holds(Kind::Name, "bo lind"));
        assert!(!erased.holds(Kind::User, "bo@buyer.test"));
        assert_eq!(erased.selector(&(Kind::Name, "Bo".to_owned())), None);
        let other = Erased::new(&"l".repeat(64));
        let hash = |erased: &Erased| erased.selector(&(Kind::User, "7".to_owned())).unwrap().hash;
        assert_ne!(hash(&erased), hash(&other));
    }
}
