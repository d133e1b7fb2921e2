//! Names of people, in the forms in which people say them.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use regex::{Regex, escape};

use super::pattern::{check_size, pattern};
use crate::Result;

/// Stand where a name is expected and are none.
const NO_NAMES: [&str; 22] = [
    "agent",
    "buyer",
    "caller",
    "customer",
    "dr",
    "external",
    "guest",
    "host",
    "internal",
    "madam",
    "mr",
    "mrs",
    "ms",
    "participant",
    "prof",
    "prospect",
    "rep",
    "representative",
    "seller",
    "sir",
    "speaker",
    "unknown",
];

/// Finds some people's names.
///
/// A name of several words is found in any case and with white space, hyphens, dots or
/// nothing between its words; each of its words alone as it was given, capitalised or
/// in capitals, because "mark" and "will" are also words. In a text without a single
/// capital letter, case does not count at all.
#[derive(Clone, Default)]
pub(super) struct Names {
    people: Vec<String>,
    /// The place in `people` of each spelling, in lower case without separators.
    places: HashMap<String, usize>,
    cased: Option<Regex>,
    uncased: Option<Regex>,
}

impl Names {
    pub(super) fn new(people: Vec<String>) -> Result<Self> {
        check_size(&people)?;
        let mut places = HashMap::new();
        let (mut whole, mut single) = (Vec::new(), Vec::new());
        for (place, name) in people.iter().enumerate() {
            let words = words(name);
            if words.len() > 1 {
                places.entry(folded(name)).or_insert(place);
                let spelled: Vec<String> = words.iter().map(|word| spelled(word)).collect();
                whole.push(bounded(&words, &spelled.join(r"[\s._-]*")));
            }
            let is_only = words.len() == 1;
            for word in words.iter().filter(|word| is_telling(word, is_only)) {
                places.entry(folded(word)).or_insert(place);
                let capitals = word.to_uppercase();
                for form in [(*word).to_owned(), capitalised(word), capitals] {
                    single.push(bounded(&[word], &spelled(&form)));
                }
            }
        }
        if whole.is_empty() && single.is_empty() {
            return Ok(Self::default());
        }
        // The longest first: of alternatives the first that matches is taken.
        for alternatives in [&mut whole, &mut single] {
            alternatives.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
            alternatives.dedup();
        }
        let any_case = whole.iter().map(|name| format!("(?i:{name})"));
        let cased: Vec<String> = any_case.chain(single.iter().cloned()).collect();
        let uncased: Vec<String> = whole.into_iter().chain(single).collect();
        Ok(Self {
            people,
            places,
            cased: Some(pattern(&cased.join("|"))?),
            uncased: Some(pattern(&format!("(?i){}", uncased.join("|")))?),
        })
    }

    /// With more people, after those that are known; itself when all are.
    pub(super) fn with_more<'a>(
        &self,
        more: impl Iterator<Item = &'a str>,
    ) -> Result<Option<Self>> {
        let mut people = self.people.clone();
        for name in more {
            let is_known = people.iter().any(|known| known == name);
            let words = words(name);
            let is_only = words.len() == 1;
            if !is_known && words.into_iter().any(|word| is_telling(word, is_only)) {
                people.push(name.to_owned());
            }
        }
        if people.len() == self.people.len() {
            return Ok(None);
        }
        Self::new(people).map(Some)
    }

    /// Where names are in a text, and whose they are (a place among the people).
    pub(super) fn find(&self, text: &str) -> Vec<(Range<usize>, usize)> {
        let has_capitals = text.chars().any(char::is_uppercase);
        let names = if has_capitals {
            &self.cased
        } else {
            &self.uncased
        };
        let Some(names) = names else {
            return Vec::new();
        };
        names
            .find_iter(text)
            .map(|found| {
                let place = self.places.get(&folded(found.as_str()));
                (found.range(), place.copied().unwrap_or_default())
            })
            .collect()
    }
}

/// How many people, and none of their names.
impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("people", &self.people.len())
            .finish_non_exhaustive()
    }
}

fn words(name: &str) -> Vec<&str> {
    name.split(|c: char| c.is_whitespace() || (c.is_ascii_punctuation() && c != '\''))
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a word of a name points to somebody: no initial, no particle, no title.
fn is_telling(word: &str, is_only: bool) -> bool {
    let is_particle = !is_only && word.chars().count() <= 3 && word.chars().all(char::is_lowercase);
    word.chars().filter(|c| c.is_alphabetic()).count() > 1
        && !is_particle
        && !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// One spelling for what is the same but for case and separators.
fn folded(name: &str) -> String {
    words(name).concat().to_lowercase().replace('\u{2019}', "'")
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first
        .chain(characters.flat_map(char::to_lowercase))
        .collect()
}

fn spelled(word: &str) -> String {
    escape(word).replace('\'', "['\u{2019}]")
}

/// Demands that a name does not begin or end within a word. Scripts without capitals
/// often write none of these boundaries, so there it is not demanded.
fn bounded(words: &[&str], spelled: &str) -> String {
    let is_cased = |c: char| c.is_uppercase() || c.is_lowercase();
    let first = words.first().and_then(|word| word.chars().next());
    let last = words.last().and_then(|word| word.chars().next_back());
    let boundary = |edge: Option<char>| {
        if edge.is_some_and(is_cased) {
            r"\b"
        } else {
            ""
        }
    };
    format!("{}{spelled}{}", boundary(first), boundary(last))
}
